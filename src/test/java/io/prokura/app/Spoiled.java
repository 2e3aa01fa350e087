package io.prokura.app;

import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A good JSON body, wrong in one place.
final class Spoiled {
  /// Stands for half a surrogate pair, which no encoder writes by itself.
  private static final String HALF = "half a pair";

  /// The member with the content of a file, which may be long.
  private static final String FILE_TEXT = "text";

  private static final Json LONG = Json.text("a".repeat(5_000));

  private static final List<Json> WRONG =
      List.of(
          Json.text(" "),
          Json.text("\u0000"),
          Json.text("a\u0000b"),
          Json.text(HALF),
          Json.text("\u202e"),
          LONG,
          Json.number(-1),
          Json.number(Long.MAX_VALUE),
          new Json.Fraction(1.5),
          Json.flag(true),
          Json.flag(false),
          Json.texts(List.of()),
          Json.array(List.of(Json.number(1))),
          Json.array(List.of(new Json.Null())),
          Json.array(List.of(Json.array(List.of()))),
          Json.texts(List.of("\u0000")),
          Json.texts(List.of(HALF)),
          Json.texts(List.of("a", "a")),
          Json.texts(IntStream.range(0, 201).mapToObj(i -> "a" + i).toList()),
          Json.object().build(),
          Json.object().put("a", 1).build());

  private Spoiled() {}

  /// The body with one member, at any depth, of a value that it cannot have.
  static List<String> of(Json.Obj body) {
    return wrong(body).map(one -> one.toText().replace(HALF, "\\ud800")).toList();
  }

  private static Stream<Json> wrong(Json value) {
    return switch (value) {
      case Json.Obj(var members) ->
          members.entrySet().stream()
              .flatMap(
                  member ->
                      values(member.getValue())
                          .filter(
                              wrong -> !wrong.equals(LONG) || !member.getKey().equals(FILE_TEXT))
                          .map(
                              wrong -> {
                                var changed = new LinkedHashMap<>(members);
                                changed.put(member.getKey(), wrong);
                                return new Json.Obj(changed);
                              }));
      case Json.Arr(var items) when !items.isEmpty() ->
          wrong(items.getFirst())
              .map(
                  first -> {
                    var changed = new ArrayList<>(items);
                    changed.set(0, first);
                    return Json.array(changed);
                  });
      default -> Stream.of();
    };
  }

  /// Wrong values for a member that has this one. No list is wrong where there may be one, and
  /// text that only looks odd is not wrong where any text is good, nor a blank where no text is.
  private static Stream<Json> values(Json value) {
    var others =
        WRONG.stream()
            .filter(wrong -> !(wrong.equals(Json.texts(List.of())) && value instanceof Json.Arr))
            .filter(wrong -> !(wrong instanceof Json.Bool && value instanceof Json.Bool))
            .filter(wrong -> !wrong.equals(Json.text("\u202e")) || !(value instanceof Json.Str))
            .filter(wrong -> !wrong.equals(Json.text(" ")) || !value.equals(Json.text("")));
    return Stream.concat(others, wrong(value));
  }
}
