package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The compiled, indexed policies against the plain evaluator.
final class CompilerTest {
  private static final int POLICIES = 60;

  @Test
  void compiledPoliciesDoWhatTheInterpreterDoes() throws Exception {
    var first = System.getProperty("seed", "");
    long seed = first.isEmpty() ? 20_261_123L : Long.parseLong(first);
    for (int i = 0; i < 50; i++) {
      compare(seed++);
    }
  }

  private static void compare(long seed) throws Exception {
    var random = new Random(seed);
    var world = new WorldMaker(random);
    var generator = new PolicyGenerator(random);
    var policies = new ArrayList<Policy>();
    for (int i = 0; i < POLICIES; i++) {
      policies.add(narrowed(generator.policy("p" + i), generator, random));
    }
    var set = PolicySet.of(policies);
    var entities = Entities.parse(world.entities());
    for (int i = 0; i < 5; i++) {
      var context = (Map<?, ?>) Objects.requireNonNull(PlainJson.read(world.record(1)));
      var request = world.request(PlainValues.record("", context));
      var response = Authorizer.authorize(request, entities, set);
      assertThat(summary(response))
          .as("-Dseed=" + seed)
          .isEqualTo(interpreted(policies, request, entities));
    }
  }

  /// Puts tests in front that the index can use, and some that only look like it.
  private static Policy narrowed(Policy policy, PolicyGenerator generator, Random random) {
    var conditions = new ArrayList<>(policy.conditions());
    var body = conditions.getFirst().body();
    for (int i = random.nextInt(3); i > 0; i--) {
      body = new Expr.And(test(generator, random), body);
    }
    conditions.set(0, new Condition(conditions.getFirst().kind(), body));
    return new Policy(
        policy.id(),
        policy.annotations(),
        policy.effect(),
        policy.principal(),
        policy.action(),
        policy.resource(),
        conditions,
        policy.source());
  }

  private static Expr test(PolicyGenerator generator, Random random) {
    var variable = new Expr.Var(generator.pick(List.of(Variable.values())));
    var uid = new Expr.Literal(random.nextBoolean() ? generator.uid() : generator.action());
    var uids = new Expr.SetOf(List.of(uid, new Expr.Literal(generator.uid())));
    var attribute = new Expr.Attribute(variable, generator.pick(WorldMaker.NAMES));
    var constant = random.nextBoolean() ? generator.number(0) : generator.string(0);
    return switch (random.nextInt(13)) {
      case 0 -> new Expr.Binary(BinaryOperator.EQUAL, variable, uid);
      case 1 -> new Expr.Binary(BinaryOperator.EQUAL, uid, variable);
      case 2 -> new Expr.Binary(BinaryOperator.IN, variable, uid);
      case 3 -> new Expr.Binary(BinaryOperator.IN, variable, uids);
      case 4 -> new Expr.Binary(BinaryOperator.CONTAINS, uids, variable);
      case 5 -> new Expr.Is(variable, generator.uid().type());
      case 6 -> new Expr.Has(variable, List.of(generator.pick(WorldMaker.NAMES)));
      case 7, 8 -> new Expr.Binary(BinaryOperator.EQUAL, attribute, constant);
      case 9 -> new Expr.Binary(BinaryOperator.EQUAL, constant, attribute);
      case 10 ->
          new Expr.Binary(
              BinaryOperator.CONTAINS,
              new Expr.SetOf(
                  random.nextInt(4) == 0 ? List.of() : List.of(constant, generator.number(0))),
              attribute);
      case 11 -> new Expr.Or(test(generator, random), test(generator, random));
      default -> generator.bool(2);
    };
  }

  private static List<Object> summary(Response response) {
    var errors = response.errors().stream().map(PolicyError::toString).toList();
    return List.of(response.decision(), response.determiningIds(), errors);
  }

  private static List<Object> interpreted(
      List<Policy> policies, Request request, Entities entities) {
    var permits = new ArrayList<String>();
    var forbids = new ArrayList<String>();
    var errors = new ArrayList<String>();
    for (var policy : policies) {
      try {
        if (new Interpreter(request, entities).satisfied(policy)) {
          (policy.effect() == Effect.PERMIT ? permits : forbids).add(policy.id());
        }
      } catch (EvaluationException failure) {
        errors.add(policy.id() + ": " + failure.problem());
      }
    }
    boolean allow = forbids.isEmpty() && !permits.isEmpty();
    return List.of(allow ? Decision.ALLOW : Decision.DENY, allow ? permits : forbids, errors);
  }
}
