package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.Contents;
import io.prokura.sql.Database;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/// Sends spoiled requests to a company's server and sees that they change nothing.
record Sender(Company company, Database database) implements AutoCloseable {
  private static final int THREADS = 4;

  static Sender on(Database database) {
    return new Sender(Company.foundCompatible(database, TestServer.systemWorld()), database);
  }

  /// A request to each row of the route table that is in order.
  List<Draft> drafts() {
    return TestServer.routes().stream().map(row -> Draft.of(row, company)).toList();
  }

  /// Each of the drafts spoiled in each of these ways.
  static List<Draft> all(List<Draft> drafts, List<UnaryOperator<Draft>> ways) {
    return drafts.stream().flatMap(draft -> ways.stream().map(way -> way.apply(draft))).toList();
  }

  /// Sends what cannot be right and expects a refusal that leaves nothing behind.
  void refuse(List<Draft> spoiled) {
    send(spoiled, Refusing::refused);
  }

  /// Sends what may be odd or right, and expects that it changes nothing.
  void probe(List<Draft> odd) {
    send(odd, Refusing::check);
  }

  @FunctionalInterface
  private interface Check {
    void of(Draft draft, HttpResponse<String> response, TestServer server);
  }

  /// Several at a time, since most of the time is waiting.
  private void send(List<Draft> drafts, Check check) {
    assertThat(drafts).isNotEmpty();
    var before = Contents.of(database);
    var server = company.server;
    var calls =
        drafts.stream()
            .map(
                draft ->
                    Executors.callable(() -> check.of(draft, draft.send(server), server), draft))
            .toList();
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      for (var done : threads.invokeAll(calls)) {
        if (done.state() == Future.State.FAILED) {
          throw new AssertionError(done.exceptionNow());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    assertThat(Contents.of(database)).isEqualTo(before);
  }

  @Override
  public void close() {
    company.close();
  }
}
