package io.prokura.cedar;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// What the Cedar library promises for any input: the exceptions it documents and no others, and
/// that what it prints means what it read.
public final class CedarFuzz {
  private static final String SCHEMA =
      """
      entity Level enum ["low", "high"];
      entity G in [G];
      entity A in [G] {n: Long, s?: String, b: Bool, e?: A, t: Set<Long>, r: {x?: {y: Long}},
        d?: decimal, i: ipaddr, m: datetime, u: duration, l: Level} tags Set<String>;
      action all;
      action view, edit in [all] appliesTo {principal: A, resource: [A, G], context: {n?: Long}};
      """;
  private static final String ENTITIES =
      """
      [{"uid": {"type": "A", "id": "1"}, "parents": [{"type": "G", "id": "g"}],
        "attrs": {"n": 1, "b": true, "t": [1, 2], "r": {"x": {"y": 1}},
          "e": {"__entity": {"type": "A", "id": "2"}},
          "i": {"__extn": {"fn": "ip", "arg": "10.0.0.1"}}},
        "tags": {"k": ["v"]}},
       {"uid": {"type": "G", "id": "g"}, "parents": [{"type": "G", "id": "h"}], "attrs": {}}]
      """;

  private CedarFuzz() {}

  private static String text(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }

  private static void check(boolean promise, String what) {
    if (!promise) {
      throw new AssertionError(what);
    }
  }

  private static Schema schema() {
    try {
      return Schema.parse("schema", SCHEMA);
    } catch (SchemaException broken) {
      throw new AssertionError(broken);
    }
  }

  /// Text of policies and templates: printing and parsing again gives the same, in both syntaxes.
  public static void policy(byte[] input) {
    var text = text(input);
    try {
      for (var policy : PolicySet.parse(text).policies().values()) {
        roundTrip(policy);
        new Validator(schema()).validate(policy);
      }
    } catch (CedarSyntaxException refusal) {
      check(refusal.position().line() > 0, "a position");
    }
    try {
      var template = Template.parse("t", text);
      var again = Template.parse("t", template.print());
      check(again.print().equals(template.print()), template.print());
      new Validator(schema()).validate(template);
    } catch (CedarSyntaxException refusal) {
      check(refusal.position().column() > 0, "a position");
    }
  }

  private static void roundTrip(Policy policy) {
    try {
      var printed = policy.print();
      var parsed = Policy.parse(policy.id(), printed);
      check(parsed.print().equals(printed), printed);
      check(parsed.conditions().equals(policy.conditions()), printed);
      var fromJson = Policy.parseJson(policy.id(), policy.toJson());
      check(fromJson.print().equals(printed), printed);
    } catch (CedarSyntaxException | TypeMismatchException failure) {
      throw new AssertionError(policy.print(), failure);
    }
  }

  /// JSON of policies, templates and policy sets.
  public static void policyJson(byte[] input) {
    var json = text(input);
    try {
      roundTrip(Policy.parseJson("p", json));
    } catch (CedarSyntaxException | TypeMismatchException _) {
      // What is promised.
    }
    try {
      var set = PolicySet.parseJson(json);
      set.policies().values().forEach(CedarFuzz::roundTrip);
      check(PolicySet.parseJson(set.toJson()).toJson().equals(set.toJson()), set.toJson());
    } catch (CedarSyntaxException | TypeMismatchException _) {
      // What is promised.
    }
  }

  /// Policies and, after a NUL, a context: the decision is the one of the plain evaluator.
  public static void evaluator(byte[] input) {
    var text = text(input);
    int end = text.indexOf('\0');
    try {
      var policies = PolicySet.parse(end < 0 ? text : text.substring(0, end));
      var context = end < 0 ? Optional.<RecordValue>empty() : context(text.substring(end + 1));
      var entities = Entities.parse(ENTITIES);
      var request =
          new Request(
              EntityUid.of("A", "1"),
              EntityUid.of("Action", "view"),
              EntityUid.of("A", "2"),
              context.orElse(RecordValue.EMPTY));
      var response = Authorizer.authorize(request, entities, policies);
      var interpreter = new Interpreter(request, entities);
      boolean permits = false;
      boolean forbids = false;
      int errors = 0;
      for (var policy : policies.policies().values()) {
        try {
          boolean satisfied = interpreter.satisfied(policy);
          permits |= satisfied && policy.effect() == Effect.PERMIT;
          forbids |= satisfied && policy.effect() == Effect.FORBID;
        } catch (EvaluationException _) {
          errors++;
        }
      }
      check(response.allowed() == (permits && !forbids), "the decision");
      check(response.errors().size() == errors, "the errors");
    } catch (CedarSyntaxException | TypeMismatchException _) {
      // What is promised.
    }
  }

  private static Optional<RecordValue> context(String json)
      throws CedarSyntaxException, TypeMismatchException {
    var plain = PlainJson.object(PlainJson.read(json));
    return plain.isEmpty() ? Optional.empty() : Optional.of(RecordValue.of(plain.get()));
  }

  /// A schema in Cedar's syntax.
  public static void schema(byte[] input) {
    parse(SchemaSource.cedar("s", text(input)));
  }

  /// A schema in JSON.
  public static void schemaJson(byte[] input) {
    parse(SchemaSource.json("s", text(input)));
  }

  private static void parse(SchemaSource source) {
    try {
      var schema = Schema.parse(List.of(source));
      check(Entities.of(schema.actionEntities()) != null, "actions");
    } catch (SchemaException refusal) {
      check(!refusal.problems().isEmpty(), "a problem");
    }
  }

  /// Entities, read with and without a schema.
  public static void entities(byte[] input) {
    var json = text(input);
    try {
      Entities.parse(json);
    } catch (CedarSyntaxException | TypeMismatchException _) {
      // What is promised.
    }
    try {
      var schema = schema();
      var validator = new Validator(schema);
      schema.readEntities(json).forEach(validator::problems);
    } catch (CedarSyntaxException | TypeMismatchException _) {
      // What is promised.
    }
  }
}
