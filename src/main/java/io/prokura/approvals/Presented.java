package io.prokura.approvals;

/// What an approval that was presented with a question comes to.
public sealed interface Presented {

  /// It lets this action through; `repeated` when it already has, for the same request.
  record Usable(Approval approval, boolean repeated) implements Presented {}

  /// It does not count, and why.
  record Useless(Unusable why) implements Presented {}
}
