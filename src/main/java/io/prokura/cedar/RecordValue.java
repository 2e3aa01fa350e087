package io.prokura.cedar;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// A record: values by attribute name. The order of the attributes means nothing.
public record RecordValue(Map<String, Value> attributes) implements Value {
  public static final RecordValue EMPTY = new RecordValue(Map.of());

  public RecordValue {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
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
