package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PolicyJsonTest {
  private static final String ALL =
      """
      {"effect": "permit", "principal": {"op": "All"}, "action": {"op": "All"},
       "resource": {"op": "All"}, "conditions": [{"kind": "when", "body": %s}]}
      """;

  @Test
  void readingWhatWasWrittenGivesThePolicyBack() throws Exception {
    for (var seed : Seeds.of(20_261_126L, 3000)) {
      var policy = new PolicyGenerator(new Random(seed)).policy("p");
      var parsed = Policy.parse("p", policy.print());
      var back = Policy.parseJson("p", policy.toJson());
      assertThat(back.print()).as("-Dseed=" + seed).isEqualTo(policy.print());
      assertThat(back.conditions()).as("-Dseed=" + seed).isEqualTo(policy.conditions());
      assertThat(back.toJson()).as("-Dseed=" + seed).isEqualTo(policy.toJson());
      assertThat(parsed.toJson()).as("-Dseed=" + seed).isEqualTo(policy.toJson());
      assertThat(back.source().text() + "\n").isEqualTo(policy.print());
    }
  }

  @Test
  void theFormatIsCedars() throws Exception {
    var policy =
        Policy.parse(
            "p",
            """
            @a @b("c")
            permit(
              principal is A in G::"g", action in [Action::"x", Action::"y"], resource == A::"1")
            when { context.ip.isInRange(ip("::1")) && principal has a.b && -1 == -(1) }
            unless {
              if [1, {a: "x"}].isEmpty() then principal is A in G::"g" else "x" like "*\\*" };
            """);
    assertThat(policy.toJson())
        .isEqualTo(
            """
            {"effect":"permit",
            "principal":{"op":"is","entity_type":"A","in":{"entity":{"type":"G","id":"g"}}},
            "action":{"op":"in","entities":[{"type":"Action","id":"x"},{"type":"Action","id":"y"}]},
            "resource":{"op":"==","entity":{"type":"A","id":"1"}},
            "conditions":[{"kind":"when","body":{"&&":{"left":{"&&":{
            "left":{"isInRange":[{".":{"left":{"Var":"context"},"attr":"ip"}},
            {"ip":[{"Value":"::1"}]}]},
            "right":{"has":{"left":{"Var":"principal"},"attr":["a","b"]}}}},
            "right":{"==":{"left":{"Value":-1},"right":{"neg":{"arg":{"Value":1}}}}}}}},
            {"kind":"unless","body":{"if-then-else":{
            "if":{"isEmpty":{"arg":{"Set":[{"Value":1},{"Record":{"a":{"Value":"x"}}}]}}},
            "then":{"is":{"left":{"Var":"principal"},"entity_type":"A",
            "in":{"Value":{"__entity":{"type":"G","id":"g"}}}}},
            "else":{"like":{"left":{"Value":"x"},"pattern":["Wildcard",{"Literal":"*"}]}}}}}],
            "annotations":{"a":null,"b":"c"}}
            """
                .replace("\n", ""));
  }

  @Test
  void aValueMayBeWrittenAsInEntities() throws Exception {
    var json =
        ALL.formatted(
            """
            {"==": {"left": {"Value": [1, {"a": {"__entity": {"type": "A", "id": "x"}}}]},
                    "right": {"Value": {"__extn": {"fn": "ip", "arg": "::1"}}}}}
            """);
    assertThat(Policy.parseJson("p", json).print())
        .endsWith("when { [1, {\"a\": A::\"x\"}] == ip(\"::1\") };\n");
  }

  @Test
  void aRefusalNamesThePlace() {
    refused(ALL.formatted("{\"Var\": \"x\"}"), "conditions.0.body.Var: expected `principal`");
    refused(
        ALL.formatted("{\"!\": {\"arg\": {\"nope\": []}}}"),
        "conditions.0.body.!.arg.nope: there is no kind of expression and no function \"nope\"");
    refused(ALL.formatted("{\"!\": {}}"), "conditions.0.body.!: the member `arg` is missing");
    refused(ALL.formatted("1").replace("All", "Al"), "principal: `op` is");
    refused(ALL.formatted("{\"Value\": null}"), "conditions.0.body.Value: expected a bool");
    refused(ALL.formatted("{\"isIpv4\": []}"), "the method `isIpv4` needs the value");
    refused("[]", "expected an object");
    refused(
        ALL.formatted("{\"Value\": true}")
            .replace("\"op\": \"All\"", "\"op\": \"in\", \"slot\": 1"),
        "principal: expected `?principal` or `?resource`");
    assertThatThrownBy(() -> Policy.parseJson("p", "{\"effect\": \"permit\", \"effect\": 1}"))
        .isInstanceOf(CedarSyntaxException.class)
        .hasMessageContaining("repeated");
  }

  private static void refused(String json, String message) {
    assertThatThrownBy(() -> Policy.parseJson("p", json))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFindingHasThePositionInTheText() throws Exception {
    var schema = Schema.parse("s", "entity A; action x appliesTo {principal: A, resource: A};");
    var json = ALL.formatted("{\".\": {\"left\": {\"Var\": \"principal\"}, \"attr\": \"b\"}}");
    var policy = Policy.parseJson("p", json);
    assertThat(new Validator(schema).validate(policy))
        .extracting(ValidationFinding::toString)
        .containsExactly("6:18: attribute 'b' is not declared for entity type A");
  }

  @Test
  void aPolicySetKeepsItsTemplatesAndLinks() throws Exception {
    var values =
        Map.of(Slot.PRINCIPAL, EntityUid.of("A", "x"), Slot.RESOURCE, EntityUid.of("A", "y"));
    var set =
        PolicySet.parse(
            Map.of("fixed", "forbid(principal, action, resource) when { false };"),
            Map.of("open", "permit(principal == ?principal, action, resource in ?resource);"),
            List.of(new TemplateLink("linked", "open", values)));
    var back = PolicySet.parseJson(set.toJson());
    assertThat(back.toJson()).isEqualTo(set.toJson());
    assertThat(back.policies().keySet()).containsExactly("fixed", "linked");
    assertThat(back.templates().keySet()).containsExactly("open");
    assertThat(back.links()).isEqualTo(set.links());
    assertThat(back.find("linked").orElseThrow().print())
        .isEqualTo("permit(\n  principal == A::\"x\",\n  action,\n  resource in A::\"y\"\n);\n");
  }

  @Test
  void aPolicySetHasToFitTogether() throws Exception {
    var template = "\"templates\": {\"t\": " + template() + "}";
    refusedSet("{\"staticPolicies\": {\"t\": " + template() + "}}", "only a template may have");
    refusedSet("{" + template + ", \"templateLinks\": [" + link("u", "p") + "]}", "no template");
    refusedSet("{" + template + ", \"templateLinks\": [" + link("t", "t") + "]}", "the id t");
    refusedSet(
        "{" + template + ", \"templateLinks\": [" + link("t", "p") + "," + link("t", "p") + "]}",
        "the id p");
    refusedSet(
        "{" + template + ", \"templateLinks\": [" + link("t", "p").replace("pal", "pals") + "]}",
        "expected `?principal`");
    refusedSet("{\"templates\": {\"t\": " + ALL.formatted("{\"Value\": true}") + "}}", "needs");
    refusedSet("{\"policies\": {}}", "\"policies\" is unknown");
    assertThat(PolicySet.parseJson("{}").policies()).isEmpty();
  }

  private static String template() throws CedarSyntaxException {
    var text = "permit(principal == ?principal, action, resource);";
    return Template.parse("t", text).toJson();
  }

  private static String link(String template, String id) {
    return "{\"templateId\": \"%s\", \"newId\": \"%s\", \"values\": {\"?principal\": %s}}"
        .formatted(template, id, "{\"type\": \"A\", \"id\": \"x\"}");
  }

  private static void refusedSet(String json, String message) {
    assertThatThrownBy(() -> PolicySet.parseJson(json))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessageContaining(message);
  }
}
