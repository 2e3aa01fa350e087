package io.prokura.cedar;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A test of the request that an index can look up.
sealed interface IndexKey {

  /// `variable == uid`.
  record Equal(Variable variable, EntityUid uid) implements IndexKey {}

  /// `variable in uid`.
  record In(Variable variable, EntityUid uid) implements IndexKey {}

  /// `variable is type`.
  record Is(Variable variable, EntityType type) implements IndexKey {}

  /// `variable.name == value`. The only test here that can fail: when the attribute is absent.
  record Attribute(Variable variable, String name, Value value) implements IndexKey {}

  /// Lists of keys such that the policy is not satisfied, and does not fail, unless at least one
  /// key of each list holds or fails.
  static List<List<IndexKey>> required(Policy policy) {
    var required = new ArrayList<List<IndexKey>>();
    addScope(Variable.PRINCIPAL, policy.principal(), required);
    addScope(Variable.RESOURCE, policy.resource(), required);
    addScope(policy.action(), required);
    for (var condition : policy.conditions()) {
      boolean when = condition.kind() == Condition.Kind.WHEN;
      if (!when || !addLeading(condition.body(), required)) {
        break;
      }
    }
    return required;
  }

  private static void addScope(Variable variable, Scope scope, List<List<IndexKey>> required) {
    switch (scope) {
      case Scope.Any _ -> {}
      case Scope.Equal(EntityUid uid) -> required.add(List.of(new Equal(variable, uid)));
      case Scope.In(EntityUid uid) -> required.add(List.of(new In(variable, uid)));
      case Scope.Is(var type) -> required.add(List.of(new Is(variable, type)));
      case Scope.IsIn(var type, EntityUid uid) -> {
        required.add(List.of(new In(variable, uid)));
        required.add(List.of(new Is(variable, type)));
      }
      case Scope.Equal _, Scope.In _, Scope.IsIn _ ->
          throw new IllegalArgumentException("the slot is not linked");
    }
  }

  private static void addScope(ActionScope scope, List<List<IndexKey>> required) {
    switch (scope) {
      case ActionScope.Any _ -> {}
      case ActionScope.Equal(var uid) -> required.add(List.of(new Equal(Variable.ACTION, uid)));
      case ActionScope.In(var uid) -> required.add(List.of(new In(Variable.ACTION, uid)));
      case ActionScope.InAny(var uids) ->
          required.add(uids.stream().<IndexKey>map(uid -> new In(Variable.ACTION, uid)).toList());
    }
  }

  /// Adds the keys of the terms of a conjunction, up to and with the first term that can fail: what
  /// comes after it must not hide that it fails. Says whether no term can fail.
  private static boolean addLeading(Expr expr, List<List<IndexKey>> required) {
    if (expr instanceof Expr.And(var left, var right)) {
      return addLeading(left, required) && addLeading(right, required);
    }
    var keys = keys(expr);
    keys.ifPresent(required::add);
    return keys.isPresent()
        ? keys.get().stream().noneMatch(Attribute.class::isInstance)
        : neverFails(expr);
  }

  private static boolean neverFails(Expr expr) {
    return switch (expr) {
      case Expr.Literal(BoolValue _) -> true;
      case Expr.Has(Expr.Var _, var path) -> path.size() == 1;
      case Expr.Not(var operand) -> neverFails(operand);
      default -> false;
    };
  }

  /// Keys of which one holds if the expression is true, and one fails if the expression does.
  private static Optional<List<IndexKey>> keys(Expr expr) {
    return switch (expr) {
      case Expr.Or(var left, var right) -> {
        var first = keys(left);
        var second = first.isEmpty() ? first : keys(right);
        yield second.isEmpty() ? second : Optional.of(joined(first.get(), second.get()));
      }
      case Expr.Is(Expr.Var(var variable), var type) when variable != Variable.CONTEXT ->
          Optional.of(List.of(new Is(variable, type)));
      case Expr.Binary(var operator, Expr.Var(var variable), Expr.Literal(EntityUid uid))
          when variable != Variable.CONTEXT ->
          switch (operator) {
            case EQUAL -> Optional.of(List.of(new Equal(variable, uid)));
            case IN -> Optional.of(List.of(new In(variable, uid)));
            default -> Optional.empty();
          };
      case Expr.Binary(var operator, Expr.Literal(EntityUid uid), Expr.Var(var variable))
          when variable != Variable.CONTEXT && operator == BinaryOperator.EQUAL ->
          Optional.of(List.of(new Equal(variable, uid)));
      case Expr.Binary(var operator, Expr.Var(var variable), Expr.SetOf(var elements))
          when variable != Variable.CONTEXT && operator == BinaryOperator.IN ->
          uids(elements)
              .map(uids -> uids.stream().<IndexKey>map(uid -> new In(variable, uid)).toList());
      case Expr.Binary(var operator, Expr.SetOf(var elements), Expr.Var(var variable))
          when variable != Variable.CONTEXT && operator == BinaryOperator.CONTAINS ->
          uids(elements)
              .map(uids -> uids.stream().<IndexKey>map(uid -> new Equal(variable, uid)).toList());
      case Expr.Binary(var operator, Expr.Attribute(Expr.Var(var variable), var name), var other)
          when operator == BinaryOperator.EQUAL ->
          Compiler.constant(other).map(value -> List.of(new Attribute(variable, name, value)));
      case Expr.Binary(var operator, var other, Expr.Attribute(Expr.Var(var variable), var name))
          when operator == BinaryOperator.EQUAL || operator == BinaryOperator.CONTAINS ->
          Compiler.constant(other).flatMap(value -> attributes(operator, value, variable, name));
      default -> Optional.empty();
    };
  }

  private static Optional<List<IndexKey>> attributes(
      BinaryOperator operator, Value value, Variable variable, String name) {
    if (operator == BinaryOperator.EQUAL) {
      return Optional.of(List.of(new Attribute(variable, name, value)));
    }
    // No key at all would hide that the attribute may be absent.
    return value instanceof SetValue(var elements) && !elements.isEmpty()
        ? Optional.of(
            elements.stream()
                .<IndexKey>map(element -> new Attribute(variable, name, element))
                .toList())
        : Optional.empty();
  }

  private static List<IndexKey> joined(List<IndexKey> first, List<IndexKey> second) {
    var joined = new ArrayList<>(first);
    joined.addAll(second);
    return joined;
  }

  private static Optional<List<EntityUid>> uids(List<Expr> elements) {
    var uids = new ArrayList<EntityUid>();
    for (var element : elements) {
      if (!(element instanceof Expr.Literal(EntityUid uid))) {
        return Optional.empty();
      }
      uids.add(uid);
    }
    return Optional.of(uids);
  }
}
