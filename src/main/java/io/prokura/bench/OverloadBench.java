package io.prokura.bench;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
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
import java.util.concurrent.atomic.AtomicBoolean;

/// What becomes of tokens, and of the administrator, when very many connections are open, and when
/// there is once, twice and four times as much to do as the server can.
final class OverloadBench {
  private static final int CONNECTIONS = 4_096;
  private static final int IDLE = 10_000;
  private static final List<Integer> TIMES = List.of(1, 2, 4);
  private static final int END_SECONDS_MAX = 30;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final World world;
  private final Settings settings;

  OverloadBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  Measured measure() {
    try (var workspace = Workspace.open();
        var stage = Stage.open(workspace, world, settings)) {
      var capacity = TokenBench.secret(stage).figures().getFirst();
      var measured = Measured.of(new Figure("capacity", capacity.value(), "requests/s"), List.of());
      measured = measured.and(amidIdle(stage));
      for (int times : TIMES) {
        measured = measured.and(flooded(stage, times, capacity.value() * times));
      }
      return measured;
    }
  }

  /// The rate of tokens while very many connections are open that ask for nothing.
  private static Measured amidIdle(Stage stage) {
    var idle = new ArrayList<SocketChannel>(IDLE);
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), stage.server().port());
      for (int i = 0; i < IDLE; i++) {
        idle.add(SocketChannel.open(address));
      }
      var amid = TokenBench.secret(stage);
      var rate = amid.figures().getFirst().value();
      return Measured.of(
          List.of(
              new Figure("amid_idle", rate, "requests/s"),
              new Figure("amid_idle_connections", IDLE, "connections"),
              new Figure("amid_idle_resident", stage.server().residentMb(), "MB")));
    } catch (IOException e) {
      throw new BenchmarkFailure("only %d connections can be open".formatted(idle.size()), e);
    } finally {
      idle.forEach(OverloadBench::close);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new BenchmarkFailure("a connection does not close", e);
    }
  }

  private Measured flooded(Stage stage, int times, double perSecond) {
    long before = stage.api().treeSize();
    var administrator = new Administrator(stage.api());
    var seen =
        stage.flood(settings.over(CONNECTIONS), perSecond, TokenBench.EXPECTED, requests(stage));
    var changes = administrator.end();
    long answered = (long) (value(seen, "good_count") + value(seen, "warm_up_count"));
    stage.awaitTree(before + answered + changes.count());
    var name = "overload_" + times + "x_";
    var figures = new ArrayList<Figure>();
    figures.add(new Figure(name + "offered", perSecond, "requests/s"));
    for (var rate : List.of("good", "refused", "unsent")) {
      figures.add(new Figure(name + rate, value(seen, rate), "requests/s"));
    }
    for (var time : List.of("good_p50", "good_p99", "refused_p99")) {
      figures.add(new Figure(name + time, value(seen, time), "ms"));
    }
    figures.add(new Figure(name + "administrator", changes.count(), "changes"));
    figures.add(new Figure(name + "administrator_p99", changes.quantile(0.99) / 1e6, "ms"));
    figures.add(new Figure(name + "resident", stage.server().residentMb(), "MB"));
    return Measured.of(figures);
  }

  private static Iterator<byte[]> requests(Stage stage) {
    return stage.organisation().agents().stream().map(Requests::withSecret).iterator();
  }

  private static double value(Map<String, Double> seen, String name) {
    return Objects.requireNonNull(seen.get(name), name);
  }

  /// Somebody who goes on registering people all the while, each of which must succeed.
  private static final class Administrator {
    private final AtomicBoolean over = new AtomicBoolean();
    private final ApiClient api;
    private final FutureTask<Histogram> work = new FutureTask<>(this::register);

    Administrator(ApiClient api) {
      this.api = api;
      Thread.ofPlatform().name("administrator").daemon().start(work);
    }

    private Histogram register() throws InterruptedException {
      var latencies = new Histogram();
      for (int i = 0; !over.get(); i++) {
        long begin = System.nanoTime();
        api.manage("users", Json.object().put("userName", "person-" + begin + "-" + i).build());
        latencies.add(System.nanoTime() - begin);
        Thread.sleep(PAUSE);
      }
      return latencies;
    }

    /// How long each change took. Fails when one failed.
    Histogram end() {
      over.set(true);
      try {
        return work.get(END_SECONDS_MAX, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new BenchmarkFailure("the administrator did not get through", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BenchmarkFailure("interrupted", e);
      }
    }
  }
}
