package io.prokura.cedar;

import java.util.Optional;

/// A length of time in milliseconds, which may be negative.
public record Duration(long milliseconds) implements Value, Comparable<Duration> {
  private static final java.util.regex.Pattern SHAPE =
      java.util.regex.Pattern.compile(
          "(-?)(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?");
  private static final long[] UNITS = {86_400_000L, 3_600_000L, 60_000L, 1000L, 1L};

  /// The duration written as quantities with the units `d`, `h`, `m`, `s` and `ms` in this order,
  /// each at most once, with or without a minus sign before all; empty if it is written in another
  /// way or out of range.
  public static Optional<Duration> parse(String text) {
    var match = SHAPE.matcher(text);
    if (!match.matches() || text.isEmpty() || text.equals("-")) {
      return Optional.empty();
    }
    try {
      long negated = 0;
      for (int i = 0; i < UNITS.length; i++) {
        var quantity = match.group(i + 2);
        if (quantity != null) {
          long part = Math.multiplyExact(Long.parseLong("-" + quantity), UNITS[i]);
          negated = Math.addExact(negated, part);
        }
      }
      boolean negative = !match.group(1).isEmpty();
      return Optional.of(new Duration(negative ? negated : Math.negateExact(negated)));
    } catch (NumberFormatException | ArithmeticException _) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(Duration other) {
    return Long.compare(milliseconds, other.milliseconds);
  }

  @Override
  public String typeName() {
    return "duration";
  }

  @Override
  public String toString() {
    return "duration(\"" + milliseconds + "ms\")";
  }
}
