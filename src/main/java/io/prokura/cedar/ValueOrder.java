package io.prokura.cedar;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// An order of all values that agrees with `equals` and means nothing in Cedar. It keeps sets fast
/// whose elements were chosen to have the same hash code.
final class ValueOrder implements Comparator<Value> {
  static final ValueOrder INSTANCE = new ValueOrder();

  private static final Comparator<IpAddress> ADDRESSES =
      Comparator.comparing(IpAddress::v6)
          .thenComparingLong(IpAddress::high)
          .thenComparingLong(IpAddress::low)
          .thenComparingInt(IpAddress::prefix);

  private ValueOrder() {}

  @Override
  public int compare(Value left, Value right) {
    return switch (left) {
      case BoolValue(var one) when right instanceof BoolValue(var other) ->
          Boolean.compare(one, other);
      case LongValue(var one) when right instanceof LongValue(var other) ->
          Long.compare(one, other);
      case StringValue(var one) when right instanceof StringValue(var other) ->
          one.compareTo(other);
      case EntityUid one when right instanceof EntityUid other -> one.compareTo(other);
      case Decimal one when right instanceof Decimal other -> one.compareTo(other);
      case IpAddress one when right instanceof IpAddress other -> ADDRESSES.compare(one, other);
      case DateTime one when right instanceof DateTime other -> one.compareTo(other);
      case Duration one when right instanceof Duration other -> one.compareTo(other);
      case SetValue(var one) when right instanceof SetValue(var other) ->
          compare(sorted(one), sorted(other));
      case RecordValue(var one) when right instanceof RecordValue(var other) -> compare(one, other);
      case BoolValue _,
          LongValue _,
          StringValue _,
          EntityUid _,
          Decimal _,
          IpAddress _,
          DateTime _,
          Duration _,
          SetValue _,
          RecordValue _ ->
          left.getClass().getName().compareTo(right.getClass().getName());
    };
  }

  private List<Value> sorted(Collection<Value> values) {
    return values.stream().sorted(this).toList();
  }

  private int compare(List<Value> left, List<Value> right) {
    int order = Integer.compare(left.size(), right.size());
    for (int i = 0; order == 0 && i < left.size(); i++) {
      order = compare(left.get(i), right.get(i));
    }
    return order;
  }

  private int compare(Map<String, Value> left, Map<String, Value> right) {
    var names = left.keySet().stream().sorted().toList();
    var others = right.keySet().stream().sorted().toList();
    int order = Integer.compare(names.size(), others.size());
    for (int i = 0; order == 0 && i < names.size(); i++) {
      order = names.get(i).compareTo(others.get(i));
    }
    for (int i = 0; order == 0 && i < names.size(); i++) {
      order = compare(value(left, names.get(i)), value(right, names.get(i)));
    }
    return order;
  }

  private static Value value(Map<String, Value> attributes, String name) {
    return java.util.Objects.requireNonNull(attributes.get(name));
  }
}
