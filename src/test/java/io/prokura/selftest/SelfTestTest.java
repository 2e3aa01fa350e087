package io.prokura.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.Golden;
import io.prokura.app.TestServer;
import io.prokura.cli.Terminal;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.selftest.SelfTest.Outcome;
import io.prokura.sql.TestDatabases;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The attacks on a whole server, which they do not get into; on one that gives in, which they do;
/// and on one that says nothing, which shows nothing.
final class SelfTestTest {
  /// The columns of a line that hold the verdict and the attack's name.
  private static final int NAMED = 68;

  private static final World WORLD = TestServer.systemWorld();

  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.startAtIssuer(WORLD, "");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Wire line() {
    return new HttpWire(URI.create(server.issuer()), Optional.empty());
  }

  /// What a test said and what came of it.
  private record Played(Outcome outcome, List<String> lines) {
    List<String> with(String verdict) {
      return lines.stream().filter(line -> line.startsWith(verdict + " ")).toList();
    }
  }

  private Played play(Wire wire) {
    var out = new StringWriter();
    var test = new SelfTest(WORLD, wire, server.operatorToken());
    var outcome = test.play(new PrintWriter(out), false);
    return new Played(outcome, out.toString().lines().toList());
  }

  @Test
  void everyAttackFailsForTheReasonItIsMeantToFailFor() {
    var played = play(line());
    Golden.check("selftest.txt", String.join("\n", masked(played.lines())) + "\n");
    assertThat(played.outcome()).isEqualTo(Outcome.HELD);
    assertThat(played.with("held")).hasSize(SelfTest.attacks().size());
  }

  /// What differs from run to run has one name.
  private List<String> masked(List<String> lines) {
    return lines.stream()
        .map(line -> line.replace(server.issuer(), "<issuer>"))
        .map(line -> line.replaceAll("selftest-[0-9a-f]{10}", "<run>"))
        .map(line -> line.replaceAll("(agt|dlg)_[0-9a-z]{26}", "<$1>"))
        .toList();
  }

  @Test
  void everyAttackHasANameOfItsOwn() {
    assertThat(SelfTest.attacks().stream().map(Attack::name)).doesNotHaveDuplicates();
    assertThat(SelfTest.attacks()).allMatch(attack -> attack.name().length() <= 58);
  }

  @Test
  void aServerThatGivesInIsFoundOut() {
    var real = line();
    var played = play(sent -> weak(sent, real.send(sent)));
    assertThat(played.outcome()).isEqualTo(Outcome.BROKEN);
    assertThat(played.with("held")).singleElement().asString().contains("a stranger ends a token");
    assertThat(played.with("NOT HELD").size()).isGreaterThan(SelfTest.attacks().size() - 8);
  }

  /// The answer of a server that does not say no, leads anywhere and protects nothing.
  private static Reply weak(Sent sent, Reply reply) {
    var headers =
        reply.headers().stream()
            .filter(one -> !one.name().matches("(?i)content-sec.*|x-.*|referrer.*|cache.*"))
            .map(one -> new Header(one.name(), one.value().replace("; HttpOnly", "")))
            .map(one -> new Header(one.name(), one.value().replaceAll("[?&]error=", "?code=")))
            .collect(Collectors.toList());
    headers.add(new Header("Access-Control-Allow-Origin", "*"));
    headers.add(new Header("Access-Control-Allow-Credentials", "true"));
    var body = reply.body();
    int status = reply.status();
    if (reply.isRefusal()) {
      status = 200;
      body = "{\"access_token\":\"e30.e30.e30\",\"items\":[]}";
    }
    body = body.replace("\"active\":false", "\"active\":true");
    body = body.replace("\"decision\":false", "\"decision\":true");
    // It shows the codes of links and the markup of others, allows more than people do, and tells
    // whether somebody exists.
    boolean isAboutNobody = sent.body().contains("nobody-of-the-self-test");
    body = isAboutNobody ? body.replace("expires_in", "expires") : body;
    body = body.replace("\"scope\":\"openid records.read\"", "\"scope\":\"records.write\"");
    body += sent.target().startsWith("/device?") ? sent.target() : "";
    body += sent.target().startsWith("/me/requests/") ? "<script>alert" : "";
    var asked = sent.target() + sent.headers();
    if (asked.contains(Scene.STRANGER)) {
      body += "<a href=\"https://" + Scene.STRANGER;
    }
    return new Reply(status, headers, asked.contains("script") ? body + "<script>alert" : body);
  }

  /// Whether somebody revokes a token who is not the agent that it was issued to.
  private static boolean isRevocation(Sent sent) {
    return sent.target().equals(Scene.REVOKE) && sent.has("Authorization");
  }

  @Test
  void aServerWhereAnybodyEndsATokenIsFoundOut() {
    var real = line();
    var ended = new AtomicBoolean();
    var played =
        play(
            sent -> {
              ended.compareAndSet(false, isRevocation(sent));
              var reply = real.send(sent);
              var dead = reply.body().replace("\"active\":true", "\"active\":false");
              return new Reply(reply.status(), reply.headers(), ended.get() ? dead : reply.body());
            });
    assertThat(played.outcome()).isEqualTo(Outcome.BROKEN);
    assertThat(played.with("NOT HELD"))
        .singleElement()
        .asString()
        .contains("a stranger ends a token");
  }

  @Test
  void aServerThatTellsWhoExistsIsFoundOut() {
    var real = line();
    var played =
        play(
            sent -> {
              var reply = real.send(sent);
              boolean isAboutNobody = sent.body().contains("nobody-of-the-self-test");
              return isAboutNobody
                  ? new Reply(400, reply.headers(), "{\"error\":\"unknown_user_id\"}")
                  : reply;
            });
    assertThat(played.with("NOT HELD"))
        .singleElement()
        .asString()
        .contains("whether a person exists");
  }

  /// The line to a server that gives a device's tokens to every application that has its code.
  private Wire careless() {
    var real = line();
    var ofDevice = new AtomicReference<Sent>();
    return sent -> {
      if (sent.target().equals(Waiting.DEVICE) && sent.has("Authorization")) {
        ofDevice.set(sent);
      }
      boolean isPoll = sent.body().contains("device_code");
      return real.send(
          isPoll ? new Sent("POST", sent.target(), ofDevice.get().headers(), sent.body()) : sent);
    };
  }

  @Test
  void aServerWhereAnybodyTakesADevicesTokensIsFoundOut() {
    assertThat(play(careless()).with("NOT HELD"))
        .satisfiesExactly(
            line -> assertThat(line).contains("a device's tokens taken by another"),
            line -> assertThat(line).contains("what became of a device's code"));
  }

  @Test
  void aServerWhereALinkAnswersIsFoundOut() {
    var real = line();
    Wire obliging =
        sent -> {
          var query = sent.target().split("\\?", 2);
          boolean isAnswer = query.length == 2 && query[1].contains("decision=allow");
          if (!isAnswer) {
            return real.send(sent);
          }
          var browser = new Browser(real, sent);
          browser.open(query[0]);
          return browser.submit(query[0], "scope", Scene.READ, "decision", "allow");
        };
    assertThat(play(obliging).with("NOT HELD"))
        .singleElement()
        .asString()
        .contains("an answer by a link");
  }

  @Test
  void aServerThatTakesAnIssuersWordTwiceIsFoundOut() {
    var real = line();
    var answers = new HashMap<String, Reply>();
    Wire forgetful =
        sent -> {
          boolean isWord = sent.body().contains("jwt-bearer&assertion");
          return isWord
              ? answers.computeIfAbsent(sent.body(), _ -> real.send(sent))
              : real.send(sent);
        };
    assertThat(play(forgetful).with("NOT HELD"))
        .singleElement()
        .asString()
        .contains("an issuer's word sent twice");
  }

  /// A server that gives what it gave before to whoever sends the same again.
  private static Wire remembering(Wire real, Predicate<Sent> what) {
    var answers = new HashMap<String, Reply>();
    return sent ->
        what.test(sent)
            ? answers.computeIfAbsent(
                sent.target() + sent.headers() + sent.body(), _ -> real.send(sent))
            : real.send(sent);
  }

  @Test
  void aServerThatTakesACodeTwiceIsFoundOut() {
    var forgetful =
        remembering(line(), sent -> sent.body().contains("grant_type=authorization_code&code="));
    assertThat(play(forgetful).with("NOT HELD"))
        .satisfiesExactly(
            line -> assertThat(line).contains("a code that comes twice"),
            line -> assertThat(line).contains("what a code gave that came twice"));
  }

  @Test
  void aServerThatTakesFormsAndRequestsTwiceIsFoundOut() {
    var forgetful =
        remembering(
            line(),
            sent ->
                (sent.target().equals("/consent") && sent.body().contains("decision=allow"))
                    || sent.target().contains("request_uri=urn"));
    assertThat(play(forgetful).with("NOT HELD"))
        .satisfiesExactly(
            line -> assertThat(line).contains("a consent form that comes twice"),
            line -> assertThat(line).contains("a pushed request that comes twice"));
  }

  @Test
  void aServerThatRegistersWhateverStrangersWantIsFoundOut() {
    var real = line();
    Wire obliging =
        sent -> {
          var reply = real.send(sent);
          boolean isStranger = !sent.has("Authorization");
          return sent.target().equals("/oauth2/register") && isStranger && reply.status() == 400
              ? new Reply(201, List.of(), sent.body())
              : reply;
        };
    assertThat(play(obliging).with("NOT HELD"))
        .satisfiesExactly(
            line -> assertThat(line).contains("redirect URIs of a stranger's"),
            line -> assertThat(line).contains("that is confidential"),
            line -> assertThat(line).contains("that acts without people"));
  }

  /// Where only programs with a token register themselves, strangers are seen not to.
  @Test
  void aServerThatStrangersRegisterNothingAtSaysSo() {
    var real = line();
    Wire guarded =
        sent ->
            sent.target().equals("/oauth2/register") && !sent.has("Authorization")
                ? new Reply(401, List.of(), "{\"error\":\"invalid_token\"}")
                : real.send(sent);
    var played = play(guarded);
    assertThat(played.outcome()).isEqualTo(Outcome.HELD);
    assertThat(played.with("held"))
        .filteredOn(line -> line.contains("a stranger's program that acts without people"))
        .singleElement()
        .asString()
        .contains("401 invalid_token");
  }

  /// The line to a server where whoever has a registration has every one.
  private Wire confused() {
    var real = line();
    var owners = new HashMap<String, String>();
    return sent -> {
      var reply = real.send(sent);
      if (sent.target().equals("/oauth2/register") && reply.status() == 201) {
        var object = reply.object();
        owners.put(
            "/oauth2/register/" + object.text("client_id").orElse(""),
            object.text("registration_access_token").orElse(""));
      }
      boolean isOwner = owners.values().stream().anyMatch(sent.headers().toString()::contains);
      return reply.status() == 401 && isOwner && owners.containsKey(sent.target())
          ? real.send(Sent.get(sent.target()).bearer(owners.get(sent.target())))
          : reply;
    };
  }

  @Test
  void aServerWhereProgramsReadEachOtherIsFoundOut() {
    assertThat(play(confused()).with("NOT HELD"))
        .satisfiesExactly(
            line -> assertThat(line).contains("the registration of another"),
            line -> assertThat(line).contains("a stranger's registration in another's hands"));
  }

  @Test
  void aServerWhereNothingRegistersItselfSaysSo() {
    var real = line();
    Wire closed =
        sent -> {
          if (sent.target().startsWith("/oauth2/register")) {
            return new Reply(404, List.of(), "{\"error\":\"invalid_request\"}");
          }
          var reply = real.send(sent);
          var body = reply.body().replace("\"registration_endpoint\"", "\"x\"");
          return new Reply(reply.status(), reply.headers(), body);
        };
    var played = play(closed);
    assertThat(played.outcome()).isEqualTo(Outcome.HELD);
    assertThat(played.with("held"))
        .filteredOn(line -> line.contains("redirect URIs that lead anywhere"))
        .singleElement()
        .asString()
        .contains("404");
  }

  @Test
  void aServerThatNeverAnswersHoldsNothing() {
    var played =
        play(
            _ -> {
              throw new Unclear.NoAnswer("nobody is there");
            });
    assertThat(played.outcome()).isEqualTo(Outcome.UNCLEAR);
    assertThat(played.lines())
        .containsExactly(
            "stopped   nobody is there", "selftest: 0 attacks, 0 held, 0 not held, 0 unclear");
  }

  @Test
  void aServerThatFallsSilentHoldsNothingMore() {
    var real = line();
    var begun = new AtomicBoolean();
    var played =
        play(
            sent -> {
              begun.compareAndSet(false, sent.target().equals(Scene.INTROSPECT));
              if (begun.get()) {
                throw new Unclear.NoAnswer("it fell silent");
              }
              return real.send(sent);
            });
    assertThat(played.outcome()).isEqualTo(Outcome.UNCLEAR);
    assertThat(played.with("held")).isEmpty();
    assertThat(played.with("unclear")).hasSize(1);
    assertThat(played.with("left")).isNotEmpty().allMatch(line -> line.contains("it fell silent"));
  }

  @Test
  void aServerThatRefusesEverybodyHoldsNothing() {
    var real = line();
    var played =
        play(
            sent ->
                sent.target().equals(Scene.TOKEN)
                    ? new Reply(401, List.of(), "{\"error\":\"invalid_client\"}")
                    : real.send(sent));
    assertThat(played.outcome()).isNotEqualTo(Outcome.HELD);
    assertThat(played.with("held").stream().map(line -> line.substring(0, NAMED)))
        .noneMatch(name -> name.contains("assertion"))
        .noneMatch(name -> name.contains("secret"))
        .noneMatch(name -> name.contains("proof"))
        .noneMatch(name -> name.contains("chain"));
  }

  @Test
  void nothingThatCouldActIsLeft() {
    try (var own = TestServer.startAtIssuer(WORLD, "")) {
      var real = new HttpWire(URI.create(own.issuer()), Optional.empty());
      var asked = new AtomicInteger();
      // A fault of the test's own, in the middle of it.
      Wire faulty =
          sent -> {
            if (sent.target().equals(Scene.INTROSPECT) && asked.incrementAndGet() == 40) {
              throw new IllegalStateException("a bug");
            }
            return real.send(sent);
          };
      var out = new StringWriter();
      var test = new SelfTest(WORLD, faulty, own.operatorToken());
      assertThatThrownBy(() -> test.play(new PrintWriter(out), false)).hasMessage("a bug");
      assertThat(out.toString()).doesNotContain("left");
      assertThat(values(own, "agents", "state")).containsOnlyKeys("retired");
      // Those that came of hand-overs rest on the person's.
      assertThat(values(own, "delegations", "state", "\"delegator\":\"usr_"))
          .containsOnlyKeys("revoked");
      for (var path : List.of("clients", "workloads")) {
        assertThat(values(own, path, "active")).containsOnlyKeys("false");
      }
    }
  }

  /// How many of the things that a self-test registered have which value of a member.
  private static Map<String, Integer> values(TestServer server, String path, String member) {
    return values(server, path, member, "");
  }

  /// The same of those in whose JSON `part` occurs.
  private static Map<String, Integer> values(
      TestServer server, String path, String member, String part) {
    var token = server.operatorToken();
    var all = server.object(server.get("/api/v1/" + path + "?limit=200", token).body());
    var counted = new HashMap<String, Integer>();
    ((Json.Arr) all.get("items").orElseThrow())
        .items().stream()
            .filter(item -> item.toText().contains(part))
            .forEach(item -> counted.merge(value((Json.Obj) item, member), 1, Integer::sum));
    return counted;
  }

  private static String value(Json.Obj thing, String member) {
    return thing.text(member).or(() -> thing.flag(member).map(String::valueOf)).orElse("");
  }

  @Test
  void theCommandSaysItAllInOneObject() {
    var terminal =
        new Terminal(Map.of("PROKURA_TOKEN", server.operatorToken()), TestDatabases.folder());
    var said = terminal.run("selftest", server.issuer(), "--json");
    var object = server.object(said.out().strip());
    assertThat(said.err()).isEmpty();
    assertThat(said.status()).isZero();
    assertThat(object.number("held")).contains((long) SelfTest.attacks().size());
    assertThat(object.number("notHeld")).contains(0L);
    assertThat(object.texts("left")).contains(List.of());
  }

  @Test
  void theCommandFailsWhereNobodyAnswers() {
    var terminal = new Terminal(Map.of("PROKURA_TOKEN", "x"), TestDatabases.folder());
    var said = terminal.run("selftest", "http://127.0.0.1:1");
    assertThat(said.status()).isEqualTo(3);
    assertThat(said.out()).contains("stopped   no answer to GET");
  }
}
