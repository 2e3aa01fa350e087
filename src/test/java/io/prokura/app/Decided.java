package io.prokura.app;

import static io.prokura.app.Office.answer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/// What a node answered to one question, and by which published policies.
///
/// @param id of the decision on record
/// @param snapshot the number that it names
/// @param policies those that it names
record Decided(String id, long snapshot, boolean allowed, List<String> policies) {

  /// Asks at a node whether the bearer of `token` may read a ticket for Alice.
  static Decided at(TestServer node, Office office, String token) {
    var answered = answer(node, office.decide(node, "user", office.alice(), token));
    var context = answered.object("context").orElseThrow();
    return new Decided(
        context.text("id").orElseThrow(),
        context.number("snapshot").orElseThrow(),
        answered.flag("decision").orElseThrow(),
        context.object("why").orElseThrow().texts("policies").orElseThrow());
  }

  /// That the answer is what the policies say that were published under the number it names.
  /// `texts` has those that were published by a test, each with a policy of that test alone.
  void agreesWith(Map<Long, String> texts) {
    assertThat(texts).as("what %s names", this).containsKey(snapshot);
    var text = texts.getOrDefault(snapshot, "");

    boolean closed = text.contains("Prokura::Agent");
    assertThat(allowed).as("%s by %s", this, text).isEqualTo(!closed);
    if (closed) {
      assertThat(policies).hasSize(1).allSatisfy(id -> assertThat(text).contains(id));
    }
  }
}
