package io.prokura.cedar;

import java.util.Arrays;
import java.util.Map;

/// The names of the attributes that many entities have alike, which are kept once for all of them.
public final class AttributeNames {
  private final String[] names;

  private AttributeNames(String[] names) {
    this.names = names;
  }

  /// These names, all different.
  public static AttributeNames of(String... names) {
    return new AttributeNames(names.clone());
  }

  /// These names and another one after them.
  public AttributeNames and(String name) {
    var more = Arrays.copyOf(names, names.length + 1);
    more[names.length] = name;
    return new AttributeNames(more);
  }

  /// An immutable map of these values by the names, each in the place of its name.
  ///
  /// @throws IllegalArgumentException if there are more or fewer values than names
  public Map<String, Value> with(Value... values) {
    if (values.length != names.length) {
      throw new IllegalArgumentException(names.length + " names, " + values.length + " values");
    }
    return Attributes.of(names, values.clone(), names.length);
  }
}
