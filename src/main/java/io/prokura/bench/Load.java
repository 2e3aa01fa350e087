package io.prokura.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.bench.LoadPlan.Kind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The process that makes the load: it sends prepared requests over keep-alive connections, each
/// waiting for its response before it sends the next, and measures.
///
/// One thread serves all connections, so that as much of the machine as possible is left to the
/// server. A response that is not what was expected ends the process with status 1 and a line
/// `failed` with its body.
public final class Load {
  /// Around what is measured the process prints these lines, for whoever watches the server.
  static final String MEASURING = "measuring";

  static final String PAUSED = "paused";

  private static final int RESPONSE_MAX = 64 * 1024;

  /// How long any response may take.
  private static final Duration SILENCE_MAX = Duration.ofSeconds(20);

  /// Requests of [LoadPlan.Kind#TAKE] that are prepared before each timed run.
  private static final int SLICE = 6_000;

  private static final byte[] CODE_MARK = "code=".getBytes(UTF_8);
  private static final byte[] TOKEN_MARK = "\"access_token\":\"".getBytes(UTF_8);

  private final LoadPlan plan;
  private final List<ByteBuffer> requests;
  private final byte[] expected;
  private final Selector selector;
  private final List<Connection> connections = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

  private Load(LoadPlan.Loaded loaded) throws IOException {
    plan = loaded.plan();
    requests = loaded.requests();
    expected = plan.expected().getBytes(UTF_8);
    selector = Selector.open();
    for (int i = 0; i < plan.connections(); i++) {
      connections.add(Connection.open(plan.port(), selector, RESPONSE_MAX));
    }
  }

  /// What is done with a good response.
  @FunctionalInterface
  private interface Taker {
    void take(int request, HttpReply reply) throws IOException;
  }

  /// Where the next request comes from, by its number; null when there is none.
  @FunctionalInterface
  private interface Source {
    /// The request numbered `number`, or an empty buffer when there are no more.
    ByteBuffer get(int number);
  }

  /// What one run measured.
  private static final class Tally {
    private final Histogram latencies = new Histogram();
    private long nanos;

    void add(Tally run) {
      latencies.addAll(run.latencies);
      nanos += run.nanos;
    }
  }

  /// Carries out the plan in the file that is named by the only argument.
  public static void main(String[] arguments) throws IOException {
    try {
      var result = new Load(LoadPlan.read(Path.of(arguments[0]))).run();
      result.lines().forEach(System.out::println);
    } catch (BenchmarkFailure e) {
      System.out.println("failed " + e.getMessage());
      System.exit(1);
    }
  }

  private LoadResult run() throws IOException {
    return switch (plan.kind()) {
      case REPEAT -> {
        long before = run(this::repeated, 0, plan.warmUp(), Load::ignore).latencies.count();
        yield measure(
            () -> run(this::repeated, (int) before, plan.duration(), Load::ignore), before);
      }
      case ONCE -> {
        long before = run(this::once, 0, plan.warmUp(), Load::ignore).latencies.count();
        // Those under way when the warm-up ended were answered too, so none is sent twice.
        yield measure(() -> run(this::once, (int) before, plan.duration(), Load::ignore), before);
      }
      case SUSTAINED -> sustained();
      case TAKE -> take();
      case FLOW -> {
        long before = run(this::begun, 0, plan.warmUp(), Load::ignore).latencies.count();
        yield measure(() -> run(this::begun, (int) before, plan.duration(), Load::ignore), before);
      }
    };
  }

  /// Between two windows all responses under way are awaited, which takes a moment.
  private LoadResult sustained() throws IOException {
    long before = run(this::repeated, 0, plan.warmUp(), Load::ignore).latencies.count();
    return measure(
        () -> {
          var all = new Tally();
          long windows = Math.max(1, plan.duration().dividedBy(plan.window()));
          for (int i = 0; i < windows; i++) {
            long sent = before + all.latencies.count();
            var tally =
                run(this::repeated, (int) (sent % requests.size()), plan.window(), Load::ignore);
            all.add(tally);
            System.out.println(Window.of(tally.latencies, tally.nanos).line());
          }
          return all;
        },
        before);
  }

  private static void ignore(int request, HttpReply reply) {}

  private ByteBuffer repeated(int number) {
    return requests.get(number % requests.size()).duplicate();
  }

  private ByteBuffer begun(int number) {
    return requests.get(number % (requests.size() / 2) * 2).duplicate();
  }

  private ByteBuffer once(int number) {
    return number < requests.size() ? requests.get(number).duplicate() : ByteBuffer.allocate(0);
  }

  @FunctionalInterface
  private interface Run {
    Tally run() throws IOException;
  }

  private static LoadResult measure(Run run, long warmUp) throws IOException {
    System.out.println(MEASURING);
    var before = cpu();
    var tally = run.run();
    var spent = cpu().minus(before);
    System.out.println(PAUSED);
    return result(tally, warmUp, spent);
  }

  private static LoadResult result(Tally tally, long warmUp, Duration cpu) {
    var latencies = tally.latencies;
    return new LoadResult(
        latencies.count(),
        tally.nanos / 1e9,
        warmUp,
        latencies.quantile(0.5) / 1e6,
        latencies.quantile(0.99) / 1e6,
        latencies.quantile(0.999) / 1e6,
        latencies.longest() / 1e6,
        cpu);
  }

  /// Slices of tokens are got untimed and then used, each timed slice right after, until the time
  /// used is as long as planned. The first slice is the warm-up.
  private LoadResult take() throws IOException {
    var all = new Tally();
    long warmUp = 0;
    var spent = Duration.ZERO;
    long end = System.nanoTime() + plan.warmUp().plus(plan.duration()).multipliedBy(3).toNanos();
    for (int slice = 0; all.nanos < plan.duration().toNanos() && System.nanoTime() < end; slice++) {
      var prepared = prepare();
      boolean warm = slice > 0;
      if (warm) {
        System.out.println(MEASURING);
      }
      var before = cpu();
      var tally = run(number -> prepared.get(number), 0, plan.duration(), Load::ignore);
      if (warm) {
        spent = spent.plus(cpu().minus(before));
        System.out.println(PAUSED);
        all.add(tally);
      } else {
        warmUp = tally.latencies.count();
      }
    }
    return result(all, warmUp, spent);
  }

  private List<ByteBuffer> prepare() throws IOException {
    var prepared = new ArrayList<ByteBuffer>(SLICE + 1);
    int pairs = requests.size() / 2;
    run(
        number ->
            number < SLICE ? requests.get(number % pairs * 2).duplicate() : ByteBuffer.allocate(0),
        0,
        SILENCE_MAX,
        (request, reply) ->
            prepared.add(filled(requests.get(request % pairs * 2 + 1), reply.after(TOKEN_MARK))));
    prepared.add(ByteBuffer.allocate(0));
    return prepared;
  }

  private static ByteBuffer filled(ByteBuffer template, byte[] token) {
    var text = UTF_8.decode(template.duplicate()).toString();
    int body = text.indexOf("\r\n\r\n") + 4;
    int length = text.length() - body - LoadPlan.TOKEN.length() + token.length;
    return UTF_8.encode(
        text.replace(LoadPlan.LENGTH, String.valueOf(length))
            .replace(LoadPlan.TOKEN, new String(token, UTF_8)));
  }

  /// Sends requests numbered from `first` on until `duration` is over or the source is dry, and
  /// waits for every response that is under way then.
  private Tally run(Source source, int first, Duration duration, Taker taker) throws IOException {
    var tally = new Tally();
    long start = System.nanoTime();
    long end = start + duration.toNanos();
    int next = first;
    int underWay = 0;
    for (var connection : connections) {
      if (sent(connection, next, source)) {
        next++;
        underWay++;
      }
    }
    long last = start;
    while (underWay > 0) {
      if (selector.select(SILENCE_MAX.toMillis()) == 0) {
        throw new BenchmarkFailure("no response within " + SILENCE_MAX);
      }
      for (var key : selector.selectedKeys()) {
        var connection = (Connection) key.attachment();
        if (connection.advance(buffer) && !hasGoneOn(connection)) {
          last = System.nanoTime();
          tally.latencies.add(last - connection.sentAt());
          check(connection.reply());
          taker.take(connection.request(), connection.reply());
          if (last < end && sent(connection, next, source)) {
            next++;
          } else {
            underWay--;
          }
        }
      }
      selector.selectedKeys().clear();
    }
    tally.nanos = last - start;
    return tally;
  }

  private static boolean sent(Connection connection, int number, Source source) throws IOException {
    var request = source.get(number);
    if (!request.hasRemaining()) {
      return false;
    }
    connection.send(number, request);
    return true;
  }

  /// Sends the second request of a pair where the first has been answered.
  private boolean hasGoneOn(Connection connection) throws IOException {
    if (plan.kind() != Kind.FLOW || connection.goesOn()) {
      return false;
    }
    int second = connection.request() % (requests.size() / 2) * 2 + 1;
    connection.goOn(filled(requests.get(second), connection.reply().parameter(CODE_MARK)));
    return true;
  }

  private void check(HttpReply reply) {
    if (!reply.grants(expected)) {
      throw new BenchmarkFailure(
          "%d %s".formatted(reply.status(), reply.body().replace('\n', ' ')));
    }
  }

  private static Duration cpu() {
    var threads = ManagementFactory.getThreadMXBean();
    return Duration.ofNanos(threads.getCurrentThreadCpuTime());
  }
}
