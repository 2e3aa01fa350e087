package io.prokura.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The path of a route, taken apart. `segments` holds the literal text of each segment, or the
/// empty string where a parameter stands; `names` the parameters from left to right.
record PathTemplate(List<String> segments, List<String> names, boolean takesRest) {

  PathTemplate {
    segments = List.copyOf(segments);
    names = List.copyOf(names);
  }

  /// The template written in `path`; throws when it is not one, which is a mistake in the table.
  static PathTemplate parse(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path starts with a slash: " + path);
    }
    var segments = new ArrayList<String>();
    var names = new ArrayList<String>();
    boolean takesRest = false;
    for (var part : path.substring(1).split("/", -1)) {
      if (takesRest) {
        throw new IllegalArgumentException("nothing may follow the rest: " + path);
      }
      if (part.startsWith("{") && part.endsWith("}")) {
        takesRest = part.endsWith("...}");
        names.add(part.substring(1, part.length() - (takesRest ? 4 : 1)));
        segments.add("");
      } else if ((part.isEmpty() && path.length() > 1)
          || part.contains("{")
          || part.contains("}")) {
        throw new IllegalArgumentException("not a segment: " + path);
      } else {
        segments.add(part);
      }
    }
    if (names.contains("") || new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException("parameters need names of their own: " + path);
    }
    return new PathTemplate(segments, names, takesRest);
  }
}
