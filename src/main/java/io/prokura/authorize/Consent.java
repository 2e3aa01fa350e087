package io.prokura.authorize;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.time.Instant;
import java.util.Optional;

/// What a person allowed an application and, where one is named, an agent through it.
///
/// @param actor the agent, and with it the purpose and the delegation that the person gave
/// @param resource the identifier of the resource
/// @param identity the scopes about the person
/// @param redirectUri the registered address that the person was told of
public record Consent(
    Id.Consent id,
    Id.User user,
    String clientId,
    Optional<Acting> actor,
    String resource,
    Scopes scopes,
    Scopes identity,
    String redirectUri,
    Instant givenAt,
    Instant expiresAt,
    boolean withdrawn) {

  /// How an agent may act.
  public record Acting(Id.Agent agent, Id.Purpose purpose, Id.Delegation delegation) {}

  public boolean isActiveAt(Instant now) {
    return !withdrawn && now.isBefore(expiresAt);
  }
}
