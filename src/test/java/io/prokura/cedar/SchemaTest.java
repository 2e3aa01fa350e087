package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cedarpolicy.model.schema.Schema.JsonOrCedar;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class SchemaTest {

  private static List<String> problems(String text) {
    return problems(SchemaSource.cedar("s", text));
  }

  private static List<String> problems(SchemaSource... sources) {
    var refusal = catchThrowableOfType(SchemaException.class, () -> Schema.parse(List.of(sources)));
    assertThat(refusal).as("refusal").isNotNull();
    return refusal.problems().stream().map(SchemaProblem::toString).toList();
  }

  /// Everything a schema says, in one order.
  private static String described(Schema schema) {
    var types =
        schema.entityTypes().values().stream()
            .map(
                type ->
                    type.name()
                        + " in "
                        + type.parents()
                        + type.ancestors()
                        + exact(type.attributes())
                        + type.tags().map(SchemaTest::exact)
                        + type.ids())
            .collect(Collectors.joining("\n"));
    var actions =
        schema.actions().values().stream()
            .map(
                action ->
                    action.uid()
                        + " in "
                        + action.groups()
                        + action.ancestors()
                        + action.principals()
                        + action.resources()
                        + exact(action.context()))
            .collect(Collectors.joining("\n"));
    return types + "\n" + actions;
  }

  private static String exact(Type type) {
    return switch (type) {
      case Type.RecordType(var attributes) ->
          attributes.entrySet().stream()
              .map(
                  entry ->
                      entry.getKey() + entry.getValue().required() + exact(entry.getValue().type()))
              .toList()
              .toString();
      case Type.SetType(var element) -> "Set " + exact(element);
      case Type.EntityRef(var entity) -> "entity " + entity;
      case Type.BoolType _, Type.Primitive _, Type.ExtensionType _ -> type.toString();
    };
  }

  @Test
  void theCedarSyntaxIsRead() throws SchemaException {
    var schema =
        Schema.parse(
            "s",
            """
            // What there is.
            type Address = {street: String, "zip code"?: String,};
            @doc("a shop") namespace Shop {
              entity User, Guest in [Group, Other::Team] = {home: Address, tags?: Set<Long>};
              @doc("them") entity Group in Group tags Set<String>;
              entity Level enum ["low", "high"];
              action "read all", write in [Action::"all", Other::Action::"any"]
                appliesTo {principal: [User, Guest], resource: Group, context: {@x level: Level,}};
              action all;
            }
            namespace Other { entity Team; action any; }
            """);
    var user = schema.entityType(new EntityType("Shop::User")).orElseThrow();
    assertThat(user.parents())
        .containsExactly(new EntityType("Other::Team"), new EntityType("Shop::Group"));
    assertThat(exact(user.attributes()))
        .isEqualTo("[hometrue[streettrueString, zip codefalseString], tagsfalseSet Long]");
    assertThat(schema.entityType(new EntityType("Shop::Group")).orElseThrow().tags())
        .contains(new Type.SetType(Type.Primitive.STRING));
    assertThat(schema.entityType(new EntityType("Shop::Level")).orElseThrow().ids())
        .containsExactly("high", "low");
    var write = schema.action(EntityUid.of("Shop::Action", "write")).orElseThrow();
    assertThat(write.groups())
        .containsExactly(EntityUid.of("Other::Action", "any"), EntityUid.of("Shop::Action", "all"));
    assertThat(schema.contextOf(EntityUid.of("Shop::Action", "read all")))
        .contains(write.context());
    assertThat(schema.contextOf(EntityUid.of("Shop::Action", "nothing"))).isEmpty();
    assertThat(schema.actionEntities())
        .contains(
            new Entity(
                EntityUid.of("Shop::Action", "write"), java.util.Map.of(), write.ancestors()));
  }

  @Test
  void namesAreLookedUpInTheOrderOfTheSpecification() throws SchemaException {
    var schema =
        Schema.parse(
            "s",
            """
            namespace Demo {
              entity Host {ip: ipaddr, bandwidth: decimal, own: String, long: __cedar::Long};
              entity String {groups: Set<__cedar::String>};
              type ipaddr = {repr: String, isV4: Bool};
              type Host2 = Host;
            }
            """);
    var host = schema.entityType(new EntityType("Demo::Host")).orElseThrow();
    assertThat(exact(host.attributes()))
        .isEqualTo(
            "[bandwidthtruedecimal, iptrue[isV4trueBool, reprtrueentity Demo::String],"
                + " longtrueLong, owntrueentity Demo::String]");
  }

  @Test
  void bothSyntaxesSayTheSame() throws Exception {
    for (long seed = 1; seed <= 100; seed++) {
      var text = new SchemaMaker(new Random(seed)).schema();
      var json =
          com.cedarpolicy.model.schema.Schema.parse(JsonOrCedar.Cedar, text)
              .toJsonFormat()
              .toString();
      var other = Schema.parse(List.of(SchemaSource.json("s", json)));
      assertThat(described(other))
          .as("-Dseed=" + seed)
          .isEqualTo(described(Schema.parse("s", text)));
    }
  }

  @Test
  void severalSourcesMakeOneSchema() throws SchemaException {
    var builtIn = SchemaSource.cedar("built-in", "namespace Iam { entity User; action read; }");
    var own =
        SchemaSource.json(
            "own.json",
            """
            {"Crm": {
              "entityTypes": {"Deal": {"shape": {"type": "Record", "attributes": {
                "owner": {"type": "Entity", "name": "Iam::User"}}}}},
              "actions": {"close": {"memberOf": [{"id": "read", "type": "Iam::Action"}],
                "appliesTo": {"principalTypes": ["Iam::User"], "resourceTypes": ["Deal"]}}}}}
            """);
    var schema = Schema.parse(List.of(own, builtIn));
    assertThat(schema.entityTypes()).containsKey(new EntityType("Crm::Deal"));
    assertThat(schema.action(EntityUid.of("Crm::Action", "close")).orElseThrow().ancestors())
        .containsExactly(EntityUid.of("Iam::Action", "read"));
    assertThat(
            problems(
                builtIn,
                SchemaSource.cedar(
                    "own", "namespace Iam {\n  entity User;\n  entity Usr in Useer; }")))
        .containsExactly(
            "own:2:10: the entity type 'Iam::User' is declared already, at built-in:1:24",
            "own:3:17: the entity type 'Useer' is not declared (did you mean 'User'?)");
    assertThat(problems(SchemaSource.json("own.json", "{\"A\": {\"entityTypes\": {}}}")))
        .containsExactly("own.json:/A/actions: an object is needed here");
    assertThat(problems(SchemaSource.json("own.json", "{\n \"A\" 1}")))
        .containsExactly("own.json:2:6: expected `:` but found \"1\"");
    assertThat(problems(SchemaSource.cedar("a", "entity"), SchemaSource.cedar("b", "type A;")))
        .hasSize(2);
  }

  @Test
  void problemsAreReportedWhereTheyStand() {
    assertThat(problems("entity User {\n  name: Strin,\n  age: Lon};"))
        .containsExactly(
            "s:2:9: the type 'Strin' is not declared (did you mean 'String'?)",
            "s:3:8: the type 'Lon' is not declared (did you mean 'Long'?)");
    assertThat(problems("namespace A { entity Team; }\nentity User {t: Team};"))
        .containsExactly("s:2:17: the type 'Team' is not declared (did you mean 'A::Team'?)");
    assertThat(
            problems(
                "entity U;\naction view in [lst] appliesTo {principal: U, resource: U};"
                    + "\naction list;"))
        .containsExactly("s:2:17: the action 'lst' is not declared (did you mean 'list'?)");
    assertThat(problems("entity U; entity U;"))
        .containsExactly("s:1:18: the entity type 'U' is declared already, at s:1:8");
    assertThat(problems("entity U {a: Long, \"a\": String};"))
        .containsExactly("s:1:20: the attribute 'a' is declared twice");
    assertThat(problems("entity Action;"))
        .containsExactly("s:1:8: the name 'Action' is reserved for actions");
    assertThat(problems("type Long = String;"))
        .containsExactly("s:1:6: a common type cannot have the reserved name 'Long'");
    assertThat(problems("namespace __cedar {}")).hasSize(1);
    assertThat(
            problems(
                "type C = Long; entity U;\n"
                    + "action a appliesTo {principal: U, resource: U, context: C};"))
        .containsExactly("s:2:57: the context of an action has to be a record, not Long");
    assertThat(problems("entity U;\naction a appliesTo {principal: [], resource: U};"))
        .containsExactly(
            "s:2:21: `principal` needs at least one type; leave out `appliesTo` for a mere group");
  }

  @Test
  void shadowsAndCyclesAreRefused() {
    assertThat(problems("type id = Long;\nnamespace D { type id = String; }"))
        .containsExactly(
            "s:2:20: 'D::id' shadows the declaration outside every namespace at s:1:6");
    assertThat(problems("action a;\nnamespace D { action a; }"))
        .containsExactly(
            "s:2:22: 'D::Action::\"a\"' shadows the declaration outside every namespace at s:1:8");
    assertThat(problems("type A = Set<B>; type B = {a: A};"))
        .containsExactly("s:1:6: the common type 'A' contains itself");
    assertThat(problems("action a in [b]; action b in [a];"))
        .containsExactly(
            "s:1:8: the action 'Action::\"a\"' is a member of itself",
            "s:1:25: the action 'Action::\"b\"' is a member of itself");
  }

  @Test
  void entityTypesMayBeInEachOther() throws SchemaException {
    var schema = Schema.parse("s", "entity U in V; entity V in U;");
    assertThat(schema.entityType(new EntityType("U")).orElseThrow().ancestors())
        .containsExactly(new EntityType("U"), new EntityType("V"));
  }

  @Test
  void hostileSchemasAreRefusedInBoundedTime() {
    assertThat(problems("type A = " + "Set<".repeat(200_000))).hasSize(1);
    assertThat(problems("type A = " + "{a:".repeat(200_000))).hasSize(1);
    assertThat(problems(" ".repeat(PolicySet.TEXT_LENGTH_MAX + 1))).hasSize(1);
    var doubling = new StringBuilder("type T0 = {a: Long, b: Long};");
    var chain = new StringBuilder("type C0 = Long;");
    for (int i = 1; i < 60; i++) {
      doubling.append("type T%d = {a: T%d, b: T%d};".formatted(i, i - 1, i - 1));
    }
    for (int i = 1; i < 20_000; i++) {
      chain.append("type C%d = Set<C%d>;".formatted(i, i - 1));
    }
    assertThat(problems(doubling.toString())).isNotEmpty();
    assertThat(problems(chain.toString())).isNotEmpty();
  }
}
