package io.prokura.cedar;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A few values by name, in the order they were put in, in two arrays. A name is found by going
/// through them; one that was interned, as those of schemas and policies are, by its identity.
final class Attributes extends AbstractMap<String, Value> {
  private static final int FEW = 16;

  private final String[] names;
  private final Value[] values;

  private Attributes(String[] names, Value[] values) {
    this.names = names;
    this.values = values;
  }

  /// An immutable map of the first `count` of these names, all different, and values.
  static Map<String, Value> of(String[] names, Value[] values, int count) {
    if (count <= FEW) {
      return new Attributes(
          count == names.length ? names : Arrays.copyOf(names, count),
          count == values.length ? values : Arrays.copyOf(values, count));
    }
    var many = LinkedHashMap.<String, Value>newLinkedHashMap(count);
    for (int i = 0; i < count; i++) {
      many.put(names[i], values[i]);
    }
    return Collections.unmodifiableMap(many);
  }

  /// An immutable map of the same.
  static Map<String, Value> copyOf(Map<String, ? extends Value> map) {
    return map instanceof Attributes attributes
        ? attributes
        : of(map.keySet().toArray(new String[0]), map.values().toArray(new Value[0]), map.size());
  }

  private int place(@Nullable Object name) {
    for (int i = 0; i < names.length; i++) {
      if (isSame(names[i], name)) {
        return i;
      }
    }
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(String one, @Nullable Object other) {
    return one == other;
  }

  @Override
  public @Nullable Value get(@Nullable Object name) {
    int place = place(name);
    return place < 0 ? null : values[place];
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return place(name) >= 0;
  }

  @Override
  public int size() {
    return names.length;
  }

  @Override
  public Set<Map.Entry<String, Value>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<String, Value>> iterator() {
        return IntStream.range(0, names.length)
            .mapToObj(i -> Map.entry(names[i], values[i]))
            .iterator();
      }

      @Override
      public int size() {
        return names.length;
      }
    };
  }
}
