package io.prokura.cedar;

import java.util.List;
import java.util.stream.Collectors;

/// Writes policies and expressions as Cedar text, with no more parentheses than needed.
final class PolicyPrinter {
  private static final int CONDITIONAL = 0;
  private static final int OR = 1;
  private static final int AND = 2;
  private static final int RELATION = 3;
  private static final int SUM = 4;
  private static final int PRODUCT = 5;
  private static final int UNARY = 6;
  private static final int MEMBER = 7;
  private static final int SIGNS_MAX = 4;

  private PolicyPrinter() {}

  static String print(Policy policy) {
    var out = new StringBuilder();
    policy
        .annotations()
        .forEach(
            (name, value) -> {
              out.append('@').append(name);
              if (!value.isEmpty()) {
                out.append('(').append(Quoted.string(value)).append(')');
              }
              out.append('\n');
            });
    out.append(policy.effect() == Effect.PERMIT ? "permit(" : "forbid(");
    out.append("\n  principal").append(scope(policy.principal()));
    out.append(",\n  action").append(scope(policy.action()));
    out.append(",\n  resource").append(scope(policy.resource())).append("\n)");
    for (var condition : policy.conditions()) {
      out.append(condition.kind() == Condition.Kind.WHEN ? "\nwhen { " : "\nunless { ");
      out.append(print(condition.body())).append(" }");
    }
    return out.append(";\n").toString();
  }

  private static String scope(Scope scope) {
    return switch (scope) {
      case Scope.Any _ -> "";
      case Scope.Equal(var entity) -> " == " + reference(entity);
      case Scope.In(var entity) -> " in " + reference(entity);
      case Scope.Is(var type) -> " is " + type;
      case Scope.IsIn(var type, var entity) -> " is " + type + " in " + reference(entity);
    };
  }

  private static String reference(EntityReference reference) {
    return switch (reference) {
      case EntityUid uid -> uid.toString();
      case Slot slot -> slot.text();
    };
  }

  private static String scope(ActionScope scope) {
    return switch (scope) {
      case ActionScope.Any _ -> "";
      case ActionScope.Equal(var action) -> " == " + action;
      case ActionScope.In(var action) -> " in " + action;
      case ActionScope.InAny(var actions) ->
          actions.stream().map(EntityUid::toString).collect(Collectors.joining(", ", " in [", "]"));
    };
  }

  static String print(Expr expr) {
    return switch (expr) {
      case Expr.Literal(var value) -> value.toString();
      case Expr.Var(var variable) -> variable.text();
      case Expr.If(var condition, var consequent, var alternative) ->
          "if " + print(condition) + " then " + print(consequent) + " else " + print(alternative);
      case Expr.And(var left, var right) -> in(AND, left) + " && " + in(RELATION, right);
      case Expr.Or(var left, var right) -> in(OR, left) + " || " + in(AND, right);
      case Expr.Not not -> not(not);
      case Expr.Negate negate -> negate(negate);
      case Expr.Binary binary -> binary(binary);
      case Expr.IsEmpty(var operand) -> in(MEMBER, operand) + ".isEmpty()";
      case Expr.Attribute(var operand, var name) ->
          in(MEMBER, operand)
              + (Names.isIdentifier(name) ? "." + name : "[" + Quoted.string(name) + "]");
      case Expr.Has(var operand, var path) -> in(SUM, operand) + " has " + path(path);
      case Expr.Like(var operand, var pattern) ->
          in(SUM, operand) + " like " + Quoted.pattern(pattern);
      case Expr.Is(var operand, var type) -> in(SUM, operand) + " is " + type;
      case Expr.IsIn(var operand, var type, var ancestor) ->
          in(SUM, operand) + " is " + type + " in " + in(SUM, ancestor);
      case Expr.SetOf(var elements) -> "[" + list(elements) + "]";
      case Expr.RecordOf(var attributes) ->
          attributes.entrySet().stream()
              .map(entry -> Quoted.string(entry.getKey()) + ": " + print(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Expr.Call(var function, var arguments) -> call(function, arguments);
    };
  }

  private static String path(List<String> path) {
    boolean quoted = path.size() == 1 && !Names.isIdentifier(path.getFirst());
    return quoted ? Quoted.string(path.getFirst()) : String.join(".", path);
  }

  private static String binary(Expr.Binary binary) {
    var operator = binary.operator();
    if (operator.isMethod()) {
      return in(MEMBER, binary.left()) + "." + operator.text() + "(" + print(binary.right()) + ")";
    }
    int level = level(binary);
    int leftLevel = level == RELATION ? SUM : level;
    return in(leftLevel, binary.left())
        + " "
        + operator.text()
        + " "
        + in(level + 1, binary.right());
  }

  /// Four signs in a row is all that the grammar allows; the fifth goes into parentheses.
  private static String not(Expr.Not not) {
    var signs = new StringBuilder("!");
    Expr operand = not.operand();
    while (operand instanceof Expr.Not(var inner) && signs.length() < SIGNS_MAX) {
      signs.append('!');
      operand = inner;
    }
    return signs + in(MEMBER, operand);
  }

  /// A minus before a number would become part of it, so the number goes into parentheses.
  private static String negate(Expr.Negate negate) {
    var signs = new StringBuilder("-");
    Expr operand = negate.operand();
    while (operand instanceof Expr.Negate(var inner) && signs.length() < SIGNS_MAX) {
      signs.append('-');
      operand = inner;
    }
    boolean number = operand instanceof Expr.Literal(LongValue _);
    return signs + (number ? "(" + print(operand) + ")" : in(MEMBER, operand));
  }

  private static String call(ExtensionFunction function, List<Expr> arguments) {
    if (!function.isMethod()) {
      return function.text() + "(" + list(arguments) + ")";
    }
    var rest = arguments.subList(1, arguments.size());
    return in(MEMBER, arguments.getFirst()) + "." + function.text() + "(" + list(rest) + ")";
  }

  private static String list(List<Expr> exprs) {
    return exprs.stream().map(PolicyPrinter::print).collect(Collectors.joining(", "));
  }

  /// The expression, in parentheses if it binds less tightly than the place asks for.
  private static String in(int least, Expr expr) {
    return level(expr) < least ? "(" + print(expr) + ")" : print(expr);
  }

  private static int level(Expr expr) {
    return switch (expr) {
      case Expr.If _ -> CONDITIONAL;
      case Expr.Or _ -> OR;
      case Expr.And _ -> AND;
      case Expr.Has _, Expr.Like _, Expr.Is _, Expr.IsIn _ -> RELATION;
      case Expr.Not _, Expr.Negate _ -> UNARY;
      case Expr.Literal(LongValue(var number)) -> number < 0 ? UNARY : MEMBER;
      case Expr.Literal _,
          Expr.Var _,
          Expr.IsEmpty _,
          Expr.Attribute _,
          Expr.SetOf _,
          Expr.RecordOf _,
          Expr.Call _ ->
          MEMBER;
      case Expr.Binary(var operator, _, _) ->
          switch (operator) {
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, IN -> RELATION;
            case ADD, SUBTRACT -> SUM;
            case MULTIPLY -> PRODUCT;
            case CONTAINS, CONTAINS_ALL, CONTAINS_ANY, GET_TAG, HAS_TAG -> MEMBER;
          };
    };
  }
}
