package io.prokura.bench;

import io.prokura.bench.LoadPlan.Kind;
import io.prokura.kernel.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// How many passwords a second are checked, and what becomes of tokens while far more people try
/// to sign in than that.
final class SignInBench {
  /// Where a browser is sent whose password was right.
  private static final String RIGHT = "/login/second-factor";

  /// Fewer than may wait for their turn.
  private static final int TYPING = 8;

  private static final int FLOODING = 64;
  private static final int TIMES = 10;
  private static final Duration BEFORE = Duration.ofSeconds(1);
  private static final Duration START_MAX = Duration.ofSeconds(4);

  private final World world;
  private final Settings settings;

  SignInBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  Measured measure() {
    try (var workspace = Workspace.open();
        var stage = Stage.open(workspace, world, settings)) {
      var signIns = signIns(stage.people(world));
      var over = settings.over(TYPING);
      var checked =
          stage.unrecorded("password_sign_in", Kind.REPEAT, RIGHT, signIns.iterator(), over);
      double offered = checked.figures().getFirst().value() * TIMES;
      return checked.and(amid(stage, signIns, offered));
    }
  }

  /// What a browser sends from the page for signing in; good any number of times, for the second
  /// factor is what makes it once.
  private static List<byte[]> signIns(List<Person> people) {
    var requests = new ArrayList<byte[]>();
    for (var person : people) {
      var browser = new Browser(person.browser());
      browser.open("/login");
      var fields = browser.filled(Map.of("username", person.name(), "password", Person.PASSWORD));
      requests.add(Requests.submit("/login", browser.cookie(), fields));
    }
    return requests;
  }

  /// The rate of tokens while `offered` people a second try to sign in, and without them: before
  /// and afterwards, for a server gets faster while it runs.
  private Measured amid(Stage stage, List<byte[]> signIns, double offered) {
    var before = tokens(stage);
    var flood = new FutureTask<>(() -> flooded(stage, signIns.iterator(), offered));
    Thread.ofPlatform().name("flood").daemon().start(flood);
    var rate = tokens(stage);
    var seen = ended(flood);
    var alone = (before + tokens(stage)) / 2;
    return Measured.of(
        List.of(
            new Figure("tokens_alone", alone, "requests/s"),
            new Figure("tokens_amid_sign_ins", rate, "requests/s"),
            new Figure("tokens_kept", 100 * rate / alone, "percent"),
            new Figure("sign_ins_offered", offered, "requests/s"),
            new Figure("sign_ins_checked", value(seen, "good"), "requests/s"),
            new Figure("sign_ins_p99", value(seen, "good_p99"), "ms"),
            new Figure("sign_ins_refused", value(seen, "refused"), "requests/s"),
            new Figure("sign_ins_refused_p99", value(seen, "refused_p99"), "ms")));
  }

  private static double tokens(Stage stage) {
    return TokenBench.secret(stage).figures().getFirst().value();
  }

  /// Longer than the tokens are measured, with time for their load to start.
  private Map<String, Double> flooded(Stage stage, Iterator<byte[]> signIns, double offered) {
    var during = settings.warmUp().plus(settings.duration()).plus(START_MAX);
    return stage.flood(settings.lasting(BEFORE, during).over(FLOODING), offered, RIGHT, signIns);
  }

  private Map<String, Double> ended(FutureTask<Map<String, Double>> flood) {
    try {
      return flood.get(
          settings.duration().plus(Duration.ofMinutes(1)).toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchmarkFailure("the people who sign in did not get through: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkFailure("interrupted", e);
    }
  }

  private static double value(Map<String, Double> seen, String name) {
    return Objects.requireNonNull(seen.get(name), name);
  }
}
