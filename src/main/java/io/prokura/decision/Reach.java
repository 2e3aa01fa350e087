package io.prokura.decision;

import io.prokura.catalogue.Action;
import io.prokura.catalogue.Resource;
import io.prokura.kernel.Id;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How far a principal gets with one action on the objects of one type of a resource, by itself or
/// on somebody's behalf.
///
/// `policies` are the ids of those that settle it; `open` those of which it depends on the object
/// or the circumstances whether they do. `reason` says why it is denied. `purposes` are the names
/// of the agent's declared purposes that cover the action; none where none is needed.
public record Reach(
    Id.Principal principal,
    Resource resource,
    String type,
    Action action,
    boolean onBehalf,
    Access access,
    Optional<Reason> reason,
    List<String> policies,
    List<String> open,
    List<String> purposes) {

  public Reach {
    policies = List.copyOf(policies);
    open = List.copyOf(open);
    purposes = List.copyOf(purposes);
  }

  /// How far.
  public enum Access {
    /// Allowed for every object in all circumstances.
    ALLOWED,
    /// Denied for every object in all circumstances.
    DENIED,
    /// It depends on the object or the circumstances.
    DEPENDS,
    /// No policy of this server forbids it; the resource itself knows what the person may do.
    HELD;

    /// The word in answers: `depends`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
