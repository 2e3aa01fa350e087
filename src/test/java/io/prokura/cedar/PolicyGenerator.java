package io.prokura.cedar;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/// Makes policies from a seed: mostly well typed, about entities and attributes that a [WorldMaker]
/// made, now and then not.
final class PolicyGenerator {
  private final Random random;

  PolicyGenerator(Random random) {
    this.random = random;
  }

  Policy policy(String id) {
    var conditions = new ArrayList<Condition>();
    for (int count = random.nextInt(4) / 3; count >= 0; count--) {
      var kind = random.nextInt(4) == 0 ? Condition.Kind.UNLESS : Condition.Kind.WHEN;
      conditions.add(new Condition(kind, bool(1 + random.nextInt(4))));
    }
    var annotations = new LinkedHashMap<String, String>();
    if (random.nextInt(4) == 0) {
      annotations.put("id", pick(Spellings.STRINGS));
      annotations.put("if", "");
    }
    return new Policy(
        id,
        annotations,
        random.nextInt(5) == 0 ? Effect.FORBID : Effect.PERMIT,
        scope(),
        actionScope(),
        scope(),
        conditions,
        new Source("", new Position(1, 1), 0, new IdentityHashMap<>()));
  }

  private Scope scope() {
    return switch (random.nextInt(25)) {
      case 0 -> new Scope.Equal(uid());
      case 1 -> new Scope.In(uid());
      case 2 -> new Scope.Is(uid().type());
      case 3 -> new Scope.IsIn(uid().type(), uid());
      default -> new Scope.Any();
    };
  }

  private ActionScope actionScope() {
    return switch (random.nextInt(25)) {
      case 0 -> new ActionScope.Equal(action());
      case 1 -> new ActionScope.In(action());
      case 2 -> new ActionScope.InAny(List.of(action(), action()));
      case 3 -> new ActionScope.InAny(random.nextInt(3) == 0 ? List.of() : List.of(action()));
      default -> new ActionScope.Any();
    };
  }

  EntityUid uid() {
    return pick(WorldMaker.UIDS);
  }

  EntityUid action() {
    return pick(WorldMaker.ACTIONS);
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /// An expression of any type; one in a few places where another type is wanted.
  Expr any(int depth) {
    return switch (random.nextInt(9)) {
      case 0 -> number(depth);
      case 1 -> string(depth);
      case 2 -> entity(depth);
      case 3 -> set(depth);
      case 4 -> record(depth);
      case 5 -> extension(ExtensionFunction.DECIMAL, Spellings.DECIMALS, "d", depth);
      case 6 -> extension(ExtensionFunction.IP, Spellings.IPS, "i", depth);
      case 7 -> datetime(depth);
      default -> bool(depth);
    };
  }

  private Expr mostly(Supplier<Expr> wanted, int depth) {
    return random.nextInt(40) == 0 ? any(depth) : wanted.get();
  }

  Expr bool(int depth) {
    if (depth <= 0) {
      return random.nextInt(3) == 0
          ? attribute("b", 0)
          : new Expr.Literal(BoolValue.of(random.nextBoolean()));
    }
    int d = depth - 1;
    return switch (random.nextInt(22)) {
      case 0, 1, 2 -> new Expr.And(boolOrNot(d), boolOrNot(d));
      case 3, 4 -> new Expr.Or(boolOrNot(d), boolOrNot(d));
      case 5 -> new Expr.Not(boolOrNot(d));
      case 6 -> new Expr.If(boolOrNot(d), boolOrNot(d), boolOrNot(d));
      case 7, 8 -> equality(d);
      case 9 -> comparison(d);
      case 10, 11 -> new Expr.Binary(BinaryOperator.IN, entityOrNot(d), group(d));
      case 12 -> new Expr.Is(entityOrNot(d), uid().type());
      case 13 -> new Expr.IsIn(entityOrNot(d), uid().type(), group(d));
      case 14, 15 -> new Expr.Has(owner(d), path());
      case 16 -> new Expr.Like(mostly(() -> string(d), d), pattern());
      case 17 -> sets(d);
      case 18 -> new Expr.IsEmpty(mostly(() -> set(d), d));
      case 19 -> new Expr.Binary(BinaryOperator.HAS_TAG, entityOrNot(d), string(d));
      case 20 -> extensionTest(d);
      default -> attribute("b", d);
    };
  }

  private Expr boolOrNot(int depth) {
    return mostly(() -> bool(depth), depth);
  }

  private Expr entityOrNot(int depth) {
    return mostly(() -> entity(depth), depth);
  }

  private Expr equality(int d) {
    var operator = random.nextBoolean() ? BinaryOperator.EQUAL : BinaryOperator.NOT_EQUAL;
    return switch (random.nextInt(9)) {
      case 0 -> new Expr.Binary(operator, any(d), any(d));
      case 1 -> new Expr.Binary(operator, number(d), number(d));
      case 2 -> new Expr.Binary(operator, string(d), string(d));
      case 3 -> new Expr.Binary(operator, set(d), set(d));
      case 4 -> new Expr.Binary(operator, record(d), record(d));
      case 5 ->
          new Expr.Binary(
              operator,
              extension(ExtensionFunction.IP, Spellings.IPS, "i", d),
              extension(ExtensionFunction.IP, Spellings.IPS, "i", d));
      default -> new Expr.Binary(operator, entity(d), entity(d));
    };
  }

  private Expr comparison(int d) {
    var operator =
        pick(
            List.of(
                BinaryOperator.LESS,
                BinaryOperator.LESS_EQUAL,
                BinaryOperator.GREATER,
                BinaryOperator.GREATER_EQUAL));
    return switch (random.nextInt(4)) {
      case 0 -> new Expr.Binary(operator, datetime(d), datetime(d));
      case 1 -> new Expr.Binary(operator, duration(d), duration(d));
      default -> new Expr.Binary(operator, mostly(() -> number(d), d), number(d));
    };
  }

  private Expr sets(int d) {
    return switch (random.nextInt(3)) {
      case 0 -> new Expr.Binary(BinaryOperator.CONTAINS, mostly(() -> set(d), d), any(d));
      case 1 -> new Expr.Binary(BinaryOperator.CONTAINS_ALL, set(d), mostly(() -> set(d), d));
      default -> new Expr.Binary(BinaryOperator.CONTAINS_ANY, mostly(() -> set(d), d), set(d));
    };
  }

  private Expr group(int d) {
    if (random.nextInt(3) != 0) {
      return entityOrNot(d);
    }
    var elements = new ArrayList<Expr>();
    for (int i = random.nextInt(4); i > 0; i--) {
      elements.add(entityOrNot(d));
    }
    return new Expr.SetOf(elements);
  }

  private List<String> path() {
    var path = new ArrayList<String>();
    path.add(pick(WorldMaker.NAMES));
    while (Names.isIdentifier(path.getFirst()) && random.nextInt(3) == 0) {
      path.add(pick(List.of("n", "s", "r", "e", "b")));
    }
    return path;
  }

  private Pattern pattern() {
    var literals = new ArrayList<String>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      literals.add(pick(Spellings.STRINGS));
    }
    return new Pattern(literals);
  }

  private Expr owner(int depth) {
    return switch (random.nextInt(4)) {
      case 0 -> new Expr.Var(Variable.CONTEXT);
      case 1 -> mostly(() -> record(depth - 1), depth - 1);
      default -> entity(depth - 1);
    };
  }

  private Expr attribute(String name, int depth) {
    var wanted = random.nextInt(30) == 0 ? pick(WorldMaker.NAMES) : name;
    return new Expr.Attribute(owner(depth), wanted);
  }

  Expr number(int depth) {
    if (depth <= 0) {
      return new Expr.Literal(
          new LongValue(
              pick(List.of(0L, 1L, -1L, 2L, 7L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32))));
    }
    int d = depth - 1;
    return switch (random.nextInt(9)) {
      case 0 -> new Expr.Binary(BinaryOperator.ADD, number(d), mostly(() -> number(d), d));
      case 1 -> new Expr.Binary(BinaryOperator.SUBTRACT, number(d), number(d));
      case 2 -> new Expr.Binary(BinaryOperator.MULTIPLY, number(d), number(d));
      case 3 -> new Expr.Negate(mostly(() -> number(d), d));
      case 4 -> new Expr.If(bool(d), number(d), number(d));
      case 5 ->
          new Expr.Call(
              pick(
                  List.of(
                      ExtensionFunction.TO_MILLISECONDS,
                      ExtensionFunction.TO_SECONDS,
                      ExtensionFunction.TO_MINUTES,
                      ExtensionFunction.TO_HOURS,
                      ExtensionFunction.TO_DAYS)),
              List.of(mostly(() -> duration(d), d)));
      case 6 -> attribute("n", d);
      default -> number(0);
    };
  }

  Expr string(int depth) {
    return switch (depth <= 0 ? 9 : random.nextInt(5)) {
      case 0 -> attribute("s", depth - 1);
      case 1 -> new Expr.If(bool(depth - 1), string(depth - 1), string(depth - 1));
      case 2 ->
          new Expr.Binary(
              BinaryOperator.GET_TAG,
              entity(depth - 1),
              mostly(() -> string(depth - 1), depth - 1));
      default -> new Expr.Literal(new StringValue(pick(Spellings.STRINGS)));
    };
  }

  Expr entity(int depth) {
    return switch (depth <= 0 ? random.nextInt(4) : random.nextInt(7)) {
      case 0 -> new Expr.Var(Variable.PRINCIPAL);
      case 1 -> new Expr.Var(Variable.RESOURCE);
      case 2 -> new Expr.Var(Variable.ACTION);
      case 3 -> new Expr.Literal(random.nextInt(4) == 0 ? action() : uid());
      case 4 -> new Expr.If(bool(depth - 1), entity(depth - 1), entity(depth - 1));
      default -> attribute("e", depth - 1);
    };
  }

  Expr set(int depth) {
    if (random.nextInt(4) == 0) {
      return attribute("t", depth);
    }
    var elements = new ArrayList<Expr>();
    boolean numbers = random.nextBoolean();
    for (int i = random.nextInt(4); i > 0; i--) {
      elements.add(numbers ? number(depth - 1) : any(Math.min(2, depth - 1)));
    }
    return new Expr.SetOf(elements);
  }

  Expr record(int depth) {
    if (depth <= 0 || random.nextInt(3) == 0) {
      return random.nextBoolean() ? new Expr.Var(Variable.CONTEXT) : new Expr.RecordOf(Map.of());
    }
    if (random.nextInt(3) == 0) {
      return attribute("r", depth - 1);
    }
    var attributes = new LinkedHashMap<String, Expr>();
    for (int i = random.nextInt(4); i > 0; i--) {
      attributes.put(pick(WorldMaker.NAMES), any(Math.min(2, depth - 1)));
    }
    return new Expr.RecordOf(attributes);
  }

  private Expr extension(ExtensionFunction make, List<String> texts, String name, int depth) {
    if (random.nextInt(4) == 0) {
      return attribute(name, depth);
    }
    var likely = random.nextInt(3) == 0 ? texts : texts.subList(0, texts.size() / 2);
    Expr text = new Expr.Literal(new StringValue(pick(likely)));
    if (random.nextInt(30) == 0) {
      text = string(depth);
    }
    return new Expr.Call(make, random.nextInt(60) == 0 ? List.of(text, text) : List.of(text));
  }

  private Expr datetime(int depth) {
    if (depth <= 0 || random.nextInt(3) == 0) {
      return extension(ExtensionFunction.DATETIME, Spellings.DATETIMES, "m", depth);
    }
    int d = depth - 1;
    return random.nextInt(3) == 0
        ? new Expr.Call(ExtensionFunction.TO_DATE, List.of(mostly(() -> datetime(d), d)))
        : new Expr.Call(
            ExtensionFunction.OFFSET, List.of(datetime(d), mostly(() -> duration(d), d)));
  }

  private Expr duration(int depth) {
    if (depth <= 0 || random.nextInt(3) == 0) {
      return extension(ExtensionFunction.DURATION, Spellings.DURATIONS, "u", depth);
    }
    int d = depth - 1;
    return random.nextInt(3) == 0
        ? new Expr.Call(ExtensionFunction.TO_TIME, List.of(mostly(() -> datetime(d), d)))
        : new Expr.Call(ExtensionFunction.DURATION_SINCE, List.of(datetime(d), datetime(d)));
  }

  private Expr extensionTest(int d) {
    if (random.nextBoolean()) {
      var left = mostly(() -> extension(ExtensionFunction.DECIMAL, Spellings.DECIMALS, "d", d), d);
      var right = extension(ExtensionFunction.DECIMAL, Spellings.DECIMALS, "d", d);
      return new Expr.Call(
          pick(
              List.of(
                  ExtensionFunction.LESS_THAN,
                  ExtensionFunction.LESS_THAN_OR_EQUAL,
                  ExtensionFunction.GREATER_THAN,
                  ExtensionFunction.GREATER_THAN_OR_EQUAL)),
          random.nextInt(30) == 0 ? List.of(left) : List.of(left, right));
    }
    var ip = mostly(() -> extension(ExtensionFunction.IP, Spellings.IPS, "i", d), d);
    return random.nextBoolean()
        ? new Expr.Call(
            ExtensionFunction.IS_IN_RANGE,
            List.of(ip, extension(ExtensionFunction.IP, Spellings.IPS, "i", d)))
        : new Expr.Call(
            pick(
                List.of(
                    ExtensionFunction.IS_IPV4,
                    ExtensionFunction.IS_IPV6,
                    ExtensionFunction.IS_LOOPBACK,
                    ExtensionFunction.IS_MULTICAST)),
            List.of(ip));
  }
}
