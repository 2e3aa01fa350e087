package io.prokura.cli;

import io.prokura.json.Json;

/// Turns what a server sent into text for a terminal.
public final class Text {
  private Text() {}

  /// The text with every character that could steer a terminal, or turn the order of what is read,
  /// replaced by a question mark. Newlines are replaced too.
  public static String printable(String text) {
    var out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> out.appendCodePoint(isPrintable(c) ? c : '?'));
    return out.toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /// The text, with an ellipsis for what goes beyond `width` characters.
  public static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
  }

  /// The JSON over several lines, two spaces a level; short arrays and objects stay on theirs. What
  /// could steer a terminal is escaped, so that it is the same JSON all the same.
  public static String pretty(Json json) {
    var out = new StringBuilder();
    write(out, json, "\n");
    return escaped(out.toString());
  }

  private static String escaped(String json) {
    var out = new StringBuilder(json.length());
    json.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || isPrintable(c)) {
                out.appendCodePoint(c);
              } else {
                for (char unit : Character.toChars(c)) {
                  out.append("\\u%04x".formatted((int) unit));
                }
              }
            });
    return out.toString();
  }

  private static void write(StringBuilder out, Json json, String newline) {
    var flat = json.toText();
    var inner = newline + "  ";
    switch (json) {
      case Json.Obj(var members) when !members.isEmpty() && flat.length() > 60 -> {
        var before = "{";
        for (var member : members.entrySet()) {
          out.append(before).append(inner).append(Json.text(member.getKey()).toText());
          write(out.append(": "), member.getValue(), inner);
          before = ",";
        }
        out.append(newline).append('}');
      }
      case Json.Arr(var items) when !items.isEmpty() && flat.length() > 60 -> {
        var before = "[";
        for (var item : items) {
          write(out.append(before).append(inner), item, inner);
          before = ",";
        }
        out.append(newline).append(']');
      }
      case Json.Obj _, Json.Arr _ -> out.append(spaced(json));
      case Json.Str _, Json.Whole _, Json.Fraction _, Json.Bool _, Json.Null _ -> out.append(flat);
    }
  }

  /// On one line, with a space after every colon and comma.
  private static String spaced(Json json) {
    return switch (json) {
      case Json.Obj(var members) -> {
        var parts =
            members.entrySet().stream()
                .map(one -> Json.text(one.getKey()).toText() + ": " + spaced(one.getValue()))
                .toList();
        yield "{" + String.join(", ", parts) + "}";
      }
      case Json.Arr(var items) ->
          "[" + String.join(", ", items.stream().map(Text::spaced).toList()) + "]";
      case Json.Str _, Json.Whole _, Json.Fraction _, Json.Bool _, Json.Null _ -> json.toText();
    };
  }
}
