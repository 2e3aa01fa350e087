package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the ids in the description's examples stand for, learned from the answers.
final class Examples {
  private static final Pattern ID = Pattern.compile("[a-z]{3}_[0-9a-z]{26}");

  /// Members of examples whose values no server gives twice.
  private static final Set<String> VOLATILE =
      Set.of("access_token", "cutoff", "jkt", "next", "nonce", "sealed", "secret", "token");

  private final Map<String, String> known = new HashMap<>();

  /// Says what stands here for a text of the examples.
  void knows(String example, String real) {
    known.put(example, real);
  }

  /// The value with everything that is known to stand for something else replaced.
  Json real(Json example) {
    return switch (example) {
      case Json.Str(var text) -> Json.text(real(text));
      case Json.Arr(var items) -> Json.array(items.stream().map(this::real).toList());
      case Json.Obj(var members) -> {
        var real = new LinkedHashMap<String, Json>();
        members.forEach((name, value) -> real.put(name, real(value)));
        yield new Json.Obj(real);
      }
      default -> example;
    };
  }

  String real(String example) {
    assertThat(known.containsKey(example) || !ID.matcher(example).matches())
        .as("somebody made what the examples call %s", example)
        .isTrue();
    return known.getOrDefault(example, example);
  }

  /// That an answer is the example, but for ids and what no server gives twice.
  void same(String at, Json example, Json answer) {
    switch (example) {
      case Json.Obj(var members) when answer instanceof Json.Obj object -> {
        assertThat(object.members().keySet()).as("members of %s", at).isEqualTo(members.keySet());
        members.forEach(
            (name, value) -> {
              if (!VOLATILE.contains(name)) {
                same(at + "/" + name, value, object.get(name).orElseThrow());
              }
            });
      }
      case Json.Arr(var items) when answer instanceof Json.Arr(var others) -> {
        assertThat(others).as("items of %s", at).hasSameSizeAs(items);
        for (int i = 0; i < items.size(); i++) {
          same(at + "/" + i, items.get(i), others.get(i));
        }
      }
      case Json.Str(var text) when isId(text, answer) -> {
        var real = ((Json.Str) answer).value();
        assertThat(known.getOrDefault(text, real)).as(at).isEqualTo(real);
        knows(text, real);
      }
      case Json.Str(var text) when text.contains("#") ->
          assertThat(answer).as(at).isEqualTo(Json.text(madeOf(text)));
      default -> assertThat(answer).as(at).isEqualTo(example);
    }
  }

  /// A text made of ids between number signs, with the real ones.
  private String madeOf(String example) {
    return Arrays.stream(example.split("#")).map(this::real).collect(Collectors.joining("#"));
  }

  private static boolean isId(String example, Json answer) {
    return answer instanceof Json.Str(var real)
        && ID.matcher(example).matches()
        && ID.matcher(real).matches()
        && real.startsWith(example.substring(0, 4));
  }
}
