package io.prokura.cedar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The way from the top of a JSON value to the part that is being read, with the error messages and
/// checks that every reader of JSON needs.
final class PlainPath {
  private static final int STEPS_SHOWN_MAX = 20;
  private static final int LENGTH_MAX = 300;

  private final List<String> steps = new ArrayList<>();

  void enter(String step) {
    steps.add(step);
  }

  void leave() {
    steps.removeLast();
  }

  /// A problem with the part that is being read.
  TypeMismatchException error(String problem) {
    return new TypeMismatchException(toString(), problem);
  }

  /// The members of an object.
  Map<String, @Nullable Object> object(@Nullable Object json) throws TypeMismatchException {
    return PlainJson.object(json).orElseThrow(() -> error("expected an object"));
  }

  /// The members of an object that has to have some members and may have others.
  Map<String, @Nullable Object> members(
      @Nullable Object json, Set<String> required, Set<String> optional)
      throws TypeMismatchException {
    var members = object(json);
    for (var name : required) {
      if (!members.containsKey(name)) {
        throw error("the member `" + name + "` is missing");
      }
    }
    for (var name : members.keySet()) {
      if (!required.contains(name) && !optional.contains(name)) {
        throw error("the member " + Quoted.string(Quoted.shortened(name)) + " is unknown");
      }
    }
    return members;
  }

  List<? extends @Nullable Object> list(@Nullable Object json) throws TypeMismatchException {
    if (json instanceof List<?> list) {
      return list;
    }
    throw error("expected a list");
  }

  String string(Map<String, ? extends @Nullable Object> members, String name)
      throws TypeMismatchException {
    if (members.get(name) instanceof String string) {
      return string;
    }
    throw error("the member `" + name + "` has to be a string");
  }

  EntityType entityType(Map<String, ? extends @Nullable Object> members, String name)
      throws TypeMismatchException {
    var type = string(members, name);
    if (!Names.isPath(type)) {
      throw error("not an entity type: " + Quoted.string(Quoted.shortened(type)));
    }
    return new EntityType(type);
  }

  /// The steps joined by dots; only the last ones if there are many.
  @Override
  public String toString() {
    int left = Math.max(0, steps.size() - STEPS_SHOWN_MAX);
    var path = left > 0 ? "..." : "";
    for (var step : steps.subList(left, steps.size())) {
      path = join(path, step);
    }
    return path;
  }

  /// The path of a member of what is at a path. Long names are cut short, and so are long paths, of
  /// which the end is kept: nothing is copied again and again.
  static String join(String path, String member) {
    return bounded(
        path.isEmpty() ? Quoted.shortened(member) : path + "." + Quoted.shortened(member));
  }

  /// The path of an item of the list that is at a path.
  static String join(String path, int index) {
    return bounded(path + "[" + index + "]");
  }

  private static String bounded(String path) {
    if (path.length() <= LENGTH_MAX) {
      return path;
    }
    int start = path.length() - LENGTH_MAX / 2;
    return "..." + path.substring(Character.isLowSurrogate(path.charAt(start)) ? start + 1 : start);
  }
}
