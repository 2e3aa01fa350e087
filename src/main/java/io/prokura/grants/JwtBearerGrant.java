package io.prokura.grants;

import static io.prokura.kernel.Refusal.ASSERTION_INVALID;
import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.authorize.AskingClients;
import io.prokura.authorize.ConsentQuestions;
import io.prokura.catalogue.Catalogue;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.OneTime;
import io.prokura.decision.Pdp;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Granted;
import io.prokura.delegation.Operand;
import io.prokura.delegation.Wanted;
import io.prokura.http.Form;
import io.prokura.issuers.Assertion;
import io.prokura.issuers.Assertions;
import io.prokura.issuers.TrustedIssuer;
import io.prokura.jose.Confirmation;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import io.prokura.tokens.Issuance;
import io.prokura.tokens.Issuance.Issued;
import io.prokura.upstream.Links;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A client gets a token for a person by the word of a trusted issuer (RFC 7523 §2.1), also by an
/// ID-JAG (draft-ietf-oauth-identity-assertion-authz-grant §4.4). The word says who the person is,
/// and at most what may be had; that the person, everybody who acts and the client may have it is
/// found out here. A client whose people have to have signed in lately gets nothing where the word
/// does not say that they have. An assertion is used once, and there is no refresh token.
public final class JwtBearerGrant {
  static final String TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  /// The same for assertions that are bound to a key, as examples of the ID-JAG draft write it.
  static final String BOUND = "urn:ietf:params:oauth:grant-type:jwt-dpop";

  private final String own;
  private final World world;
  private final Limits limits;
  private final Assertions assertions;
  private final Links links;
  private final OneTime oneTime;
  private final AuditLog audit;
  private final Presenters presenters;
  private final Applications applications;
  private final Authorities authorities;
  private final PermittedTokens tokens;

  /// `own` is what this server is known by.
  public JwtBearerGrant(
      String own,
      World world,
      Limits limits,
      Assertions assertions,
      Links links,
      OneTime oneTime,
      AuditLog audit,
      Presenters presenters,
      Catalogue catalogue,
      AskingClients clients,
      ConsentQuestions questions,
      Authorities authorities,
      Pdp pdp,
      Issuance issuance) {
    this.own = own;
    this.world = world;
    this.limits = limits;
    this.assertions = assertions;
    this.links = links;
    this.oneTime = oneTime;
    this.audit = audit;
    this.presenters = presenters;
    this.authorities = authorities;
    applications = new Applications(catalogue, clients, questions);
    tokens = new PermittedTokens(pdp, issuance);
  }

  Result<Issued> issue(AuthenticatedClient client, Form form, String peer) {
    var sent = form.require("assertion");
    if (!(sent instanceof Ok(var compact))) {
      return sent.refusal();
    }
    if (client.credential().isEmpty()) {
      return refused(CLIENT_NOT_ALLOWED, "only who proves itself gets tokens by assertions");
    }
    var verified = assertions.verify(compact);
    if (!(verified instanceof Ok(var assertion))) {
      return verified.refusal();
    }
    if (!isFor(client, assertion)) {
      return refused(ASSERTION_INVALID, "the assertion is for another client");
    }
    if (form.get("grant_type").equals(Optional.of(BOUND)) && !isBound(assertion)) {
      return refused(ASSERTION_INVALID, "this grant_type is for assertions bound to a key");
    }
    if (!isConfirmed(client, assertion)) {
      return refused(ASSERTION_INVALID, "the assertion is bound to a key that was not proven");
    }
    var at = assertion.authTime().map(time -> time.plus(limits.clockSkew()));
    var old = applications.tooOld(client, at, world.now());
    if (old.isPresent()) {
      return old.get().refusal();
    }
    var named = NamedChain.of(assertion, client.principal(), own, links);
    return named instanceof Ok(var chain)
        ? issue(client, assertion, chain, form, peer)
        : named.refusal();
  }

  /// An ID-JAG names its client by the id that it has here; any other assertion need not name one.
  private static boolean isFor(AuthenticatedClient client, Assertion assertion) {
    var claims = assertion.claims();
    boolean namesOne = assertion.grant() == TrustedIssuer.Grant.ID_JAG;
    var expected = Json.text(client.clientId());
    return List.of("client_id", "azp").stream()
        .allMatch(
            name -> claims.get(name).map(expected::equals).orElse(!namesOne || name.equals("azp")));
  }

  private static boolean isBound(Assertion assertion) {
    return Confirmation.read(assertion.claims())
        .filter(Confirmation.Key.class::isInstance)
        .isPresent();
  }

  private static boolean isConfirmed(AuthenticatedClient client, Assertion assertion) {
    return Confirmation.read(assertion.claims())
        .filter(cnf -> cnf instanceof Confirmation.None || cnf.equals(client.confirmation()))
        .isPresent();
  }

  private Result<Issued> issue(
      AuthenticatedClient client, Assertion assertion, NamedChain chain, Form form, String peer) {
    var aim = aim(assertion, form);
    if (!(aim instanceof Ok(var wanted))) {
      return aim.refusal();
    }
    var bounded = bounds(client, assertion, wanted);
    if (!(bounded instanceof Ok(var bounds))) {
      return bounded.refusal();
    }
    var presenter = presenters.acting(chain.current(), client);
    if (!(presenter instanceof Ok(var who))) {
      return presenter.refusal();
    }
    var lineage =
        chain.lineage().with(client.credential().orElseThrow()).with(client.holder().id());
    var granted =
        new Granted(client.clientId(), bounds, ours(lineage), client.until(), client.checked());
    var vouched = authorities.vouched(chain.subject(), chain.actors(), granted, wanted);
    var word = assertion.grant().word();
    return tokens.accessToken(vouched, who, word, peer, tx -> spend(tx, client, assertion, chain));
  }

  private Lineage ours(Lineage lineage) {
    return lineage.withWord(own);
  }

  /// What is asked for, which is for the resource that the assertion names if it names any.
  private Result<Wanted> aim(Assertion assertion, Form form) {
    var named = resources(assertion);
    var target = Target.of(form, limits);
    if (named.isEmpty() || !(target instanceof Ok(var asked))) {
      return named.isEmpty()
          ? refused(ASSERTION_INVALID, "the claim resource is not one or more URIs")
          : target;
    }
    var among = named.get();
    if (among.isEmpty() || among.contains(asked.resource())) {
      return target;
    }
    return asked.resource().isEmpty() && among.size() == 1
        ? ok(new Wanted(among.getFirst(), asked.scopes(), asked.purpose()))
        : refused(RESOURCE_UNKNOWN, "the assertion is for: " + String.join(", ", among));
  }

  private static Optional<List<String>> resources(Assertion assertion) {
    return switch (assertion.claims().get("resource").orElse(new Json.Arr(List.of()))) {
      case Json.Str(var one) -> Optional.of(List.of(one));
      case Json.Arr list -> list.texts();
      case Json.Obj _, Json.Whole _, Json.Fraction _, Json.Bool _, Json.Null _ -> Optional.empty();
    };
  }

  /// The ceiling of an application, and the scopes that the assertion names if it names any.
  private Result<List<Operand>> bounds(
      AuthenticatedClient client, Assertion assertion, Wanted wanted) {
    var bounds = new ArrayList<Operand>();
    if (client.principal().isEmpty()) {
      var ceiling = applications.ceiling(client, wanted.resource());
      if (!(ceiling instanceof Ok(var actions))) {
        return ceiling.refusal();
      }
      bounds.add(actions);
    }
    if (assertion.claims().get("scope").isPresent()) {
      var named = assertion.claims().text("scope").map(text -> Scopes.parse(text, limits));
      if (named.isEmpty() || !(named.get() instanceof Ok(var scopes))) {
        return refused(ASSERTION_INVALID, "the claim scope is not a list of scopes");
      }
      var issuer = assertion.issuer().id().text();
      bounds.add(new Operand.Actions(issuer, scopes, SCOPE_NOT_PERMITTED));
    }
    return ok(bounds);
  }

  /// Uses the assertion up, and puts on record that it was.
  private Result<Tx> spend(
      Tx tx, AuthenticatedClient client, Assertion assertion, NamedChain chain) {
    var issuer = assertion.issuer().id();
    var use = "assertion %s %s".formatted(issuer.text(), assertion.id());
    if (!oneTime.spend(tx, use, assertion.expiresAt())) {
      return refused(ASSERTION_INVALID, "the assertion's jti has been used");
    }
    audit.append(
        tx,
        Event.about("assertion.redeemed", issuer)
            .by(chain.current())
            .word("client", client.clientId())
            .word("grant", assertion.grant().word())
            .reference("subject", chain.subject())
            .references("actors", chain.actors())
            .free("jti", assertion.id())
            .build());
    return ok(tx);
  }
}
