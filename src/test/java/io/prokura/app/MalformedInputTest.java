package io.prokura.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.sql.TestDatabases;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Whatever is sent to any row of the route table, by somebody who may do everything, is refused in
/// the form of the endpoint and changes nothing. A new row is covered by being one.
final class MalformedInputTest {
  /// What no reader of JSON takes, in single quotes.
  private static final List<String> NOT_JSON =
      List.of(
          "{",
          "nonsense",
          "{'reason': 'a'} {}",
          "[{}]",
          "'reason'",
          "null",
          "{'reason': 'a', 'reason': 'a'}",
          "{'reason': '\\ud800'}",
          "{'reason': '\u0000'}",
          "[".repeat(10_000));

  private static final int SHARES = 4;

  private static Sender sender;

  @BeforeAll
  static void start() {
    sender = Sender.on(TestDatabases.sqlite());
  }

  @AfterAll
  static void close() {
    sender.close();
  }

  @Test
  void whatIsNotJsonIsRefused() {
    var ways = new ArrayList<UnaryOperator<Draft>>();
    for (var text : NOT_JSON) {
      ways.add(draft -> draft.body(text.replace('\'', '"')));
    }
    ways.add(draft -> draft.body("{\"reason\": \"\u00ff\"}".getBytes(ISO_8859_1)));
    ways.add(draft -> draft.body(draft.text().getBytes(UTF_16LE)));
    var taking = sender.drafts().stream().filter(draft -> draft.hasBody() && !draft.isForm());
    sender.refuse(Sender.all(taking.toList(), ways));
  }

  @Test
  void everyMemberHasOneTypeAndNoOtherIsKnown() {
    var spoiled = new ArrayList<Draft>();
    int rows = 0;
    for (var draft : sender.drafts()) {
      if (draft.isStrict() && draft.hasBody()) {
        var body = sender.company().server.object(draft.text());
        var wrong = Spoiled.of(body);
        // What makes a thing is read in every way; the other rows share the ways among them.
        int step = draft.path().matches("/api/v1/[a-z]+") ? 1 : SHARES;
        for (int i = rows++ % step; i < wrong.size(); i += step) {
          spoiled.add(draft.body(wrong.get(i)));
        }
        spoiled.add(draft.body(draft.text().replaceFirst("}$", more(body) + "}")));
        spoiled.add(draft.body("{\"\\u0000\":1}"));
        spoiled.add(draft.body("{\"reason\":\"\"}"));
      }
    }
    sender.refuse(spoiled);
  }

  private static String more(Json.Obj body) {
    return body.members().isEmpty() ? "\"unknown\":1" : ",\"unknown\":1";
  }

  @Test
  void formsAreReadStrictly() {
    var forms = sender.drafts().stream().filter(Draft::isForm).toList();
    assertThat(forms).hasSizeGreaterThanOrEqualTo(3);
    sender.refuse(
        Sender.all(
            forms,
            List.of(
                draft -> draft.body(""),
                draft -> draft.body("nonsense"),
                draft -> draft.body("{\"token\": \"a\"}"),
                draft -> draft.body(draft.text() + "&" + draft.text()),
                draft -> draft.body(draft.text() + "&a=1&a=2"),
                draft -> draft.body(draft.text() + "&a=%"),
                draft -> draft.body(draft.text() + "&a=%zz"),
                draft -> draft.body(draft.text() + "&a=%ff"),
                draft -> draft.body(draft.text() + "&a=%ed%a0%80"),
                draft -> draft.body(draft.text() + "&%c0%80=a"),
                draft -> draft.body(draft.text() + "&client_secret=a"),
                draft -> draft.body(draft.text() + "&client_assertion=a"),
                draft -> draft.body(draft.text() + "&client_id=agt_00000000000000000000000000"),
                draft -> draft.body(draft.text() + "&token_type_hint=saml"),
                draft -> draft.body("a=1&".repeat(65)),
                draft -> draft.with("Authorization", "Basic a"),
                draft -> draft.with("Authorization", "Basic " + base64("no colon")),
                draft -> draft.with("Authorization", "Basic " + base64("\u0000:\u0000")),
                draft -> draft.with("Authorization", "Basic " + base64("%zz:%")),
                draft -> draft.with("Authorization", "Digest a"))));
  }

  @Test
  void aBodyOfAnotherTypeIsRefused() {
    var bodied = sender.drafts().stream().filter(Draft::hasBody).toList();
    sender.refuse(
        Sender.all(
            bodied,
            List.of(
                draft -> draft.with("Content-Type"),
                draft -> draft.with("Content-Type", "text/plain"),
                draft -> draft.with("Content-Type", "application/json; charset=latin1"),
                draft -> draft.with("Content-Type", "multipart/form-data; boundary=a"),
                draft -> draft.with("Content-Type", Draft.JSON, Draft.FORM))));
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    var bodied = sender.drafts().stream().filter(Draft::hasBody).toList();
    sender.refuse(
        Sender.all(bodied, List.of(draft -> draft.body(draft.text() + " ".repeat(64 * 1024)))));
  }

  @Test
  void otherMethodsAreRefused() {
    sender.refuse(
        Sender.all(
            sender.drafts(),
            List.of(
                draft -> draft.method("PATCH").body(""), draft -> draft.method("TRACE").body(""))));
  }

  @Test
  void whatIsNotAnIdIsNobodysId() {
    var spoiled = new ArrayList<Draft>();
    for (var draft : sender.drafts()) {
      if (draft.row().path().contains("{id}")) {
        int place = List.of(draft.row().path().split("/", -1)).indexOf("{id}");
        var sound = draft.path().split("/", -1)[place];
        // A set of policies has a name and no id, which stays as it is where an id's would change.
        ids(sound).stream()
            .filter(id -> !id.equals(sound))
            .forEach(id -> spoiled.add(draft.path(draft.path().replace(sound, id))));
      }
    }
    sender.refuse(spoiled);
  }

  private static List<String> ids(String id) {
    return List.of(
        "x",
        id + "%00",
        "%ed%a0%80",
        "%f0%9f%92%a9'%20OR%201=1",
        id + "0",
        id.toUpperCase(Locale.ROOT),
        id.replaceFirst("_.", "_z"),
        id.substring(0, 4) + "00000000000000000000000000",
        "evt_00000000000000000000000000");
  }

  @Test
  void pagesAreCountedAndCursorsAreTheServersOwn() {
    var lists = sender.drafts().stream().filter(Draft::isList).toList();
    assertThat(lists).hasSizeGreaterThanOrEqualTo(10);
    sender.refuse(
        Sender.all(
            lists,
            Stream.of(
                    "limit=0",
                    "limit=-1",
                    "limit=201",
                    "limit=1e2",
                    "limit=99999999999999999999",
                    "limit=%00",
                    "limit=%d9%a1",
                    "limit=1&limit=1",
                    "limit=1&cursor=!",
                    "cursor=%ff",
                    "cursor=a&cursor=a",
                    "cursor=====",
                    "cursor=a")
                .map(query -> (UnaryOperator<Draft>) draft -> draft.query(query))
                .toList()));
  }

  @Test
  void versionsAndKeysAreReadStrictly() {
    var versioned = sender.drafts().stream().filter(draft -> draft.hasHeader("If-Match")).toList();
    assertThat(versioned).hasSizeGreaterThanOrEqualTo(8);
    var ways = new ArrayList<UnaryOperator<Draft>>();
    ways.add(draft -> draft.with("If-Match"));
    for (var match : List.of("*", "1", "\"0\"", "W/\"1\"", "\"\"", "\"1\", \"2\"", "\"a\"")) {
      ways.add(draft -> draft.with("If-Match", match));
    }
    ways.add(draft -> draft.with("If-Match", "\"" + "9".repeat(30) + "\""));
    ways.add(draft -> draft.with("If-Match", "\"999999999999999999\""));
    ways.add(draft -> draft.with("If-Match", "\"1\"", "\"1\""));
    sender.refuse(Sender.all(versioned, ways));
    var strict = sender.drafts().stream().filter(Draft::isStrict).toList();
    sender.refuse(
        Sender.all(
            strict,
            List.of(
                draft -> draft.with("Idempotency-Key", "a".repeat(256)),
                draft -> draft.with("Idempotency-Key", "a b"),
                draft -> draft.with("Idempotency-Key", ""),
                draft -> draft.with("Idempotency-Key", "a", "b"))));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
