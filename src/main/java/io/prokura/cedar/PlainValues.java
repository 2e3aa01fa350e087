package io.prokura.cedar;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes Cedar values of plain Java values without a schema. Entities and extension values need
/// their escapes, `__entity` and `__extn`.
final class PlainValues {
  static final String ENTITY = "__entity";
  static final String EXTENSION = "__extn";
  static final String EXPRESSION = "__expr";
  private static final int DEPTH_MAX = 100;

  private PlainValues() {}

  static RecordValue record(String path, Map<?, ?> plain) throws TypeMismatchException {
    return record(path, plain, 0);
  }

  private static RecordValue record(String path, Map<?, ?> plain, int depth)
      throws TypeMismatchException {
    var attributes = new LinkedHashMap<String, Value>();
    for (var entry : plain.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new TypeMismatchException(path, "an attribute has a name that is not a string");
      }
      if (name.equals(ENTITY) || name.equals(EXTENSION) || name.equals(EXPRESSION)) {
        throw new TypeMismatchException(path, "`" + name + "` is no attribute of a record");
      }
      attributes.put(name, value(PlainPath.join(path, name), entry.getValue(), depth + 1));
    }
    return new RecordValue(attributes);
  }

  private static Value value(String path, @Nullable Object plain, int depth)
      throws TypeMismatchException {
    if (depth > DEPTH_MAX) {
      throw new TypeMismatchException(path, "the value is nested more than " + DEPTH_MAX + " deep");
    }
    return switch (plain) {
      case Value value -> value;
      case Boolean value -> BoolValue.of(value);
      case Long value -> new LongValue(value);
      case Integer value -> new LongValue(value);
      case BigInteger value when value.bitLength() < Long.SIZE -> new LongValue(value.longValue());
      case String value -> new StringValue(value);
      case Collection<?> items -> set(path, items, depth);
      case Map<?, ?> map when map.containsKey(ENTITY) -> entity(path, escaped(path, map, ENTITY));
      case Map<?, ?> map when map.containsKey(EXTENSION) ->
          extension(path, escaped(path, map, EXTENSION), depth);
      case Map<?, ?> map -> record(path, map, depth);
      case Number _ ->
          throw new TypeMismatchException(path, "expected a number that is a 64-bit integer");
      case null -> throw new TypeMismatchException(path, "Cedar has no null");
      default ->
          throw new TypeMismatchException(path, "Cedar has no value for " + plain.getClass());
    };
  }

  private static Value set(String path, Collection<?> items, int depth)
      throws TypeMismatchException {
    var elements = new ArrayList<Value>();
    for (var item : items) {
      elements.add(value(PlainPath.join(path, elements.size()), item, depth + 1));
    }
    return SetValue.of(elements);
  }

  private static Map<?, ?> escaped(String path, Map<?, ?> map, String escape)
      throws TypeMismatchException {
    if (map.size() != 1 || !(map.get(escape) instanceof Map<?, ?> inner)) {
      throw new TypeMismatchException(
          path, "`" + escape + "` has to be the only member and an object");
    }
    return inner;
  }

  /// An entity written `{"type": ..., "id": ...}`.
  static EntityUid entity(String path, Map<?, ?> plain) throws TypeMismatchException {
    if (!plain.keySet().equals(Set.of("type", "id"))
        || !(plain.get("type") instanceof String type)
        || !(plain.get("id") instanceof String id)) {
      throw new TypeMismatchException(path, "expected an entity, with `type` and `id` as strings");
    }
    if (!Names.isPath(type)) {
      throw new TypeMismatchException(
          path, "not an entity type: " + Quoted.string(Quoted.shortened(type)));
    }
    return EntityUid.of(type, id);
  }

  /// An entity written as [#entity] has it or as `{"__entity": ...}` around it.
  static EntityUid reference(String path, @Nullable Object plain) throws TypeMismatchException {
    if (!(plain instanceof Map<?, ?> map)) {
      throw new TypeMismatchException(path, "expected an entity, with `type` and `id`");
    }
    return entity(path, map.containsKey(ENTITY) ? escaped(path, map, ENTITY) : map);
  }

  /// A call written `{"fn": "ip", "arg": "10.0.0.1"}`, or with several arguments as `args`.
  static Value extension(String path, Map<?, ?> call) throws TypeMismatchException {
    return extension(path, call, 0);
  }

  private static Value extension(String path, Map<?, ?> call, int depth)
      throws TypeMismatchException {
    if (!(call.get("fn") instanceof String name)
        || ExtensionFunction.named(name).isEmpty()
        || call.size() != 2) {
      throw new TypeMismatchException(path, "expected `fn`, the name of a function, and `arg`");
    }
    var arguments = new ArrayList<Value>();
    if (call.containsKey("arg")) {
      arguments.add(value(path, call.get("arg"), depth + 1));
    } else if (call.get("args") instanceof List<?> list) {
      for (var item : list) {
        arguments.add(value(path, item, depth + 1));
      }
    } else {
      throw new TypeMismatchException(path, "expected `arg` or a list of `args` beside `fn`");
    }
    try {
      return Extensions.call(ExtensionFunction.named(name).get(), arguments);
    } catch (EvaluationException failure) {
      throw new TypeMismatchException(path, failure.problem());
    }
  }
}
