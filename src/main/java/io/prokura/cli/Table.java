package io.prokura.cli;

import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Sets JSON objects out for a terminal of 100 columns.
final class Table {
  static final int WIDTH = 100;
  private static final int NARROW = 12;
  private static final String GAP = "  ";

  private Table() {}

  /// One line for each item under the names of the columns. The first column is never cut, the
  /// widest of the others are, until the lines fit.
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
    var widths =
        IntStream.range(0, rows.getFirst().size())
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .boxed()
            .collect(Collectors.toCollection(ArrayList::new));
    int gaps = GAP.length() * (widths.size() - 1);
    while (sum(widths) + gaps > WIDTH && widths.size() > 1) {
      var others = widths.subList(1, widths.size());
      int widest = Collections.max(others);
      if (widest <= NARROW) {
        break;
      }
      others.set(others.indexOf(widest), widest - 1);
    }
    return widths;
  }

  private static int sum(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).sum();
  }

  private static String line(List<String> row, List<Integer> widths) {
    var line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      var cell = Text.cut(row.get(i), widths.get(i));
      line.append(i == 0 ? "" : GAP).append(cell).repeat(' ', widths.get(i) - cell.length());
    }
    return line.toString().stripTrailing();
  }

  /// One line for each member of an object; lists of objects follow as tables of their own.
  static String of(Json.Obj object) {
    var lines = new ArrayList<String>();
    var tables = new ArrayList<String>();
    int width = object.members().keySet().stream().mapToInt(String::length).max().orElse(0);
    object
        .members()
        .forEach(
            (name, value) -> {
              var rows = rows(value);
              if (rows.isEmpty()) {
                var label = Text.printable(name);
                lines.add(label + " ".repeat(width - label.length()) + GAP + text(value));
              } else {
                tables.add(
                    "\n"
                        + heading(name)
                        + "\n"
                        + of(columns(rows), rows).indent(2).stripTrailing());
              }
            });
    lines.addAll(tables);
    return String.join("\n", lines);
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
    return item.get(column).map(Table::text).orElse("");
  }

  private static String text(Json value) {
    return switch (value) {
      case Json.Str(var text) -> Text.printable(text);
      case Json.Bool(var flag) -> flag ? "yes" : "no";
      case Json.Null _ -> "";
      case Json.Arr(var items) -> items.stream().map(Table::text).collect(Collectors.joining(", "));
      case Json.Obj(var members) ->
          members.entrySet().stream()
              .map(one -> Text.printable(one.getKey()) + " " + text(one.getValue()))
              .collect(Collectors.joining(", "));
      case Json.Whole _, Json.Fraction _ -> value.toText();
    };
  }
}
