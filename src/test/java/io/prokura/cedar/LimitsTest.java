package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is too deep or too large is refused with the exceptions that are promised, and what is just
/// within the limits works throughout. Input that is chosen to cost time or memory out of all
/// proportion to its length would make these tests fail by running out of either.
final class LimitsTest {
  private static final int MANY = 100_000;

  private static String when(String expr) {
    return "permit(principal, action, resource) when { " + expr + " };";
  }

  /// An opening, what is in the middle, and a close.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "( true )",
        "[ true ]",
        "{a: true }",
        "if true then true else @true@",
        "if @true@ then true else true",
        "[true].contains( true )",
        "principal.hasTag( true )",
        "ip( true )",
        "!( true )",
        "-( 1 )",
        "1 + ( 1 )",
        "! true@",
        "- 1@",
        "@true@ && true",
        "@true@ || true",
        "@1@ + 1",
        "@1@ * 1",
        "@principal@.a",
        "@principal@[\"a\"]",
        "@[1]@.isEmpty()",
        "principal in [ principal ]",
        "[principal has a, true ]"
      })
  void nestedText(String shape) {
    var parts = shape.contains("@") ? shape.split("@", -1) : shape.split(" ", -1);
    var open = parts[0];
    var middle = parts.length > 2 ? parts[1] : "true";
    var close = parts[parts.length - 1];
    var text = new StringBuilder(open.repeat(MANY)).append(middle).append(close.repeat(MANY));
    while (text.length() > PolicySet.TEXT_LENGTH_MAX - 100) {
      text.setLength(text.length() / 2);
    }
    assertThatThrownBy(() -> Policy.parse("p", when(text.toString())))
        .isInstanceOf(CedarSyntaxException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"principal has a.b", "A::B::\"x\" == A::B::\"y\"", "principal is A::B"})
  void longPathsAreNoNesting(String text) throws Exception {
    var longer = text.replace(".b", ".b".repeat(MANY)).replace("::B", "::B".repeat(MANY));
    var policy = Policy.parse("p", when(longer));
    assertThat(Policy.parse("p", policy.print()).print()).isEqualTo(policy.print());
    var set = PolicySet.of(List.of(Policy.parseJson("p", policy.toJson())));
    assertThat(authorize(set).errors()).isEmpty();
  }

  private static Response authorize(PolicySet policies) {
    var one = EntityUid.of("A", "x");
    return Authorizer.authorize(
        new Request(one, EntityUid.of("Action", "a"), one), Entities.none(), policies);
  }

  @Test
  void textIsBounded() {
    var text = when("true") + " ".repeat(PolicySet.TEXT_LENGTH_MAX);
    assertThatThrownBy(() -> Policy.parse("p", text)).hasMessageContaining("longer");
    assertThatThrownBy(() -> PolicySet.parse(text)).hasMessageContaining("longer");
    assertThatThrownBy(() -> EntityUid.parse(text)).hasMessageContaining("longer");
    assertThatThrownBy(() -> Schema.parse("s", text)).hasMessageContaining("longer");
    assertThatThrownBy(() -> Entities.parse(" ".repeat(1 << 25))).hasMessageContaining("longer");
  }

  /// The highest trees there can be, one leaning left and one leaning right.
  @ParameterizedTest
  @ValueSource(strings = {"left", "right"})
  void theHighestTreesWorkThroughout(String way) throws Exception {
    var expr =
        way.equals("left")
            ? "1 == 1" + " && true".repeat(498)
            : "(false || ".repeat(199) + "1 == 1" + ")".repeat(199);
    var policy = Policy.parse("p", when(expr));
    assertThat(Policy.parse("p", policy.print()).conditions()).isEqualTo(policy.conditions());
    var fromJson = Policy.parseJson("p", policy.toJson());
    assertThat(fromJson.conditions()).isEqualTo(policy.conditions());
    var schema = Schema.parse("s", "entity A; action a appliesTo {principal: A, resource: A};");
    assertThat(Validator.accepts(new Validator(schema).validate(fromJson))).isTrue();
    assertThat(authorize(PolicySet.of(List.of(fromJson))).allowed()).isTrue();
    assertThatThrownBy(() -> Policy.parse("p", when("(true || " + expr + ")" + " && true")))
        .isInstanceOf(CedarSyntaxException.class);
  }

  @Test
  void aTextOfManyPoliciesTakesTimeInProportion() throws Exception {
    var text = "@a(\"\uD83D\uDE00\")permit(principal,action,resource);".repeat(20_000);
    assertThat(PolicySet.parse(text).policies()).hasSize(20_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'!':{'arg':@}}",
        "{'neg':{'arg':@}}",
        "{'&&':{'left':@,'right':{'Value':true}}}",
        "{'&&':{'right':@,'left':{'Value':true}}}",
        "{'==':{'left':@,'right':{'Value':true}}}",
        "{'.':{'left':@,'attr':'a'}}",
        "{'has':{'left':@,'attr':'a'}}",
        "{'is':{'left':@,'entity_type':'A'}}",
        "{'is':{'left':{'Var':'principal'},'entity_type':'A','in':@}}",
        "{'if-then-else':{'if':@,'then':{'Value':true},'else':{'Value':true}}}",
        "{'Set':[@]}",
        "{'Record':{'a':@}}",
        "{'ip':[@]}"
      })
  void nestedPoliciesInJson(String shape) throws Exception {
    var parts = shape.replace('\'', '"').split("@", -1);
    for (int depth : List.of(450, 520, 3000, MANY)) {
      var expr = parts[0].repeat(depth) + "{\"Value\":true}" + parts[1].repeat(depth);
      var json = policyJson(expr);
      try {
        var policy = Policy.parseJson("p", json);
        assertThat(depth).isLessThan(500);
        assertThat(Policy.parse("p", policy.print()).toJson()).isEqualTo(policy.toJson());
      } catch (CedarSyntaxException | TypeMismatchException refusal) {
        assertThat(refusal).hasMessageMatching("(?s).*(nested|within each other).*");
        assertThat(String.valueOf(refusal.getMessage())).hasSizeLessThan(1000);
      }
    }
  }

  private static String policyJson(String expr) {
    var all =
        "\"principal\":{\"op\":\"All\"},\"action\":{\"op\":\"All\"},\"resource\":{\"op\":\"All\"}";
    return "{\"effect\":\"permit\","
        + all
        + ",\"conditions\":[{\"kind\":\"when\",\"body\":"
        + expr
        + "}]}";
  }

  @Test
  void nestedValuesInJson() {
    for (var value : List.of("[@]", "{\"a\":@}", "{\"__extn\":{\"fn\":\"ip\",\"arg\":@}}")) {
      var parts = value.split("@", -1);
      for (int depth : List.of(520, 3000, MANY)) {
        var nested = parts[0].repeat(depth) + "1" + parts[1].repeat(depth);
        assertThatThrownBy(() -> Policy.parseJson("p", policyJson("{\"Value\":" + nested + "}")))
            .hasMessageMatching("(?s).*(nested|within each other).*");
        var entity = "[{\"uid\":{\"type\":\"A\",\"id\":\"\"},\"parents\":[],\"attrs\":{\"a\":";
        assertThatThrownBy(() -> Entities.parse(entity + nested + "}}]"))
            .isInstanceOf(CedarSyntaxException.class)
            .hasMessageContaining("nested");
        assertThatThrownBy(() -> Entities.parse(nested)).isInstanceOf(CedarSyntaxException.class);
        assertThatThrownBy(() -> PolicySet.parseJson(nested))
            .isInstanceOfAny(CedarSyntaxException.class, TypeMismatchException.class);
      }
    }
  }

  @Test
  void nestedPlainValues() {
    Object nested = 1L;
    for (int i = 0; i < 1000; i++) {
      nested = i % 2 == 0 ? List.of(nested) : Map.of("a", nested);
    }
    var deep = nested;
    assertThatThrownBy(() -> RecordValue.of(Map.of("a", deep)))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessageContaining("nested");
  }

  @Test
  void longNamesAreNotCopiedIntoEveryPath() {
    var name = "n".repeat(4_000_000);
    var members =
        IntStream.range(0, MANY).mapToObj(i -> "\"" + i + "\":1").collect(Collectors.joining(","));
    var entity = "[{\"uid\":{\"type\":\"A\",\"id\":\"\"},\"parents\":[],\"attrs\":{\"";
    var json = entity + name + "\":{" + members + "}}}]";
    assertThatCode(() -> Entities.parse(json)).doesNotThrowAnyException();
    var attributes =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "\"a%d\":{\"type\":\"Long\"}".formatted(i))
            .collect(Collectors.joining(",", "{\"type\":\"Record\",\"attributes\":{", "}}"));
    var shape =
        "{\"type\":\"Record\",\"attributes\":{\"%s\":%s}}"
            .formatted("n".repeat(500_000), attributes);
    var schema = "{\"\":{\"actions\":{},\"entityTypes\":{\"A\":{\"shape\":" + shape + "}}}}";
    assertThatThrownBy(() -> Schema.parse(List.of(SchemaSource.json("s", schema))))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("too many");
  }

  @Test
  void elementsWithTheSameHashCodeAreFastToo() throws Exception {
    var strings = new ArrayList<>(List.of(""));
    for (int bit = 0; bit < 15; bit++) {
      var longer = new ArrayList<String>();
      strings.forEach(start -> longer.addAll(List.of(start + "Aa", start + "BB")));
      strings.clear();
      strings.addAll(longer);
    }
    var pairs = IntStream.range(1, MANY).mapToObj(i -> List.of(i, 2 * MANY - i)).toList();
    var nested = strings.stream().map(List::of).toList();
    var record = RecordValue.of(Map.of("a", strings, "b", pairs, "c", nested));
    for (var entry : Map.of("a", strings, "b", pairs, "c", nested).entrySet()) {
      var set =
          Operations.set(java.util.Objects.requireNonNull(record.attributes().get(entry.getKey())));
      assertThat(set.elements()).hasSameSizeAs(entry.getValue());
      assertThat(SetValue.of(set.elements())).isEqualTo(set);
      assertThat(Operations.containsAll(set, set)).isTrue();
      assertThat(Operations.contains(set, new LongValue(1))).isFalse();
    }
  }

  @Test
  void entitiesWithTooManyAncestors() throws Exception {
    assertThatThrownBy(() -> Entities.parse(chain(MANY)))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessageContaining("too many ancestors");
    var last = EntityUid.of("A", "0");
    assertThat(Entities.parse(chain(1000)).find(last).orElseThrow().ancestors()).hasSize(1000);
  }

  private static String chain(int length) {
    return IntStream.range(0, length)
        .mapToObj(
            i ->
                """
                {"uid": {"type": "A", "id": "%d"}, "parents": [{"type": "A", "id": "%d"}],
                 "attrs": {}}\
                """
                    .formatted(i, i + 1))
        .toList()
        .toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Set< >", "{a: }"})
  void nestedSchemas(String shape) {
    var parts = shape.split(" ", -1);
    var type = parts[0].repeat(MANY) + "Long" + parts[1].repeat(MANY);
    assertThatThrownBy(() -> Schema.parse("s", "type T = " + type + ";"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("nested");
    var json =
        "{\"type\":\"Set\",\"element\":".repeat(MANY / 4)
            + "{\"type\":\"Long\"}"
            + "}".repeat(MANY / 4);
    var schema = "{\"\":{\"entityTypes\":{},\"actions\":{},\"commonTypes\":{\"T\":" + json + "}}}";
    assertThatThrownBy(() -> Schema.parse(List.of(SchemaSource.json("s", schema))))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("nested");
  }

  @Test
  void schemasThatAreLargerThanTheirText() {
    tooLarge(many(20_000, "type T%d = T%d;") + "type T20000 = Long;");
    tooLarge(many(20_000, "type T%d = Set<T%d>;") + "type T20000 = Long;");
    tooLarge(many(20_000, "entity E%d in [E%d];") + "entity E20000;");
    tooLarge(many(20_000, "action a%d in [a%d];") + "action a20000;");
    tooLarge(many(60, "type T%d = {a: T%d, b: T%d};") + "type T60 = Long;");
    var names = IntStream.range(0, 20_000).mapToObj(i -> "E" + i).collect(Collectors.joining(","));
    var attributes = IntStream.range(0, 5_000).mapToObj(i -> "a" + i + ": Long").toList();
    tooLarge("entity " + names + " {" + attributes.toString().replaceAll("[\\[\\]]", "") + "};");
    tooLarge(
        "entity "
            + names
            + ";action "
            + names
            + " appliesTo {principal: ["
            + names
            + "], resource: ["
            + names
            + "]};");
    tooLarge("action " + names.replace("E", "a") + " in [" + names + "];");
  }

  private static void tooLarge(String text) {
    assertThatThrownBy(() -> Schema.parse("s", text)).isInstanceOf(SchemaException.class);
  }

  private static String many(int count, String pattern) {
    return IntStream.range(0, count)
        .mapToObj(i -> pattern.formatted(i, i + 1, i + 1))
        .collect(Collectors.joining());
  }

  @Test
  void policiesThatMeetTooManyKindsOfRequest() throws Exception {
    var names = IntStream.range(0, 4_000).mapToObj(i -> "E" + i).collect(Collectors.joining(","));
    var schema =
        Schema.parse(
            "s",
            "entity "
                + names
                + ";action a appliesTo {principal: ["
                + names
                + "], resource: ["
                + names
                + "]};");
    assertThat(new Validator(schema).validate(Policy.parse("p", when("true"))))
        .extracting(ValidationFinding::message)
        .anyMatch(message -> message.contains("too large"));
  }

  @Test
  void manyUndeclaredNamesAreReportedInTime() throws Exception {
    var schema = Schema.parse("s", "entity A; action a appliesTo {principal: A, resource: A};");
    var names = IntStream.range(0, 40_000).mapToObj(i -> "B" + i + "::\"\"").toList();
    var findings = new Validator(schema).validate(Policy.parse("p", when("principal in " + names)));
    assertThat(findings).hasSizeGreaterThan(1).hasSizeLessThan(100);
  }
}
