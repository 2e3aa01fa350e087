package io.prokura.cedar;

import java.util.List;

/// Which actions a policy is about.
public sealed interface ActionScope {

  /// Every action.
  record Any() implements ActionScope {}

  /// One action: `action == Action::"view"`.
  record Equal(EntityUid action) implements ActionScope {}

  /// An action or the members of an action group: `action in Action::"read"`.
  record In(EntityUid action) implements ActionScope {}

  /// Any of several actions and groups: `action in [Action::"view", Action::"list"]`.
  record InAny(List<EntityUid> actions) implements ActionScope {

    public InAny {
      actions = List.copyOf(actions);
    }
  }
}
