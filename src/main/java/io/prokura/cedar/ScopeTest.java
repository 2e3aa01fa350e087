package io.prokura.cedar;

import java.util.function.Predicate;

/// Whether a request is in the scope of a policy. It is one object that looks at the scope itself,
/// so that policies whose scopes are the same objects share all but a little memory.
final class ScopeTest implements Predicate<Evaluation> {
  private final Scope principal;
  private final ActionScope action;
  private final Scope resource;

  /// @throws IllegalArgumentException if a slot of the policy is not linked
  ScopeTest(Policy policy) {
    if (!policy.slots().isEmpty()) {
      throw new IllegalArgumentException("not linked: " + policy.slots());
    }
    principal = policy.principal();
    action = policy.action();
    resource = policy.resource();
  }

  /// Whether every request is in it.
  boolean isOpen() {
    return principal instanceof Scope.Any
        && action instanceof ActionScope.Any
        && resource instanceof Scope.Any;
  }

  @Override
  public boolean test(Evaluation evaluation) {
    var request = evaluation.request();
    return isIn(principal, request.principal(), evaluation)
        && isIn(request.action(), evaluation)
        && isIn(resource, request.resource(), evaluation);
  }

  private static boolean isIn(Scope scope, EntityUid uid, Evaluation evaluation) {
    return switch (scope) {
      case Scope.Any _ -> true;
      case Scope.Equal one -> uid.equals(one.entity());
      case Scope.In group -> isIn(uid, group.entity(), evaluation);
      case Scope.Is some -> uid.type().equals(some.type());
      case Scope.IsIn some ->
          uid.type().equals(some.type()) && isIn(uid, some.entity(), evaluation);
    };
  }

  private static boolean isIn(EntityUid uid, EntityReference group, Evaluation evaluation) {
    return group instanceof EntityUid ancestor && evaluation.in(uid, ancestor);
  }

  private boolean isIn(EntityUid uid, Evaluation evaluation) {
    return switch (action) {
      case ActionScope.Any _ -> true;
      case ActionScope.Equal one -> uid.equals(one.action());
      case ActionScope.In group -> evaluation.in(uid, group.action());
      case ActionScope.InAny some -> {
        for (int i = 0; i < some.actions().size(); i++) {
          if (evaluation.in(uid, some.actions().get(i))) {
            yield true;
          }
        }
        yield false;
      }
    };
  }
}
