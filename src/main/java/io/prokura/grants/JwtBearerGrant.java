package io.prokura.grants;

import static io.prokura.kernel.Refusal.ASSERTION_INVALID;
import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
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
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
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
/// does not say that they have. An assertion is used once, but for an ID-JAG of an issuer that lets
/// one be used again with its key, and there is no refresh token.
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
    if (form.get("grant_type").equals(Optional.of(BOUND))
        && !AssertedBounds.isBound(assertion.claims())) {
      return refused(ASSERTION_INVALID, "this grant_type is for assertions bound to a key");
    }
    if (!AssertedBounds.isConfirmed(assertion.claims(), client.confirmation())) {
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

  private Result<Issued> issue(
      AuthenticatedClient client, Assertion assertion, NamedChain chain, Form form, String peer) {
    var aim = AssertedBounds.aim(assertion.claims(), form, limits);
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
    var named = AssertedBounds.scopes(assertion.claims(), assertion.issuer().id(), limits);
    if (!(named instanceof Ok(var scopes))) {
      return named.refusal();
    }
    bounds.addAll(scopes);
    return ok(bounds);
  }

  /// Whether it is an ID-JAG that nobody but the holder of its key can use, of an issuer whose
  /// clients may use it until it expires (draft-ietf-oauth-identity-assertion-authz-grant §4.4).
  private static boolean mayComeAgain(Assertion assertion) {
    return assertion.grant() == TrustedIssuer.Grant.ID_JAG
        && assertion.issuer().terms().reuse()
        && AssertedBounds.isBound(assertion.claims());
  }

  /// Uses the assertion up, unless it may come again, and puts on record that it was.
  private Result<Tx> spend(
      Tx tx, AuthenticatedClient client, Assertion assertion, NamedChain chain) {
    var issuer = assertion.issuer().id();
    var use = "assertion %s %s".formatted(issuer.text(), assertion.id());
    if (!mayComeAgain(assertion) && !oneTime.spend(tx, use, assertion.expiresAt())) {
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
