package io.prokura.agents;

import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A registered AI system. `owner` and `backupOwner` are two different users or groups that answer
/// for it; `purposes` are what it declares to be for, at least one unless nobody has adopted it;
/// `capabilities` name its tools and skills. From `validUntil` on it counts as not active, whatever
/// its state. Its tokens are bound to a key it proves, unless it is registered for `bearerTokens`.
public record Agent(
    Id.Agent id,
    String name,
    String description,
    Id owner,
    Id backupOwner,
    List<Id.Purpose> purposes,
    List<String> capabilities,
    Environment environment,
    Risk risk,
    Optional<Instant> validUntil,
    boolean bearerTokens,
    AgentState state,
    long version) {

  public Agent {
    purposes = List.copyOf(purposes);
    capabilities = List.copyOf(capabilities);
    if (!isOwner(owner) || !isOwner(backupOwner) || owner.equals(backupOwner)) {
      throw new IllegalArgumentException("the owners are two different users or groups");
    }
    if (purposes.isEmpty() && !state.isUnclaimed() && state != AgentState.RETIRED) {
      throw new IllegalArgumentException("an agent is for something");
    }
  }

  private static boolean isOwner(Id id) {
    return id instanceof Id.User || id instanceof Id.Group;
  }

  /// Whether its time has run out.
  public boolean isExpired(Instant now) {
    return validUntil.isPresent() && !now.isBefore(validUntil.get());
  }

  Agent withState(AgentState next) {
    return new Agent(
        id,
        name,
        description,
        owner,
        backupOwner,
        purposes,
        capabilities,
        environment,
        risk,
        validUntil,
        bearerTokens,
        next,
        version);
  }

  Agent withVersion(long next) {
    return new Agent(
        id,
        name,
        description,
        owner,
        backupOwner,
        purposes,
        capabilities,
        environment,
        risk,
        validUntil,
        bearerTokens,
        state,
        next);
  }

  boolean hasOwnersOf(Agent other) {
    return owner.equals(other.owner) && backupOwner.equals(other.backupOwner);
  }
}
