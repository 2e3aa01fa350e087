package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ValidationConformanceTest {
  private static final EntityUid USE = EntityUid.of("Action", "use");
  private static final EntityUid ALICE = EntityUid.of("User", "alice");
  private static final EntityUid TOOL = EntityUid.of("Tool", "crm");

  private final Schema schema = schema();
  private final Validator validator = new Validator(schema);

  private static Schema schema() {
    try {
      return Schema.parse(
          "s",
          """
          entity Level enum ["low", "high"];
          entity Group in [Group];
          entity User in [Group] {name: String, level?: Level} tags Set<Level>;
          entity Tool;
          action all;
          action use in [all] appliesTo {
            principal: User, resource: Tool, context: {levels: Set<Level>}};
          """);
    } catch (SchemaException broken) {
      throw new AssertionError(broken);
    }
  }

  private static RecordValue levels(String... ids) {
    var levels = java.util.Arrays.stream(ids).map(id -> EntityUid.of("Level", id)).toList();
    return new RecordValue(Map.of("levels", SetValue.of(levels)));
  }

  @Test
  void aRequestHasToBeOneThatTheActionAppliesTo() {
    assertThat(validator.problems(new Request(ALICE, USE, TOOL, levels("low")))).isEmpty();
    assertThat(validator.problems(new Request(TOOL, USE, ALICE, levels())))
        .containsExactly(
            "principal: Action::\"use\" does not apply to a principal of type Tool",
            "resource: Action::\"use\" does not apply to a resource of type User");
    assertThat(
            validator.problems(new Request(ALICE, EntityUid.of("Action", "used"), TOOL, levels())))
        .containsExactly("action: Action::\"used\" is not declared");
    assertThat(
            validator.problems(
                new Request(ALICE, EntityUid.of("Action", "all"), TOOL, RecordValue.EMPTY)))
        .hasSize(2);
    assertThat(validator.problems(new Request(EntityUid.of("Usr", "a"), USE, TOOL, levels())))
        .contains("principal: Usr is not declared");
  }

  @Test
  void theContextHasToBeTheDeclaredRecord() {
    assertThat(validator.problems(new Request(ALICE, USE, TOOL)))
        .containsExactly("context: the required attribute 'levels' (Set<Level>) is missing");
    assertThat(validator.problems(new Request(ALICE, USE, TOOL, levels("middle"))))
        .containsExactly("context.levels: the enumerated entity type Level has no \"middle\"");
    var extra = new RecordValue(Map.of("levels", SetValue.EMPTY, "more", new LongValue(1)));
    assertThat(validator.problems(new Request(ALICE, USE, TOOL, extra)))
        .containsExactly("context: the attribute 'more' is not declared");
  }

  @Test
  void anEntityHasToHaveTheDeclaredShape() {
    var name = Map.<String, Value>of("name", new StringValue("Alice"));
    var group = Set.of(EntityUid.of("Group", "staff"));
    assertThat(validator.problems(new Entity(ALICE, name, group))).isEmpty();
    assertThat(validator.problems(new Entity(ALICE, Map.of(), group)))
        .containsExactly("User::\"alice\": the required attribute 'name' (String) is missing");
    assertThat(validator.problems(new Entity(ALICE, name, Set.of(TOOL))))
        .containsExactly(
            "User::\"alice\": an entity of type User is never a member of one of type Tool");
    var tags = Map.<String, Value>of("t", SetValue.of(EntityUid.of("Level", "none")));
    assertThat(validator.problems(new Entity(ALICE, name, group, tags)))
        .containsExactly(
            "User::\"alice\" tag \"t\": the enumerated entity type Level has no \"none\"");
    assertThat(validator.problems(new Entity(TOOL, Map.of(), Set.of(), tags)))
        .containsExactly("Tool::\"crm\": an entity of type Tool has no tags");
    assertThat(validator.problems(new Entity(EntityUid.of("Level", "none"), Map.of(), Set.of())))
        .containsExactly("Level::\"none\": the enumerated entity type Level has no \"none\"");
    assertThat(validator.problems(new Entity(EntityUid.of("Nope", ""), Map.of(), Set.of())))
        .containsExactly("Nope::\"\": Nope is not declared");
  }

  @Test
  void anActionHasToBeAsDeclared() {
    for (var action : schema.actionEntities()) {
      assertThat(validator.problems(action)).isEmpty();
    }
    assertThat(validator.problems(new Entity(USE, Map.of(), Set.of())))
        .containsExactly(
            "Action::\"use\": the action is a member of other groups than the schema says");
    assertThat(validator.problems(new Entity(EntityUid.of("Action", "x"), Map.of(), Set.of())))
        .containsExactly("Action::\"x\": the action is not declared");
  }

  @Test
  void entitiesAreReadAsTheSchemaSays() throws Exception {
    var entities =
        schema.readEntities(
            """
            [{"uid": {"type": "User", "id": "alice"},
              "attrs": {"name": "Alice", "level": {"type": "Level", "id": "low"}},
              "parents": [{"type": "Group", "id": "a"}], "tags": {"t": ["high"]}},
             {"uid": {"type": "Group", "id": "a"}, "attrs": {},
              "parents": [{"type": "Group", "id": "b"}]}]
            """);
    assertThat(entities.getFirst())
        .isEqualTo(
            new Entity(
                ALICE,
                Map.of("name", new StringValue("Alice"), "level", EntityUid.of("Level", "low")),
                Set.of(EntityUid.of("Group", "a"), EntityUid.of("Group", "b")),
                Map.of("t", SetValue.of(EntityUid.of("Level", "high")))));
    assertThat(entities).allSatisfy(entity -> assertThat(validator.problems(entity)).isEmpty());
    assertThatThrownBy(
            () ->
                schema.readEntities(
                    "[{\"uid\": {\"type\": \"User\", \"id\": \"a\"}, \"attrs\": {\"nme\": 1},"
                        + " \"parents\": []}]"))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessage("User::\"a\": the attribute 'nme' is not declared (did you mean 'name'?)");
  }
}
