package io.prokura.cedar;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/// An instant with millisecond precision.
///
/// @param epochMilliseconds milliseconds since 1970-01-01T00:00:00Z
public record DateTime(long epochMilliseconds) implements Value, Comparable<DateTime> {
  private static final long DAY = 86_400_000L;
  private static final java.util.regex.Pattern SHAPE =
      java.util.regex.Pattern.compile(
          "([0-9]{4})-([0-9]{2})-([0-9]{2})"
              + "(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]{3}))?"
              + "(?:Z|([+-])([0-9]{2})([0-9]{2})))?");

  /// The instant, cut to milliseconds.
  ///
  /// @throws ArithmeticException if it is out of range
  public static DateTime of(Instant instant) {
    return new DateTime(instant.toEpochMilli());
  }

  /// The instant written `2024-10-15` or `2024-10-15T11:35:00.000Z`, where the milliseconds may be
  /// missing and an offset such as `+0100` may stand for `Z`; empty if it is written in another way
  /// or is no date.
  public static Optional<DateTime> parse(String text) {
    var match = SHAPE.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    try {
      var local =
          LocalDateTime.of(
              number(match.group(1)),
              number(match.group(2)),
              number(match.group(3)),
              number(match.group(4)),
              number(match.group(5)),
              number(match.group(6)));
      long millis = local.toEpochSecond(ZoneOffset.UTC) * 1000 + number(match.group(7));
      int hours = number(match.group(9));
      int minutes = number(match.group(10));
      if (hours > 23 || minutes > 59) {
        return Optional.empty();
      }
      long offset = (hours * 60L + minutes) * 60_000;
      return Optional.of(
          new DateTime("-".equals(match.group(8)) ? millis + offset : millis - offset));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static int number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /// The start of the instant's day.
  ///
  /// @throws ArithmeticException if it is out of range
  DateTime toDate() {
    return new DateTime(Math.multiplyExact(Math.floorDiv(epochMilliseconds, DAY), DAY));
  }

  /// The time since the start of the instant's day.
  Duration toTime() {
    return new Duration(Math.floorMod(epochMilliseconds, DAY));
  }

  @Override
  public int compareTo(DateTime other) {
    return Long.compare(epochMilliseconds, other.epochMilliseconds);
  }

  @Override
  public String typeName() {
    return "datetime";
  }

  @Override
  public String toString() {
    return "datetime(\"1970-01-01\").offset(" + new Duration(epochMilliseconds) + ")";
  }
}
