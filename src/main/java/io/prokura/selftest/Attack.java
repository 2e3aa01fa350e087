package io.prokura.selftest;

import java.util.List;
import java.util.function.Function;

/// One thing that an attacker tries, in one or several spellings, and what has to come of each.
///
/// @param name what is tried, in the words of the report
/// @param source the rule that it would break
record Attack(String name, String source, Function<Scene, Expected> expected, Play play) {

  /// Plays an attack; throws [Unclear] where its answers would show nothing.
  @FunctionalInterface
  interface Play {
    /// The answers to all that was tried.
    List<Reply> on(Scene scene);
  }

  /// An attack of several requests.
  static Attack each(String name, String source, Expected expected, Play play) {
    return new Attack(name, source, _ -> expected, play);
  }

  /// An attack of one request.
  static Attack of(String name, String source, Expected expected, Function<Scene, Reply> play) {
    return each(name, source, expected, scene -> List.of(play.apply(scene)));
  }

  /// What came of it on `scene`.
  Verdict on(Scene scene) {
    try {
      var wanted = expected.apply(scene);
      var replies = play.on(scene);
      for (var reply : replies) {
        if (reply.status() >= 502 && reply.status() <= 504) {
          return new Verdict.Unclear("the server does not do its work: " + reply.line());
        }
        if (!wanted.holds().test(reply)) {
          return new Verdict.Broken(wanted.text(), reply.line());
        }
      }
      return replies.isEmpty()
          ? new Verdict.Unclear("nothing was tried")
          : new Verdict.Held(replies.getLast().line());
    } catch (Unclear e) {
      return new Verdict.Unclear(e.why());
    }
  }
}
