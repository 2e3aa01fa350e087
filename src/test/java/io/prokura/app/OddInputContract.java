package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.Database;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Text that is odd and not forbidden reaches the database in many places; none of it is an outage,
/// whatever a database thinks of it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OddInputContract {
  private Sender sender;

  abstract Database database();

  @BeforeAll
  void start() {
    sender = Sender.on(database());
  }

  @AfterAll
  void close() {
    sender.close();
  }

  @Test
  void aDecisionIsAnsweredOrRefusedWhateverIsAsked() {
    var odd = new ArrayList<Draft>();
    for (var draft : sender.drafts()) {
      if (draft.hasBody() && draft.row().path().startsWith("/access/v1/")) {
        var body = sender.company().server.object(draft.text());
        Spoiled.of(body).forEach(text -> odd.add(draft.body(text)));
      }
    }
    assertThat(odd).hasSizeGreaterThan(100);
    sender.probe(odd);
  }

  @Test
  void oddParametersOfFormsDoNoHarm() {
    var odd = new ArrayList<Draft>();
    for (var draft : sender.drafts().stream().filter(Draft::isForm).toList()) {
      var pairs = draft.text().split("&", -1);
      for (int i = 0; i < pairs.length; i++) {
        var name = pairs[i].substring(0, pairs[i].indexOf('='));
        for (var value : List.of("", "%00", "%f0%9f%92%a9", "a".repeat(9_000), "'", "%22%3b--")) {
          var changed = pairs.clone();
          changed[i] = name + "=" + value;
          odd.add(draft.body(String.join("&", changed)));
        }
      }
    }
    sender.probe(odd);
  }

  @Test
  void oddQueriesDoNoHarm() {
    var cursors =
        Stream.of("9999999999999999999", "-1", "0", "a", "a\u0000", "'", "\ud83d\udca9")
            .map(text -> "cursor=" + base64(text));
    var values =
        Stream.of("about", "owner", "principal", "state", "unknown")
            .flatMap(name -> Stream.of("=", "=a%00", "='%f0%9f%92%a9").map(value -> name + value));
    var queries = Stream.concat(cursors, values).toList();
    var odd = new ArrayList<Draft>();
    for (var draft : sender.drafts()) {
      if (draft.isList()) {
        queries.forEach(query -> odd.add(draft.query(query)));
      } else if (draft.method().equals("GET")) {
        odd.add(draft.query("a=%00&cursor=!"));
      }
    }
    sender.probe(odd);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
