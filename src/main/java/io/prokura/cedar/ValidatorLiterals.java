package io.prokura.cedar;

import java.util.List;
import java.util.function.Supplier;

/// Checks that every entity, action and entity type a policy names is declared, even where the
/// policy can never get to.
final class ValidatorLiterals {
  private final Schema schema;
  private final ValidatorReport report;

  ValidatorLiterals(Schema schema, ValidatorReport report) {
    this.schema = schema;
    this.report = report;
  }

  void check(Scope scope, Supplier<Position> place) {
    switch (scope) {
      case Scope.Any _ -> {}
      case Scope.Equal(var entity) -> check(entity, place);
      case Scope.In(var entity) -> check(entity, place);
      case Scope.Is(var type) -> check(type, place);
      case Scope.IsIn(var type, var entity) -> {
        check(type, place);
        check(entity, place);
      }
    }
  }

  void check(ActionScope scope, Supplier<Position> place) {
    switch (scope) {
      case ActionScope.Any _ -> {}
      case ActionScope.Equal(var action) -> check(action, place);
      case ActionScope.In(var action) -> check(action, place);
      case ActionScope.InAny(var actions) -> {
        for (var action : actions) {
          check(action, place);
        }
      }
    }
  }

  private void check(EntityReference reference, Supplier<Position> place) {
    switch (reference) {
      case EntityUid uid -> check(uid, place);
      case Slot _ -> {}
    }
  }

  private void check(EntityUid uid, Supplier<Position> place) {
    if (uid.type().isAction()) {
      if (schema.action(uid).isEmpty()) {
        report.error(place.get(), "the action " + uid + " is not declared" + hint(uid));
      }
      return;
    }
    check(uid.type(), place);
    schema
        .entityType(uid.type())
        .filter(type -> type.isEnumerated() && !type.ids().contains(uid.id()))
        .ifPresent(
            type ->
                report.error(
                    place.get(),
                    "the enumerated entity type "
                        + uid.type()
                        + " has no "
                        + Quoted.string(uid.id())
                        + ValidationSpelling.hint(uid.id(), type.ids())));
  }

  /// The action of the same name in another namespace, or of nearly the same name in this one.
  private String hint(EntityUid uid) {
    for (var action : schema.actions().keySet()) {
      if (action.id().equals(uid.id())) {
        return " (did you mean '" + action + "'?)";
      }
    }
    var ids =
        schema.actions().keySet().stream()
            .filter(action -> action.type().equals(uid.type()))
            .map(EntityUid::id)
            .toList();
    return ValidationSpelling.hint(uid.id(), ids);
  }

  private void check(EntityType type, Supplier<Position> place) {
    if (!type.isAction() && schema.entityType(type).isEmpty()) {
      var types = schema.entityTypes().keySet().stream().map(EntityType::name).toList();
      report.error(
          place.get(),
          "the entity type "
              + type
              + " is not declared"
              + ValidationSpelling.hint(type.name(), types));
    }
  }

  /// Checks an expression and everything in it.
  void check(Expr expr, Source source) {
    report.step();
    switch (expr) {
      case Expr.Literal(EntityUid uid) -> check(uid, () -> source.positionOf(expr));
      case Expr.Literal _, Expr.Var _ -> {}
      case Expr.If(var condition, var consequent, var alternative) ->
          check(List.of(condition, consequent, alternative), source);
      case Expr.And(var left, var right) -> check(List.of(left, right), source);
      case Expr.Or(var left, var right) -> check(List.of(left, right), source);
      case Expr.Not(var operand) -> check(operand, source);
      case Expr.Negate(var operand) -> check(operand, source);
      case Expr.Binary(_, var left, var right) -> check(List.of(left, right), source);
      case Expr.IsEmpty(var operand) -> check(operand, source);
      case Expr.Attribute(var operand, _) -> check(operand, source);
      case Expr.Has(var operand, _) -> check(operand, source);
      case Expr.Like(var operand, _) -> check(operand, source);
      case Expr.Is(var operand, var type) -> {
        check(operand, source);
        check(type, () -> source.positionOf(expr));
      }
      case Expr.IsIn(var operand, var type, var ancestor) -> {
        check(List.of(operand, ancestor), source);
        check(type, () -> source.positionOf(expr));
      }
      case Expr.SetOf(var elements) -> check(elements, source);
      case Expr.RecordOf(var attributes) -> check(List.copyOf(attributes.values()), source);
      case Expr.Call(_, var arguments) -> check(arguments, source);
    }
  }

  private void check(List<Expr> exprs, Source source) {
    for (var expr : exprs) {
      check(expr, source);
    }
  }
}
