package io.prokura.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until it is moved, in either direction.
final class SimulatedClock implements InstantSource {
  private Instant now = Instant.parse("2027-01-15T08:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  void pass(Duration duration) {
    now = now.plus(duration);
  }

  void set(Instant instant) {
    now = instant;
  }
}
