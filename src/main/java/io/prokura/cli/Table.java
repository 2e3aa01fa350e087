package io.prokura.cli;

import io.prokura.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Sets JSON objects out for a terminal of 100 columns, or more where it takes more not to break a
/// word: an id or an address is there to be copied.
final class Table {
  static final int WIDTH = 100;
  private static final int NARROW = 12;
  private static final String GAP = "  ";

  private Table() {}

  /// One line for each item under the names of the columns. Where lines are too long, the widest
  /// columns are cut, but no cell within its first word.
  static String of(List<String> columns, List<Json.Obj> items) {
    var rows = new ArrayList<List<String>>();
    rows.add(columns.stream().map(Table::heading).toList());
    for (var item : items) {
      rows.add(columns.stream().map(column -> cell(item, column)).toList());
    }
    var widths = widths(rows);
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
  }

  private static List<Integer> widths(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    var widths = new ArrayList<Integer>();
    var spare = new ArrayList<Integer>();
    for (int i = 0; i < columns; i++) {
      int column = i;
      int width = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
      int least = rows.stream().mapToInt(row -> least(row.get(column))).max().orElse(0);
      widths.add(width);
      spare.add(Math.max(0, width - Math.max(NARROW, least)));
    }
    int over = widths.stream().mapToInt(Integer::intValue).sum() - WIDTH;
    for (over += GAP.length() * (columns - 1); over > 0 && Collections.max(spare) > 0; over--) {
      int widest =
          IntStream.range(0, columns)
              .filter(i -> spare.get(i) > 0)
              .reduce((a, b) -> widths.get(a) >= widths.get(b) ? a : b)
              .orElseThrow();
      widths.set(widest, widths.get(widest) - 1);
      spare.set(widest, spare.get(widest) - 1);
    }
    return widths;
  }

  /// The width at which a cell still shows its first word, and that there are more.
  private static int least(String cell) {
    int space = cell.indexOf(' ');
    return space < 0 ? cell.length() : space + 1;
  }

  private static String line(List<String> row, List<Integer> widths) {
    var line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      var cell = Text.cut(row.get(i), widths.get(i));
      line.append(i == 0 ? "" : GAP).append(cell).repeat(' ', widths.get(i) - cell.length());
    }
    return line.toString().stripTrailing();
  }

  /// One line for each member of an object. Objects in it and lists of objects follow under their
  /// names.
  static String of(Json.Obj object) {
    var plain = new LinkedHashMap<String, String>();
    var parts = new ArrayList<String>();
    object
        .members()
        .forEach(
            (name, value) -> {
              var rows = rows(value);
              if (value instanceof Json.Obj inner && !inner.members().isEmpty()) {
                parts.add(part(name, of(inner)));
              } else if (!rows.isEmpty()) {
                parts.add(part(name, of(columns(rows), rows)));
              } else {
                plain.put(Text.printable(name), text(name, value));
              }
            });
    int width = plain.keySet().stream().mapToInt(String::length).max().orElse(0);
    var lines = new ArrayList<String>();
    plain.forEach(
        (label, value) ->
            lines.add((label + " ".repeat(width - label.length()) + GAP + value).stripTrailing()));
    lines.addAll(parts);
    return String.join("\n", lines);
  }

  private static String part(String name, String content) {
    var lines =
        content
            .lines()
            .dropWhile(String::isEmpty)
            .map(line -> line.isEmpty() ? line : GAP + line)
            .toList();
    return "\n" + heading(name) + "\n" + String.join("\n", lines);
  }

  private static List<Json.Obj> rows(Json value) {
    return value instanceof Json.Arr(var items)
            && items.stream().allMatch(Json.Obj.class::isInstance)
        ? items.stream().map(Json.Obj.class::cast).toList()
        : List.of();
  }

  private static List<String> columns(List<Json.Obj> rows) {
    return rows.stream().flatMap(row -> row.members().keySet().stream()).distinct().toList();
  }

  private static String heading(String name) {
    var last = name.substring(name.lastIndexOf('.') + 1);
    return Text.printable(last.replaceAll("([a-z])([A-Z])", "$1 $2")).toUpperCase(Locale.ROOT);
  }

  /// The member that a column shows: `leaf.type` is the member `type` of the object `leaf`.
  private static String cell(Json.Obj item, String column) {
    int dot = column.indexOf('.');
    if (dot > 0) {
      return item.object(column.substring(0, dot))
          .map(inner -> cell(inner, column.substring(dot + 1)))
          .orElse("");
    }
    return item.get(column).map(value -> text(column, value)).orElse("");
  }

  /// A value as a person reads it. A leaf has the time of its entry in milliseconds.
  private static String text(String name, Json value) {
    return switch (value) {
      case Json.Str(var text) -> Text.printable(text);
      case Json.Bool(var flag) -> flag ? "yes" : "no";
      case Json.Null _ -> "";
      case Json.Arr(var items) ->
          items.stream().map(item -> text("", item)).collect(Collectors.joining(", "));
      case Json.Obj(var members) ->
          members.entrySet().stream()
              .map(one -> Text.printable(one.getKey()) + " " + text(one.getKey(), one.getValue()))
              .collect(Collectors.joining(", "));
      case Json.Whole(var number) ->
          name.equals("at") ? Instant.ofEpochMilli(number).toString() : value.toText();
      case Json.Fraction _ -> value.toText();
    };
  }
}
