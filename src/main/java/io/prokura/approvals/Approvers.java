package io.prokura.approvals;

import io.prokura.kernel.Id;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who may approve an action. `named` says that a policy names them; without one it is the person
/// whose authority is exercised.
public record Approvers(List<Approver> anyOf, boolean named) {
  private static final String USER = "user:";
  private static final String GROUP = "group:";

  /// How many a policy may name.
  public static final int MAX = 20;

  public Approvers {
    anyOf = List.copyOf(anyOf);
    if (anyOf.isEmpty() || anyOf.size() > MAX) {
      throw new IllegalArgumentException("1 to " + MAX + " approvers");
    }
  }

  /// Where no policy names anybody.
  public static Approvers byDefault() {
    return new Approvers(List.of(new Approver.Delegator()), false);
  }

  /// The approvers in a policy's annotation: `delegator`, `user:usr_…` and `group:grp_…`, between
  /// commas. Empty when `text` is not that.
  public static Optional<Approvers> parse(String text) {
    var anyOf = new ArrayList<Approver>();
    for (var word : text.split(",", -1)) {
      var one = approver(word.strip());
      if (one.isEmpty() || anyOf.size() == MAX) {
        return Optional.empty();
      }
      anyOf.add(one.get());
    }
    return Optional.of(named(anyOf));
  }

  private static Optional<Approver> approver(String word) {
    if (word.equals("delegator")) {
      return Optional.of(new Approver.Delegator());
    }
    if (word.startsWith(USER)) {
      return Id.User.parse(word.substring(USER.length())).map(Approver.User::new);
    }
    return word.startsWith(GROUP)
        ? Id.Group.parse(word.substring(GROUP.length())).map(Approver.Group::new)
        : Optional.empty();
  }

  /// Those whom a policy names.
  public static Approvers named(List<Approver> anyOf) {
    return new Approvers(anyOf, true);
  }
}
