package io.prokura.cedar;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// A record: values by attribute name. The order of the attributes means nothing.
public record RecordValue(Map<String, Value> attributes) implements Value {
  public static final RecordValue EMPTY = new RecordValue(Map.of());

  public RecordValue {
    attributes = Attributes.copyOf(attributes);
  }

  /// Puts a record together.
  public static final class Builder {
    private String[] names;
    private Value[] values;
    private int count;

    /// One that is going to have about `size` attributes.
    public Builder(int size) {
      names = new String[size];
      values = new Value[size];
    }

    /// Adds an attribute that was not added before.
    public Builder add(String name, Value value) {
      if (count == names.length) {
        names = Arrays.copyOf(names, 2 * count + 1);
        values = Arrays.copyOf(values, 2 * count + 1);
      }
      names[count] = name;
      values[count] = value;
      count++;
      return this;
    }

    /// The record of what was added.
    public RecordValue build() {
      return new RecordValue(Attributes.of(names, values, count));
    }
  }

  /// Makes a record of plain Java values without a schema: `Boolean`, `Long`, `Integer`, `String`,
  /// collections as sets, maps as records, and any [Value] as itself. Entities and extension values
  /// may be written with the escapes of Cedar's JSON format, `__entity` and `__extn`.
  ///
  /// @throws TypeMismatchException if a value is none of these, null included
  public static RecordValue of(Map<String, ?> plain) throws TypeMismatchException {
    return PlainValues.record("", plain);
  }

  @Override
  public String typeName() {
    return "record";
  }

  @Override
  public String toString() {
    return attributes.entrySet().stream()
        .map(entry -> Quoted.string(entry.getKey()) + ": " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
