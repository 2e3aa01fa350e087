package io.prokura.app;

import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/// Bodies that differ from a good one in a single place, at and around the bounds that its schema
/// names: some are good and some are not.
final class ApiVariations {
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "nonsense",
          "a\u0000b",
          "a\nb",
          " a",
          "a\u2028b",
          "a@b@c",
          "A*",
          "2027-06-30T12:00:00.5Z",
          "2027-06-30T12:00:00+01:00");

  private final ApiDocument document;
  private final List<Variation> found = new ArrayList<>();

  /// A body, and where it differs: `covers/0/actions`.
  record Variation(String at, Json body) {}

  private ApiVariations(ApiDocument document) {
    this.document = document;
  }

  /// The variations of `body`, whose schema stands at `schema`.
  static List<Variation> of(ApiDocument document, String schema, Json body) {
    var variations = new ApiVariations(document);
    variations.vary("", schema, body, UnaryOperator.identity());
    return variations.found;
  }

  /// `whole` makes the whole body out of what stands in this place.
  private void vary(String at, String pointer, Json value, UnaryOperator<Json> whole) {
    var schema = (Json.Obj) document.at(pointer);
    var reference = schema.text("$ref");
    if (reference.isPresent()) {
      vary(at, reference.get(), value, whole);
      return;
    }
    others(value).forEach(other -> add(at, whole, other));
    switch (value) {
      case Json.Obj(var members) ->
          members.forEach(
              (name, member) -> {
                var without = new LinkedHashMap<>(members);
                without.remove(name);
                add(at + "/-" + name, whole, new Json.Obj(without));
                if (schema.object("properties").flatMap(all -> all.get(name)).isPresent()) {
                  vary(
                      at + "/" + name,
                      pointer + "/properties/" + name,
                      member,
                      inner -> whole.apply(with(members, name, inner)));
                }
              });
      case Json.Arr(var items) when !items.isEmpty() -> {
        lengths(at, schema, items.getFirst(), whole);
        vary(
            at + "/0",
            pointer + "/items",
            items.getFirst(),
            inner -> whole.apply(with(items, inner)));
      }
      case Json.Str(var text) -> texts(at, schema, text, whole);
      default -> {}
    }
  }

  /// Values of other types, and of this one where it has few.
  private static List<Json> others(Json value) {
    return switch (value) {
      case Json.Obj _ -> List.of(Json.text("x"), Json.array(List.of()), Json.object().build());
      case Json.Arr _ ->
          List.of(
              Json.text("x"),
              Json.array(List.of()),
              Json.array(List.of(Json.number(1))),
              Json.object().build());
      case Json.Whole _ ->
          List.of(Json.number(0), Json.number(1), Json.number(4), Json.number(5), Json.text("1"));
      case Json.Bool _ -> List.of(Json.flag(true), Json.flag(false), Json.text("true"));
      default -> List.of(Json.number(1), Json.array(List.of(value)));
    };
  }

  private void add(String at, UnaryOperator<Json> whole, Json value) {
    found.add(new Variation(at, whole.apply(value)));
  }

  private void texts(String at, Json.Obj schema, String text, UnaryOperator<Json> whole) {
    TEXTS.forEach(other -> add(at, whole, Json.text(other)));
    schema
        .number("maxLength")
        .ifPresent(
            max -> {
              add(at, whole, Json.text("a".repeat((int) (max - text.length())) + text));
              add(at, whole, Json.text("a".repeat((int) (max + 1 - text.length())) + text));
              add(at, whole, Json.text(text + "a".repeat((int) (max - text.length()))));
              add(at, whole, Json.text(text + "a".repeat((int) (max + 1 - text.length()))));
            });
  }

  /// The same twice, as many as there may be, and one more.
  private void lengths(String at, Json.Obj schema, Json item, UnaryOperator<Json> whole) {
    if (item instanceof Json.Str(var text)) {
      add(at, whole, Json.array(List.of(item, item)));
      schema
          .number("maxItems")
          .ifPresent(
              max -> {
                add(at, whole, many(text, max.intValue()));
                add(at, whole, many(text, max.intValue() + 1));
              });
    }
  }

  private static Json many(String text, int count) {
    var items = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      boolean isId = text.length() == 30 && text.charAt(3) == '_';
      items.add(isId ? text.substring(0, 4) + "%026d".formatted(i) : text + i);
    }
    return Json.texts(items);
  }

  private static Json with(SequencedMap<String, Json> members, String name, Json value) {
    var changed = new LinkedHashMap<>(members);
    changed.put(name, value);
    return new Json.Obj(changed);
  }

  private static Json with(List<Json> items, Json first) {
    var changed = new ArrayList<>(items);
    changed.set(0, first);
    return Json.array(changed);
  }
}
