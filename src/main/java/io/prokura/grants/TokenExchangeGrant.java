package io.prokura.grants;

import static io.prokura.kernel.Refusal.ACTOR_UNAUTHORIZED;
import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.HAND_OVER_USED;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.OneTime;
import io.prokura.decision.Pdp;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Delegation;
import io.prokura.delegation.Delegations;
import io.prokura.delegation.Presenter;
import io.prokura.http.Form;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Tx;
import io.prokura.tokens.Issuance;
import io.prokura.tokens.Issuance.Issued;
import io.prokura.tokens.Tokens;
import io.prokura.tokens.VerifiedToken;
import java.util.Optional;

/// Token exchange (RFC 8693) in its four forms: an agent uses a standing delegation; the holder of
/// a delegated token hands work to another agent; that agent takes it; a workload calls downstream
/// for its caller. Possession of an access token alone never makes somebody else its actor.
public final class TokenExchangeGrant {
  static final String TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";

  private final Limits limits;
  private final Tokens tokens;
  private final Presenters presenters;
  private final ActorTokens actors;
  private final OneTime oneTime;
  private final SentTokens sent;
  private final Delegations delegations;
  private final Authorities authorities;
  private final PermittedTokens permitted;

  public TokenExchangeGrant(
      Limits limits,
      Tokens tokens,
      Presenters presenters,
      ActorTokens actors,
      OneTime oneTime,
      SentTokens sent,
      Delegations delegations,
      Authorities authorities,
      Pdp pdp,
      Issuance issuance) {
    this.limits = limits;
    this.tokens = tokens;
    this.presenters = presenters;
    this.actors = actors;
    this.oneTime = oneTime;
    this.sent = sent;
    this.delegations = delegations;
    this.authorities = authorities;
    permitted = new PermittedTokens(pdp, issuance);
  }

  /// A token that was issued, and of which type it is.
  record Exchanged(TokenType type, Issued issued) {}

  Result<Exchanged> exchange(AuthenticatedClient client, Form form, String peer) {
    var parsed = TokenExchange.parse(form, limits);
    if (!(parsed instanceof Ok(var request))) {
      return parsed.refusal();
    }
    var principal = client.principal();
    if (principal.isEmpty()) {
      return refused(CLIENT_NOT_ALLOWED, "an application is never the actor");
    }
    var presenter = presenters.acting(principal.get(), client);
    if (!(presenter instanceof Ok(var caller))) {
      return presenter.refusal();
    }
    var actor = actorToken(caller, request.actorToken());
    if (!(actor instanceof Ok(var who))) {
      return actor.refusal();
    }
    return switch (request.subjectType()) {
      case DELEGATION -> use(who, request, peer).map(TokenExchangeGrant::access);
      case HAND_OVER -> take(who, request, peer).map(TokenExchangeGrant::access);
      case ACCESS_TOKEN ->
          request.requested() == TokenType.HAND_OVER
              ? handOver(who, request, peer)
                  .map(issued -> new Exchanged(TokenType.HAND_OVER, issued))
              : downstream(who, request, peer).map(TokenExchangeGrant::access);
    };
  }

  private static Exchanged access(Issued issued) {
    return new Exchanged(TokenType.ACCESS_TOKEN, issued);
  }

  /// An actor token is a second proof of who calls: the caller's own token, resting on nobody else.
  /// It is the only one of an agent that has no credential here, which then rests on that.
  private Result<Presenter> actorToken(Presenter who, String compact) {
    if (compact.isEmpty()) {
      return who.credential().isPresent()
          ? ok(who)
          : refused(CLIENT_NOT_AUTHENTICATED, "an agent without a credential sends actor_token");
    }
    return actors
        .of(who.principal(), compact, Optional.empty(), who.confirmation())
        .map(
            proof ->
                who.credential().isPresent()
                    ? who
                    : who.vouchedFor(proof.lineage(), proof.asserted()));
  }

  private Result<Issued> use(Presenter who, TokenExchange request, String peer) {
    var delegation = Id.Delegation.parse(request.subjectToken()).flatMap(delegations::find);
    if (delegation.isEmpty()) {
      return refused(SUBJECT_TOKEN_INVALID, "no such delegation");
    }
    var used = authorities.use(who, delegation.get(), request.wanted());
    return permitted.accessToken(used, who, "use_delegation", peer, Result::ok);
  }

  private Result<Issued> handOver(Presenter who, TokenExchange request, String peer) {
    var held = tokens.verify(request.subjectToken(), SUBJECT_TOKEN_INVALID);
    if (!(held instanceof Ok(var token))) {
      return held.refusal();
    }
    if (!token.authority().current().equals(who.principal())) {
      return refused(SUBJECT_TOKEN_INVALID, "the token is another actor's");
    }
    if (!token.isConfirmedBy(who.confirmation())) {
      return refused(SUBJECT_TOKEN_INVALID, "the token is bound to what the caller has not proven");
    }
    var delegate = Id.Agent.parse(request.requestedActor());
    if (delegate.isEmpty()) {
      return refused(ACTOR_UNAUTHORIZED, "requested_actor is not the id of an agent");
    }
    var offered = authorities.handOver(who, token.authority(), delegate.get(), request.wanted());
    return permitted.handOver(offered, who, "hand_over", peer);
  }

  private Result<Issued> take(Presenter who, TokenExchange request, String peer) {
    var verified = tokens.verifyHandOver(request.subjectToken(), SUBJECT_TOKEN_INVALID);
    if (!(verified instanceof Ok(var token))) {
      return verified.refusal();
    }
    var offered = token.authority();
    if (!(who.principal() instanceof Id.Agent delegate)
        || !offered.current().equals(who.principal())) {
      return refused(SUBJECT_TOKEN_INVALID, "the hand-over is for another agent");
    }
    var work = delegations.narrow(offered, offered.actors().get(1), delegate);
    var taken = authorities.take(who, offered, work, request.wanted());
    return permitted.accessToken(taken, who, "take_over", peer, tx -> spend(tx, token, work));
  }

  /// Uses up the hand-over and puts the delegation that it made on record.
  private Result<Tx> spend(Tx tx, VerifiedToken handOver, Delegation work) {
    if (!oneTime.spend(tx, handOver.id().text(), handOver.expiresAt())) {
      return refused(HAND_OVER_USED, "the hand-over has been used");
    }
    delegations.give(tx, work.delegator(), work);
    return ok(tx);
  }

  private Result<Issued> downstream(Presenter who, TokenExchange request, String peer) {
    var held = sent.to(who, request.subjectToken());
    if (!(held instanceof Ok(var token))) {
      return held.refusal();
    }
    var extended = authorities.downstream(who, token.authority(), request.wanted());
    return permitted.accessToken(extended, who, "downstream", peer, Result::ok);
  }
}
