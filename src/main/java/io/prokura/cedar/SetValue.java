package io.prokura.cedar;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A set of values, which may be of different types. The order means nothing.
public record SetValue(Set<Value> elements) implements Value {
  public static final SetValue EMPTY = new SetValue(Set.of());

  private static final int FEW = 64;
  private static final int ALIKE_MAX = 16;

  public SetValue {
    elements =
        elements.size() <= 1
            ? Set.copyOf(elements)
            : Collections.unmodifiableSet(distinct(elements));
  }

  /// The set of these values; repetitions count once.
  public static SetValue of(Collection<? extends Value> elements) {
    return new SetValue(distinct(elements));
  }

  private static Set<Value> distinct(Collection<? extends Value> elements) {
    if (elements.size() <= 1) {
      return Set.copyOf(elements);
    }
    if (elements.size() <= FEW || !haveHashesAlike(elements)) {
      return new LinkedHashSet<>(elements);
    }
    var ordered = new TreeSet<Value>(ValueOrder.INSTANCE);
    ordered.addAll(elements);
    return ordered;
  }

  /// Whether many elements have one hash code. Whoever chooses the elements can bring that about,
  /// and a hash set then takes time that grows with the square of their number.
  private static boolean haveHashesAlike(Collection<? extends Value> elements) {
    var hashes = elements.stream().mapToInt(Value::hashCode).sorted().toArray();
    for (int i = ALIKE_MAX; i < hashes.length; i++) {
      if (hashes[i] == hashes[i - ALIKE_MAX]) {
        return true;
      }
    }
    return false;
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
