package io.prokura.cedar;

import java.util.List;
import java.util.Optional;

/// What the extension functions do.
final class Extensions {
  private Extensions() {}

  /// The value of a call.
  ///
  /// @throws EvaluationException if the number, a type or a value of the arguments is wrong
  static Value call(ExtensionFunction function, List<Value> arguments) {
    if (arguments.size() != function.arity()) {
      throw new EvaluationException(
          "`"
              + function.text()
              + "` takes "
              + function.arity()
              + " arguments, not "
              + arguments.size());
    }
    return switch (function) {
      case DECIMAL -> parsed(function, text(arguments), Decimal.parse(text(arguments)));
      case IP -> parsed(function, text(arguments), IpAddress.parse(text(arguments)));
      case DATETIME -> parsed(function, text(arguments), DateTime.parse(text(arguments)));
      case DURATION -> parsed(function, text(arguments), Duration.parse(text(arguments)));
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          compare(function, decimal(arguments.get(0)), decimal(arguments.get(1)));
      case IS_IPV4, IS_IPV6, IS_LOOPBACK, IS_MULTICAST -> test(function, ip(arguments.get(0)));
      case IS_IN_RANGE -> BoolValue.of(ip(arguments.get(0)).isInRange(ip(arguments.get(1))));
      case OFFSET ->
          offset(Operations.datetime(arguments.get(0)), Operations.duration(arguments.get(1)));
      case DURATION_SINCE ->
          since(Operations.datetime(arguments.get(0)), Operations.datetime(arguments.get(1)));
      case TO_DATE -> toDate(Operations.datetime(arguments.get(0)));
      case TO_TIME -> Operations.datetime(arguments.get(0)).toTime();
      case TO_MILLISECONDS, TO_SECONDS, TO_MINUTES, TO_HOURS, TO_DAYS ->
          new LongValue(Operations.duration(arguments.get(0)).milliseconds() / unit(function));
    };
  }

  private static <T extends Value> T parsed(
      ExtensionFunction function, String text, Optional<T> value) {
    if (value.isEmpty()) {
      throw new EvaluationException(
          "`" + function.text() + "` cannot read " + Quoted.string(Quoted.shortened(text)));
    }
    return value.get();
  }

  private static Value compare(ExtensionFunction function, Decimal left, Decimal right) {
    int order = left.compareTo(right);
    return BoolValue.of(
        switch (function) {
          case LESS_THAN -> order < 0;
          case LESS_THAN_OR_EQUAL -> order <= 0;
          case GREATER_THAN -> order > 0;
          case GREATER_THAN_OR_EQUAL -> order >= 0;
          default -> throw new IllegalArgumentException(function.text());
        });
  }

  private static Value test(ExtensionFunction function, IpAddress ip) {
    return BoolValue.of(
        switch (function) {
          case IS_IPV4 -> !ip.v6();
          case IS_IPV6 -> ip.v6();
          case IS_LOOPBACK -> ip.isLoopback();
          case IS_MULTICAST -> ip.isMulticast();
          default -> throw new IllegalArgumentException(function.text());
        });
  }

  private static Value offset(DateTime from, Duration by) {
    try {
      return new DateTime(Math.addExact(from.epochMilliseconds(), by.milliseconds()));
    } catch (ArithmeticException _) {
      throw new EvaluationException("the datetime is out of range");
    }
  }

  private static Value since(DateTime later, DateTime earlier) {
    try {
      return new Duration(
          Math.subtractExact(later.epochMilliseconds(), earlier.epochMilliseconds()));
    } catch (ArithmeticException _) {
      throw new EvaluationException("the duration is out of range");
    }
  }

  private static Value toDate(DateTime datetime) {
    try {
      return datetime.toDate();
    } catch (ArithmeticException _) {
      throw new EvaluationException("the datetime is out of range");
    }
  }

  private static long unit(ExtensionFunction function) {
    return switch (function) {
      case TO_SECONDS -> 1000L;
      case TO_MINUTES -> 60_000L;
      case TO_HOURS -> 3_600_000L;
      case TO_DAYS -> 86_400_000L;
      default -> 1L;
    };
  }

  private static String text(List<Value> arguments) {
    return Operations.string(arguments.get(0));
  }

  private static Decimal decimal(Value value) {
    if (value instanceof Decimal decimal) {
      return decimal;
    }
    throw Operations.mismatch("decimal", value);
  }

  private static IpAddress ip(Value value) {
    if (value instanceof IpAddress ip) {
      return ip;
    }
    throw Operations.mismatch("ipaddr", value);
  }
}
