package io.prokura.authorize;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A request that a person answers out of band while its client polls for the answer.
///
/// @param user who may answer it; nothing where that is nobody, which its client is not told
/// @param identity the scopes about the person
/// @param scopes those on the resource; empty for all that are possible
/// @param levels what the proof of who answers has to be worth, one of these; empty for anything
/// @param interval how long the client has to wait between two polls
public record PolledRequest(
    Id.PolledRequest id,
    Channel channel,
    String clientId,
    Optional<Id.User> user,
    Scopes identity,
    Scopes scopes,
    String resource,
    Optional<Id.Agent> actor,
    String purpose,
    List<String> levels,
    Instant createdAt,
    Instant expiresAt,
    Duration interval,
    Optional<Instant> polledAt,
    Answer answer) {

  public PolledRequest {
    levels = List.copyOf(levels);
  }

  /// The way on which a request came and is found by its person.
  public sealed interface Channel {
    /// The client named the person (OpenID Connect CIBA Core §7.1), who finds it on their own page.
    ///
    /// @param message what the client wants the person to compare; empty for nothing
    record Backchannel(String message) implements Channel {}

    /// A device shows a code, by which its person makes the request theirs (RFC 8628 §3.3).
    ///
    /// @param source the network address that the device asked from
    record Device(String source) implements Channel {}
  }

  /// What the person has said.
  public sealed interface Answer {
    /// Nothing yet.
    record None() implements Answer {}

    /// No.
    record Denied() implements Answer {}

    /// Yes, which came to a grant; `taken` when the client has had its tokens.
    record Allowed(Id.Grant grant, boolean taken) implements Answer {}
  }

  /// A request that begins now and lasts so long.
  static PolledRequest of(
      World world,
      Asked asked,
      Channel channel,
      Optional<Id.User> user,
      List<String> levels,
      Duration lasts) {
    var now = world.now();
    return new PolledRequest(
        Id.PolledRequest.random(world),
        channel,
        asked.client().id(),
        user,
        asked.identity(),
        asked.scopes(),
        asked.resource(),
        asked.actor(),
        asked.purpose(),
        levels,
        now,
        now.plus(lasts),
        PolledRequests.INTERVAL,
        Optional.empty(),
        new Answer.None());
  }

  /// The same, which nobody may answer.
  PolledRequest forNobody() {
    return new PolledRequest(
        id,
        channel,
        clientId,
        Optional.empty(),
        identity,
        scopes,
        resource,
        actor,
        purpose,
        levels,
        createdAt,
        expiresAt,
        interval,
        polledAt,
        answer);
  }

  /// Whether a proof that is worth `acr` is good enough to allow it.
  boolean isMetBy(String acr) {
    return levels.isEmpty() || levels.contains(acr);
  }

  /// What was asked, by `client`, whose id this has.
  Asked asked(AskingClient client) {
    return new Asked(
        client, identity, scopes, resource, actor, purpose, Optional.empty(), ClaimsRequest.NONE);
  }
}
