package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Compares the JSON format of policies with cedar-java, which runs the reference implementation,
/// in both directions. `-Dcases=N` sets the number of policies, `-Dseed=N` the first seed.
///
/// The reference writes `a has b.c` as two tests and a list of one action as that action. It reads
/// more than the published format: each such leniency is in `LENIENCIES`, by what we say to it.
final class PolicyJsonCedarJavaTest {
  private static final List<String> LENIENCIES =
      List.of(
          "is unknown",
          "has to be the only member and an object",
          "needs the value it is called on",
          "`attr` as a list",
          "expected either `entity` or `slot`",
          "expected either `entity` or `entities`",
          "expected either `arg` or `args`",
          "expected an entity, with `type` and `id` as strings",
          "the member `fn` has to be a string",
          "the member `fn` is missing",
          "__extn: there is no kind of expression and no function",
          "expressions are within each other");

  @Test
  void theJsonOfATextIsTheSame() throws Exception {
    for (var seed : Seeds.of(20_261_126L, 1500)) {
      var policy = new PolicyGenerator(new Random(seed)).policy("p");
      var text = policy.print();
      var theirs = Reference.toJson(text);
      assertThat(normal(policy.toJson())).as("-Dseed=" + seed).isEqualTo(normal(theirs));
      var back = Policy.parseJson("p", theirs);
      assertThat(normal(back.toJson())).as("-Dseed=" + seed).isEqualTo(normal(theirs));
    }
  }

  @Test
  void theTextOfAJsonIsTheSame() throws Exception {
    for (var seed : Seeds.of(20_261_127L, 1500)) {
      var policy = new PolicyGenerator(new Random(seed)).policy("p");
      var theirs = Reference.fromJson(policy.toJson()).orElseThrow();
      var parsed = Policy.parse("p", theirs);
      assertThat(parsed.toJson()).as("-Dseed=" + seed).isEqualTo(sorted(policy).toJson());
    }
  }

  /// The reference writes annotations and the attributes of records in the order of their names.
  private static Policy sorted(Policy policy) throws Exception {
    return Policy.parse("p", Reference.fromJson(policy.toJson()).orElseThrow());
  }

  @Test
  void changedJsonIsAcceptedAlike() throws Exception {
    int accepted = 0;
    int refused = 0;
    for (var seed : Seeds.of(20_261_128L, 3000)) {
      var random = new Random(seed);
      var json = new PolicyGenerator(random).policy("p").toJson();
      var changed = JsonChanger.changed(random, json);
      var theirs = Reference.fromJson(changed);
      try {
        var policy = Policy.parseJson("p", changed);
        assertThat(theirs).as(() -> "-Dseed=" + seed + "\n" + changed).isPresent();
        assertThat(normal(policy.toJson()))
            .as("-Dseed=" + seed)
            .isEqualTo(normal(Policy.parse("p", theirs.orElseThrow()).toJson()));
        accepted++;
      } catch (TypeMismatchException refusal) {
        boolean lenient = LENIENCIES.stream().anyMatch(refusal.toString()::contains);
        assertThat(theirs.isEmpty() || lenient)
            .as(() -> "-Dseed=" + seed + "\n" + changed + "\n" + refusal.getMessage())
            .isTrue();
        refused++;
      }
    }
    assertThat(accepted).isPositive();
    assertThat(refused).isPositive();
  }

  @Test
  void theJsonOfAPolicySetIsTheSame() throws Exception {
    var fixed = "permit(principal is A, action == Action::\"a\", resource) when { 1 < 2 };";
    var open = "forbid(principal in ?principal, action, resource is A in ?resource);";
    var set =
        PolicySet.parse(Map.of("policy0", fixed), Map.of("policy1", open), List.<TemplateLink>of());
    assertThat(normal(set.toJson())).isEqualTo(normal(Reference.setToJson(fixed + open)));
  }

  @Test
  void linkedPoliciesAreDecidedAlike() throws Exception {
    var alice = EntityUid.of("A", "alice");
    var link = new TemplateLink("linked", "open", Map.of(Slot.PRINCIPAL, alice));
    var set =
        PolicySet.parse(
            Map.of("fixed", "permit(principal, action, resource) when { resource == A::\"x\" };"),
            Map.of("open", "permit(principal == ?principal, action, resource);"),
            List.of(link));
    for (var principal : List.of(alice, EntityUid.of("A", "x"))) {
      for (var resource : List.of(alice, EntityUid.of("A", "x"))) {
        var action = EntityUid.of("Action", "a");
        var question = new CedarWorld.Question(principal, action, resource, "{}");
        var response =
            Authorizer.authorize(question.request(RecordValue.EMPTY), Entities.none(), set);
        assertThat(Reference.authorize(question, "[]", set.toJson(), java.util.Optional.empty()))
            .contains(Reference.Outcome.of(response));
      }
    }
  }

  /// The JSON with what the reference writes in another way written as it does.
  private static @Nullable Object normal(String json) throws CedarSyntaxException {
    return normal(PlainJson.read(json, 3000));
  }

  private static @Nullable Object normal(@Nullable Object json) {
    if (json instanceof List<?> list) {
      var normal = new ArrayList<@Nullable Object>();
      list.forEach(item -> normal.add(normal(item)));
      return normal;
    }
    var object = PlainJson.object(json);
    if (object.isEmpty()) {
      return json;
    }
    var members = new LinkedHashMap<>(object.get());
    if (members.get("pattern") instanceof List<?> pattern) {
      members.put("pattern", joined(pattern));
    }
    if (members.get("has") instanceof Map<?, ?> has && has.get("attr") instanceof List<?> names) {
      return normal(expanded(has.get("left"), List.copyOf(names)));
    }
    if (members.get("annotations") instanceof Map<?, ?>) {
      var annotations = PlainJson.object(members.get("annotations")).orElseThrow();
      annotations.replaceAll((_, value) -> "".equals(value) ? null : value);
      members.remove("annotations");
      if (!annotations.isEmpty()) {
        members.put("annotations", annotations);
      }
    }
    if (members.get("entities") instanceof List<?> list && list.size() == 1) {
      members.remove("entities");
      members.put("entity", list.getFirst());
    }
    members.replaceAll((_, value) -> normal(value));
    return members;
  }

  /// The reference may write a literal of a pattern character by character.
  private static String joined(List<?> pattern) {
    var joined = new StringBuilder();
    for (var element : pattern) {
      joined.append(element instanceof Map<?, ?> literal ? literal.get("Literal") : "\0*");
    }
    return joined.toString();
  }

  /// `a has b.c` as `a has b && a.b has c`.
  private static @Nullable Object expanded(@Nullable Object operand, List<?> names) {
    if (names.size() == 1) {
      return Map.of("has", member(operand, names.getFirst()));
    }
    var init = names.subList(0, names.size() - 1);
    @Nullable Object owner = operand;
    for (var name : init) {
      owner = Map.of(".", member(owner, name));
    }
    var last = Map.of("has", member(owner, names.getLast()));
    var both = new LinkedHashMap<String, @Nullable Object>();
    both.put("left", expanded(operand, init));
    both.put("right", last);
    return Map.of("&&", both);
  }

  private static Map<String, @Nullable Object> member(@Nullable Object owner, Object name) {
    var members = new LinkedHashMap<String, @Nullable Object>();
    members.put("left", owner);
    members.put("attr", name);
    return members;
  }
}
