package io.prokura.cedar;

import java.util.List;
import java.util.function.Consumer;

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

  private final StringBuilder out = new StringBuilder();
  private final int enough;

  private PolicyPrinter(int enough) {
    this.enough = enough;
  }

  static String print(Policy policy) {
    var printer = new PolicyPrinter(Integer.MAX_VALUE);
    printer.policy(policy);
    return printer.out.toString();
  }

  static String print(Expr expr) {
    return start(expr, Integer.MAX_VALUE);
  }

  /// The text of an expression as far as its character number `enough`, and perhaps more.
  static String start(Expr expr, int enough) {
    var printer = new PolicyPrinter(enough);
    printer.expr(expr);
    return printer.out.toString();
  }

  private void policy(Policy policy) {
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
    out.append(",\n  action");
    scope(policy.action());
    out.append(",\n  resource").append(scope(policy.resource())).append("\n)");
    for (var condition : policy.conditions()) {
      out.append(condition.kind() == Condition.Kind.WHEN ? "\nwhen { " : "\nunless { ");
      expr(condition.body());
      out.append(" }");
    }
    out.append(";\n");
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

  private void scope(ActionScope scope) {
    switch (scope) {
      case ActionScope.Any _ -> {}
      case ActionScope.Equal(var action) -> out.append(" == ").append(action);
      case ActionScope.In(var action) -> out.append(" in ").append(action);
      case ActionScope.InAny(var actions) -> {
        out.append(" in ");
        list("[", actions, out::append, "]");
      }
    }
  }

  private void expr(Expr expr) {
    if (out.length() > enough) {
      return;
    }
    switch (expr) {
      case Expr.Literal(var value) -> out.append(value);
      case Expr.Var(var variable) -> out.append(variable.text());
      case Expr.If(var condition, var consequent, var alternative) -> {
        out.append("if ");
        expr(condition);
        out.append(" then ");
        expr(consequent);
        out.append(" else ");
        expr(alternative);
      }
      case Expr.And(var left, var right) -> infix(AND, left, "&&", RELATION, right);
      case Expr.Or(var left, var right) -> infix(OR, left, "||", AND, right);
      case Expr.Not not -> not(not);
      case Expr.Negate negate -> negate(negate);
      case Expr.Binary binary -> binary(binary);
      case Expr.IsEmpty(var operand) -> {
        in(MEMBER, operand);
        out.append(".isEmpty()");
      }
      case Expr.Attribute(var operand, var name) -> {
        in(MEMBER, operand);
        out.append(Names.isIdentifier(name) ? "." + name : "[" + Quoted.string(name) + "]");
      }
      case Expr.Has(var operand, var path) -> {
        in(SUM, operand);
        out.append(" has ").append(path(path));
      }
      case Expr.Like(var operand, var pattern) -> {
        in(SUM, operand);
        out.append(" like ").append(Quoted.pattern(pattern));
      }
      case Expr.Is(var operand, var type) -> {
        in(SUM, operand);
        out.append(" is ").append(type);
      }
      case Expr.IsIn(var operand, var type, var ancestor) -> {
        in(SUM, operand);
        out.append(" is ").append(type).append(" in ");
        in(SUM, ancestor);
      }
      case Expr.SetOf(var elements) -> list("[", elements, this::expr, "]");
      case Expr.RecordOf(var attributes) ->
          list(
              "{",
              attributes.entrySet(),
              entry -> {
                out.append(Quoted.string(entry.getKey())).append(": ");
                expr(entry.getValue());
              },
              "}");
      case Expr.Call(var function, var arguments) -> call(function, arguments);
    }
  }

  private static String path(List<String> path) {
    boolean quoted = path.size() == 1 && !Names.isIdentifier(path.getFirst());
    return quoted ? Quoted.string(path.getFirst()) : String.join(".", path);
  }

  private void infix(int leftLevel, Expr left, String operator, int rightLevel, Expr right) {
    in(leftLevel, left);
    out.append(' ').append(operator).append(' ');
    in(rightLevel, right);
  }

  private void binary(Expr.Binary binary) {
    var operator = binary.operator();
    if (operator.isMethod()) {
      in(MEMBER, binary.left());
      out.append('.').append(operator.text()).append('(');
      expr(binary.right());
      out.append(')');
      return;
    }
    int level = level(binary);
    int leftLevel = level == RELATION ? SUM : level;
    infix(leftLevel, binary.left(), operator.text(), level + 1, binary.right());
  }

  /// Four signs in a row is all that the grammar allows; the fifth goes into parentheses.
  private void not(Expr.Not not) {
    out.append('!');
    Expr operand = not.operand();
    for (int signs = 1; operand instanceof Expr.Not(var inner) && signs < SIGNS_MAX; signs++) {
      out.append('!');
      operand = inner;
    }
    in(MEMBER, operand);
  }

  /// A minus before a number would become part of it, so the number goes into parentheses.
  private void negate(Expr.Negate negate) {
    out.append('-');
    Expr operand = negate.operand();
    for (int signs = 1; operand instanceof Expr.Negate(var inner) && signs < SIGNS_MAX; signs++) {
      out.append('-');
      operand = inner;
    }
    boolean number = operand instanceof Expr.Literal(LongValue _);
    in(number ? MEMBER + 1 : MEMBER, operand);
  }

  private void call(ExtensionFunction function, List<Expr> arguments) {
    var rest = arguments;
    if (function.isMethod()) {
      in(MEMBER, arguments.getFirst());
      out.append('.');
      rest = arguments.subList(1, arguments.size());
    }
    out.append(function.text());
    list("(", rest, this::expr, ")");
  }

  private <T> void list(String open, Iterable<T> items, Consumer<? super T> print, String close) {
    out.append(open);
    boolean first = true;
    for (var item : items) {
      if (!first) {
        out.append(", ");
      }
      first = false;
      print.accept(item);
    }
    out.append(close);
  }

  /// The expression, in parentheses if it binds less tightly than the place asks for.
  private void in(int least, Expr expr) {
    boolean parentheses = level(expr) < least;
    out.append(parentheses ? "(" : "");
    expr(expr);
    out.append(parentheses ? ")" : "");
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
