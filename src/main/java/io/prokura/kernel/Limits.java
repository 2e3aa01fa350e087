package io.prokura.kernel;

import java.time.Duration;

/// The bound on every loop over input. Sizes in bytes unless the name says otherwise.
public record Limits(
    int bodyMax,
    int parametersMax,
    int jsonDepthMax,
    int textMax,
    int nameMax,
    int scopesMax,
    int chainDepthMax,
    int pageMax,
    int leafMax,
    int lineageMax,
    Duration accessTokenLifetime,
    Duration handOverLifetime,
    Duration assertionAheadMax,
    Duration clockSkew) {

  public static Limits standard() {
    return new Limits(
        64 * 1024,
        64,
        32,
        4_000,
        200,
        64,
        4,
        200,
        60_000,
        64,
        Duration.ofMinutes(5),
        Duration.ofSeconds(60),
        Duration.ofMinutes(5),
        Duration.ofSeconds(60));
  }
}
