package io.prokura.authorize;

import io.prokura.agents.Agent;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.clients.RedirectUri;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.util.Optional;
import java.util.stream.Stream;

/// What a person is asked to allow, worked out from a request and from what is possible at all.
///
/// @param actor the agent that is to act for them, and for which purpose
/// @param claims what is told of the person claim by claim, as far as that could be allowed
/// @param offered the actions on the resource that could come of it, no more than was asked for
public record ConsentQuestion(
    Asked asked,
    Id.User user,
    Optional<Actor> actor,
    Resource resource,
    Scopes offered,
    ClaimsRequest claims) {

  /// An agent and what it is to act for.
  public record Actor(Agent agent, Purpose purpose) {}

  /// The registered address that the answer goes to; empty where the client polls for it.
  String registeredRedirect() {
    return asked.redirect().map(RedirectUri::text).orElse("");
  }

  /// The scopes about the person that they are asked for: each claim is asked for by the one that
  /// covers it, which may cover more than the application is told.
  public Scopes identity() {
    return new Scopes(
        Stream.concat(asked.identity().values().stream(), claims.scopes().values().stream())
            .distinct()
            .toList());
  }

  /// The scopes about the person that are granted where of what was offered only `allowed` was
  /// allowed.
  Scopes identityWithin(Scopes allowed) {
    return new Scopes(
        asked.identity().values().stream().filter(scope -> isTold(scope, allowed)).toList());
  }

  /// Those that were not offered by themselves come along with what was.
  private boolean isTold(String scope, Scopes allowed) {
    return allowed.contains(scope) || !offered.contains(scope);
  }

  /// The claims that are told where of what was offered only `allowed` was allowed.
  ClaimsRequest toldOf(Scopes allowed) {
    return claims.within(scope -> isTold(scope, allowed));
  }

  ConsentQuestion withClaims(ClaimsRequest some) {
    return new ConsentQuestion(asked, user, actor, resource, offered, some);
  }

  /// Whether somebody has to be asked: always where an agent is to act.
  boolean isToBeAsked() {
    return actor.isPresent() || asked.client().isAsking();
  }

  /// Whether `consent` says yes to all of this.
  boolean isAnsweredBy(Consent consent) {
    boolean sameActor =
        consent
            .actor()
            .map(acting -> acting.agent().text() + acting.purpose().text())
            .equals(actor.map(one -> one.agent().id().text() + one.purpose().id().text()));
    return sameActor
        && consent.clientId().equals(asked.client().id())
        && consent.resource().equals(resource.identifier())
        && consent.redirectUri().equals(registeredRedirect())
        && identity().within(consent.identity())
        && asked.scopes().within(consent.scopes());
  }

  /// What is granted of what `allowed` allows: what was asked for, all of it where nothing was
  /// named.
  Scopes granted(Scopes allowed) {
    return asked.scopes().isEmpty() ? allowed : asked.scopes().intersect(allowed);
  }
}
