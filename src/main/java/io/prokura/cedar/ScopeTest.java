package io.prokura.cedar;

/// Whether a request is in the scope of a policy.
final class ScopeTest {
  private ScopeTest() {}

  static boolean test(CompiledPolicy policy, Evaluation evaluation) {
    var request = evaluation.request();
    return isIn(policy.principal(), request.principal(), evaluation)
        && isIn(policy.action(), request.action(), evaluation)
        && isIn(policy.resource(), request.resource(), evaluation);
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

  private static boolean isIn(ActionScope action, EntityUid uid, Evaluation evaluation) {
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
