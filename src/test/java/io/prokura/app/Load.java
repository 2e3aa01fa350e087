package io.prokura.app;

import static io.prokura.app.Office.answer;
import static io.prokura.app.Office.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Callers that ask a server for all it does, each without a pause, until it answers no more; and
/// what they were answered. What was asked and not answered is in none of the sets.
final class Load implements AutoCloseable {
  private static final int BOUND_SECONDS = 30;

  /// Ids of entries and decisions.
  final Set<String> recorded = ConcurrentHashMap.newKeySet();

  /// Access tokens that nobody has tried to end.
  final Set<String> good = ConcurrentHashMap.newKeySet();

  /// Access tokens that were revoked, or whose agent was killed.
  final Set<String> dead = ConcurrentHashMap.newKeySet();

  final Set<Long> cutOffs = ConcurrentHashMap.newKeySet();
  final Set<String> takenHandOvers = ConcurrentHashMap.newKeySet();
  final Set<String> usedAssertions = ConcurrentHashMap.newKeySet();

  /// The users that were to be registered, each with the id that was answered, or nothing.
  final Map<String, Optional<String>> users = new ConcurrentHashMap<>();

  private final TestServer server;
  private final Office office;
  private final Auditor auditor;
  private final String operator;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> callers = new ArrayList<>();

  Load(TestServer server, Office office, Auditor auditor) {
    this.server = server;
    this.office = office;
    this.auditor = auditor;
    operator = server.operatorToken();
  }

  /// Begins. Users get names that start with `prefix`.
  void begin(String prefix) {
    caller(_ -> ownTokens());
    caller(_ -> handedOver());
    caller(_ -> assertions());
    caller(_ -> kills());
    caller(number -> register(prefix + number));
    caller(_ -> auditor.keepsCheckpoint(server));
  }

  private interface Call {
    void once(int number);
  }

  private void caller(Call call) {
    callers.add(threads.submit(() -> untilSilent(call)));
  }

  private static void untilSilent(Call call) {
    for (int i = 0; ; i++) {
      try {
        call.once(i);
      } catch (AssertionError e) {
        if (e.getCause() instanceof IOException) {
          return;
        }
        throw e;
      }
    }
  }

  private void ownTokens() {
    var kept = issued(office.own(server, office.triage()));
    good.add(kept);
    var revoked = issued(office.own(server, office.triage()));
    var response = office.revoke(server, office.triage(), revoked);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    dead.add(revoked);
  }

  private void handedOver() {
    var delegated = issued(office.delegated(server));
    good.add(delegated);
    var handOver = issued(office.handOver(server, delegated));
    var taken = issued(office.take(server, handOver));
    takenHandOvers.add(handOver);
    good.add(taken);
    var decided = answer(server, office.decide(server, "user", office.alice(), taken));
    assertThat(decided.flag("decision")).contains(true);
    recorded.add(decided.object("context").orElseThrow().text("id").orElseThrow());
  }

  private void assertions() {
    var assertion = office.assertion();
    var response = office.own(server, assertion);
    if (response.statusCode() == 401) {
      // Issued in the second in which the server started.
      assertThat(response.body()).contains("before this server started");
      return;
    }
    good.add(issued(response));
    usedAssertions.add(assertion);
  }

  private void kills() {
    step("resume");
    var token = issued(office.own(server, office.victim()));
    var killed = answer(server, step("kill"));
    dead.add(token);
    cutOffs.add(killed.number("cutoff").orElseThrow());
  }

  private HttpResponse<String> step(String step) {
    return office.step(server, operator, office.victim().id(), step);
  }

  private void register(String name) {
    users.put(name, Optional.empty());
    users.put(name, Optional.of(register(server, operator, name)));
  }

  /// Registers a user, once for the same name, and returns the id.
  static String register(TestServer server, String operator, String name) {
    var response =
        server.send(
            HttpRequest.newBuilder(server.uri("/api/v1/users"))
                .header("Authorization", "Bearer " + operator)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", name)
                .POST(
                    BodyPublishers.ofString(Json.object().put("userName", name).build().toText())));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return server.object(response.body()).text("id").orElseThrow();
  }

  private String issued(HttpResponse<String> response) {
    var token = token(server, response);
    recorded.add(answer(server, response).text("entry").orElseThrow());
    return token;
  }

  /// Returns when every caller has met with silence, and fails when one met with something wrong.
  void end() throws InterruptedException {
    for (var caller : callers) {
      try {
        caller.get(BOUND_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new AssertionError("an answer that is wrong", e.getCause());
      } catch (TimeoutException e) {
        throw new AssertionError("a caller that waits for ever", e);
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
