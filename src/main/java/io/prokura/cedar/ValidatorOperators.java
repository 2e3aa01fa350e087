package io.prokura.cedar;

import static io.prokura.cedar.ValidatorReport.shown;

import io.prokura.cedar.Type.BoolType;
import io.prokura.cedar.Type.EntityRef;
import io.prokura.cedar.Type.ExtensionType;
import io.prokura.cedar.Type.Primitive;
import io.prokura.cedar.Type.RecordType;
import io.prokura.cedar.Type.SetType;
import io.prokura.cedar.ValidatorTypechecker.Typed;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The type checker's rules for operators, sets, records and extension functions.
final class ValidatorOperators {
  private final ValidatorTypechecker checker;
  private final Schema schema;
  private final ValidatorEnvironment environment;
  private final ValidatorReport report;

  ValidatorOperators(
      ValidatorTypechecker checker,
      Schema schema,
      ValidatorEnvironment environment,
      ValidatorReport report) {
    this.checker = checker;
    this.schema = schema;
    this.environment = environment;
    this.report = report;
  }

  Optional<Typed> binary(
      Expr expr, BinaryOperator operator, Expr left, Expr right, ValidatorCapabilities before) {
    return switch (operator) {
      case EQUAL -> equal(expr, left, right, before).map(Typed::new);
      case NOT_EQUAL -> equal(expr, left, right, before).map(result -> new Typed(result.negated()));
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> compare(left, right, before);
      case IN -> in(expr, left, right, before);
      case ADD, SUBTRACT, MULTIPLY -> arithmetic(left, right, before);
      case CONTAINS, CONTAINS_ALL, CONTAINS_ANY -> contains(expr, operator, left, right, before);
      case HAS_TAG -> checker.hasTag(expr, left, right, before);
      case GET_TAG -> checker.getTag(expr, left, right, before);
    };
  }

  private Optional<BoolType> equal(Expr expr, Expr left, Expr right, ValidatorCapabilities before) {
    var one = checker.check(left, before);
    var other = checker.check(right, before);
    if (one.isEmpty() || other.isEmpty()) {
      return Optional.empty();
    }
    var oneValue = literal(left);
    var otherValue = literal(right);
    if (oneValue.isPresent() && otherValue.isPresent()) {
      var result = BoolType.of(oneValue.get().equals(otherValue.get()));
      return Optional.of(checker.noted(expr, result, () -> "the two are different"));
    }
    var oneType = one.get().type();
    var otherType = other.get().type();
    if (Type.covering(oneType, otherType).isPresent()) {
      return Optional.of(checker.noted(expr, BoolType.ANY, () -> ""));
    }
    if (oneType instanceof EntityRef && otherType instanceof EntityRef) {
      Supplier<String> reason =
          () -> "one is of type " + oneType + " and the other of type " + otherType;
      return Optional.of(checker.noted(expr, BoolType.FALSE, reason));
    }
    report.error(expr, "cannot compare " + oneType + " with " + otherType);
    return Optional.empty();
  }

  /// The value of a literal. The action is known in an environment, and so as good as a literal.
  private Optional<Value> literal(Expr expr) {
    return switch (expr) {
      case Expr.Literal(var value) -> Optional.of(value);
      case Expr.Var(var variable) when variable == Variable.ACTION ->
          Optional.of(environment.action().uid());
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
          Expr.IsIn _,
          Expr.SetOf _,
          Expr.RecordOf _,
          Expr.Call _ ->
          Optional.empty();
    };
  }

  private Optional<Typed> compare(Expr left, Expr right, ValidatorCapabilities before) {
    var one = checker.check(left, before).map(Typed::type);
    var other = checker.check(right, before).map(Typed::type);
    if (one.isEmpty() || other.isEmpty()) {
      return Optional.empty();
    }
    if (!isOrdered(one.get())) {
      report.error(left, notOrdered(one.get()));
    } else if (!one.get().equals(other.get())) {
      report.error(right, "expected " + one.get() + " but this is " + other.get());
    } else {
      return Optional.of(new Typed(BoolType.ANY));
    }
    return Optional.empty();
  }

  private static boolean isOrdered(Type type) {
    return type == Primitive.LONG
        || type == ExtensionType.DATETIME
        || type == ExtensionType.DURATION;
  }

  private static String notOrdered(Type type) {
    var hint = type == ExtensionType.DECIMAL ? "; use `lessThan` and `greaterThan`" : "";
    return "expected Long, datetime or duration but this is " + type + hint;
  }

  private Optional<Typed> arithmetic(Expr left, Expr right, ValidatorCapabilities before) {
    var one = checker.expect(left, before, Primitive.LONG);
    var other = checker.expect(right, before, Primitive.LONG);
    return one.isEmpty() || other.isEmpty()
        ? Optional.empty()
        : Optional.of(new Typed(Primitive.LONG));
  }

  /// `left in right`, where `expr` is that expression or `left is type in right`.
  Optional<Typed> in(Expr expr, Expr left, Expr right, ValidatorCapabilities before) {
    var descendant = checker.entity(left, before);
    var rightType = checker.check(right, before).map(Typed::type);
    if (descendant.isEmpty() || rightType.isEmpty()) {
      return Optional.empty();
    }
    EntityType ancestor;
    switch (rightType.get()) {
      case EntityRef(var type) -> ancestor = type;
      case SetType(EntityRef(var type)) -> ancestor = type;
      case BoolType _, Primitive _, ExtensionType _, SetType _, RecordType _ -> {
        report.error(
            right, "expected an entity or a set of entities but this is " + rightType.get());
        return Optional.empty();
      }
    }
    var groups = literals(right);
    if (literal(left).orElse(BoolValue.FALSE) instanceof EntityUid uid
        && schema.action(uid).isPresent()
        && groups.isPresent()) {
      var action = schema.action(uid).get();
      var result = BoolType.of(groups.get().stream().anyMatch(action::isIn));
      Supplier<String> reason = () -> "the action " + uid + " is not a member";
      return Optional.of(new Typed(checker.noted(expr, result, reason)));
    }
    boolean possible = schema.mayDescend(descendant.get(), ancestor);
    Supplier<String> reason =
        () -> "entity type " + descendant.get() + " is never a member of " + ancestor;
    return Optional.of(
        new Typed(checker.noted(expr, possible ? BoolType.ANY : BoolType.FALSE, reason)));
  }

  /// The entities that the right side of `in` lists, if all are literals.
  private Optional<List<EntityUid>> literals(Expr expr) {
    var listed = expr instanceof Expr.SetOf(var elements) ? elements : List.of(expr);
    var uids =
        listed.stream()
            .flatMap(element -> literal(element).stream())
            .filter(EntityUid.class::isInstance)
            .map(EntityUid.class::cast)
            .toList();
    return uids.size() == listed.size() ? Optional.of(uids) : Optional.empty();
  }

  private Optional<Typed> contains(
      Expr expr, BinaryOperator operator, Expr left, Expr right, ValidatorCapabilities before) {
    var one = checker.check(left, before).map(Typed::type);
    var other = checker.check(right, before).map(Typed::type);
    if (one.isEmpty() || other.isEmpty()) {
      return Optional.empty();
    }
    if (!(one.get() instanceof SetType(var element))) {
      report.error(left, "expected a set but this is " + one.get());
      return Optional.empty();
    }
    Type wanted = operator == BinaryOperator.CONTAINS ? element : one.get();
    if (Type.covering(wanted, other.get()).isEmpty()) {
      report.error(right, "expected " + wanted + " but this is " + other.get());
      return Optional.empty();
    }
    return Optional.of(new Typed(checker.noted(expr, BoolType.ANY, () -> "")));
  }

  Optional<Typed> set(Expr.SetOf set, ValidatorCapabilities before) {
    if (set.elements().isEmpty()) {
      report.error(set, "an empty set has no type: test for emptiness with `isEmpty()`");
      return Optional.empty();
    }
    var covering = Optional.<Type>empty();
    boolean failed = false;
    for (var element : set.elements()) {
      var type = checker.check(element, before).map(Typed::type);
      if (type.isEmpty() || failed) {
        failed = true;
        continue;
      }
      var both = covering.flatMap(so -> Type.covering(so, type.get()));
      if (covering.isPresent() && both.isEmpty()) {
        report.error(
            element,
            "the elements of a set have to be of one type: expected "
                + covering.get()
                + " but this is "
                + type.get());
        failed = true;
      }
      covering = covering.isPresent() ? both : type;
    }
    return failed ? Optional.empty() : covering.map(type -> new Typed(new SetType(type)));
  }

  Optional<Typed> recordOf(Expr.RecordOf expr, ValidatorCapabilities before) {
    var attributes = new TreeMap<String, Type.Attribute>();
    for (var entry : expr.attributes().entrySet()) {
      var type = checker.check(entry.getValue(), before).map(Typed::type);
      type.ifPresent(found -> attributes.put(entry.getKey(), new Type.Attribute(found, true)));
    }
    return attributes.size() == expr.attributes().size()
        ? Optional.of(new Typed(new RecordType(attributes)))
        : Optional.empty();
  }

  private record Signature(List<Type> parameters, Type result) {}

  Optional<Typed> call(Expr.Call call, ValidatorCapabilities before) {
    var function = call.function();
    var arguments = call.arguments();
    if (arguments.size() != function.arity()) {
      int least = function.isMethod() ? 1 : 0;
      report.error(
          call,
          "`"
              + function.text()
              + "` takes "
              + (function.arity() - least)
              + " arguments in its parentheses, not "
              + (arguments.size() - least));
      return Optional.empty();
    }
    var signature = signature(function);
    boolean valid = true;
    for (int i = 0; i < arguments.size(); i++) {
      valid &= checker.expect(arguments.get(i), before, signature.parameters.get(i)).isPresent();
    }
    if (valid && !function.isMethod() && signature.result instanceof ExtensionType type) {
      valid = constructor(call, type);
    }
    return valid ? Optional.of(new Typed(signature.result)) : Optional.empty();
  }

  private boolean constructor(Expr.Call call, ExtensionType type) {
    var argument = call.arguments().getFirst();
    if (!(argument instanceof Expr.Literal(StringValue(var text)))) {
      report.error(
          call,
          "`"
              + call.function().text()
              + "` takes a string written out, not "
              + shown(argument)
              + "; declare the attribute as "
              + type
              + " instead");
      return false;
    }
    if (TypeReader.parsed(type, text).isEmpty()) {
      report.error(argument, shown(argument) + " is not " + TypeReader.expected(type));
      return false;
    }
    return true;
  }

  private static Signature signature(ExtensionFunction function) {
    Type decimal = ExtensionType.DECIMAL;
    Type address = ExtensionType.IPADDR;
    Type datetime = ExtensionType.DATETIME;
    Type duration = ExtensionType.DURATION;
    return switch (function) {
      case DECIMAL -> new Signature(List.of(Primitive.STRING), decimal);
      case IP -> new Signature(List.of(Primitive.STRING), address);
      case DATETIME -> new Signature(List.of(Primitive.STRING), datetime);
      case DURATION -> new Signature(List.of(Primitive.STRING), duration);
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          new Signature(List.of(decimal, decimal), BoolType.ANY);
      case IS_IPV4, IS_IPV6, IS_LOOPBACK, IS_MULTICAST ->
          new Signature(List.of(address), BoolType.ANY);
      case IS_IN_RANGE -> new Signature(List.of(address, address), BoolType.ANY);
      case OFFSET -> new Signature(List.of(datetime, duration), datetime);
      case DURATION_SINCE -> new Signature(List.of(datetime, datetime), duration);
      case TO_DATE -> new Signature(List.of(datetime), datetime);
      case TO_TIME -> new Signature(List.of(datetime), duration);
      case TO_MILLISECONDS, TO_SECONDS, TO_MINUTES, TO_HOURS, TO_DAYS ->
          new Signature(List.of(duration), Primitive.LONG);
    };
  }
}
