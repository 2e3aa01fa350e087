package io.prokura.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All routes, arranged so that a path is looked up once whatever their number. A literal segment
/// wins over a parameter, and a parameter over the rest of a path.
final class RouteTable {

  /// A route and what is measured about it.
  record Row(Route route, Metrics.OfRoute metrics) {}

  /// The rows of one path template, by method, and the `Allow` header that names them.
  static final class Target {
    private final PathTemplate template;
    private final Map<String, Row> rows = new TreeMap<>();
    private String allow = "";

    private Target(PathTemplate template) {
      this.template = template;
    }

    private void add(Row row) {
      if (rows.put(row.route().method(), row) != null) {
        throw new IllegalArgumentException("two routes for " + row.route().path());
      }
      var methods = new TreeSet<>(rows.keySet());
      if (methods.contains("GET")) {
        methods.add("HEAD");
      }
      allow = String.join(", ", methods);
    }

    /// The row that answers this method, if there is one.
    @Nullable Row row(String method) {
      var row = rows.get(method);
      return row == null && method.equals("HEAD") ? rows.get("GET") : row;
    }

    String allow() {
      return allow;
    }

    /// The template of the path.
    String name() {
      return rows.values().iterator().next().route().path();
    }

    /// Whether scripts of other sites' pages may ask for this path.
    boolean isForAnyOrigin() {
      return rows.values().stream().anyMatch(row -> row.route().anyOrigin());
    }

    /// The form of errors on this path, whatever the method.
    ErrorForm form() {
      return ErrorForm.of(rows.values().iterator().next().route().access());
    }
  }

  /// Where a path leads: to a target, nowhere, or into the wall because it is malformed.
  sealed interface Match {
    record Found(Target target, Map<String, String> parameters) implements Match {}

    record Unknown() implements Match {}

    record Malformed() implements Match {}
  }

  private static final class Node {
    private final Map<String, Node> literals = new HashMap<>();
    private @Nullable Node parameter;
    private @Nullable Target target;
    private @Nullable Target rest;
  }

  private final Map<String, Match.Found> fixed = new HashMap<>();
  private final Node root = new Node();

  RouteTable(List<Route> routes, Metrics metrics) {
    var targets = new LinkedHashMap<List<String>, Target>();
    for (var route : routes) {
      var template = PathTemplate.parse(route.path());
      var shape = new ArrayList<>(template.segments());
      shape.add(template.takesRest() ? "..." : "");
      var target = targets.computeIfAbsent(shape, _ -> new Target(template));
      if (!target.template.names().equals(template.names())) {
        throw new IllegalArgumentException("other names for the same path: " + route.path());
      }
      target.add(new Row(route, metrics.ofRoute(route.path(), route.method())));
      place(target, route.path());
    }
  }

  private void place(Target target, String path) {
    if (target.template.names().isEmpty()) {
      fixed.put(path, new Match.Found(target, Map.of()));
      return;
    }
    var node = root;
    var segments = target.template.segments();
    int last = segments.size() - 1;
    for (int i = 0; i <= last; i++) {
      var segment = segments.get(i);
      if (i == last && target.template.takesRest()) {
        node.rest = target;
        return;
      }
      if (segment.isEmpty()) {
        var next = node.parameter;
        if (next == null) {
          next = new Node();
          node.parameter = next;
        }
        node = next;
      } else {
        node = node.literals.computeIfAbsent(segment, _ -> new Node());
      }
    }
    node.target = target;
  }

  /// Looks up a path as it stands in the request line, without the query.
  Match find(String path) {
    var match = fixed.get(path);
    if (match != null) {
      return match;
    }
    if (path.isEmpty() || path.charAt(0) != '/') {
      return new Match.Malformed();
    }
    var segments = split(path);
    var decoded = new ArrayList<String>(segments.size());
    for (var segment : segments) {
      var text = UrlEncoding.decodeSegment(segment);
      if (text == null) {
        return new Match.Malformed();
      }
      decoded.add(text);
    }
    var target = walk(root, segments, 0);
    return target == null
        ? new Match.Unknown()
        : new Match.Found(target, parameters(target.template, decoded));
  }

  /// The form of errors on a path; problem details where it leads nowhere.
  ErrorForm form(String path) {
    return find(path) instanceof Match.Found(var target, _) ? target.form() : ErrorForm.PROBLEM;
  }

  /// The template that a path has, or `none`.
  String name(String path) {
    return find(path) instanceof Match.Found(var target, _) ? target.name() : "none";
  }

  private static List<String> split(String path) {
    var segments = new ArrayList<String>(8);
    int start = 1;
    for (int end = path.indexOf('/', start); end >= 0; end = path.indexOf('/', start)) {
      segments.add(path.substring(start, end));
      start = end + 1;
    }
    segments.add(path.substring(start));
    return segments;
  }

  /// Goes no deeper than the longest template.
  private static @Nullable Target walk(Node node, List<String> segments, int at) {
    if (at == segments.size()) {
      return node.target;
    }
    var segment = segments.get(at);
    var next = node.literals.get(segment);
    var found = next == null ? null : walk(next, segments, at + 1);
    if (found == null && node.parameter != null && !segment.isEmpty()) {
      found = walk(node.parameter, segments, at + 1);
    }
    return found == null ? node.rest : found;
  }

  private static Map<String, String> parameters(PathTemplate template, List<String> decoded) {
    var parameters = new HashMap<String, String>();
    var names = template.names().iterator();
    var segments = template.segments();
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i).isEmpty()) {
        boolean rest = template.takesRest() && i == segments.size() - 1;
        var value = rest ? String.join("/", decoded.subList(i, decoded.size())) : decoded.get(i);
        parameters.put(names.next(), value);
      }
    }
    return parameters;
  }
}
