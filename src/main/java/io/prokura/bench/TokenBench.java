package io.prokura.bench;

import io.prokura.bench.LoadPlan.Kind;
import io.prokura.kernel.World;
import java.util.Iterator;
import java.util.function.Function;
import java.util.stream.IntStream;

/// How many access tokens a second agents get for themselves.
final class TokenBench {
  static final String EXPECTED = "\"access_token\":\"";

  /// What the answer to a request with a proof holds, and to no other.
  private static final String BOUND = "\"token_type\":\"DPoP\"";

  /// How many requests are prepared for every token that the server could issue to secrets.
  private static final double SPARE = 1.2;

  private static final int ASSERTIONS_MAX = 600_000;

  /// A proof is good for a minute, in which all of them are made and sent.
  private static final int PROOFS_MAX = 300_000;

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
              prepared(
                  stage, perSecond, ASSERTIONS_MAX, agent -> Requests.withAssertion(agent, world)));
      var proof =
          stage.recorded(
              "client_credentials_dpop",
              Kind.ONCE,
              BOUND,
              prepared(stage, perSecond, PROOFS_MAX, agent -> Requests.withProof(agent, world)));
      return secret.and(assertion).and(proof);
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

  /// Enough requests, each good once, for a server that is as fast with them as with secrets, which
  /// it isn't.
  private Iterator<byte[]> prepared(
      Stage stage, double perSecond, int most, Function<Agent, byte[]> request) {
    var agents = stage.organisation().agents();
    double seconds = settings.warmUp().plus(settings.duration()).toNanos() / 1e9;
    int count = (int) Math.min(most, Math.max(1_000, perSecond * seconds * SPARE));
    return IntStream.range(0, count)
        .mapToObj(i -> request.apply(agents.get(i % agents.size())))
        .iterator();
  }
}
