package io.prokura.directory;

import io.prokura.kernel.Id;
import java.util.List;
import java.util.TreeSet;

/// A named set of users, ordered by id. The name is unique without regard to case.
public record Group(Id.Group id, String name, List<Id.User> members, long version) {
  /// Characters that a group's name may have.
  public static final int NAME_MAX = 200;

  public Group {
    if (!isName(name)) {
      throw new IllegalArgumentException("not a group name");
    }
    var ordered = new TreeSet<>(java.util.Comparator.comparing(Id.User::text));
    ordered.addAll(members);
    members = List.copyOf(ordered);
  }

  /// Whether `text` can be a group's name: 1 to [#NAME_MAX] printable characters.
  public static boolean isName(String text) {
    return Names.isPrintable(text, NAME_MAX);
  }

  Group withVersion(long next) {
    return new Group(id, name, members, next);
  }
}
