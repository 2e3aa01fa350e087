package io.prokura.app;

import static io.prokura.app.Office.answer;
import static io.prokura.app.Office.token;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.bench.Program;
import io.prokura.feed.Feed;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.seal.MasterKey;
import io.prokura.seal.MasterKeySource;
import io.prokura.sql.PostgresDatabase;
import io.prokura.sql.SlowDatabase;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Two nodes on one PostgreSQL: what ends at one ends at the other, also what the other issued
/// before it knew, and what is good once is good once at both. Time stands still unless a test
/// moves it, so no node falls behind because the machine is slow.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TwoNodesTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private final World world = new World(now::get, new SecureRandom());
  private final String url = TestDatabases.postgresUrl();
  private final SlowDatabase behind;
  private final TestServer a;
  private final TestServer b;
  private final Office office;

  private record Node(SlowDatabase database, TestServer server) {}

  /// Both start at the same moment on a database in which there is nothing.
  TwoNodesTest() throws Exception {
    var folders = List.of(TestDatabases.folder(), TestDatabases.folder());
    var made = folders.get(0).resolve("secret/master.key");
    MasterKey.open(new MasterKeySource.File(made, List.of()), world);
    TestServer.copyMasterKey(folders.get(0), folders.get(1));
    try (var threads = Executors.newFixedThreadPool(2)) {
      var first = threads.submit(() -> node(folders.get(0)));
      var second = threads.submit(() -> node(folders.get(1)));
      a = first.get(60, TimeUnit.SECONDS).server();
      b = second.get(60, TimeUnit.SECONDS).server();
      behind = second.get().database();
    }
    office = Office.at(a);
  }

  private Node node(Path folder) {
    var database = new SlowDatabase(PostgresDatabase.open(url, 8), Feed.class);
    return new Node(database, TestServer.start(database, folder, world, ""));
  }

  @AfterAll
  void end() {
    a.close();
    b.close();
  }

  @Test
  void aTokenFromANodeThatDidNotKnowOfACutOffIsDeadOnceItKnows() {
    bKnowsWhatAKnows();
    behind.hold();
    String late;
    try {
      assertThat(step(a, office.triage(), "kill").statusCode()).isEqualTo(200);
      // The agent is active again, so nothing but the cut-off can tell.
      assertThat(step(a, office.triage(), "resume").statusCode()).isEqualTo(200);
      late = token(b, office.delegated(b));
      assertThat(office.isActive(b, late)).as("where nobody knows better").isTrue();
      assertThat(office.isActive(a, late)).isFalse();
    } finally {
      behind.release();
    }
    Eventually.holds("a cut-off that reaches b", () -> !office.isActive(b, late));
    assertThat(allows(b, late)).isFalse();
    var next = token(b, office.delegated(b));
    assertThat(List.of(office.isActive(a, next), office.isActive(b, next))).containsOnly(true);
  }

  @Test
  void aNodeThatCannotFollowAllowsNothingUntilItCan() {
    bKnowsWhatAKnows();
    var good = token(b, office.delegated(b));
    assertThat(allows(b, good)).isTrue();
    behind.hold();
    try {
      now.set(now.get().plusSeconds(3));
      Outages.refused(office.own(b, office.triage()));
      Outages.refused(office.own(b, office.assertion(now.get())));
      Outages.refused(office.delegated(b));
      Outages.refused(office.handOver(b, good));
      Outages.refused(office.introspect(b, good));
      assertThat(allows(b, good)).isFalse();
      assertThat(b.ready()).isFalse();
      Eventually.holds("a node that follows", a::ready);
      assertThat(allows(a, good)).isTrue();
    } finally {
      behind.release();
    }
    Eventually.holds("a node that follows again", b::ready);
    assertThat(office.own(b, office.triage()).statusCode()).isEqualTo(200);
    assertThat(allows(b, good)).isTrue();
  }

  @Test
  void aKillAtOneNodeIsOneAtTheOther() {
    bKnowsWhatAKnows();
    var good = token(b, office.own(b, office.victim()));
    assertThat(office.isActive(b, good)).isTrue();
    assertThat(step(a, office.victim(), "kill").statusCode()).isEqualTo(200);
    Eventually.holds("a kill that reaches b", () -> !office.isActive(b, good));
    var refused = office.own(b, office.victim());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(step(b, office.victim(), "resume").statusCode()).isEqualTo(200);
    assertThat(office.isActive(b, good)).as("after a resumption").isFalse();
  }

  @Test
  void aSessionThatAnIssuerBeganEndsAtBothNodes() {
    bKnowsWhatAKnows();
    try (var elsewhere = Elsewhere.registered(a, "Staff", world)) {
      var browser = new Browser(a.uri("").getPort());
      elsewhere.signIn(browser, "ines");
      var there = new Browser(b.uri("").getPort());
      there.cookies.putAll(browser.cookies);
      Eventually.holds("b to know her", () -> there.open("/me").statusCode() == 200);
      var path = "/api/v1/trusted-issuers/" + elsewhere.id() + "/deactivate";
      a.done(path, a.operatorToken(), Json.object().put("reason", "broken into").build());
      assertThat(browser.open("/me").statusCode()).isEqualTo(303);
      Eventually.holds("a cut-off that reaches b", () -> there.open("/me").statusCode() == 303);
    }
  }

  @Test
  void aKeyFromOneNodeVerifiesAtTheOtherAndIsPublishedThereBeforeItSigns() {
    var rotated = a.post("/api/v1/keys/rotate", a.operatorToken(), Json.object().build());
    var next = answer(a, rotated).text("next").orElseThrow();
    Eventually.holds("the next key at b", () -> jwks(b).contains(next));
    assertThat(kid(token(a, office.own(a, office.triage())))).isNotEqualTo(next);
    now.set(now.get().plus(Duration.ofMinutes(61)));
    Eventually.holds("nodes that follow", () -> a.ready() && b.ready());
    for (var node : List.of(a, b)) {
      var signed = token(node, office.own(node, office.triage()));
      assertThat(kid(signed)).isEqualTo(next);
      assertThat(office.isActive(a, signed)).isTrue();
      assertThat(office.isActive(b, signed)).isTrue();
    }
  }

  @Test
  void whatIsGoodOnceIsGoodOnceAtBoth() throws Exception {
    bKnowsWhatAKnows();
    var assertion = office.assertion(now.get());
    assertThat(office.own(a, assertion).statusCode()).isEqualTo(200);
    assertThat(office.own(b, assertion).body()).contains("the assertion's jti has been used");
    var handOver = token(b, office.handOver(b, token(b, office.delegated(b))));
    assertThat(office.take(b, handOver).statusCode()).isEqualTo(200);
    assertThat(office.take(a, handOver).body()).contains("the hand-over has been used");
    for (int i = 0; i < 5; i++) {
      var fresh = office.assertion(now.get());
      assertThat(atOnce(() -> office.own(a, fresh), () -> office.own(b, fresh)))
          .containsExactlyInAnyOrder(200, 401);
      var work = token(a, office.handOver(a, token(a, office.delegated(a))));
      assertThat(atOnce(() -> office.take(a, work), () -> office.take(b, work)))
          .containsExactlyInAnyOrder(200, 400);
    }
  }

  @Test
  void theRecordOfBothIsOne() {
    bKnowsWhatAKnows();
    var entries = new ArrayList<String>();
    for (int i = 0; i < 10; i++) {
      for (var node : List.of(a, b)) {
        var own = answer(node, office.own(node, office.triage()));
        entries.add(own.text("entry").orElseThrow());
      }
    }
    var auditor = new Auditor(b, entries.getFirst());
    auditor.findsAll(a, entries);
    auditor.findsLogIntact(a);
    auditor.keepsCheckpoint(a);
    long size = Auditor.logSize(a);
    Eventually.holds("b to publish what a has", () -> Auditor.logSize(b) >= size);
    auditor.findsAll(b, entries);
    auditor.findsLogIntact(b);
  }

  /// Another node may have made the keys after this one looked and before it serves.
  @Test
  void aNodeThatFoundNoKeysSignsWithThoseAnotherMade() {
    var folder = TestDatabases.folder();
    var config = TestServer.config(folder, Program.ISSUER, "");
    try (var database = TestDatabases.postgres()) {
      var slow = App.wire(world, database, config, Limits.standard());
      App.wire(world, database, config, Limits.standard()).start();
      slow.start();
      assertThat(slow.operator().token()).contains("access_token");
    }
  }

  /// While the nodes take turns in publishing, both are asked without a pause.
  @Test
  void duringAPublishEveryDecisionIsByTheOneSnapshotThatItNames() throws Exception {
    bKnowsWhatAKnows();
    var token = token(a, office.delegated(a));
    var at = List.of(Publisher.of(a), Publisher.of(b));
    var texts = new ConcurrentHashMap<Long, String>();
    long last = at.get(0).publish(Publisher.open("open-0"));
    texts.put(last, Publisher.open("open-0"));
    bothFollow(at, last);
    var done = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(2)) {
      var asking =
          List.of(a, b).stream()
              .map(node -> threads.submit(() -> asked(node, token, done)))
              .toList();
      try {
        for (int i = 1; i <= 10; i++) {
          var publisher = at.get(i % 2);
          var text = i % 2 == 1 ? Publisher.closed("closed-" + i) : Publisher.open("open-" + i);
          long before = last;
          Eventually.holds("a node that follows", () -> publisher.live() == before);
          last = publisher.publish(text);
          texts.put(last, text);
          assertThat(Decided.at(publisher.at(), office, token).snapshot()).isEqualTo(last);
        }
        bothFollow(at, last);
      } finally {
        done.set(true);
      }
      for (var each : asking) {
        follows(each.get(60, TimeUnit.SECONDS), texts);
      }
    }
    for (var node : List.of(a, b)) {
      assertThat(Decided.at(node, office, token).snapshot()).isEqualTo(last);
    }
  }

  private static void bothFollow(List<Publisher> publishers, long number) {
    for (var publisher : publishers) {
      Eventually.holds("a node that follows", () -> publisher.live() == number);
    }
  }

  private List<Decided> asked(TestServer node, String token, AtomicBoolean done) {
    var answers = new ArrayList<Decided>();
    while (!done.get()) {
      answers.add(Decided.at(node, office, token));
    }
    return answers;
  }

  /// That one node's answers never go back, and that answers and the record agree with the texts.
  private void follows(List<Decided> answers, Map<Long, String> texts) {
    assertThat(answers).extracting(Decided::snapshot).isSorted();
    assertThat(answers.stream().map(Decided::snapshot).distinct().count()).isGreaterThan(3);
    answers.forEach(one -> one.agreesWith(texts));
    for (var one : List.of(answers.getFirst(), answers.get(answers.size() / 2))) {
      var why = answer(b, b.get("/api/v1/decisions/" + one.id(), b.operatorToken()));
      assertThat(why.object("snapshot").flatMap(it -> it.number("number")))
          .hasValue(one.snapshot());
      assertThat(why.flag("allowed")).hasValue(one.allowed());
    }
  }

  @Test
  void aNodeThatDoesNotKnowOfAPublicationNamesTheSnapshotItDecidesBy() {
    bKnowsWhatAKnows();
    var token = token(a, office.delegated(a));
    var publisher = Publisher.of(a);
    var texts = new HashMap<Long, String>();
    long known = publisher.publish(Publisher.open("known"));
    texts.put(known, Publisher.open("known"));
    bothFollow(List.of(publisher, Publisher.of(b)), known);
    long news;
    behind.hold();
    try {
      news = publisher.publish(Publisher.closed("news"));
      texts.put(news, Publisher.closed("news"));
      var late = Decided.at(b, office, token);
      assertThat(late.snapshot()).isEqualTo(known);
      late.agreesWith(texts);
      var current = Decided.at(a, office, token);
      assertThat(current.snapshot()).isEqualTo(news);
      current.agreesWith(texts);
    } finally {
      behind.release();
    }
    Eventually.holds("b to follow", () -> Decided.at(b, office, token).snapshot() == news);
    assertThat(Decided.at(b, office, token).allowed()).isFalse();
    bothFollow(List.of(publisher, Publisher.of(b)), publisher.rollBack(known));
  }

  private void bKnowsWhatAKnows() {
    Eventually.holds("nodes that follow", () -> a.ready() && b.ready());
    Eventually.holds("b to know", () -> office.delegated(b).statusCode() == 200);
  }

  private HttpResponse<String> step(TestServer at, Office.Member agent, String step) {
    return office.step(at, at.operatorToken(), agent.id(), step);
  }

  private boolean allows(TestServer at, String token) {
    var response = office.decide(at, "user", office.alice(), token);
    return response.statusCode() == 200
        && at.object(response.body()).flag("decision").orElseThrow();
  }

  private static String jwks(TestServer at) {
    return at.send(HttpRequest.newBuilder(at.uri("/oauth2/jwks"))).body();
  }

  private static String kid(String token) {
    var header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
    return new String(header, UTF_8).replaceFirst(".*\"kid\":\"([^\"]+)\".*", "$1");
  }

  /// The statuses of two requests that are sent at the same moment.
  private static List<Integer> atOnce(
      Callable<HttpResponse<String>> one, Callable<HttpResponse<String>> other) throws Exception {
    try (var threads = Executors.newFixedThreadPool(2)) {
      var statuses = new ArrayList<Integer>();
      for (var each : threads.invokeAll(List.of(one, other))) {
        statuses.add(each.get().statusCode());
      }
      return statuses;
    }
  }
}
