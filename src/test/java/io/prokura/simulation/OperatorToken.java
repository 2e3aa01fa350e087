package io.prokura.simulation;

import java.time.Instant;

/// The token by which the management API is called, a new one when the old one has had its time.
final class OperatorToken {
  private static final int SPARE_SECONDS = 30;

  private final Simulation simulation;
  private String compact = "";
  private Instant issuedAt = Instant.MAX;
  private Instant expiresAt = Instant.MIN;

  OperatorToken(Simulation simulation) {
    this.simulation = simulation;
  }

  /// The call, with the token where it goes to the management API.
  Call added(Call call) {
    return call.isManagement() ? call.with("Authorization", "Bearer " + current()) : call;
  }

  private String current() {
    var now = simulation.clock.instant();
    if (now.isBefore(issuedAt) || !now.isBefore(expiresAt.minusSeconds(SPARE_SECONDS))) {
      simulation.follow(simulation.observer);
      compact = simulation.observer.operatorToken();
      var claims = JsonText.claims(compact);
      issuedAt = Instant.ofEpochSecond(claims.number("iat").orElseThrow());
      expiresAt = Instant.ofEpochSecond(claims.number("exp").orElseThrow());
    }
    return compact;
  }
}
