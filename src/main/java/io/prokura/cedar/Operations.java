package io.prokura.cedar;

/// What the operators do to values that are already there. Everything here throws
/// [EvaluationException] when an operand has the wrong type.
final class Operations {
  private Operations() {}

  static boolean bool(Value value) {
    if (value instanceof BoolValue(var bool)) {
      return bool;
    }
    throw mismatch("bool", value);
  }

  static long number(Value value) {
    if (value instanceof LongValue(var number)) {
      return number;
    }
    throw mismatch("long", value);
  }

  static String string(Value value) {
    if (value instanceof StringValue(var string)) {
      return string;
    }
    throw mismatch("string", value);
  }

  static EntityUid entity(Value value) {
    if (value instanceof EntityUid uid) {
      return uid;
    }
    throw mismatch("entity", value);
  }

  static SetValue set(Value value) {
    if (value instanceof SetValue set) {
      return set;
    }
    throw mismatch("set", value);
  }

  static DateTime datetime(Value value) {
    if (value instanceof DateTime datetime) {
      return datetime;
    }
    throw mismatch("datetime", value);
  }

  static Duration duration(Value value) {
    if (value instanceof Duration duration) {
      return duration;
    }
    throw mismatch("duration", value);
  }

  static EvaluationException mismatch(String expected, Value found) {
    return new EvaluationException(
        "expected " + expected + " but found " + Quoted.shortened(found.typeName()));
  }

  static Value add(Value left, Value right) {
    long a = number(left);
    long b = number(right);
    long sum = a + b;
    if (((a ^ sum) & (b ^ sum)) < 0) {
      throw overflow(a + " + " + b);
    }
    return new LongValue(sum);
  }

  static Value subtract(Value left, Value right) {
    long a = number(left);
    long b = number(right);
    long difference = a - b;
    if (((a ^ b) & (a ^ difference)) < 0) {
      throw overflow(a + " - " + b);
    }
    return new LongValue(difference);
  }

  static Value multiply(Value left, Value right) {
    long a = number(left);
    long b = number(right);
    try {
      return new LongValue(Math.multiplyExact(a, b));
    } catch (ArithmeticException _) {
      throw overflow(a + " * " + b);
    }
  }

  static Value negate(Value operand) {
    long number = number(operand);
    if (number == Long.MIN_VALUE) {
      throw overflow("-(" + number + ")");
    }
    return new LongValue(-number);
  }

  private static EvaluationException overflow(String operation) {
    return new EvaluationException("integer overflow in " + operation);
  }

  /// Negative, zero or positive. Only two longs, two datetimes or two durations have an order.
  static int compare(Value left, Value right) {
    return switch (left) {
      case LongValue(var number) -> Long.compare(number, number(right));
      case DateTime datetime -> datetime.compareTo(datetime(right));
      case Duration duration -> duration.compareTo(duration(right));
      case BoolValue _,
          StringValue _,
          EntityUid _,
          SetValue _,
          RecordValue _,
          Decimal _,
          IpAddress _ ->
          throw mismatch("long, datetime or duration", left);
    };
  }

  static boolean contains(Value left, Value right) {
    return set(left).elements().contains(right);
  }

  static boolean containsAll(Value left, Value right) {
    var elements = set(left).elements();
    return elements.containsAll(set(right).elements());
  }

  static boolean containsAny(Value left, Value right) {
    var elements = set(left).elements();
    for (var element : set(right).elements()) {
      if (elements.contains(element)) {
        return true;
      }
    }
    return false;
  }
}
