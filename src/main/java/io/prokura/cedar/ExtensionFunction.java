package io.prokura.cedar;

import java.util.Optional;

/// A function of the extension types decimal, ipaddr, datetime and duration. Calling one with the
/// wrong number of arguments is an evaluation error, not a syntax error.
public enum ExtensionFunction {
  DECIMAL("decimal", 1, false),
  LESS_THAN("lessThan", 2, true),
  LESS_THAN_OR_EQUAL("lessThanOrEqual", 2, true),
  GREATER_THAN("greaterThan", 2, true),
  GREATER_THAN_OR_EQUAL("greaterThanOrEqual", 2, true),
  IP("ip", 1, false),
  IS_IPV4("isIpv4", 1, true),
  IS_IPV6("isIpv6", 1, true),
  IS_LOOPBACK("isLoopback", 1, true),
  IS_MULTICAST("isMulticast", 1, true),
  IS_IN_RANGE("isInRange", 2, true),
  DATETIME("datetime", 1, false),
  OFFSET("offset", 2, true),
  DURATION_SINCE("durationSince", 2, true),
  TO_DATE("toDate", 1, true),
  TO_TIME("toTime", 1, true),
  DURATION("duration", 1, false),
  TO_MILLISECONDS("toMilliseconds", 1, true),
  TO_SECONDS("toSeconds", 1, true),
  TO_MINUTES("toMinutes", 1, true),
  TO_HOURS("toHours", 1, true),
  TO_DAYS("toDays", 1, true);

  private final String text;
  private final int arity;
  private final boolean method;

  ExtensionFunction(String text, int arity, boolean method) {
    this.text = text;
    this.arity = arity;
    this.method = method;
  }

  /// The name as it is written in a policy.
  public String text() {
    return text;
  }

  /// How many arguments it takes; the receiver of a method counts.
  public int arity() {
    return arity;
  }

  /// Whether it is called as `receiver.name(...)` rather than `name(...)`.
  public boolean isMethod() {
    return method;
  }

  /// The function of that name, if there is one.
  public static Optional<ExtensionFunction> named(String text) {
    for (var function : values()) {
      if (function.text.equals(text)) {
        return Optional.of(function);
      }
    }
    return Optional.empty();
  }
}
