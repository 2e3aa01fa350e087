package io.prokura.kernel;

import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Everything nondeterministic. Nothing else in the server may ask for the time or for chance.
public record World(InstantSource clock, RandomGenerator entropy) {

  /// The time in milliseconds, as fine as it is stored: what is answered at once is what is read
  /// back later.
  public Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  /// `count` random bytes; unguessable when `entropy` is an [Entropy], as it is in production.
  public byte[] bytes(int count) {
    var bytes = new byte[count];
    entropy.nextBytes(bytes);
    return bytes;
  }
}
