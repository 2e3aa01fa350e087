package io.prokura.bench;

import io.prokura.bench.LoadPlan.Kind;
import io.prokura.kernel.World;
import java.util.Iterator;
import java.util.stream.IntStream;

/// How many access tokens a second agents get for themselves.
final class TokenBench {
  static final String EXPECTED = "\"access_token\":\"";

  /// How many assertions are prepared for every token that the server could issue to secrets.
  private static final double SPARE = 1.2;

  private static final int ASSERTIONS_MAX = 600_000;

  private final World world;
  private final Settings settings;

  TokenBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  Measured measure() {
    try (var workspace = Workspace.open();
        var stage = Stage.open(workspace, world, settings)) {
      var secret = secret(stage);
      double perSecond = secret.figures().getFirst().value();
      var assertion =
          stage.recorded(
              "client_credentials_private_key_jwt",
              Kind.ONCE,
              EXPECTED,
              assertions(stage, perSecond));
      return secret.and(assertion);
    }
  }

  /// The part with client secrets.
  static Measured secret(Stage stage) {
    return stage.recorded(
        "client_credentials_secret",
        Kind.REPEAT,
        EXPECTED,
        stage.organisation().agents().stream().map(Requests::withSecret).iterator());
  }

  /// Enough assertions for a server that is as fast with them as with secrets, which it isn't.
  private Iterator<byte[]> assertions(Stage stage, double perSecond) {
    var agents = stage.organisation().agents();
    double seconds = settings.warmUp().plus(settings.duration()).toNanos() / 1e9;
    int count = (int) Math.min(ASSERTIONS_MAX, Math.max(1_000, perSecond * seconds * SPARE));
    return IntStream.range(0, count)
        .mapToObj(i -> Requests.withAssertion(agents.get(i % agents.size()), world))
        .iterator();
  }
}
