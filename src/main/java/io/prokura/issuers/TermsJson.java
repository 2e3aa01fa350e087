package io.prokura.issuers;

import static io.prokura.kernel.Refusal.FIELD_INVALID;

import io.prokura.issuers.TrustedIssuer.Grant;
import io.prokura.issuers.TrustedIssuer.KeySource;
import io.prokura.issuers.TrustedIssuer.Receiver;
import io.prokura.issuers.TrustedIssuer.SignIn;
import io.prokura.issuers.TrustedIssuer.Terms;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwkSet;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.Scopes;
import io.prokura.management.Fields;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The terms of an issuer as JSON: in the database, in requests and in answers.
final class TermsJson {
  private static final int URL_MAX = 2_048;
  private static final int CLIENT_ID_MAX = 500;
  private static final Pattern CLAIM = Pattern.compile("[A-Za-z0-9_.:/-]{1,100}");
  private static final Pattern DOMAIN =
      Pattern.compile("(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,62}");

  private TermsJson() {}

  static Json.Obj write(Terms terms) {
    var view = Json.object();
    switch (terms.keys()) {
      case KeySource.Discovered _ -> {}
      case KeySource.At(var uri) -> view.put("jwksUri", uri);
      case KeySource.Inline(var keys) -> view.put("jwks", keys.toJson());
    }
    view.put("grants", terms.grants().stream().map(Grant::word).sorted().toList());
    terms.signIn().ifPresent(signIn -> view.put("signIn", write(signIn)));
    terms.receives().ifPresent(receiver -> view.put("receives", write(receiver)));
    terms.agents().ifPresent(agents -> view.put("agents", AgentTermsJson.write(agents)));
    if (terms.reuse()) {
      view.put("reuse", true);
    }
    return view.build();
  }

  private static Json write(Receiver receiver) {
    var clients =
        new TreeMap<>(receiver.clients())
            .entrySet().stream()
                .map(
                    one ->
                        Json.object()
                            .put("client", one.getKey())
                            .put("clientId", one.getValue())
                            .build())
                .toList();
    return Json.object()
        .put("clients", Json.array(clients))
        .put("resources", receiver.resources().stream().map(Id::text).toList())
        .build();
  }

  private static Json write(SignIn signIn) {
    return Json.object()
        .put("clientId", signIn.clientId())
        .put("scopes", signIn.scopes())
        .put("userNameClaim", signIn.userNameClaim())
        .put("displayNameClaim", signIn.displayNameClaim())
        .put("createUsers", signIn.createUsers())
        .put("emailDomains", signIn.emailDomains())
        .put("trustsEmail", signIn.trustsEmail())
        .build();
  }

  /// The terms of `issuer` that `fields` say, and the secret for sign-in where there is one; what
  /// is wrong is left in `fields`. `urls` says which addresses keys may come from.
  static Said read(Crypto crypto, Fields fields, String issuer, Predicate<String> urls) {
    var jwksUri =
        fields.optional(
            "jwksUri",
            "a URL that this server may fetch from",
            text -> Optional.of(text).filter(url -> url.length() <= URL_MAX).filter(urls));
    var jwks = fields.object("jwks").flatMap(set -> keys(crypto, fields, set));
    if (jwksUri.isPresent() && jwks.isPresent()) {
      fields.wrong("say one of jwksUri and jwks, or neither for discovery");
    }
    var grants = fields.list("grants", "jwt-bearer or id-jag", Grant::of);
    var body = fields.object("signIn");
    var signIn = new Fields(body.orElseGet(() -> Json.object().build()));
    Optional<SignIn> terms = body.map(_ -> signIn(signIn));
    var secret = body.map(_ -> signIn.textOr("clientSecret", "", CLIENT_ID_MAX));
    if (body.isPresent()) {
      signIn.problem().ifPresent(problem -> fields.wrong("signIn: " + problem.detail()));
    }
    var receiver = fields.object("receives").flatMap(said -> receiver(fields, said));
    var agents = fields.object("agents").flatMap(said -> AgentTermsJson.read(fields, said, issuer));
    boolean plain = body.isPresent() || grants.contains(Grant.JWT_BEARER);
    if (agents.isPresent() && plain) {
      fields.wrong("an issuer speaks of agents, or of people by signIn and jwt-bearer");
    }
    boolean reuse = fields.flagOr("reuse", false);
    if (reuse && !grants.contains(Grant.ID_JAG)) {
      fields.wrong("reuse is for the grant id-jag");
    }
    KeySource source =
        jwksUri
            .<KeySource>map(KeySource.At::new)
            .or(() -> jwks.map(KeySource.Inline::new))
            .orElseGet(KeySource.Discovered::new);
    return new Said(
        new Terms(source, Set.copyOf(grants), terms, receiver, agents.filter(_ -> !plain), reuse),
        secret.filter(text -> !text.isEmpty()));
  }

  private static Optional<Receiver> receiver(Fields outer, Json.Obj said) {
    var fields = new Fields(said);
    var clients = new HashMap<String, String>();
    for (var item : fields.objects("clients")) {
      var one = new Fields(item);
      var client =
          one.required(
              "client",
              "the id of a client, agent or workload",
              text -> Optional.of(text).filter(TermsJson::isClient),
              "");
      if (clients.put(client, one.text("clientId", CLIENT_ID_MAX)) != null) {
        fields.wrong("clients names each client once");
      }
      one.problem().ifPresent(problem -> fields.wrong("clients: " + problem.detail()));
    }
    var resources = fields.list("resources", "the id of a resource", Id.Resource::parse);
    if (clients.isEmpty() || resources.isEmpty()) {
      fields.wrong("clients and resources name at least one");
    }
    var problem = fields.problem();
    problem.ifPresent(wrong -> outer.wrong("receives: " + wrong.detail()));
    return problem.isPresent() ? Optional.empty() : Optional.of(new Receiver(clients, resources));
  }

  private static boolean isClient(String text) {
    return Id.Client.parse(text).isPresent()
        || Id.Agent.parse(text).isPresent()
        || Id.Workload.parse(text).isPresent();
  }

  /// What was said of an issuer.
  record Said(Terms terms, Optional<String> secret) {}

  private static Optional<JwkSet> keys(Crypto crypto, Fields fields, Json.Obj set) {
    return switch (JwkSet.parse(crypto, set, FIELD_INVALID)) {
      case Ok<JwkSet>(var keys) when !keys.keys().isEmpty() -> Optional.of(keys);
      case Ok<JwkSet> _ -> {
        fields.wrong("jwks has no key of a kind that is taken here");
        yield Optional.empty();
      }
      case Refused<JwkSet>(_, var detail) -> {
        fields.wrong("jwks: " + detail);
        yield Optional.empty();
      }
    };
  }

  private static SignIn signIn(Fields fields) {
    var clientId = fields.text("clientId", CLIENT_ID_MAX);
    var scopes =
        fields.list("scopes", "a scope", text -> Optional.of(text).filter(Scopes::isToken));
    return new SignIn(
        clientId,
        scopes.isEmpty() ? List.of("openid", "profile", "email") : scopes,
        claim(fields, "userNameClaim", "email"),
        claim(fields, "displayNameClaim", "name"),
        fields.flagOr("createUsers", false),
        fields.list(
            "emailDomains",
            "a domain in lower case",
            text -> Optional.of(text).filter(domain -> DOMAIN.matcher(domain).matches())),
        fields.flagOr("trustsEmail", false));
  }

  private static String claim(Fields fields, String name, String usual) {
    return fields
        .optional(
            name,
            "the name of a claim",
            text -> Optional.of(text).filter(claim -> CLAIM.matcher(claim).matches()))
        .orElse(usual);
  }
}
