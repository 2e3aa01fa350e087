package io.prokura.cedar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Changes JSON at one place or two: leaves a part out, puts it elsewhere, or puts something else
/// in its place.
final class JsonChanger {
  private static final List<String> PARTS =
      List.of(
          "null",
          "true",
          "1",
          "-0",
          "1.5",
          "\"\"",
          "\"a b\"",
          "\"permit\"",
          "[]",
          "{}",
          "{\"Var\":\"context\"}",
          "{\"Value\":{\"__extn\":{\"fn\":\"ip\",\"arg\":\"::1\"}}}",
          "{\"Value\":{\"__entity\":{\"type\":\"A\",\"id\":\"x\"}}}",
          "{\"__entity\":{\"type\":\"A\",\"id\":\"x\"}}",
          "{\"Value\":[{\"a\":[1,\"b\"]}]}",
          "{\"Slot\":\"?principal\"}",
          "{\"op\":\"All\"}",
          "{\"op\":\"==\",\"slot\":\"?principal\"}",
          "{\"op\":\"is\",\"entity_type\":\"A\"}");
  private static final List<String> NAMES =
      List.of("Value", "Var", "left", "arg", "attr", "op", "x", "ip", "isIpv4", "==", "Set", "in");

  private final Random random;
  private int countdown;

  private JsonChanger(Random random, int countdown) {
    this.random = random;
    this.countdown = countdown;
  }

  static String changed(Random random, String json) throws CedarSyntaxException {
    var plain = PlainJson.read(json, 3000);
    for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
      plain = new JsonChanger(random, random.nextInt(size(plain))).change(plain);
    }
    var out = new StringBuilder();
    write(plain, out);
    return out.toString();
  }

  private static int size(@Nullable Object plain) {
    int size = 1;
    if (plain instanceof Map<?, ?> map) {
      for (var value : map.values()) {
        size += size(value);
      }
    } else if (plain instanceof List<?> list) {
      for (var item : list) {
        size += size(item);
      }
    }
    return size;
  }

  private @Nullable Object change(@Nullable Object plain) throws CedarSyntaxException {
    if (countdown-- == 0) {
      return replaced(plain);
    }
    if (plain instanceof List<?> list) {
      var items = new ArrayList<@Nullable Object>();
      for (var item : list) {
        items.add(change(item));
      }
      return items;
    }
    if (plain instanceof Map<?, ?> map) {
      var members = new LinkedHashMap<String, @Nullable Object>();
      for (var entry : map.entrySet()) {
        members.put((String) entry.getKey(), change(entry.getValue()));
      }
      return members;
    }
    return plain;
  }

  private @Nullable Object replaced(@Nullable Object plain) throws CedarSyntaxException {
    if (plain instanceof Map<?, ?> map && !map.isEmpty() && random.nextInt(4) != 0) {
      var members = new LinkedHashMap<String, @Nullable Object>();
      var names = List.copyOf(map.keySet());
      var victim = names.get(random.nextInt(names.size()));
      for (var entry : map.entrySet()) {
        if (!entry.getKey().equals(victim)) {
          members.put((String) entry.getKey(), entry.getValue());
        } else if (random.nextInt(3) == 0) {
          members.put(pick(NAMES), entry.getValue());
        }
      }
      if (random.nextInt(3) == 0) {
        members.put(pick(NAMES), map.get(pick(names)));
      }
      return members;
    }
    if (plain instanceof List<?> list && !list.isEmpty() && random.nextBoolean()) {
      var items = new ArrayList<@Nullable Object>(list);
      items.remove(random.nextInt(items.size()));
      return items;
    }
    return PlainJson.read(pick(PARTS));
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  static void write(@Nullable Object plain, StringBuilder out) {
    switch (plain) {
      case Map<?, ?> map -> {
        out.append('{');
        for (var entry : map.entrySet()) {
          out.append(out.charAt(out.length() - 1) == '{' ? "" : ",");
          PlainJson.write((String) entry.getKey(), out);
          out.append(':');
          write(entry.getValue(), out);
        }
        out.append('}');
      }
      case List<?> list -> {
        out.append('[');
        for (var item : list) {
          out.append(out.charAt(out.length() - 1) == '[' ? "" : ",");
          write(item, out);
        }
        out.append(']');
      }
      case String text -> PlainJson.write(text, out);
      case null -> out.append("null");
      default -> out.append(plain);
    }
  }
}
