package io.prokura.bench;

import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Measures the server on this machine. Prints the figures first and details after, one
/// `name value unit` to a line; any wrong answer makes it fail instead.
@Command(
    name = "bench",
    description = {
      "Measure the server on this machine. The benchmarks grow-… and sustained take longer than a",
      "minute, end by themselves and say last what they came to."
    },
    mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {
  private static final int SECONDS_MAX = 15;
  private static final int CONNECTIONS_MAX = 1_024;
  private static final int APPENDERS = 256;
  private static final int SIZE_MAX = 100_000_000;
  private static final int MINUTES_MAX = 24 * 60;
  private static final int WINDOW_MAX = 3_600;

  private final World world;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description = "what to measure: ${COMPLETION-CANDIDATES}")
  private String name = "";

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "how long to measure each figure, at most 15 (${DEFAULT-VALUE})")
  private int seconds = 10;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "how long to warm up before each figure, at most 15 (${DEFAULT-VALUE})")
  private int warmUp = 5;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "keep-alive connections of the load (${DEFAULT-VALUE})")
  private int connections = 32;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "what policies and requests are drawn from (${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(
      names = "--sizes",
      paramLabel = "N",
      split = ",",
      description = "at how many agents, entries or policies grow-… measures")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "how long sustained lasts (${DEFAULT-VALUE})")
  private double minutes = 10;

  @Option(
      names = "--window",
      paramLabel = "N",
      description =
          "the seconds of a sustained run that get figures of their own (${DEFAULT-VALUE})")
  private int window = 30;

  /// The command, with `world` as its source of time and chance.
  public Bench(World world) {
    this.world = world;
    spec = CommandSpec.create();
  }

  /// The names, for help and completion.
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Benchmark.words().iterator();
    }
  }

  @Override
  public Integer call() {
    var benchmark = Benchmark.named(name);
    if (benchmark.isEmpty()) {
      var known = String.join(", ", Benchmark.words());
      throw new ParameterException(spec.commandLine(), "NAME is one of: " + known);
    }
    var settings = settings();
    try {
      var measured = measure(benchmark.get(), settings);
      var out = spec.commandLine().getOut();
      measured.lines().forEach(out::println);
      out.flush();
      return 0;
    } catch (BenchmarkFailure | Outage e) {
      var err = spec.commandLine().getErr();
      err.println("bench " + name + ": " + e.getMessage());
      err.flush();
      return 1;
    }
  }

  private Settings settings() {
    require(seconds >= 1 && seconds <= SECONDS_MAX, "--seconds is from 1 to " + SECONDS_MAX);
    require(warmUp >= 0 && warmUp <= SECONDS_MAX, "--warm-up is from 0 to " + SECONDS_MAX);
    require(
        connections >= 1 && connections <= CONNECTIONS_MAX,
        "--connections is from 1 to " + CONNECTIONS_MAX);
    boolean ascend = true;
    for (int i = 0; i < sizes.size(); i++) {
      ascend &=
          sizes.get(i) <= SIZE_MAX
              && (i == 0 ? sizes.get(0) >= 0 : sizes.get(i) > sizes.get(i - 1));
    }
    require(ascend, "--sizes ascend and are at most " + SIZE_MAX);
    require(window >= 1 && window <= WINDOW_MAX, "--window is from 1 to " + WINDOW_MAX);
    require(
        minutes * 60 >= window && minutes <= MINUTES_MAX,
        "--minutes is at least one window and at most " + MINUTES_MAX);
    return new Settings(
        Duration.ofSeconds(warmUp),
        Duration.ofSeconds(seconds),
        connections,
        APPENDERS,
        seed,
        sizes,
        Duration.ofMillis((long) (minutes * 60_000)),
        Duration.ofSeconds(window));
  }

  private void require(boolean held, String otherwise) {
    if (!held) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private Measured measure(Benchmark benchmark, Settings settings) {
    return switch (benchmark) {
      case TOKEN -> new TokenBench(world, settings).measure();
      case EXCHANGE -> new ExchangeBench(world, settings).measure();
      case AUTHORIZE -> new AuthorizeBench(world, settings).measure();
      case SIGN_IN -> new SignInBench(world, settings).measure();
      case INTROSPECT -> new IntrospectBench(world, settings).measure();
      case APPEND -> new AppendBench(world, settings).measure();
      case CEDAR -> new CedarBench(settings).measure();
      case DECIDE -> new DecideBench(world, settings).measure();
      case DECIDE_UNRECORDED -> new DecideUnrecordedBench(world, settings).measure();
      case PUBLISH -> new PublishBench(world, settings).measure();
      case REPLAY -> new ReplayBench(world, settings).measure();
      case OVERLOAD -> new OverloadBench(world, settings).measure();
      case START -> new StartBench(world, settings).measure();
      case GROW_AGENTS -> new GrowAgentsBench(world, settings).measure();
      case GROW_ENTRIES -> new GrowEntriesBench(world, settings).measure();
      case GROW_POLICIES -> new GrowPoliciesBench(world, settings).measure();
      case SUSTAINED -> new SustainedBench(world, settings).measure();
    };
  }
}
