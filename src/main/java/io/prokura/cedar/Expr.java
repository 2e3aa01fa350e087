package io.prokura.cedar;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An expression of a condition. Two expressions are equal when they are written alike, whatever
/// their positions; [Source#positionOf] has the positions.
public sealed interface Expr {

  /// A bool, long or string written out, or an entity's uid.
  record Literal(Value value) implements Expr {}

  /// `principal`, `action`, `resource` or `context`.
  record Var(Variable variable) implements Expr {}

  /// `if condition then consequent else alternative`.
  record If(Expr condition, Expr consequent, Expr alternative) implements Expr {}

  /// `left && right`; the right side is evaluated only after a true left side.
  record And(Expr left, Expr right) implements Expr {}

  /// `left || right`; the right side is evaluated only after a false left side.
  record Or(Expr left, Expr right) implements Expr {}

  /// `!operand`.
  record Not(Expr operand) implements Expr {}

  /// `-operand`; a negative number is a literal of its own.
  record Negate(Expr operand) implements Expr {}

  /// An operator or built-in method with two operands.
  record Binary(BinaryOperator operator, Expr left, Expr right) implements Expr {}

  /// `operand.isEmpty()`.
  record IsEmpty(Expr operand) implements Expr {}

  /// `operand.name` or `operand["name"]`.
  record Attribute(Expr operand, String name) implements Expr {}

  /// `operand has name`, or the extended `operand has a.b.c` with several names.
  record Has(Expr operand, List<String> path) implements Expr {

    /// @throws IllegalArgumentException if the path is empty
    public Has {
      path = List.copyOf(path);
      if (path.isEmpty()) {
        throw new IllegalArgumentException("has needs an attribute");
      }
    }
  }

  /// `operand like pattern`.
  record Like(Expr operand, Pattern pattern) implements Expr {}

  /// `operand is type`.
  record Is(Expr operand, EntityType type) implements Expr {}

  /// `operand is type in ancestor`.
  record IsIn(Expr operand, EntityType type, Expr ancestor) implements Expr {}

  /// `[a, b, c]`.
  record SetOf(List<Expr> elements) implements Expr {

    public SetOf {
      elements = List.copyOf(elements);
    }
  }

  /// `{name: value, "other name": value}`, in the order written.
  record RecordOf(Map<String, Expr> attributes) implements Expr {

    public RecordOf {
      attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
  }

  /// A call of an extension function; the receiver of a method is the first argument.
  record Call(ExtensionFunction function, List<Expr> arguments) implements Expr {

    public Call {
      arguments = List.copyOf(arguments);
    }
  }
}
