package io.prokura.cedar;

import static io.prokura.cedar.ValidatorReport.shown;

import io.prokura.cedar.Type.BoolType;
import io.prokura.cedar.Type.EntityRef;
import io.prokura.cedar.Type.Primitive;
import io.prokura.cedar.Type.RecordType;
import io.prokura.cedar.Type.SetType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Finds the type of an expression in one environment. An expression that is never evaluated, such
/// as the right side of `false && ...`, is not looked at. Nothing is returned for an expression
/// whose error has been reported.
final class ValidatorTypechecker {
  private final Schema schema;
  private final ValidatorEnvironment environment;
  private final ValidatorNames names;
  private final ValidatorReport report;
  private final ValidatorOperators operators;

  /// A type, and what is known to be present if the expression turns out to be true.
  record Typed(Type type, ValidatorCapabilities capabilities) {

    Typed(Type type) {
      this(type, ValidatorCapabilities.NONE);
    }
  }

  ValidatorTypechecker(
      Schema schema,
      ValidatorEnvironment environment,
      ValidatorNames names,
      ValidatorReport report) {
    this.schema = schema;
    this.environment = environment;
    this.names = names;
    this.report = report;
    this.operators = new ValidatorOperators(this, schema, environment, report);
  }

  /// The type of an expression, given what is known to be present before it is evaluated.
  Optional<Typed> check(Expr expr, ValidatorCapabilities before) {
    report.step();
    return switch (expr) {
      case Expr.Literal(var value) -> literal(expr, value);
      case Expr.Var(var variable) -> Optional.of(new Typed(typeOf(variable)));
      case Expr.If conditional -> conditional(conditional, before);
      case Expr.And(var left, var right) -> and(left, right, before);
      case Expr.Or(var left, var right) -> or(left, right, before);
      case Expr.Not(var operand) ->
          bool(operand, before).map(typed -> new Typed(boolOf(typed).negated()));
      case Expr.Negate(var operand) ->
          expect(operand, before, Primitive.LONG).map(_ -> new Typed(Primitive.LONG));
      case Expr.Binary(var operator, var left, var right) ->
          operators.binary(expr, operator, left, right, before);
      case Expr.IsEmpty(var operand) -> isEmpty(operand, before);
      case Expr.Attribute(var operand, var name) -> attribute(expr, operand, name, before);
      case Expr.Has has -> has(has, before);
      case Expr.Like(var operand, _) ->
          expect(operand, before, Primitive.STRING).map(_ -> new Typed(BoolType.ANY));
      case Expr.Is(var operand, var type) ->
          entity(operand, before).map(typed -> new Typed(is(expr, typed, type)));
      case Expr.IsIn isIn -> isIn(isIn, before);
      case Expr.SetOf set -> operators.set(set, before);
      case Expr.RecordOf recordOf -> operators.recordOf(recordOf, before);
      case Expr.Call call -> operators.call(call, before);
    };
  }

  /// The type of an expression that has to be a bool.
  Optional<Typed> bool(Expr expr, ValidatorCapabilities before) {
    return expect(expr, before, BoolType.ANY);
  }

  /// The type of an expression that has to be of one type.
  Optional<Typed> expect(Expr expr, ValidatorCapabilities before, Type wanted) {
    var typed = check(expr, before);
    if (typed.isPresent() && Type.covering(typed.get().type(), wanted).isEmpty()) {
      report.error(expr, "expected " + wanted + " but this is " + typed.get().type());
      return Optional.empty();
    }
    return typed;
  }

  /// The type of an expression that has to be an entity.
  Optional<EntityType> entity(Expr expr, ValidatorCapabilities before) {
    var typed = check(expr, before);
    if (typed.isPresent() && typed.get().type() instanceof EntityRef(var type)) {
      return Optional.of(type);
    }
    typed.ifPresent(other -> report.error(expr, "expected an entity but this is " + other.type()));
    return Optional.empty();
  }

  static BoolType boolOf(Typed typed) {
    return typed.type() instanceof BoolType bool ? bool : BoolType.ANY;
  }

  private Type typeOf(Variable variable) {
    return switch (variable) {
      case PRINCIPAL -> new EntityRef(environment.principal());
      case ACTION -> new EntityRef(environment.action().uid().type());
      case RESOURCE -> new EntityRef(environment.resource());
      case CONTEXT -> environment.action().context();
    };
  }

  private Optional<Typed> literal(Expr expr, Value value) {
    return switch (value) {
      case BoolValue(var bool) -> Optional.of(new Typed(BoolType.of(bool)));
      case LongValue _ -> Optional.of(new Typed(Primitive.LONG));
      case StringValue _ -> Optional.of(new Typed(Primitive.STRING));
      case EntityUid uid -> {
        boolean known = schema.entityType(uid.type()).isPresent() || schema.action(uid).isPresent();
        // ValidatorLiterals has reported it if it is not known.
        yield known ? Optional.of(new Typed(new EntityRef(uid.type()))) : Optional.empty();
      }
      case SetValue _, RecordValue _, Decimal _, IpAddress _, DateTime _, Duration _ -> {
        report.error(expr, "this value cannot be written as a literal");
        yield Optional.empty();
      }
    };
  }

  private Optional<Typed> conditional(Expr.If conditional, ValidatorCapabilities before) {
    var condition = bool(conditional.condition(), before);
    if (condition.isEmpty()) {
      return Optional.empty();
    }
    var known = condition.get().capabilities();
    var result = boolOf(condition.get());
    if (result == BoolType.FALSE) {
      return check(conditional.alternative(), before);
    }
    var consequent =
        check(conditional.consequent(), before.and(known))
            .map(typed -> new Typed(typed.type(), typed.capabilities().and(known)));
    if (result == BoolType.TRUE) {
      return consequent;
    }
    var alternative = check(conditional.alternative(), before);
    if (consequent.isEmpty() || alternative.isEmpty()) {
      return Optional.empty();
    }
    var left = consequent.get();
    var right = alternative.get();
    var covering = Type.covering(left.type(), right.type());
    if (covering.isEmpty()) {
      report.error(
          conditional,
          "the two branches have to be of one type, not " + left.type() + " and " + right.type());
    }
    return covering.map(type -> new Typed(type, left.capabilities().or(right.capabilities())));
  }

  private Optional<Typed> and(Expr left, Expr right, ValidatorCapabilities before) {
    var one = bool(left, before);
    if (one.isEmpty() || boolOf(one.get()) == BoolType.FALSE) {
      return one.map(typed -> new Typed(typed.type()));
    }
    var known = one.get().capabilities();
    var other = bool(right, before.and(known));
    if (other.isEmpty() || boolOf(other.get()) == BoolType.FALSE) {
      return other.map(typed -> new Typed(typed.type()));
    }
    boolean both = boolOf(one.get()) == BoolType.TRUE && boolOf(other.get()) == BoolType.TRUE;
    var type = both ? BoolType.TRUE : BoolType.ANY;
    return Optional.of(new Typed(type, known.and(other.get().capabilities())));
  }

  private Optional<Typed> or(Expr left, Expr right, ValidatorCapabilities before) {
    var one = bool(left, before);
    if (one.isEmpty() || boolOf(one.get()) == BoolType.TRUE) {
      return one.map(typed -> new Typed(typed.type()));
    }
    var other = bool(right, before);
    if (other.isEmpty() || boolOf(one.get()) == BoolType.FALSE) {
      return other;
    }
    return Optional.of(
        switch (boolOf(other.get())) {
          case TRUE -> new Typed(BoolType.TRUE);
          case FALSE -> one.get();
          case ANY ->
              new Typed(BoolType.ANY, one.get().capabilities().or(other.get().capabilities()));
        });
  }

  private Optional<Typed> isEmpty(Expr operand, ValidatorCapabilities before) {
    var typed = check(operand, before);
    if (typed.isPresent() && !(typed.get().type() instanceof SetType)) {
      report.error(operand, "expected a set but this is " + typed.get().type());
      return Optional.empty();
    }
    return typed.map(_ -> new Typed(BoolType.ANY));
  }

  private BoolType is(Expr expr, EntityType found, EntityType wanted) {
    return noted(
        expr,
        BoolType.of(found.equals(wanted)),
        () -> "it is of type " + found + " in every request this is reached by");
  }

  private Optional<Typed> isIn(Expr.IsIn isIn, ValidatorCapabilities before) {
    var operand = entity(isIn.operand(), before);
    if (operand.isEmpty() || is(isIn, operand.get(), isIn.type()) == BoolType.FALSE) {
      return operand.map(_ -> new Typed(BoolType.FALSE));
    }
    return operators.in(isIn, isIn.operand(), isIn.ancestor(), before);
  }

  /// The record of attributes of a record or an entity. Actions have none.
  private Optional<RecordType> attributesOf(Expr operand, Type type) {
    return switch (type) {
      case RecordType recordType -> Optional.of(recordType);
      case EntityRef(var entity) ->
          schema
              .entityType(entity)
              .map(SchemaEntityType::attributes)
              .or(() -> Optional.of(RecordType.EMPTY));
      case BoolType _, Primitive _, Type.ExtensionType _, SetType _ -> {
        report.error(operand, "only records and entities have attributes, and this is " + type);
        yield Optional.empty();
      }
    };
  }

  private Optional<Typed> attribute(
      Expr expr, Expr operand, String name, ValidatorCapabilities before) {
    var typed = check(operand, before);
    var attributes = typed.flatMap(found -> attributesOf(operand, found.type()));
    if (attributes.isEmpty()) {
      return Optional.empty();
    }
    var owner = owner(typed.orElseThrow().type());
    var attribute = attributes.get().attribute(name);
    if (attribute.isEmpty()) {
      report.error(expr, notDeclared(name, owner, attributes.get()));
      return Optional.empty();
    }
    boolean present =
        attribute.get().required() || before.contains(names.attribute(names.of(operand), name));
    if (!present) {
      var test = shown(new Expr.Has(operand, List.of(name)));
      report.error(
          expr, "attribute '" + name + "' of " + owner + " is optional: test " + test + " first");
      return Optional.empty();
    }
    return Optional.of(new Typed(attribute.get().type()));
  }

  private static String notDeclared(String name, String owner, RecordType attributes) {
    return "attribute '"
        + name
        + "' is not declared for "
        + owner
        + ValidationSpelling.hint(name, attributes.attributes().keySet());
  }

  private static String owner(Type type) {
    return type instanceof EntityRef(var entity) ? "entity type " + entity : "record";
  }

  private Optional<Typed> has(Expr.Has has, ValidatorCapabilities before) {
    var typed = check(has.operand(), before);
    if (typed.isEmpty()) {
      return Optional.empty();
    }
    var current = typed.get().type();
    int number = names.of(has.operand());
    var known = ValidatorCapabilities.NONE;
    var result = BoolType.TRUE;
    for (var name : has.path()) {
      var attributes = attributesOf(has, current);
      if (attributes.isEmpty()) {
        return Optional.empty();
      }
      var attribute = attributes.get().attribute(name);
      if (attribute.isEmpty()) {
        var owner = owner(current);
        return Optional.of(
            new Typed(
                noted(has, BoolType.FALSE, () -> notDeclared(name, owner, attributes.get()))));
      }
      number = names.attribute(number, name);
      boolean present =
          before.contains(number)
              || known.contains(number)
              || (attribute.get().required() && current instanceof RecordType);
      if (!present) {
        result = BoolType.ANY;
        known = known.and(ValidatorCapabilities.of(number));
      }
      current = attribute.get().type();
    }
    return Optional.of(new Typed(noted(has, result, () -> ""), known));
  }

  Optional<Typed> hasTag(Expr expr, Expr left, Expr right, ValidatorCapabilities before) {
    var entity = entity(left, before);
    var tag = expect(right, before, Primitive.STRING);
    if (entity.isEmpty() || tag.isEmpty()) {
      return Optional.empty();
    }
    if (schema.entityType(entity.get()).flatMap(SchemaEntityType::tags).isEmpty()) {
      return Optional.of(
          new Typed(
              noted(expr, BoolType.FALSE, () -> "entity type " + entity.get() + " has no tags")));
    }
    int capability = names.tag(left, right);
    return Optional.of(
        before.contains(capability)
            ? new Typed(BoolType.TRUE)
            : new Typed(noted(expr, BoolType.ANY, () -> ""), ValidatorCapabilities.of(capability)));
  }

  Optional<Typed> getTag(Expr expr, Expr left, Expr right, ValidatorCapabilities before) {
    var entity = entity(left, before);
    var tag = expect(right, before, Primitive.STRING);
    if (entity.isEmpty() || tag.isEmpty()) {
      return Optional.empty();
    }
    var type = schema.entityType(entity.get()).flatMap(SchemaEntityType::tags);
    if (type.isEmpty()) {
      report.error(expr, "entity type " + entity.get() + " has no tags");
    } else if (!before.contains(names.tag(left, right))) {
      var test = shown(new Expr.Binary(BinaryOperator.HAS_TAG, left, right));
      report.error(expr, "the tag may be missing: test " + test + " first");
      return Optional.empty();
    }
    return type.map(Typed::new);
  }

  /// Remembers how a test comes out in this environment.
  BoolType noted(Expr test, BoolType result, Supplier<String> whyFalse) {
    report.note(test, result != BoolType.FALSE, whyFalse);
    return result;
  }
}
