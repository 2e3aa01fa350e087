package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EntitiesTest {

  private static EntityUid uid(String id) {
    return EntityUid.of("A", id);
  }

  private static String json(String id, String parents) {
    return """
        {"uid": {"type": "A", "id": "%s"}, "parents": [%s], "attrs": {}}"""
        .formatted(id, parents);
  }

  private static String parent(String id) {
    return "{\"type\": \"A\", \"id\": \"" + id + "\"}";
  }

  private static void refused(String json, String part) {
    assertThatThrownBy(() -> Entities.parse(json)).as(json).hasMessageContaining(part);
  }

  @Test
  void attributesAndTagsAreReadWithTheirEscapes() throws Exception {
    var entities =
        Entities.parse(
            """
            [{"uid": {"__entity": {"type": "A", "id": "x"}},
              "parents": [{"__entity": {"type": "A", "id": "y"}}],
              "attrs": {
                "n": -9223372036854775808, "b": true, "s": "\\u00e9", "set": [1, 1, "a"],
                "r": {"type": "A", "id": "z"},
                "e": {"__entity": {"type": "N::B", "id": ""}},
                "d": {"__extn": {"fn": "decimal", "arg": "1.5"}},
                "t": {"__extn": {"fn": "offset", "args": [
                  {"__extn": {"fn": "datetime", "arg": "1970-01-01"}},
                  {"__extn": {"fn": "duration", "arg": "5ms"}}]}}},
              "tags": {"k": "v"}}]
            """);
    var entity = entities.find(uid("x")).orElseThrow();
    assertThat(entity.ancestors()).containsExactly(uid("y"));
    assertThat(entity.tags()).isEqualTo(Map.of("k", new StringValue("v")));
    assertThat(entity.attributes())
        .isEqualTo(
            Map.of(
                "n", new LongValue(Long.MIN_VALUE),
                "b", BoolValue.TRUE,
                "s", new StringValue("\u00e9"),
                "set", SetValue.of(new LongValue(1), new StringValue("a")),
                "r",
                    new RecordValue(
                        Map.of("type", new StringValue("A"), "id", new StringValue("z"))),
                "e", EntityUid.of("N::B", ""),
                "d", new Decimal(15_000),
                "t", new DateTime(5)));
    assertThat(entities.find(uid("y"))).isEmpty();
  }

  @Test
  void ancestorsAreComplete() throws Exception {
    var entities =
        Entities.parse(
            List.of(
                    json("a", parent("b")),
                    json("b", parent("c") + "," + parent("d")),
                    json("c", parent("e")))
                .toString());
    assertThat(entities.find(uid("a")).orElseThrow().ancestors())
        .isEqualTo(Set.of(uid("b"), uid("c"), uid("d"), uid("e")));
  }

  @Test
  void cyclesAndContradictionsAreRefused() throws Exception {
    refused("[" + json("a", parent("a")) + "]", "its own ancestor");
    refused(List.of(json("a", parent("b")), json("b", parent("a"))).toString(), "its own ancestor");
    var other = json("a", "").replace("\"attrs\": {}", "\"attrs\": {\"n\": 1}");
    refused(List.of(json("a", ""), other).toString(), "repeated");
    assertThat(Entities.parse(List.of(json("a", ""), json("a", "")).toString()).find(uid("a")))
        .isPresent();
  }

  @Test
  void whatIsNoEntityDataIsRefused() {
    refused("{}", "a list of entities");
    refused("[1]", "uid, attrs, parents, tags");
    refused("[{\"uid\": 1}]", "expected an entity");
    refused("[{\"uid\": {\"type\": \"A b\", \"id\": \"\"}}]", "not an entity type");
    refused("[{\"uid\": {\"type\": \"__cedar\", \"id\": \"\"}}]", "not an entity type");
    refused("[{\"uid\": " + parent("a") + ", \"attrs\": {}}]", "`parents`");
    refused("[{\"uid\": " + parent("a") + ", \"parents\": []}]", "`attrs`");
    refused("[" + json("a", "").replace("}}", "}, \"x\": 1}") + "]", "uid, attrs, parents, tags");
    for (var value :
        List.of("null", "1.5", "{\"__entity\": 1}", "{\"__expr\": \"1\"}", "{\"__extn\": {}}")) {
      var attributes = "\"attrs\": {\"n\": " + value + "}";
      refused("[" + json("a", "").replace("\"attrs\": {}", attributes) + "]", "A::\"a\".n");
    }
  }

  @Test
  void jsonIsReadStrictly() {
    refused("", "a JSON value but found the end of the text");
    refused("[] []", "the end of the text");
    refused("[1,]", "line 1, column 4: expected a JSON value");
    refused("[\n{\"a\": 1, \"a\": 2}]", "line 2, column 10: the member \"a\" is repeated");
    refused("[{a: 1}]", "the name of a member");
    refused("[01]", "`,` or `]`");
    refused("[1.]", "a digit");
    refused("[-]", "a digit");
    refused("[9223372036854775808]", "64-bit");
    refused("[1" + "0".repeat(200) + "]", "more than 100 characters");
    refused("[\"\\x\"]", "a JSON escape");
    refused("[\"\\ud800\"]", "surrogate");
    refused("[\"\n\"]", "an escaped control character");
    refused("[\"a", "`\"`");
    refused("[tru]", "a JSON value");
    refused("[".repeat(100_000), "nested more than 100");
  }

  @Test
  void plainValuesBecomeARecord() throws Exception {
    assertThat(RecordValue.of(Map.of("a", 1, "b", List.of("x"), "c", new LongValue(3))))
        .isEqualTo(
            new RecordValue(
                Map.of(
                    "a", new LongValue(1),
                    "b", SetValue.of(new StringValue("x")),
                    "c", new LongValue(3))));
    assertThatThrownBy(() -> RecordValue.of(Map.of("a", Map.of("b", 1.5))))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessageContaining("a.b");
  }

  @Test
  void twoEntitiesOfOneNameAreNotOneSet() {
    var one = new Entity(uid("a"), Map.of(), Set.of());
    var other = new Entity(uid("a"), Map.of("n", new LongValue(1)), Set.of());
    assertThatThrownBy(() -> Entities.of(List.of(one, other)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
