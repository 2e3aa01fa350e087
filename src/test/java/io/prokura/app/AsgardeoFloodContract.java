package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.World;
import io.prokura.sql.Database;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Somebody begins sign-ins of agents without end and finishes none: in the name of the console,
/// whose id is no secret, or as an application that proves itself.
abstract class AsgardeoFloodContract {
  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final Instant began = Instant.now();
  private final World world = new World(() -> began.plus(passed.get()), new SecureRandom());
  private Database database;
  private Company company;
  private AgentSdk console;
  private AgentSdk desk;

  abstract Database database();

  @BeforeEach
  void found() {
    database = database();
    company = Company.foundCompatible(database, world);
    company.agent("worker", "['<work>']");
    company.permit("worker", "crm", "['tickets.read']", "own");
    company.make(
        "desk",
        "clients",
        """
        {'name': 'desk', 'public': true, 'redirectUris': ['https://console.example/cb'],
         'resource': '<crm>', 'everything': true}
        """);
    console = new AgentSdk(company, "console");
    desk = new AgentSdk(company, "desk");
  }

  @AfterEach
  void close() {
    company.close();
  }

  /// Begins a flow of the console without its secret, as anybody can.
  private HttpResponse<String> strangers() {
    return console.begin("client_secret", "");
  }

  private void assertFull(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
    assertThat(company.server.object(answer.body()).text("error"))
        .hasValue("temporarily_unavailable");
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("60");
    assertThat(answer.body()).doesNotContain("flowId");
  }

  private void assertSignsIn(AgentSdk application) {
    assertThat(application.redeem(application.code("worker")).statusCode()).isEqualTo(200);
  }

  private long rows() {
    return database.<Long>read(
        tx -> tx.one("SELECT COUNT(*) FROM asgardeo_flow", row -> row.number(1)).orElseThrow());
  }

  /// Makes so many more of the only flow that there is, each from a network of its own where it is
  /// from one, and each of an application of its own where that is said.
  private void multiply(int count, boolean ofOthers) {
    var client = ofOthers ? "'cli_' || n" : "client_id";
    database.inTransaction(
        tx ->
            tx.run(
                """
                WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < ?)
                INSERT INTO asgardeo_flow
                       (digest, client_id, redirect_uri, state, source, challenge, resource, scopes,
                        identity, purpose, tries, expires_at)
                SELECT digest || n, %s, redirect_uri, state, source || n, challenge, resource,
                       scopes, identity, purpose, tries, expires_at
                  FROM many, asgardeo_flow
                """
                    .formatted(client),
                count));
  }

  @Test
  void aStrangerFillsTheirOwnPlacesAndNobodyElses() {
    for (int i = 0; i < 50; i++) {
      assertThat(strangers().statusCode()).isEqualTo(200);
    }
    for (int i = 0; i < 20; i++) {
      assertFull(strangers());
    }
    assertThat(rows()).isEqualTo(50);
    assertSignsIn(console);
    assertSignsIn(desk);
    assertThat(console.begin("client_secret", "wrong").statusCode())
        .as("a wrong secret is no secret")
        .isEqualTo(401);
  }

  @Test
  void whoSignsInMakesRoomAndSoDoesTime() {
    var first = company.server.object(strangers().body()).text("flowId").orElseThrow();
    for (int i = 1; i < 50; i++) {
      strangers();
    }
    assertFull(strangers());
    assertThat(console.status(console.signIn(first, "worker"))).isEqualTo("SUCCESS_COMPLETED");
    assertThat(strangers().statusCode()).isEqualTo(200);
    assertFull(strangers());
    passed.set(Duration.ofMinutes(5).plusSeconds(1));
    Eventually.holds("a node that follows the clock", company.server::ready);
    assertThat(strangers().statusCode()).isEqualTo(200);
    assertThat(rows()).as("what is over is swept, but for the code").isEqualTo(2);
  }

  /// Whoever has many addresses.
  @Test
  void strangersFromEverywhereAreBoundedForEachApplicationAndAltogether() {
    strangers();
    multiply(998, false);
    assertThat(strangers().statusCode()).isEqualTo(200);
    assertFull(strangers());
    assertSignsIn(console);
    assertSignsIn(desk);
    passed.set(Duration.ofMinutes(5));
    Eventually.holds("a node that follows the clock", company.server::ready);
    database.inTransaction(tx -> tx.run("DELETE FROM asgardeo_flow"));
    strangers();
    multiply(9_998, true);
    assertThat(desk.begin().statusCode()).isEqualTo(200);
    assertFull(desk.begin());
    assertFull(strangers());
    assertSignsIn(console);
  }

  @Test
  void anApplicationThatProvesItselfIsBoundedByItself() {
    console.begin();
    multiply(998, false);
    assertThat(console.begin().statusCode()).isEqualTo(200);
    assertFull(console.begin());
    assertSignsIn(desk);
    assertThat(rows()).isEqualTo(1_001);
  }
}
