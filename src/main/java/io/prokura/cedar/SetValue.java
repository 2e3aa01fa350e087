package io.prokura.cedar;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// A set of values, which may be of different types. The order is that of first appearance and
/// means nothing.
public record SetValue(Set<Value> elements) implements Value {
  public static final SetValue EMPTY = new SetValue(Set.of());

  public SetValue {
    elements = Collections.unmodifiableSet(new LinkedHashSet<>(elements));
  }

  /// The set of these values; repetitions count once.
  public static SetValue of(Collection<? extends Value> elements) {
    return new SetValue(new LinkedHashSet<>(elements));
  }

  /// The set of these values; repetitions count once.
  public static SetValue of(Value... elements) {
    return of(java.util.List.of(elements));
  }

  @Override
  public String typeName() {
    return "set";
  }

  @Override
  public String toString() {
    return elements.stream().map(Value::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
