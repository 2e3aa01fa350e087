package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.cedar.Type.Attribute;
import io.prokura.cedar.Type.BoolType;
import io.prokura.cedar.Type.EntityRef;
import io.prokura.cedar.Type.ExtensionType;
import io.prokura.cedar.Type.Primitive;
import io.prokura.cedar.Type.RecordType;
import io.prokura.cedar.Type.SetType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What validation promises: an accepted policy does not fail on requests and entities that fit the
/// schema, but for a number out of range. `-Dseed=N` sets the first seed.
final class ValidationSoundnessTest {
  private static final int SCHEMAS = 150;
  private static final int POLICIES = 10;
  private static final int REQUESTS = 4;

  private int evaluated;

  @Test
  void acceptedPoliciesDoNotFail() throws Exception {
    var first = System.getProperty("seed", "");
    long seed = first.isEmpty() ? 20_261_125L : Long.parseLong(first);
    for (int i = 0; i < SCHEMAS; i++) {
      check(seed + i);
    }
    assertThat(evaluated).isGreaterThan(SCHEMAS * POLICIES / 3);
  }

  private void check(long seed) throws Exception {
    var random = new Random(seed);
    var schema = Schema.parse("schema", new SchemaMaker(random).schema());
    var validator = new Validator(schema);
    var maker = new TypedPolicyMaker(random, schema);
    var policies = new LinkedHashMap<String, String>();
    for (int i = 0; i < POLICIES; i++) {
      var text = maker.policy();
      if (Validator.accepts(validator.validate(Policy.parse("p" + i, text)))) {
        policies.put("p" + i, text);
      }
    }
    var entities = new ArrayList<>(schema.actionEntities());
    for (var type : schema.entityTypes().values()) {
      for (var id : type.isEnumerated() ? type.ids() : Set.of("x", "y")) {
        entities.add(entity(random, schema, new EntityUid(type.name(), id)));
      }
    }
    for (var entity : entities) {
      assertThat(validator.problems(entity)).as("-Dseed=" + seed).isEmpty();
    }
    for (int i = 0; i < REQUESTS; i++) {
      var request = request(random, schema);
      assertThat(validator.problems(request)).as("-Dseed=" + seed).isEmpty();
      var response =
          Authorizer.authorize(request, Entities.of(entities), PolicySet.parse(policies));
      assertThat(response.errors())
          .as(() -> "-Dseed=" + seed + "\n" + request + "\n" + policies)
          .allSatisfy(error -> assertThat(error.message()).contains("overflow"));
      evaluated += policies.size();
    }
  }

  private static Request request(Random random, Schema schema) {
    var actions =
        schema.actions().values().stream().filter(a -> !a.principals().isEmpty()).toList();
    var action = pick(random, actions);
    return new Request(
        any(random, schema, pick(random, List.copyOf(action.principals()))),
        action.uid(),
        any(random, schema, pick(random, List.copyOf(action.resources()))),
        record(random, schema, action.context()));
  }

  /// An entity whose ancestors are all of one other id than its own, so that there is no cycle.
  private static Entity entity(Random random, Schema schema, EntityUid uid) {
    var type = schema.entityType(uid.type()).orElseThrow();
    var ancestors = new HashSet<EntityUid>();
    for (var ancestor : type.ancestors()) {
      if (uid.id().equals("x") && random.nextBoolean()) {
        ancestors.add(new EntityUid(ancestor, "y"));
      }
    }
    var tags = new LinkedHashMap<String, Value>();
    if (random.nextBoolean()) {
      type.tags().ifPresent(tag -> tags.put("a", value(random, schema, tag)));
    }
    var attributes = record(random, schema, type.attributes()).attributes();
    return new Entity(uid, attributes, ancestors, tags);
  }

  private static RecordValue record(Random random, Schema schema, RecordType type) {
    var values = new LinkedHashMap<String, Value>();
    for (Map.Entry<String, Attribute> entry : type.attributes().entrySet()) {
      if (entry.getValue().required() || random.nextBoolean()) {
        values.put(entry.getKey(), value(random, schema, entry.getValue().type()));
      }
    }
    return new RecordValue(values);
  }

  private static Value value(Random random, Schema schema, Type type) {
    return switch (type) {
      case BoolType _ -> BoolValue.of(random.nextBoolean());
      case Primitive.LONG -> new LongValue(random.nextInt(5));
      case Primitive.STRING -> new StringValue(pick(random, List.of("a", "b", "")));
      case ExtensionType.DECIMAL -> new Decimal(random.nextInt(30_000));
      case ExtensionType.IPADDR -> IpAddress.parse("10.0.0.1").orElseThrow();
      case ExtensionType.DATETIME -> new DateTime(random.nextInt());
      case ExtensionType.DURATION -> new Duration(random.nextInt());
      case EntityRef(var entity) -> any(random, schema, entity);
      case SetType(var element) -> {
        var elements = new ArrayList<Value>();
        for (int i = random.nextInt(3); i > 0; i--) {
          elements.add(value(random, schema, element));
        }
        yield SetValue.of(elements);
      }
      case RecordType recordType -> record(random, schema, recordType);
    };
  }

  private static EntityUid any(Random random, Schema schema, EntityType type) {
    var declared = schema.entityType(type).orElseThrow();
    var ids = declared.isEnumerated() ? List.copyOf(declared.ids()) : List.of("x", "y");
    return new EntityUid(type, pick(random, ids));
  }

  private static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
