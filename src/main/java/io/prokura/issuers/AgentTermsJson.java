package io.prokura.issuers;

import io.prokura.issuers.AgentTerms.Answerable;
import io.prokura.issuers.AgentTerms.Mapped;
import io.prokura.issuers.AgentTerms.Tenant;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.management.Fields;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What is believed of a platform's agents as JSON: in the database, in requests and in answers.
final class AgentTermsJson {
  private static final int VALUE_MAX = 500;
  private static final Pattern CLAIM = Pattern.compile("[A-Za-z0-9_.:/-]{1,100}");
  private static final String OWNER = "the id of a user or group";

  /// What a claim of this name says is how the assertion is to be taken and no property of an
  /// agent; from the form of an agent's name nothing follows at all.
  private static final Set<String> NO_PROPERTIES =
      Set.of("iss", "sub", "aud", "exp", "iat", "nbf", "jti", "cnf", "resource", "scope");

  /// Issuers of public services, which sign for all their customers.
  private static final Set<String> SHARED =
      Set.of(
          "https://token.actions.githubusercontent.com",
          "https://gitlab.com",
          "https://accounts.google.com",
          "https://agent.buildkite.com",
          "https://app.terraform.io",
          "https://oidc.vercel.com");

  private AgentTermsJson() {}

  static Json write(AgentTerms terms) {
    var view =
        Json.object()
            .put("mapping", Json.array(terms.mapped().stream().map(AgentTermsJson::write).toList()))
            .put("purposes", terms.purposes().stream().map(Id::text).toList());
    terms
        .answerable()
        .ifPresent(
            one ->
                view.put("owner", one.owner().text()).put("backupOwner", one.backupOwner().text()));
    view.put("active", terms.active())
        .put("bearerTokens", terms.bearerTokens())
        .put("shared", terms.tenant().isPresent());
    terms
        .tenant()
        .ifPresent(one -> view.put("tenantClaim", one.claim()).put("tenant", one.value()));
    return view.put("agentsMax", terms.agentsMax()).build();
  }

  private static Json write(Mapped mapped) {
    return Json.object()
        .put("claim", mapped.claim())
        .put("value", mapped.value())
        .put("roles", mapped.roles().stream().map(Id::text).toList())
        .put("purposes", mapped.purposes().stream().map(Id::text).toList())
        .build();
  }

  /// What `said` says of the agents of `issuer`; what is wrong is left in `outer`.
  static Optional<AgentTerms> read(Fields outer, Json.Obj said, String issuer) {
    var fields = new Fields(said);
    var mapped = fields.objects("mapping").stream().map(one -> mapped(fields, one)).toList();
    var purposes = fields.list("purposes", "the id of a purpose", Id.Purpose::parse);
    var owner = fields.optional("owner", OWNER, AgentTermsJson::owner);
    var backup = fields.optional("backupOwner", OWNER, AgentTermsJson::owner);
    boolean active = fields.flagOr("active", false);
    boolean bearerTokens = fields.flagOr("bearerTokens", false);
    var tenant = tenant(fields, said, issuer);
    long most = fields.numberOr("agentsMax", 0, 1, AgentTerms.AGENTS_MAX);
    if (most == 0) {
      fields.wrong("agentsMax says how many agents it may make at most");
    }
    if (owner.isPresent() != backup.isPresent() || (owner.isPresent() && owner.equals(backup))) {
      fields.wrong("owner and backupOwner are two different users or groups, or neither");
    }
    if (active && (owner.isEmpty() || purposes.isEmpty())) {
      fields.wrong("agents that begin active have owner, backupOwner and purposes");
    }
    var problem = fields.problem();
    problem.ifPresent(wrong -> outer.wrong("agents: " + wrong.detail()));
    return problem.isPresent()
        ? Optional.empty()
        : Optional.of(
            new AgentTerms(
                mapped,
                purposes,
                owner.map(one -> new Answerable(one, backup.orElseThrow())),
                active,
                bearerTokens,
                tenant,
                (int) most));
  }

  /// Whoever registers an issuer has to say whether it is one customer's alone.
  private static Optional<Tenant> tenant(Fields fields, Json.Obj said, String issuer) {
    boolean shared = fields.flagOr("shared", false);
    var claim = fields.optional("tenantClaim", "the name of a claim", AgentTermsJson::claim);
    var value = fields.textOr("tenant", "", VALUE_MAX);
    if (said.get("shared").isEmpty()) {
      fields.wrong("shared says whether other customers of the platform have the same issuer");
    } else if (!shared && SHARED.contains(issuer)) {
      fields.wrong("this issuer is known to be shared; say shared, tenantClaim and tenant");
    } else if (shared && (claim.isEmpty() || value.isEmpty())) {
      fields.wrong("a shared issuer is told apart by tenantClaim and tenant");
    } else if (!shared && (claim.isPresent() || !value.isEmpty())) {
      fields.wrong("tenantClaim and tenant are for a shared issuer");
    }
    return claim.filter(_ -> shared).map(name -> new Tenant(name, value));
  }

  private static Mapped mapped(Fields outer, Json.Obj said) {
    var fields = new Fields(said);
    var mapped =
        new Mapped(
            fields.required(
                "claim", "the name of a claim that is a property", AgentTermsJson::claim, "claim"),
            fields.text("value", VALUE_MAX),
            fields.list("roles", "the id of a role", Id.Role::parse),
            fields.list("purposes", "the id of a purpose", Id.Purpose::parse));
    if (mapped.roles().isEmpty() && mapped.purposes().isEmpty()) {
      fields.wrong("roles or purposes name what follows from " + mapped.claim());
    }
    fields.problem().ifPresent(problem -> outer.wrong("mapping: " + problem.detail()));
    return mapped;
  }

  private static Optional<String> claim(String name) {
    return Optional.of(name)
        .filter(one -> CLAIM.matcher(one).matches() && !NO_PROPERTIES.contains(one));
  }

  private static Optional<Id> owner(String text) {
    return Id.User.parse(text).<Id>map(id -> id).or(() -> Id.Group.parse(text));
  }
}
