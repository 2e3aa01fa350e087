package io.prokura.cedar;

import java.util.Optional;

/// A number with four decimal places.
///
/// @param tenThousandths the number times 10,000
public record Decimal(long tenThousandths) implements Value, Comparable<Decimal> {
  private static final java.util.regex.Pattern SHAPE =
      java.util.regex.Pattern.compile("(-?[0-9]+)\\.([0-9]{1,4})");

  /// The number written as digits, a point, and one to four digits, with or without a minus sign;
  /// empty if it is written in another way or out of range.
  public static Optional<Decimal> parse(String text) {
    var match = SHAPE.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    var fraction = match.group(2);
    try {
      var digits = match.group(1) + fraction + "0".repeat(4 - fraction.length());
      return Optional.of(new Decimal(Long.parseLong(digits)));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(Decimal other) {
    return Long.compare(tenThousandths, other.tenThousandths);
  }

  @Override
  public String typeName() {
    return "decimal";
  }

  @Override
  public String toString() {
    var number = java.math.BigDecimal.valueOf(tenThousandths, 4).stripTrailingZeros();
    return "decimal(\"" + number.setScale(Math.max(1, number.scale())).toPlainString() + "\")";
  }
}
