package io.prokura.authorize;

import io.prokura.clients.RedirectUri;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.util.Optional;

/// What a client asks of a person, whichever way it asks.
///
/// @param identity the scopes about the person, such as `openid`
/// @param scopes those on the resource; empty for all that are possible
/// @param resource the identifier of the resource
/// @param actor the agent that is to act for the person
/// @param purpose the name of the purpose it is to act for; empty for its only one
/// @param claims what is wanted about the person claim by claim
/// @param redirect the registered address that the answer goes to; nothing where the client polls
public record Asked(
    AskingClient client,
    Scopes identity,
    Scopes scopes,
    String resource,
    Optional<Id.Agent> actor,
    String purpose,
    Optional<RedirectUri> redirect,
    ClaimsRequest claims) {

  /// The same client asking for nothing but `some` on `other`, for itself.
  Asked forPerson(String other, Scopes some) {
    return new Asked(client, some, some, other, Optional.empty(), "", redirect, ClaimsRequest.NONE);
  }

  /// The same without scopes that are not among `some`.
  Asked narrowed(Scopes some) {
    return new Asked(
        client, identity, scopes.intersect(some), resource, actor, purpose, redirect, claims);
  }

  /// Whether refresh tokens are to outlast the person's session (OpenID Connect Core §11).
  boolean isOffline() {
    return identity.contains("offline_access");
  }
}
