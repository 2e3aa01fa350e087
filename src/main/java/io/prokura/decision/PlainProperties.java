package io.prokura.decision;

import io.prokura.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an enforcer says about something, as the plain values that a schema reads.
final class PlainProperties {
  private PlainProperties() {}

  /// The properties of a part (`subject`, `action`, `resource`, `context`) that the enforcer is
  /// trusted to assert; `asserts` names them as `resource.status`.
  static Map<String, @Nullable Object> trusted(
      String part, Json.Obj properties, Iterable<String> asserts) {
    if (properties.members().isEmpty()) {
      return Map.of();
    }
    var trusted = new LinkedHashMap<String, @Nullable Object>();
    var prefix = part + ".";
    for (var name : asserts) {
      if (name.startsWith(prefix)) {
        var property = name.substring(prefix.length());
        properties.get(property).ifPresent(value -> trusted.put(property, plain(value)));
      }
    }
    return trusted;
  }

  /// Recursion is bounded by the depth that the JSON reader allows.
  private static @Nullable Object plain(Json json) {
    return switch (json) {
      case Json.Str(var value) -> value;
      case Json.Whole(var value) -> value;
      case Json.Fraction(var value) -> BigDecimal.valueOf(value);
      case Json.Bool(var value) -> value;
      case Json.Null _ -> null;
      case Json.Arr(var items) -> {
        var list = new ArrayList<@Nullable Object>();
        items.forEach(item -> list.add(plain(item)));
        yield list;
      }
      case Json.Obj(var members) -> {
        var map = new LinkedHashMap<String, @Nullable Object>();
        members.forEach((name, value) -> map.put(name, plain(value)));
        yield map;
      }
    };
  }
}
