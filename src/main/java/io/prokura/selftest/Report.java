package io.prokura.selftest;

import io.prokura.json.Json;
import io.prokura.selftest.SelfTest.Outcome;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Collects what came of the attacks.
final class Report {
  private static final int NAME = 58;

  private final PrintWriter out;
  private final boolean asJson;
  private final Instant at;
  private final List<Json> rows = new ArrayList<>();
  private final List<String> left = new ArrayList<>();
  private Optional<String> issuer = Optional.empty();
  private Optional<String> stop = Optional.empty();
  private int held;
  private int broken;
  private boolean lastUnclear;

  Report(PrintWriter out, boolean asJson, Instant at) {
    this.out = out;
    this.asJson = asJson;
    this.at = at;
  }

  void add(Attack attack, Verdict verdict) {
    lastUnclear = verdict instanceof Verdict.Unclear;
    switch (verdict) {
      case Verdict.Held(var answer) -> {
        held++;
        row(attack, "held", answer, "");
      }
      case Verdict.Broken(var expected, var answer) -> {
        broken++;
        row(attack, "NOT HELD", answer, expected);
      }
      case Verdict.Unclear(var why) -> row(attack, "unclear", why, "");
    }
  }

  private void row(Attack attack, String verdict, String answer, String expected) {
    rows.add(
        Json.object()
            .put("attack", attack.name())
            .put("source", attack.source())
            .put("verdict", verdict.toLowerCase(Locale.ROOT))
            .put("answer", answer)
            .put("expected", Optional.of(expected).filter(text -> !text.isEmpty()))
            .build());
    var wanted = expected.isEmpty() ? "" : "; expected " + expected;
    say(
        ("%-8s  %-" + NAME + "s  %-17s  %s%s")
            .formatted(verdict, attack.name(), attack.source(), answer, wanted));
  }

  /// Whom the attacks are played against.
  void against(String server) {
    issuer = Optional.of(server);
  }

  boolean isLastUnclear() {
    return lastUnclear;
  }

  void stopped(String why) {
    stop = Optional.of(why);
    say("stopped   " + why);
  }

  void left(List<String> what) {
    left.addAll(what);
    what.forEach(one -> say("left      " + one));
  }

  Outcome finish() {
    int unclear = rows.size() - held - broken;
    if (asJson) {
      var all =
          Json.object()
              .put("issuer", issuer)
              .put("at", at.toString())
              .put("attacks", Json.array(rows))
              .put("held", held)
              .put("notHeld", broken)
              .put("unclear", unclear)
              .put("left", left)
              .put("stopped", stop)
              .build();
      out.println(all.toText());
    }
    say(
        "selftest: %d attacks, %d held, %d not held, %d unclear"
            .formatted(rows.size(), held, broken, unclear));
    out.flush();
    if (broken > 0) {
      return Outcome.BROKEN;
    }
    return unclear == 0 && stop.isEmpty() && left.isEmpty() && held > 0
        ? Outcome.HELD
        : Outcome.UNCLEAR;
  }

  private void say(String line) {
    if (!asJson) {
      out.println(printable(line));
      out.flush();
    }
  }

  /// What a server says doesn't steer the terminal it is shown on.
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
