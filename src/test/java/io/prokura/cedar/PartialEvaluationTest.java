package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said for certain of a partial request is so for every request that it stands for: case
/// by case, and for random policies against the evaluator for whole requests.
final class PartialEvaluationTest {
  private static final EntityUid ALICE = EntityUid.of("User", "alice");
  private static final EntityUid READ = EntityUid.of("Action", "read");
  private static final EntityUid STAFF = EntityUid.of("Group", "staff");
  private static final EntityUid API = EntityUid.of("Api", "records");
  private static final EntityUid FOLDER = EntityUid.of("Folder", "shared");
  private static final EntityType DOC = new EntityType("Doc");
  private static final Entity PERSON =
      new Entity(ALICE, Map.of("active", BoolValue.TRUE, "level", new LongValue(3)), Set.of(STAFF));

  private static final PartialRequest REQUEST =
      new PartialRequest(
          ALICE,
          READ,
          DOC,
          Set.of(API),
          Set.of(FOLDER),
          Map.of("own", BoolValue.TRUE, "risk", new LongValue(2)),
          Set.of("ip"));

  private static Optional<Entity> find(EntityUid uid) {
    return uid.equals(ALICE) ? Optional.of(PERSON) : Optional.empty();
  }

  private static Prospect prospect(String policy) {
    try {
      return new PartialEvaluation(REQUEST, PartialEvaluationTest::find)
          .of(Policy.parse("p", policy));
    } catch (CedarSyntaxException e) {
      throw new AssertionError(policy, e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "true ; HOLDS",
        "false ; DOES_NOT_HOLD",
        "principal.level > 2 && principal in Group::\"staff\" ; HOLDS",
        "principal.level + 9223372036854775807 > 0 ; FAILS",
        "context.own && context.risk < 3 ; HOLDS",
        "context has own ; HOLDS",
        "context has nothing ; DOES_NOT_HOLD",
        "context has ip ; OPEN",
        "context has nothing && context.nothing == 1 ; DOES_NOT_HOLD",
        "resource is Doc ; HOLDS",
        "resource is Folder ; DOES_NOT_HOLD",
        "resource in Api::\"records\" ; HOLDS",
        "resource in Api::\"other\" ; DOES_NOT_HOLD",
        "resource in Folder::\"shared\" ; OPEN",
        "resource in [Api::\"other\", Api::\"records\"] ; HOLDS",
        "resource is Doc in Api::\"records\" ; HOLDS",
        "resource is Folder in Api::\"records\" ; DOES_NOT_HOLD",
        "resource == Doc::\"1\" ; OPEN",
        "resource == Folder::\"1\" ; DOES_NOT_HOLD",
        "resource != Folder::\"1\" ; HOLDS",
        "resource.status == \"open\" ; OPEN",
        "resource.status == \"open\" && false ; DOES_NOT_HOLD",
        "resource.status == \"open\" || true ; HOLDS",
        "resource.size + 1 > 0 || true ; RISKY",
        "resource.size + 1 > 0 && false ; RISKY",
        "!(resource.status == \"open\" && principal.level > 5) ; HOLDS",
        "if context.own then true else resource.flag ; HOLDS",
        "if resource.flag then true else true ; OPEN",
        "resource.flag && principal.level * 9223372036854775807 > 0 ; RISKY",
        "context.ip == principal ; OPEN",
      })
  void aConditionComesTo(String condition, Prospect expected) {
    var policy = "permit (principal, action, resource) when { %s };".formatted(condition);
    assertThat(prospect(policy)).isEqualTo(expected);
  }

  @Test
  void scopesComeTo() {
    assertThat(prospect("permit (principal, action, resource);")).isEqualTo(Prospect.HOLDS);
    assertThat(prospect("permit (principal == User::\"bob\", action, resource);"))
        .isEqualTo(Prospect.DOES_NOT_HOLD);
    assertThat(
            prospect(
                "permit (principal in Group::\"staff\", action in [Action::\"read\"],"
                    + " resource is Doc in Api::\"records\");"))
        .isEqualTo(Prospect.HOLDS);
    assertThat(prospect("permit (principal, action == Action::\"write\", resource);"))
        .isEqualTo(Prospect.DOES_NOT_HOLD);
    assertThat(prospect("permit (principal, action, resource == Doc::\"1\");"))
        .isEqualTo(Prospect.OPEN);
  }

  private static final List<String> ATOMS =
      List.of(
          "true",
          "false",
          "principal.active",
          "principal.level > 2",
          "principal.level + 9223372036854775807 > 0",
          "context.own",
          "context.risk > 5",
          "context has ip",
          "context has nothing",
          "resource is Doc",
          "resource in Api::\"records\"",
          "resource in Folder::\"shared\"",
          "resource == Doc::\"1\"",
          "resource.flag",
          "resource has size && resource.size > 1",
          "resource has size && resource.size + 9223372036854775807 > 0");

  private static String condition(Random random, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return "(" + ATOMS.get(random.nextInt(ATOMS.size())) + ")";
    }
    var left = condition(random, depth - 1);
    var right = condition(random, depth - 1);
    return switch (random.nextInt(4)) {
      case 0 -> "(" + left + " && " + right + ")";
      case 1 -> "(" + left + " || " + right + ")";
      case 2 -> "!" + left;
      default -> "(if " + left + " then " + right + " else " + condition(random, depth - 1) + ")";
    };
  }

  /// Every object and every rest of the context that the partial request stands for.
  private static List<Map.Entry<Request, Entity>> wholes() {
    var wholes = new ArrayList<Map.Entry<Request, Entity>>();
    for (var id : List.of("1", "2")) {
      for (var ancestors : List.of(Set.of(API), Set.of(API, FOLDER))) {
        for (var flag : List.of(BoolValue.TRUE, BoolValue.FALSE)) {
          for (var size : List.of(Map.<String, Value>of(), Map.of("size", new LongValue(7)))) {
            var attributes = new java.util.HashMap<String, Value>(size);
            attributes.put("flag", flag);
            var uid = EntityUid.of("Doc", id);
            for (boolean ip : List.of(true, false)) {
              var context = new java.util.HashMap<String, Value>(REQUEST.context());
              if (ip) {
                context.put("ip", ALICE);
              }
              wholes.add(
                  Map.entry(
                      new Request(ALICE, READ, uid, new RecordValue(context)),
                      new Entity(uid, attributes, ancestors)));
            }
          }
        }
      }
    }
    return wholes;
  }

  private static Prospect outcome(Policy policy, Map.Entry<Request, Entity> whole) {
    var response =
        Authorizer.authorize(
            whole.getKey(),
            uid -> uid.equals(whole.getValue().uid()) ? Optional.of(whole.getValue()) : find(uid),
            PolicySet.of(List.of(policy)));
    if (!response.errors().isEmpty()) {
      return Prospect.FAILS;
    }
    return response.allowed() ? Prospect.HOLDS : Prospect.DOES_NOT_HOLD;
  }

  @Test
  void whatIsCertainIsSoForEveryRequest() throws CedarSyntaxException {
    var random = new Random(7);
    var wholes = wholes();
    var seen = new java.util.EnumMap<Prospect, Integer>(Prospect.class);
    for (int i = 0; i < 20_000; i++) {
      var text = "permit (principal, action, resource) when { " + condition(random, 3) + " };";
      var policy = Policy.parse("p", text);
      var said = new PartialEvaluation(REQUEST, PartialEvaluationTest::find).of(policy);
      seen.merge(said, 1, Integer::sum);
      for (var whole : wholes) {
        var outcome = outcome(policy, whole);
        switch (said) {
          case HOLDS, DOES_NOT_HOLD, FAILS -> assertThat(outcome).as(text).isEqualTo(said);
          case OPEN -> assertThat(outcome).as(text).isNotEqualTo(Prospect.FAILS);
          case RISKY -> {}
        }
      }
    }
    assertThat(seen).containsOnlyKeys(Prospect.values());
  }
}
