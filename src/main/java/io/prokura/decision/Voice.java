package io.prokura.decision;

import io.prokura.kernel.Id;
import java.util.List;
import java.util.Locale;

/// What the policies say about one participant of a question, and which of them.
public record Voice(Id.Principal principal, Verdict verdict, List<String> policies) {

  /// What they say.
  public enum Verdict {
    /// Something permits it and nothing forbids it.
    ALLOWS,
    /// Something forbids it.
    FORBIDS,
    /// Nothing permits it.
    SILENT,
    /// A policy could not be evaluated, so it counts as a no.
    FAILS,
    /// Nothing forbids it, and the resource itself holds the person's rights.
    HELD;

    /// Whether it keeps nobody from acting.
    boolean isYes() {
      return this == ALLOWS || this == HELD;
    }

    /// The word in answers: `allows`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Voice {
    policies = List.copyOf(policies);
  }

  /// Whether it keeps nobody from acting.
  public boolean isYes() {
    return verdict.isYes();
  }
}
