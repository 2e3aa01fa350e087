package io.prokura.cedar;

import io.prokura.cedar.Type.Attribute;
import io.prokura.cedar.Type.BoolType;
import io.prokura.cedar.Type.EntityRef;
import io.prokura.cedar.Type.ExtensionType;
import io.prokura.cedar.Type.Primitive;
import io.prokura.cedar.Type.RecordType;
import io.prokura.cedar.Type.SetType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// A schema with entities, policies and requests for it, made up from a seed: the same seed is the
/// same world. Most of it fits the schema; in one world of four some values do not.
///
/// @param entities the JSON of each entity
/// @param texts policies by id, and what was a policy before a token of it was changed
/// @param slots which slots to open in a policy to make a template of it
record CedarWorld(
    String schema,
    List<String> entities,
    Map<String, String> texts,
    Map<String, Set<Slot>> slots,
    List<Question> questions) {
  private static final List<String> STRINGS = List.of("a", "b", "", "ab*", "\u00e9\uD83D\uDE00");

  /// A request with its context in JSON.
  record Question(EntityUid principal, EntityUid action, EntityUid resource, String context) {

    Request request(RecordValue context) {
      return new Request(principal, action, resource, context);
    }
  }

  static CedarWorld of(long seed, int policies) {
    var random = new Random(seed);
    var schema = new SchemaMaker(random).schema();
    try {
      return new Maker(random, Schema.parse("schema", schema)).world(schema, policies);
    } catch (SchemaException | CedarSyntaxException failure) {
      throw new AssertionError(schema, failure);
    }
  }

  String entitiesJson() {
    return entities.toString();
  }

  /// Everything in it, as a failure prints it.
  @Override
  public String toString() {
    var out = new StringBuilder(schema).append("\n");
    texts.forEach((id, text) -> out.append(id).append(": ").append(text).append('\n'));
    slots.forEach((id, open) -> out.append(id).append(" with ").append(open).append('\n'));
    entities.forEach(entity -> out.append(entity).append('\n'));
    questions.forEach(question -> out.append(question).append('\n'));
    return out.toString();
  }

  private static final class Maker {
    private final Random random;
    private final Schema schema;
    private final boolean misfits;

    Maker(Random random, Schema schema) {
      this.random = random;
      this.schema = schema;
      this.misfits = random.nextInt(4) == 0;
    }

    CedarWorld world(String text, int policies) throws CedarSyntaxException {
      var maker = new TypedPolicyMaker(random, schema);
      boolean permitsOnly = random.nextInt(4) != 0;
      var texts = new LinkedHashMap<String, String>();
      var slots = new LinkedHashMap<String, Set<Slot>>();
      while (texts.size() < policies) {
        var policy = maker.policy();
        policy = permitsOnly ? policy.replace("forbid(", "permit(") : policy;
        var id = "p" + texts.size();
        texts.put(id, random.nextInt(4) == 0 ? TokenChanger.changed(random, policy) : policy);
        if (random.nextInt(5) == 0) {
          slots.put(id, pick(List.of(Set.of(Slot.PRINCIPAL), Set.of(Slot.RESOURCE))));
        }
      }
      var questions = new ArrayList<Question>();
      for (int i = 0; i < 2; i++) {
        questions.add(question(maker));
      }
      return new CedarWorld(text, entities(), texts, slots, questions);
    }

    private Question question(TypedPolicyMaker maker) {
      boolean usual = random.nextInt(4) != 0;
      var action = usual ? maker.action() : pick(applicable());
      var principal = uid(usual ? maker.principal() : pick(List.copyOf(action.principals())));
      var resource = uid(usual ? maker.resource() : pick(List.copyOf(action.resources())));
      if (misfits && random.nextInt(6) == 0) {
        resource = uid(pick(List.copyOf(schema.entityTypes().keySet())));
      }
      var uid = action.uid();
      if (misfits && random.nextInt(8) == 0) {
        uid = new EntityUid(uid.type(), pick(List.of("all", "read", "absent")));
      }
      return new Question(principal, uid, resource, record(action.context()));
    }

    private List<SchemaAction> applicable() {
      return schema.actions().values().stream().filter(a -> !a.principals().isEmpty()).toList();
    }

    private List<String> entities() {
      var entities = new ArrayList<String>();
      for (var action : schema.actions().values()) {
        var groups = action.groups().stream().map(WorldMaker::reference).toList();
        entities.add(entity(action.uid(), groups, "{}", "{}"));
      }
      for (var type : schema.entityTypes().values()) {
        for (var id : ids(type)) {
          if (random.nextInt(6) != 0) {
            entities.add(entity(type, id));
          }
        }
      }
      return entities;
    }

    /// An entity whose parents are all of one other id than its own, so that there is no cycle.
    private String entity(SchemaEntityType type, String id) {
      var parents = new ArrayList<String>();
      for (var parent : type.parents()) {
        if (id.equals("x") && random.nextInt(3) != 0) {
          parents.add(WorldMaker.reference(new EntityUid(parent, "y")));
        }
      }
      if (misfits && random.nextInt(12) == 0 && id.equals("x")) {
        parents.add(WorldMaker.reference(uid(pick(List.copyOf(schema.entityTypes().keySet())))));
        parents.removeIf(WorldMaker.reference(new EntityUid(type.name(), id))::equals);
      }
      var tags = new ArrayList<String>();
      for (var name : List.of("a", "b", "")) {
        if (type.tags().isPresent() && random.nextBoolean()) {
          tags.add("\"" + name + "\":" + value(type.tags().get()));
        }
      }
      return entity(
          new EntityUid(type.name(), id),
          parents,
          record(type.attributes()),
          "{" + String.join(",", tags) + "}");
    }

    private static String entity(EntityUid uid, List<String> parents, String attrs, String tags) {
      return "{\"uid\":%s,\"parents\":%s,\"attrs\":%s,\"tags\":%s}"
          .formatted(WorldMaker.reference(uid), parents, attrs, tags);
    }

    private String record(RecordType type) {
      var members = new ArrayList<String>();
      for (Map.Entry<String, Attribute> entry : type.attributes().entrySet()) {
        boolean missing = misfits && random.nextInt(30) == 0;
        if (!missing && (entry.getValue().required() || random.nextBoolean())) {
          members.add("\"" + entry.getKey() + "\":" + value(entry.getValue().type()));
        }
      }
      if (misfits && random.nextInt(30) == 0) {
        members.add("\"more\":1");
      }
      return "{" + String.join(",", members) + "}";
    }

    private String value(Type type) {
      if (misfits && random.nextInt(30) == 0) {
        return pick(List.of("1", "true", "[]", "{}", "[1,true]", "{\"a\":1}"));
      }
      return switch (type) {
        case BoolType _ -> Boolean.toString(random.nextBoolean());
        case Primitive.LONG -> pick(List.of("0", "1", "2", "3", "4", "-1", "9223372036854775807"));
        case Primitive.STRING -> string(pick(STRINGS));
        case ExtensionType.DECIMAL -> extension("decimal", List.of("1.5", "0.25", "-0.1"));
        case ExtensionType.IPADDR -> extension("ip", List.of("10.0.0.1", "10.0.0.0/8", "::1"));
        case ExtensionType.DATETIME ->
            extension("datetime", List.of("2030-01-01", "1969-12-31T23:59:59.999Z"));
        case ExtensionType.DURATION -> extension("duration", List.of("1h", "-1d2h", "0ms"));
        case EntityRef(var entity) -> "{\"__entity\":" + WorldMaker.reference(uid(entity)) + "}";
        case SetType(var element) -> {
          var elements = new ArrayList<String>();
          for (int i = random.nextInt(3); i > 0; i--) {
            elements.add(value(element));
          }
          yield elements.toString();
        }
        case RecordType recordType -> record(recordType);
      };
    }

    private String extension(String function, List<String> texts) {
      return "{\"__extn\":{\"fn\":\"%s\",\"arg\":\"%s\"}}".formatted(function, pick(texts));
    }

    private static String string(String text) {
      var out = new StringBuilder();
      PlainJson.write(text, out);
      return out.toString();
    }

    private EntityUid uid(EntityType type) {
      return new EntityUid(type, pick(ids(schema.entityType(type).orElseThrow())));
    }

    private static List<String> ids(SchemaEntityType type) {
      return type.isEnumerated() ? List.copyOf(type.ids()) : List.of("x", "y");
    }

    private <T> T pick(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }
  }
}
