package io.prokura.cedar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Turns policies into closures. What is constant is worked out once, and what is true or false
/// stays a Java boolean.
final class Compiler {
  private Compiler() {}

  /// @throws IllegalArgumentException if a slot of the policy is not linked
  static CompiledPolicy compile(int order, Policy policy) {
    if (!policy.slots().isEmpty()) {
      throw new IllegalArgumentException("not linked: " + policy.slots());
    }
    var tests = new ArrayList<Predicate<Evaluation>>();
    for (var condition : policy.conditions()) {
      var holds = test(condition.body());
      tests.add(condition.kind() == Condition.Kind.WHEN ? holds : holds.negate());
    }
    if (tests.isEmpty()) {
      return new CompiledPolicy(order, policy, CompiledPolicy.UNCONDITIONAL);
    }
    var satisfied = tests.removeLast();
    for (var test : tests.reversed()) {
      satisfied = and(test, satisfied);
    }
    return new CompiledPolicy(order, policy, satisfied);
  }

  private static Predicate<Evaluation> and(
      Predicate<Evaluation> left, Predicate<Evaluation> right) {
    return evaluation -> left.test(evaluation) && right.test(evaluation);
  }

  private static Predicate<Evaluation> is(Function<Evaluation, EntityUid> uid, EntityType type) {
    return evaluation -> uid.apply(evaluation).type().equals(type);
  }

  /// Code for an expression whose value has to be a bool.
  static Predicate<Evaluation> test(Expr expr) {
    return switch (expr) {
      case Expr.And(var left, var right) -> and(test(left), test(right));
      case Expr.Or(var left, var right) -> {
        var first = test(left);
        var second = test(right);
        yield evaluation -> first.test(evaluation) || second.test(evaluation);
      }
      case Expr.Not(var operand) -> test(operand).negate();
      case Expr.Binary binary when isTest(binary.operator()) -> binaryTest(binary);
      case Expr.IsEmpty(var operand) -> {
        var set = value(operand);
        yield evaluation -> Operations.set(set.apply(evaluation)).elements().isEmpty();
      }
      case Expr.Has(var operand, var path) -> has(value(operand), path);
      case Expr.Like(var operand, var pattern) -> {
        var text = value(operand);
        yield evaluation -> pattern.matches(Operations.string(text.apply(evaluation)));
      }
      case Expr.Is(var operand, var type) -> {
        var entity = value(operand);
        yield is(evaluation -> Operations.entity(entity.apply(evaluation)), type);
      }
      case Expr.IsIn(var operand, var type, var ancestor) -> {
        var entity = value(operand);
        var group = value(ancestor);
        yield evaluation -> {
          var uid = Operations.entity(entity.apply(evaluation));
          return uid.type().equals(type) && evaluation.in(uid, group.apply(evaluation));
        };
      }
      case Expr.If(var condition, var consequent, var alternative) -> {
        var choice = test(condition);
        var then = test(consequent);
        var otherwise = test(alternative);
        yield evaluation ->
            choice.test(evaluation) ? then.test(evaluation) : otherwise.test(evaluation);
      }
      case Expr.Literal _,
          Expr.Var _,
          Expr.Negate _,
          Expr.Binary _,
          Expr.Attribute _,
          Expr.SetOf _,
          Expr.RecordOf _,
          Expr.Call _ -> {
        var value = value(expr);
        yield evaluation -> Operations.bool(value.apply(evaluation));
      }
    };
  }

  private static boolean isTest(BinaryOperator operator) {
    return switch (operator) {
      case EQUAL,
          NOT_EQUAL,
          LESS,
          LESS_EQUAL,
          GREATER,
          GREATER_EQUAL,
          IN,
          CONTAINS,
          CONTAINS_ALL,
          CONTAINS_ANY,
          HAS_TAG ->
          true;
      case ADD, SUBTRACT, MULTIPLY, GET_TAG -> false;
    };
  }

  private static Predicate<Evaluation> binaryTest(Expr.Binary binary) {
    var left = value(binary.left());
    var right = value(binary.right());
    return switch (binary.operator()) {
      case EQUAL -> e -> left.apply(e).equals(right.apply(e));
      case NOT_EQUAL -> e -> !left.apply(e).equals(right.apply(e));
      case LESS -> e -> Operations.compare(left.apply(e), right.apply(e)) < 0;
      case LESS_EQUAL -> e -> Operations.compare(left.apply(e), right.apply(e)) <= 0;
      case GREATER -> e -> Operations.compare(left.apply(e), right.apply(e)) > 0;
      case GREATER_EQUAL -> e -> Operations.compare(left.apply(e), right.apply(e)) >= 0;
      case IN -> e -> e.in(left.apply(e), right.apply(e));
      case CONTAINS -> e -> Operations.contains(left.apply(e), right.apply(e));
      case CONTAINS_ALL -> e -> Operations.containsAll(left.apply(e), right.apply(e));
      case CONTAINS_ANY -> e -> Operations.containsAny(left.apply(e), right.apply(e));
      case HAS_TAG -> e -> e.hasTag(left.apply(e), right.apply(e));
      case ADD, SUBTRACT, MULTIPLY, GET_TAG ->
          throw new IllegalArgumentException(binary.operator().text());
    };
  }

  private static Predicate<Evaluation> has(Function<Evaluation, Value> operand, List<String> path) {
    if (path.size() == 1) {
      var name = path.getFirst().intern();
      return evaluation -> evaluation.has(operand.apply(evaluation), name);
    }
    return evaluation -> {
      var value = operand.apply(evaluation);
      for (var name : path.subList(0, path.size() - 1)) {
        if (!evaluation.has(value, name)) {
          return false;
        }
        value = evaluation.attribute(value, name);
      }
      return evaluation.has(value, path.getLast());
    };
  }

  /// Code for an expression of any type.
  static Function<Evaluation, Value> value(Expr expr) {
    var constant = constant(expr);
    if (constant.isPresent()) {
      var value = constant.get();
      return _ -> value;
    }
    return switch (expr) {
      case Expr.Literal(var value) -> _ -> value;
      case Expr.Var(var variable) -> evaluation -> evaluation.value(variable);
      case Expr.Negate(var operand) -> {
        var number = value(operand);
        yield evaluation -> Operations.negate(number.apply(evaluation));
      }
      case Expr.Attribute(Expr.Var(var variable), var name) -> {
        var attribute = name.intern();
        yield evaluation -> evaluation.attribute(variable, attribute);
      }
      case Expr.Attribute(var operand, var name) -> {
        var owner = value(operand);
        var attribute = name.intern();
        yield evaluation -> evaluation.attribute(owner.apply(evaluation), attribute);
      }
      case Expr.If(var condition, var consequent, var alternative) -> {
        var choice = test(condition);
        var then = value(consequent);
        var otherwise = value(alternative);
        yield evaluation ->
            choice.test(evaluation) ? then.apply(evaluation) : otherwise.apply(evaluation);
      }
      case Expr.SetOf(var elements) -> {
        var values = elements.stream().map(Compiler::value).toList();
        yield evaluation -> SetValue.of(all(values, evaluation));
      }
      case Expr.RecordOf(var attributes) -> record(attributes);
      case Expr.Call(var function, var arguments) -> {
        var values = arguments.stream().map(Compiler::value).toList();
        yield evaluation -> Extensions.call(function, all(values, evaluation));
      }
      case Expr.Binary binary when !isTest(binary.operator()) -> binaryValue(binary);
      case Expr.And _,
          Expr.Or _,
          Expr.Not _,
          Expr.Binary _,
          Expr.IsEmpty _,
          Expr.Has _,
          Expr.Like _,
          Expr.Is _,
          Expr.IsIn _ -> {
        var test = test(expr);
        yield evaluation -> BoolValue.of(test.test(evaluation));
      }
    };
  }

  private static Function<Evaluation, Value> binaryValue(Expr.Binary binary) {
    var left = value(binary.left());
    var right = value(binary.right());
    return switch (binary.operator()) {
      case ADD -> e -> Operations.add(left.apply(e), right.apply(e));
      case SUBTRACT -> e -> Operations.subtract(left.apply(e), right.apply(e));
      case MULTIPLY -> e -> Operations.multiply(left.apply(e), right.apply(e));
      case GET_TAG -> e -> e.tag(left.apply(e), right.apply(e));
      case EQUAL,
          NOT_EQUAL,
          LESS,
          LESS_EQUAL,
          GREATER,
          GREATER_EQUAL,
          IN,
          CONTAINS,
          CONTAINS_ALL,
          CONTAINS_ANY,
          HAS_TAG ->
          throw new IllegalArgumentException(binary.operator().text());
    };
  }

  private static Function<Evaluation, Value> record(Map<String, Expr> attributes) {
    var names = List.copyOf(attributes.keySet());
    var codes = attributes.values().stream().map(Compiler::value).toList();
    return evaluation -> {
      var values = new LinkedHashMap<String, Value>();
      for (int i = 0; i < names.size(); i++) {
        values.put(names.get(i), codes.get(i).apply(evaluation));
      }
      return new RecordValue(values);
    };
  }

  private static List<Value> all(List<Function<Evaluation, Value>> codes, Evaluation evaluation) {
    var values = new ArrayList<Value>(codes.size());
    for (var code : codes) {
      values.add(code.apply(evaluation));
    }
    return values;
  }

  /// The value of an expression that is made of literals only. A call that fails is not constant:
  /// it has to fail anew in every evaluation.
  static Optional<Value> constant(Expr expr) {
    return switch (expr) {
      case Expr.Literal(var value) -> Optional.of(value);
      case Expr.SetOf(var elements) -> constants(elements).map(SetValue::of);
      case Expr.RecordOf(var attributes) -> {
        var values = constants(List.copyOf(attributes.values()));
        yield values.map(list -> zipped(List.copyOf(attributes.keySet()), list));
      }
      case Expr.Call(var function, var arguments) ->
          constants(arguments).flatMap(values -> called(function, values));
      case Expr.Var _,
          Expr.If _,
          Expr.And _,
          Expr.Or _,
          Expr.Not _,
          Expr.Negate _,
          Expr.Binary _,
          Expr.IsEmpty _,
          Expr.Attribute _,
          Expr.Has _,
          Expr.Like _,
          Expr.Is _,
          Expr.IsIn _ ->
          Optional.empty();
    };
  }

  private static Value zipped(List<String> names, List<Value> values) {
    var attributes = new LinkedHashMap<String, Value>();
    for (int i = 0; i < names.size(); i++) {
      attributes.put(names.get(i), values.get(i));
    }
    return new RecordValue(attributes);
  }

  private static Optional<Value> called(ExtensionFunction function, List<Value> arguments) {
    try {
      return Optional.of(Extensions.call(function, arguments));
    } catch (EvaluationException _) {
      return Optional.empty();
    }
  }

  private static Optional<List<Value>> constants(List<Expr> exprs) {
    var values = new ArrayList<Value>(exprs.size());
    for (var expr : exprs) {
      var value = constant(expr);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(values);
  }
}
