package io.prokura.cedar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Evaluates policies for a request of which not everything is known. What is said for certain is
/// certain: a policy that holds is satisfied by every request that the partial one stands for. Not
/// all that could be found out is; what is left open is no more than open.
public final class PartialEvaluation {
  private final PartialRequest request;
  private final Evaluation known;

  /// `entities` finds everything but the resource.
  public PartialEvaluation(PartialRequest request, Entities entities) {
    this.request = request;
    // Never looked at: what names the resource or the context is not evaluated here.
    var nobody = new EntityUid(request.resource(), "");
    known =
        new Evaluation(
            new Request(
                request.principal(), request.action(), nobody, new RecordValue(request.context())),
            entities);
  }

  /// What a policy comes to.
  public Prospect of(Policy policy) {
    boolean open = false;
    boolean risky = false;
    for (var written : clauses(policy)) {
      var clause = filled(written);
      try {
        var value = value(clause);
        if (value.isEmpty()) {
          open = true;
          risky |= mayFail(clause);
        } else if (!Operations.bool(value.get())) {
          return risky ? Prospect.RISKY : Prospect.DOES_NOT_HOLD;
        }
      } catch (EvaluationException e) {
        return open ? Prospect.RISKY : Prospect.FAILS;
      }
    }
    if (!open) {
      return Prospect.HOLDS;
    }
    return risky ? Prospect.RISKY : Prospect.OPEN;
  }

  /// Scope and conditions as expressions, in the order in which they are evaluated.
  private static List<Expr> clauses(Policy policy) {
    var clauses = new ArrayList<Expr>();
    scope(Variable.PRINCIPAL, policy.principal()).ifPresent(clauses::add);
    scope(policy.action()).ifPresent(clauses::add);
    scope(Variable.RESOURCE, policy.resource()).ifPresent(clauses::add);
    for (var condition : policy.conditions()) {
      clauses.add(
          condition.kind() == Condition.Kind.WHEN
              ? condition.body()
              : new Expr.Not(condition.body()));
    }
    return clauses;
  }

  private static Optional<Expr> scope(Variable variable, Scope scope) {
    var named = new Expr.Var(variable);
    return switch (scope) {
      case Scope.Any _ -> Optional.empty();
      case Scope.Equal(var entity) ->
          Optional.of(new Expr.Binary(BinaryOperator.EQUAL, named, literal(entity)));
      case Scope.In(var entity) ->
          Optional.of(new Expr.Binary(BinaryOperator.IN, named, literal(entity)));
      case Scope.Is(var type) -> Optional.of(new Expr.Is(named, type));
      case Scope.IsIn(var type, var entity) ->
          Optional.of(new Expr.IsIn(named, type, literal(entity)));
    };
  }

  private static Optional<Expr> scope(ActionScope scope) {
    var named = new Expr.Var(Variable.ACTION);
    return switch (scope) {
      case ActionScope.Any _ -> Optional.empty();
      case ActionScope.Equal(var action) ->
          Optional.of(new Expr.Binary(BinaryOperator.EQUAL, named, new Expr.Literal(action)));
      case ActionScope.In(var action) ->
          Optional.of(new Expr.Binary(BinaryOperator.IN, named, new Expr.Literal(action)));
      case ActionScope.InAny(var actions) ->
          Optional.of(
              new Expr.Binary(
                  BinaryOperator.IN,
                  named,
                  new Expr.SetOf(
                      actions.stream().<Expr>map(action -> new Expr.Literal(action)).toList())));
    };
  }

  private static Expr literal(EntityReference reference) {
    if (reference instanceof EntityUid uid) {
      return new Expr.Literal(uid);
    }
    throw new IllegalStateException("a policy with a slot");
  }

  /// The value of an expression, if it is the same for all requests.
  private Optional<Value> value(Expr expr) {
    if (isKnown(expr)) {
      return Optional.of(Compiler.value(expr).apply(known));
    }
    return switch (expr) {
      case Expr.And(var left, var right) -> both(left, right, false);
      case Expr.Or(var left, var right) -> both(left, right, true);
      case Expr.Not(var operand) ->
          value(operand).map(value -> BoolValue.of(!Operations.bool(value)));
      case Expr.If(var condition, var consequent, var alternative) ->
          value(condition)
              .flatMap(value -> value(Operations.bool(value) ? consequent : alternative));
      default -> Optional.empty();
    };
  }

  /// `decisive` is the value of one side that settles the whole.
  private Optional<Value> both(Expr left, Expr right, boolean decisive) {
    var first = value(left);
    if (first.isPresent()) {
      return Operations.bool(first.get()) == decisive ? first : value(right);
    }
    if (mayFail(left)) {
      return Optional.empty();
    }
    try {
      return value(right).filter(value -> Operations.bool(value) == decisive);
    } catch (EvaluationException e) {
      // The left side may settle it before.
      return Optional.empty();
    }
  }

  /// Whether something in it can fail in a policy that was validated: arithmetic that overflows, a
  /// function of what is not known, an evaluation that is known to fail.
  private boolean mayFail(Expr expr) {
    return switch (expr) {
      case Expr.Negate _ -> true;
      case Expr.Call(_, var arguments) ->
          !arguments.stream().allMatch(Expr.Literal.class::isInstance);
      case Expr.Binary(var operator, var left, var right) ->
          switch (operator) {
            case ADD, SUBTRACT, MULTIPLY, GET_TAG -> true;
            default -> mayFail(left) || mayFail(right);
          };
      default -> children(expr).stream().anyMatch(this::mayFail);
    };
  }

  private boolean isKnown(Expr expr) {
    return switch (expr) {
      case Expr.Var(var variable) -> variable == Variable.PRINCIPAL || variable == Variable.ACTION;
      default -> children(expr).stream().allMatch(this::isKnown);
    };
  }

  private static List<Expr> children(Expr expr) {
    return switch (expr) {
      case Expr.Literal _, Expr.Var _ -> List.of();
      case Expr.If(var condition, var consequent, var alternative) ->
          List.of(condition, consequent, alternative);
      case Expr.And(var left, var right) -> List.of(left, right);
      case Expr.Or(var left, var right) -> List.of(left, right);
      case Expr.Binary(_, var left, var right) -> List.of(left, right);
      case Expr.Not(var operand) -> List.of(operand);
      case Expr.Negate(var operand) -> List.of(operand);
      case Expr.IsEmpty(var operand) -> List.of(operand);
      case Expr.Attribute(var operand, _) -> List.of(operand);
      case Expr.Has(var operand, _) -> List.of(operand);
      case Expr.Like(var operand, _) -> List.of(operand);
      case Expr.Is(var operand, _) -> List.of(operand);
      case Expr.IsIn(var operand, _, var ancestor) -> List.of(operand, ancestor);
      case Expr.SetOf(var elements) -> elements;
      case Expr.RecordOf(var attributes) -> List.copyOf(attributes.values());
      case Expr.Call(_, var arguments) -> arguments;
    };
  }

  // What is known of the resource and the context, put in its place.

  private Expr filled(Expr expr) {
    return switch (expr) {
      case Expr.Attribute(Expr.Var(var variable), var name)
          when variable == Variable.CONTEXT && request.context().containsKey(name) ->
          new Expr.Literal(request.context().get(name));
      case Expr.Has(Expr.Var(var variable), var path) when variable == Variable.CONTEXT ->
          hasMember(expr, path);
      case Expr.Is(Expr.Var(var variable), var type) when variable == Variable.RESOURCE ->
          literal(request.resource().equals(type));
      case Expr.IsIn(Expr.Var(var variable), var type, var ancestor)
          when variable == Variable.RESOURCE ->
          request.resource().equals(type)
              ? in(new Expr.Binary(BinaryOperator.IN, new Expr.Var(variable), filled(ancestor)))
              : literal(false);
      case Expr.Binary(var operator, Expr.Var(var variable), var right)
          when variable == Variable.RESOURCE ->
          resource(new Expr.Binary(operator, new Expr.Var(variable), filled(right)));
      default -> rebuilt(expr);
    };
  }

  private Expr hasMember(Expr expr, List<String> path) {
    var name = path.getFirst();
    if (!request.open().contains(name) && !request.context().containsKey(name)) {
      return literal(false);
    }
    return path.size() == 1 && request.context().containsKey(name) ? literal(true) : expr;
  }

  private Expr resource(Expr.Binary comparison) {
    boolean another =
        comparison.right() instanceof Expr.Literal(EntityUid uid)
            && !uid.type().equals(request.resource());
    return switch (comparison.operator()) {
      case IN -> in(comparison);
      case EQUAL -> another ? literal(false) : comparison;
      case NOT_EQUAL -> another ? literal(true) : comparison;
      default -> comparison;
    };
  }

  private Expr in(Expr.Binary comparison) {
    var ancestors =
        comparison.right() instanceof Expr.SetOf(var elements)
            ? elements
            : List.of(comparison.right());
    boolean open = false;
    for (var ancestor : ancestors) {
      if (!(ancestor instanceof Expr.Literal(EntityUid uid))) {
        return comparison;
      }
      if (request.within().contains(uid)) {
        return literal(true);
      }
      open |= uid.type().equals(request.resource()) || request.perhaps().contains(uid);
    }
    return open ? comparison : literal(false);
  }

  private static Expr literal(boolean value) {
    return new Expr.Literal(BoolValue.of(value));
  }

  private Expr rebuilt(Expr expr) {
    return switch (expr) {
      case Expr.Literal _, Expr.Var _ -> expr;
      case Expr.If(var condition, var consequent, var alternative) ->
          new Expr.If(filled(condition), filled(consequent), filled(alternative));
      case Expr.And(var left, var right) -> new Expr.And(filled(left), filled(right));
      case Expr.Or(var left, var right) -> new Expr.Or(filled(left), filled(right));
      case Expr.Binary(var operator, var left, var right) ->
          new Expr.Binary(operator, filled(left), filled(right));
      case Expr.Not(var operand) -> new Expr.Not(filled(operand));
      case Expr.Negate(var operand) -> new Expr.Negate(filled(operand));
      case Expr.IsEmpty(var operand) -> new Expr.IsEmpty(filled(operand));
      case Expr.Attribute(var operand, var name) -> new Expr.Attribute(filled(operand), name);
      case Expr.Has(var operand, var path) -> new Expr.Has(filled(operand), path);
      case Expr.Like(var operand, var pattern) -> new Expr.Like(filled(operand), pattern);
      case Expr.Is(var operand, var type) -> new Expr.Is(filled(operand), type);
      case Expr.IsIn(var operand, var type, var ancestor) ->
          new Expr.IsIn(filled(operand), type, filled(ancestor));
      case Expr.SetOf(var elements) -> new Expr.SetOf(elements.stream().map(this::filled).toList());
      case Expr.RecordOf(var attributes) -> {
        var filled = new LinkedHashMap<String, Expr>();
        attributes.forEach((name, value) -> filled.put(name, filled(value)));
        yield new Expr.RecordOf(filled);
      }
      case Expr.Call(var function, var arguments) ->
          new Expr.Call(function, arguments.stream().map(this::filled).toList());
    };
  }
}
