package io.prokura.mcp;

import com.google.common.primitives.UnsignedLong;
import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// JSON values as CEL knows them, there and back.
final class Values {
  private static final int DEPTH_MAX = 32;

  private Values() {}

  static Map<String, Object> toCel(Json.Obj object) {
    var map = new LinkedHashMap<String, Object>();
    object.members().forEach((name, value) -> map.put(name, toCel(value)));
    return map;
  }

  private static Object toCel(Json value) {
    return switch (value) {
      case Json.Obj object -> toCel(object);
      case Json.Arr(var items) -> {
        var list = new ArrayList<Object>(items.size());
        items.forEach(item -> list.add(toCel(item)));
        yield list;
      }
      case Json.Str(var text) -> text;
      case Json.Whole(var number) -> number;
      case Json.Fraction(var number) -> number;
      case Json.Bool(var flag) -> flag;
      case Json.Null _ -> dev.cel.common.values.NullValue.NULL_VALUE;
    };
  }

  /// What an expression yields as JSON; empty for *absent*. Throws [MappingFault] when it is no
  /// JSON value or is too large.
  static Optional<Json> ofCel(Object value, Budget budget) {
    return value instanceof Optional<?> selected
        ? selected.map(one -> json(one, budget, 0))
        : Optional.of(json(value, budget, 0));
  }

  private static Json json(Object value, Budget budget, int depth) {
    budget.spend(1);
    if (depth > DEPTH_MAX) {
      throw new MappingFault("a value is nested too deep");
    }
    return switch (value) {
      case String text -> Json.text(text);
      case Long number -> Json.number(number);
      case Double number when Double.isFinite(number) -> new Json.Fraction(number);
      case Boolean flag -> Json.flag(flag);
      case UnsignedLong number when number.bigIntegerValue().bitLength() < Long.SIZE ->
          Json.number(number.longValue());
      case dev.cel.common.values.NullValue _ -> new Json.Null();
      case com.google.protobuf.NullValue _ -> new Json.Null();
      case List<?> list -> {
        var items = new ArrayList<Json>(list.size());
        for (var item : list) {
          items.add(json(item, budget, depth + 1));
        }
        yield new Json.Arr(items);
      }
      case Map<?, ?> map -> object(map, budget, depth);
      default -> throw new MappingFault("an expression yields what is no JSON value");
    };
  }

  private static Json object(Map<?, ?> map, Budget budget, int depth) {
    var members = new LinkedHashMap<String, Json>();
    for (var entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new MappingFault("an expression yields a map whose keys are no texts");
      }
      members.put(name, json(entry.getValue(), budget, depth + 1));
    }
    return new Json.Obj(members);
  }
}
