package io.prokura.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The process that floods the server: it sends prepared requests at a given rate whether earlier
/// ones are answered or not, each on a connection that has none under way, as many independent
/// clients would.
///
/// A request that comes due while every connection waits is not sent, and counted. Time runs from
/// when a request was due. An answer is good (with what was expected) or a refusal for want of room
/// or of patience (503 or 429 with `Retry-After`); any other ends the process with status 1 and a
/// line `failed`.
public final class Flood {
  private static final Set<Integer> LATER = Set.of(429, 503);

  /// Small, because there are many connections, and collecting them would be measured too.
  private static final int RESPONSE_MAX = 8 * 1024;

  private final LoadPlan plan;
  private final List<ByteBuffer> requests;
  private final byte[] expected;
  private final double perSecond;
  private final Selector selector;
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

  /// What was seen during one stretch of time.
  private static final class Tally {
    private final Histogram good = new Histogram();
    private final Histogram refused = new Histogram();
    private long unsent;

    void add(HttpReply reply, long nanos) {
      (LATER.contains(reply.status()) ? refused : good).add(nanos);
    }

    Map<String, Double> values(double seconds) {
      var values = new TreeMap<String, Double>();
      values.put("good", good.count() / seconds);
      values.put("good_count", (double) good.count());
      values.put("good_p50", good.quantile(0.5) / 1e6);
      values.put("good_p99", good.quantile(0.99) / 1e6);
      values.put("refused", refused.count() / seconds);
      values.put("refused_p99", refused.quantile(0.99) / 1e6);
      values.put("unsent", unsent / seconds);
      return values;
    }
  }

  private Flood(LoadPlan.Loaded loaded, double perSecond) throws IOException {
    plan = loaded.plan();
    requests = loaded.requests();
    expected = plan.expected().getBytes(UTF_8);
    this.perSecond = perSecond;
    selector = Selector.open();
    for (int i = 0; i < plan.connections(); i++) {
      idle.add(Connection.open(plan.port(), selector, RESPONSE_MAX));
    }
  }

  /// Carries out the plan in the file that the first argument names, at the rate of the second.
  public static void main(String[] arguments) throws IOException {
    try {
      var plan = LoadPlan.read(Path.of(arguments[0]));
      var flood = new Flood(plan, Double.parseDouble(arguments[1]));
      var warm = new Tally();
      flood.run(warm, plan.plan().warmUp().toNanos());
      System.out.println(Load.MEASURING);
      var tally = new Tally();
      flood.run(tally, plan.plan().duration().toNanos());
      System.out.println(Load.PAUSED);
      tally
          .values(plan.plan().duration().toNanos() / 1e9)
          .forEach((name, value) -> System.out.println(name + " " + value));
      System.out.println("warm_up_count " + (double) warm.good.count());
    } catch (BenchmarkFailure e) {
      System.out.println("failed " + e.getMessage());
      System.exit(1);
    }
  }

  /// Sends for so long; answers that come later are counted by the next run.
  private void run(Tally tally, long nanos) throws IOException {
    long start = System.nanoTime();
    double apart = 1e9 / perSecond;
    long due = 0;
    for (long now = 0; now < nanos; now = System.nanoTime() - start) {
      for (; due * apart <= now; due++) {
        send(tally, due, start + (long) (due * apart));
      }
      receive(tally);
    }
  }

  private void send(Tally tally, long number, long dueAt) throws IOException {
    var connection = idle.poll();
    if (connection == null) {
      tally.unsent++;
      return;
    }
    int request = (int) (number % requests.size());
    connection.send(request, requests.get(request).duplicate(), dueAt);
  }

  private void receive(Tally tally) throws IOException {
    selector.select(1);
    for (var key : selector.selectedKeys()) {
      var connection = (Connection) key.attachment();
      if (connection.advance(buffer)) {
        check(connection.reply());
        tally.add(connection.reply(), System.nanoTime() - connection.sentAt());
        idle.add(connection);
      }
    }
    selector.selectedKeys().clear();
  }

  private void check(HttpReply reply) {
    if (!reply.grants(expected) && !LATER.contains(reply.status())) {
      throw new BenchmarkFailure(reply.status() + " " + reply.body().replace('\n', ' '));
    }
  }
}
