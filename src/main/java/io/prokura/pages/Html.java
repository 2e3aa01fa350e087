package io.prokura.pages;

import java.util.List;

/// A piece of HTML. Whatever is put into a template is escaped unless it is a piece itself, so that
/// no text from outside becomes markup. Templates are constants of the pages; a hole is `{}` and
/// stands between tags or within double quotes.
record Html(String markup) {
  static final Html NONE = new Html("");
  private static final String HOLE = "{}";

  /// `template` with the values in its holes, in order; throws when their numbers differ.
  static Html of(String template, Object... values) {
    var out = new StringBuilder();
    int from = 0;
    for (var value : values) {
      int hole = template.indexOf(HOLE, from);
      if (hole < 0) {
        throw new IllegalArgumentException("more values than holes: " + template);
      }
      out.append(template, from, hole);
      out.append(value instanceof Html(var markup) ? markup : escaped(String.valueOf(value)));
      from = hole + HOLE.length();
    }
    if (template.indexOf(HOLE, from) >= 0) {
      throw new IllegalArgumentException("more holes than values: " + template);
    }
    return new Html(out.append(template, from, template.length()).toString());
  }

  static Html all(List<Html> pieces) {
    return new Html(String.join("", pieces.stream().map(Html::markup).toList()));
  }

  private static String escaped(String text) {
    var out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
