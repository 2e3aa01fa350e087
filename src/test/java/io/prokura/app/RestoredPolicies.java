package io.prokura.app;

import static io.prokura.app.Office.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import java.util.HashMap;
import java.util.Map;

/// What a server said about published policies before and after its database was put back: under
/// which number which text, and by which number each decision was made.
final class RestoredPolicies {
  private final Office office;
  private final Map<Long, String> said = new HashMap<>();

  RestoredPolicies(Office office) {
    this.office = office;
  }

  /// Publishes under a number that has never stood for anything else.
  long publish(TestServer at, String text) {
    var publisher = Publisher.of(at);
    long number = publisher.publish(text);
    isKnown(publisher, number);
    return number;
  }

  long rollBack(TestServer at, long to) {
    var publisher = Publisher.of(at);
    long number = publisher.rollBack(to);
    isKnown(publisher, number);
    assertThat(publisher.text(number)).isEqualTo(said.get(to));
    return number;
  }

  private void isKnown(Publisher publisher, long number) {
    assertThat(said).as("numbers that were given out").doesNotContainKey(number);
    said.put(number, publisher.text(number));
    assertThat(publisher.live()).isEqualTo(number);
  }

  /// Asks, and sees whether the decision is what snapshot `number` says and can be explained by it.
  void decides(TestServer at, String token, long number, boolean allowed) {
    var decided = answer(at, office.decide(at, "user", office.alice(), token));
    var context = decided.object("context").orElseThrow();
    assertThat(context.number("snapshot")).hasValue(number);
    assertThat(decided.flag("decision")).as(decided.toText()).hasValue(allowed);
    assertThat(Publisher.of(at).text(number)).isEqualTo(said.get(number));
    var id = context.text("id").orElseThrow();
    var why = answer(at, at.get("/api/v1/decisions/" + id, at.operatorToken()));
    assertThat(why.object("snapshot").flatMap(one -> one.number("number"))).hasValue(number);
    assertThat(why.texts("unknown").orElseThrow()).isEmpty();
  }

  /// The lost snapshot is nowhere, and its number names nothing.
  static void isGone(TestServer at, long number) {
    var publisher = Publisher.of(at);
    var path = "/api/v1/policies/organisation/snapshots/" + number;
    assertThat(at.get(path, publisher.token()).statusCode()).isEqualTo(404);
    var body = Json.object().put("number", number).build();
    var back = at.post("/api/v1/policies/organisation/rollback", publisher.token(), body);
    assertThat(back.statusCode()).isEqualTo(404);
  }
}
