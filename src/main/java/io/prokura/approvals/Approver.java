package io.prokura.approvals;

import io.prokura.kernel.Id;

/// Who may approve an action, as far as that is known before somebody does.
public sealed interface Approver {

  /// The person whose authority is exercised: the last of the chain, when that is a person.
  record Delegator() implements Approver {}

  /// One person.
  record User(Id.User id) implements Approver {}

  /// Everybody in a group, at the time of approving.
  record Group(Id.Group id) implements Approver {}
}
