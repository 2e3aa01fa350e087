package io.prokura.cedar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Makes a world that fails smaller as long as it still fails: fewer policies, questions and
/// entities, smaller expressions.
final class Shrinker {
  private static final int TRIES_MAX = 2000;

  private final Predicate<CedarWorld> fails;
  private CedarWorld smallest;
  private int tries;

  private Shrinker(CedarWorld world, Predicate<CedarWorld> fails) {
    this.smallest = world;
    this.fails = fails;
  }

  static CedarWorld shrunk(CedarWorld world, Predicate<CedarWorld> fails) {
    var shrinker = new Shrinker(world, fails);
    while (shrinker.step()) {}
    return shrinker.smallest;
  }

  /// Whether one of the next smaller worlds fails as well.
  private boolean step() {
    var world = smallest;
    return Stream.of(
            world.texts().keySet().stream().map(id -> with(world, without(world.texts(), id))),
            indexes(world.questions()).map(i -> withQuestions(world, i)),
            indexes(world.entities()).map(i -> withEntities(world, i)),
            world.texts().entrySet().stream()
                .flatMap(
                    entry ->
                        smaller(entry.getKey(), entry.getValue())
                            .map(text -> with(world, replaced(world.texts(), entry, text)))))
        .flatMap(worlds -> worlds)
        .anyMatch(this::take);
  }

  private boolean take(CedarWorld candidate) {
    if (++tries > TRIES_MAX || !fails.test(candidate)) {
      return false;
    }
    smallest = candidate;
    return true;
  }

  private static Stream<Integer> indexes(List<?> list) {
    return java.util.stream.IntStream.range(0, list.size()).boxed();
  }

  private static CedarWorld with(CedarWorld world, Map<String, String> texts) {
    return new CedarWorld(
        world.schema(), world.entities(), texts, world.slots(), world.questions());
  }

  private static CedarWorld withQuestions(CedarWorld world, int without) {
    var questions = without(world.questions(), without);
    return new CedarWorld(
        world.schema(), world.entities(), world.texts(), world.slots(), questions);
  }

  private static CedarWorld withEntities(CedarWorld world, int without) {
    var entities = without(world.entities(), without);
    return new CedarWorld(
        world.schema(), entities, world.texts(), world.slots(), world.questions());
  }

  private static Map<String, String> without(Map<String, String> texts, String id) {
    var fewer = new LinkedHashMap<>(texts);
    fewer.remove(id);
    return fewer;
  }

  private static Map<String, String> replaced(
      Map<String, String> texts, Map.Entry<String, String> entry, String text) {
    var replaced = new LinkedHashMap<>(texts);
    replaced.put(entry.getKey(), text);
    return replaced;
  }

  private static <T> List<T> without(List<T> list, int index) {
    var fewer = new ArrayList<>(list);
    fewer.remove(index);
    return fewer;
  }

  private static Stream<String> smaller(String id, String text) {
    try {
      var policy = Policy.parse(id, text);
      var conditions = policy.conditions();
      return indexes(conditions)
          .flatMap(
              i ->
                  Stream.concat(
                      Stream.of(without(conditions, i)),
                      smaller(conditions.get(i).body()).map(body -> with(conditions, i, body))))
          .map(fewer -> with(policy, fewer).print())
          .filter(shorter -> shorter.length() < policy.print().length());
    } catch (CedarSyntaxException _) {
      return Stream.of();
    }
  }

  private static List<Condition> with(List<Condition> conditions, int index, Expr body) {
    var replaced = new ArrayList<>(conditions);
    replaced.set(index, new Condition(conditions.get(index).kind(), body));
    return replaced;
  }

  private static Policy with(Policy policy, List<Condition> conditions) {
    return new Policy(
        policy.id(),
        Map.of(),
        policy.effect(),
        policy.principal(),
        policy.action(),
        policy.resource(),
        conditions,
        policy.source());
  }

  /// The expression with one expression in it replaced by a part of that, outermost first.
  private static Stream<Expr> smaller(Expr expr) {
    var parts = parts(expr);
    return Stream.concat(
        parts.stream(),
        indexes(parts).flatMap(i -> smaller(parts.get(i)).map(part -> with(expr, i, part))));
  }

  private static List<Expr> parts(Expr expr) {
    return switch (expr) {
      case Expr.Literal _, Expr.Var _ -> List.of();
      case Expr.If(var condition, var consequent, var alternative) ->
          List.of(condition, consequent, alternative);
      case Expr.And(var left, var right) -> List.of(left, right);
      case Expr.Or(var left, var right) -> List.of(left, right);
      case Expr.Not(var operand) -> List.of(operand);
      case Expr.Negate(var operand) -> List.of(operand);
      case Expr.Binary(_, var left, var right) -> List.of(left, right);
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

  private static Expr with(Expr expr, int index, Expr part) {
    var parts = new ArrayList<>(parts(expr));
    parts.set(index, part);
    var first = parts.getFirst();
    var last = parts.getLast();
    return switch (expr) {
      case Expr.Literal _, Expr.Var _ -> expr;
      case Expr.If _ -> new Expr.If(first, parts.get(1), last);
      case Expr.And _ -> new Expr.And(first, last);
      case Expr.Or _ -> new Expr.Or(first, last);
      case Expr.Not _ -> new Expr.Not(first);
      case Expr.Negate _ -> new Expr.Negate(first);
      case Expr.Binary(var operator, _, _) -> new Expr.Binary(operator, first, last);
      case Expr.IsEmpty _ -> new Expr.IsEmpty(first);
      case Expr.Attribute(_, var name) -> new Expr.Attribute(first, name);
      case Expr.Has(_, var path) -> new Expr.Has(first, path);
      case Expr.Like(_, var pattern) -> new Expr.Like(first, pattern);
      case Expr.Is(_, var type) -> new Expr.Is(first, type);
      case Expr.IsIn(_, var type, _) -> new Expr.IsIn(first, type, last);
      case Expr.SetOf _ -> new Expr.SetOf(parts);
      case Expr.RecordOf(var attributes) -> {
        var replaced = new LinkedHashMap<String, Expr>();
        attributes.keySet().forEach(name -> replaced.put(name, parts.get(replaced.size())));
        yield new Expr.RecordOf(replaced);
      }
      case Expr.Call(var function, _) -> new Expr.Call(function, parts);
    };
  }
}
