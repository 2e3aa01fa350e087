package io.prokura.asgardeo;

import static io.prokura.kernel.Refusal.ACTOR_TOKEN_INVALID;
import static io.prokura.kernel.Refusal.CODE_INVALID;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.asgardeo.DirectFlow.SignedIn;
import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.Credential;
import io.prokura.clients.Credentials;
import io.prokura.clients.Holder;
import io.prokura.cutoff.CutOffs;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Granted;
import io.prokura.delegation.Presenter;
import io.prokura.delegation.Wanted;
import io.prokura.grants.Applications;
import io.prokura.grants.PermittedTokens;
import io.prokura.grants.Pkce;
import io.prokura.grants.Presenters;
import io.prokura.grants.TokenAnswer;
import io.prokura.http.Form;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.tokens.IdTokens;
import io.prokura.tokens.Issuance.Issued;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// An application redeems the code of an agent that signed in through it (RFC 6749 §4.1.3, RFC 7636
/// §4.6), for a token of the agent's own: bounded by what the agent may by itself and by the
/// ceiling of the application, and bound to a key as all tokens of agents are. A code that comes a
/// second time ends what came of it the first time (RFC 9700 §2.1.1). There is no refresh token:
/// the agent signs in again. Of the scopes that the application names, those that the agent does
/// not have by itself are left out where it has others (RFC 6749 §3.3): the SDKs name for the
/// agent's own token what they ask people for.
public final class AgentCodeGrant {
  private static final String TYPE = "authorization_code";
  private static final String TWICE = "its code was used a second time";

  private final String issuer;
  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final CutOffs cutOffs;
  private final DirectFlows flows;
  private final Credentials credentials;
  private final Applications applications;
  private final Presenters presenters;
  private final Authorities authorities;
  private final PermittedTokens tokens;
  private final IdTokens idTokens;

  public AgentCodeGrant(
      String issuer,
      World world,
      Database database,
      AuditLog audit,
      CutOffs cutOffs,
      DirectFlows flows,
      Credentials credentials,
      Applications applications,
      Presenters presenters,
      Authorities authorities,
      PermittedTokens tokens,
      IdTokens idTokens) {
    this.issuer = issuer;
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.cutOffs = cutOffs;
    this.flows = flows;
    this.credentials = credentials;
    this.applications = applications;
    this.presenters = presenters;
    this.authorities = authorities;
    this.tokens = tokens;
    this.idTokens = idTokens;
  }

  /// The answer to the code in `form`; nothing where no agent's sign-in came to it.
  Optional<Result<TokenAnswer>> redeem(AuthenticatedClient client, Form form, String peer) {
    return form.get("code")
        .flatMap(flows::ofCode)
        .map(flow -> redeemed(client, flow, flow.signedIn().orElseThrow(), form, peer));
  }

  private Result<TokenAnswer> redeemed(
      AuthenticatedClient client, DirectFlow flow, SignedIn who, Form form, String peer) {
    var fault = fault(client, flow, who, form);
    if (fault.isPresent()) {
      return refused(CODE_INVALID, fault.get());
    }
    if (form.all("resource").stream().anyMatch(one -> !one.equals(flow.resource()))) {
      return refused(RESOURCE_UNKNOWN, "the agent signed in for another resource");
    }
    if (form.has("actor_token")) {
      return refused(ACTOR_TOKEN_INVALID, "the agent acts for nobody but itself");
    }
    if (form.has("purpose")) {
      return refused(MALFORMED_REQUEST, "the purpose was stated when the agent signed in");
    }
    var credential =
        credentials.live(new Holder.Agent(who.agent())).stream()
            .filter(one -> one.id().equals(who.credential()))
            .findFirst();
    return credential
        .map(live -> issued(client, flow, who, live, peer))
        .orElseGet(() -> refused(CODE_INVALID, "the agent's secret is no longer good"));
  }

  private Optional<String> fault(
      AuthenticatedClient client, DirectFlow flow, SignedIn who, Form form) {
    if (!client.clientId().equals(flow.clientId())) {
      return Optional.of("there is no such code for this client");
    }
    if (who.spent()) {
      end(who);
      return Optional.of("the code has been used");
    }
    if (!world.now().isBefore(flow.expiresAt())) {
      return Optional.of("the code has expired");
    }
    if (form.get("redirect_uri").filter(sent -> !sent.equals(flow.redirectUri())).isPresent()) {
      return Optional.of("the code was asked for at another redirect_uri");
    }
    if (!Pkce.answers(Optional.of(flow.challenge()), form.get("code_verifier"))) {
      return Optional.of("code_verifier does not answer the code_challenge");
    }
    if (isBoundToAnother(flow.keyThumbprint(), client)) {
      return Optional.of("the code is bound to a key that was not proven");
    }
    return cutOffs.killer(flow.lineage(who, issuer), who.checked()).isPresent()
        ? Optional.of("what the agent signed in by was withdrawn or ended")
        : Optional.empty();
  }

  private static boolean isBoundToAnother(Optional<String> key, AuthenticatedClient client) {
    return key.isPresent() && !key.equals(client.confirmation().keyThumbprint());
  }

  private Result<TokenAnswer> issued(
      AuthenticatedClient client, DirectFlow flow, SignedIn who, Credential live, String peer) {
    var ceiling = applications.ceiling(client, flow.resource());
    if (!(ceiling instanceof Ok(var bound))) {
      return ceiling.refusal();
    }
    var acting = presenters.acting(who.agent(), client);
    if (!(acting instanceof Ok)) {
      return acting.refusal();
    }
    long checked = Math.min(who.checked(), client.checked());
    var until = earlier(live.expiresAt().orElse(Instant.MAX), client.until());
    var presenter =
        new Presenter(who.agent(), who.credential(), until, checked, client.confirmation());
    var lineage = flow.lineage(who, issuer);
    var rests = client.credential().map(lineage::with).orElse(lineage);
    var granted = new Granted(flow.clientId(), bound, rests, until, checked);
    var wanted = new Wanted(flow.resource(), possible(flow, presenter, granted), flow.purpose());
    var spentBefore = new AtomicBoolean();
    var issued =
        tokens.accessToken(
            authorities.ownThrough(presenter, granted, wanted),
            presenter,
            TYPE,
            peer,
            tx -> {
              spentBefore.set(!flows.spend(tx, flow));
              return spentBefore.get() ? refused(CODE_INVALID, "the code has been used") : ok(tx);
            });
    if (spentBefore.get()) {
      end(who);
    }
    return issued.map(token -> answer(flow, who, token));
  }

  /// What is asked for without what the agent can't have; all of it where that leaves nothing.
  private Scopes possible(DirectFlow flow, Presenter presenter, Granted granted) {
    var most = new Wanted(flow.resource(), Scopes.NONE, flow.purpose());
    var left =
        authorities.ownThrough(presenter, granted, most) instanceof Ok(var conferred)
            ? conferred.authority().scopes().intersect(flow.scopes())
            : flow.scopes();
    return left.isEmpty() ? flow.scopes() : left;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private TokenAnswer answer(DirectFlow flow, SignedIn who, Issued issued) {
    var scopes = issued.authority().scopes().toString();
    if (!flow.identity().contains("openid")) {
      return new TokenAnswer(issued, scopes, Optional.empty(), Optional.empty());
    }
    var idToken =
        idTokens.mint(
            flow.clientId(), who.agent(), who.at(), flow.nonce(), issued.token().compact());
    return new TokenAnswer(
        issued, ("openid " + scopes).strip(), Optional.empty(), Optional.of(idToken));
  }

  /// Ends all that came of a code, in a transaction of its own.
  private void end(SignedIn who) {
    database.inTransaction(
        tx -> {
          tx.makeUrgent();
          cutOffs.write(tx, who.grant(), who.agent(), TWICE);
          var event = Event.about("grant.ended", who.grant()).by(who.agent());
          audit.append(tx, event.free("reason", TWICE).build());
          return who;
        });
  }
}
