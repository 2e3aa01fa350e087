package io.prokura.cedar;

import io.prokura.cedar.Type.Attribute;
import io.prokura.cedar.Type.BoolType;
import io.prokura.cedar.Type.EntityRef;
import io.prokura.cedar.Type.ExtensionType;
import io.prokura.cedar.Type.Primitive;
import io.prokura.cedar.Type.RecordType;
import io.prokura.cedar.Type.SetType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Makes up policies that mostly fit a schema: every expression is made for the type that is wanted
/// in its place, in a request for one action. Now and then it forgets a test for presence.
final class TypedPolicyMaker {
  private static final int FORGETFUL = 40;
  private static final List<String> PATTERNS =
      List.of("\"\"", "\"*\"", "\"a*\"", "\"*\\**\"", "\"a\\*b\"", "\"\\u{e9}*\"");

  private static final List<String> IP_TESTS =
      List.of(".isIpv4()", ".isIpv6()", ".isLoopback()", ".isMulticast()");

  private final Random random;
  private final Schema schema;
  private SchemaAction action;
  private EntityType principal;
  private EntityType resource;

  TypedPolicyMaker(Random random, Schema schema) {
    this.random = random;
    this.schema = schema;
    var actions =
        schema.actions().values().stream().filter(a -> !a.principals().isEmpty()).toList();
    action = pick(actions);
    principal = pick(List.copyOf(action.principals()));
    resource = pick(List.copyOf(action.resources()));
  }

  /// The action that the policies are mostly about.
  SchemaAction action() {
    return action;
  }

  /// The type of principal that the policies are mostly about.
  EntityType principal() {
    return principal;
  }

  /// The type of resource that the policies are mostly about.
  EntityType resource() {
    return resource;
  }

  String policy() {
    var out = new StringBuilder(random.nextBoolean() ? "permit(" : "forbid(");
    out.append("principal").append(scope(principal)).append(", action");
    out.append(
        switch (random.nextInt(6)) {
          case 0 -> "";
          case 1 -> " in " + pick(List.copyOf(schema.actions().keySet()));
          case 2 -> " in [" + action.uid() + "]";
          default -> " == " + action.uid();
        });
    out.append(", resource").append(scope(resource)).append(")");
    for (int i = random.nextInt(3); i >= 0; i--) {
      out.append(random.nextInt(4) == 0 ? " unless {" : " when {");
      out.append(bool(4)).append("}");
    }
    return out.append(";").toString();
  }

  private String scope(EntityType type) {
    return switch (random.nextInt(8)) {
      case 0 -> "";
      case 1 -> " == " + entity(type);
      case 2 -> " in " + entity(anyAncestor(type));
      case 3 -> " is " + type + " in " + entity(anyAncestor(type));
      default -> " is " + type;
    };
  }

  private EntityType anyAncestor(EntityType type) {
    var types = new ArrayList<>(schema.entityType(type).orElseThrow().ancestors());
    types.add(type);
    return random.nextInt(20) == 0 ? pick(List.copyOf(schema.entityTypes().keySet())) : pick(types);
  }

  private String entity(EntityType type) {
    var ids = schema.entityType(type).orElseThrow().ids();
    var id = ids.isEmpty() ? pick(List.of("x", "y")) : pick(List.copyOf(ids));
    return new EntityUid(type, id).toString();
  }

  private String bool(int depth) {
    if (depth == 0) {
      return random.nextInt(4) == 0 ? pick(List.of("true", "false")) : of(BoolType.ANY, 0);
    }
    int less = depth - 1;
    return switch (random.nextInt(22)) {
      case 0, 1, 2 -> "(" + bool(less) + " && " + bool(less) + ")";
      case 3, 4 -> "(" + bool(less) + " || " + bool(less) + ")";
      case 5 -> "!(" + bool(less) + ")";
      case 6 -> "(if " + bool(less) + " then " + bool(less) + " else " + bool(less) + ")";
      case 7, 8 ->
          of(Primitive.LONG, less)
              + pick(List.of(" < ", " >= ", " > ", " <= "))
              + of(Primitive.LONG, less);
      case 9 -> of(Primitive.STRING, less) + " like \"a*\"";
      case 10 -> {
        var type = anyType(less);
        yield "(" + of(type, less) + pick(List.of(" == ", " != ")) + of(type, less) + ")";
      }
      case 11 -> {
        var type = anyEntity();
        yield "(" + of(new EntityRef(type), less) + " in " + group(type, less) + ")";
      }
      case 12 -> "(" + of(new EntityRef(anyEntity()), less) + " is " + anyEntity() + ")";
      case 13 -> {
        var type = anyType(less);
        yield of(new SetType(type), less) + ".contains(" + of(type, less) + ")";
      }
      case 14 -> {
        var type = new SetType(anyType(less));
        var method = pick(List.of(".containsAll(", ".containsAny("));
        yield of(type, less) + method + of(type, less) + ")";
      }
      case 15, 16 -> guarded(less);
      case 17 -> extensionTest(less);
      case 18 -> tagTest(less);
      case 19 -> of(new SetType(anyType(less)), less) + ".isEmpty()";
      case 20 -> "(" + of(Primitive.STRING, less) + " like " + pick(PATTERNS) + ")";
      default -> "(" + actionTest() + ")";
    };
  }

  private String actionTest() {
    var uid = pick(List.copyOf(schema.actions().keySet()));
    return "action" + pick(List.of(" == ", " in ")) + uid;
  }

  private String group(EntityType type, int depth) {
    var ancestor = anyAncestor(type);
    return random.nextBoolean()
        ? of(new EntityRef(ancestor), depth)
        : "[" + entity(ancestor) + ", " + of(new EntityRef(ancestor), depth) + "]";
  }

  private String extensionTest(int depth) {
    return switch (random.nextInt(8)) {
      case 4 -> of(ExtensionType.IPADDR, depth) + pick(IP_TESTS);
      case 5 -> of(ExtensionType.DATETIME, depth) + ".toTime() < " + of(ExtensionType.DURATION, 0);
      case 6 -> of(ExtensionType.DATETIME, depth) + ".toDate() == " + of(ExtensionType.DATETIME, 0);
      case 7 ->
          of(ExtensionType.DATETIME, depth)
              + ".durationSince("
              + of(ExtensionType.DATETIME, depth)
              + ") > "
              + of(ExtensionType.DURATION, 0);
      case 0 -> of(ExtensionType.DATETIME, depth) + " < " + of(ExtensionType.DATETIME, depth);
      case 1 ->
          of(ExtensionType.DECIMAL, depth) + ".lessThan(" + of(ExtensionType.DECIMAL, depth) + ")";
      case 2 ->
          of(ExtensionType.IPADDR, depth) + ".isInRange(" + of(ExtensionType.IPADDR, depth) + ")";
      default -> of(ExtensionType.DURATION, depth) + " >= " + of(ExtensionType.DURATION, depth);
    };
  }

  private String tagTest(int depth) {
    var type = anyEntity();
    var tags = schema.entityType(type).orElseThrow().tags();
    var owner = of(new EntityRef(type), 0);
    var tag = of(Primitive.STRING, 0);
    var test = owner + ".hasTag(" + tag + ")";
    if (tags.isEmpty()) {
      return test;
    }
    var found = owner + ".getTag(" + tag + ")";
    var use = "(" + found + " == " + of(tags.get(), depth) + ")";
    return random.nextInt(FORGETFUL) == 0 ? use : "(" + test + " && " + use + ")";
  }

  /// A test for an attribute, and a use of it after the test.
  private String guarded(int depth) {
    var owner = pick(List.of("principal", "resource", "context"));
    var attributes = attributes(owner);
    if (attributes.isEmpty()) {
      return owner + " has a";
    }
    var entry = pick(List.copyOf(attributes.entrySet()));
    var path = owner + "." + entry.getKey();
    var test = owner + " has " + entry.getKey();
    var use = "(" + path + " == " + of(entry.getValue().type(), depth) + ")";
    return switch (random.nextInt(7)) {
      case 0 -> "(" + test + ")";
      case 6 -> "(" + test + "." + pick(SchemaMaker.NAMES) + " && " + use + ")";
      case 1 -> "(!(" + test + ") || " + use + ")";
      case 2 -> "(if " + test + " then " + use + " else " + bool(depth) + ")";
      case 3 -> "((" + test + " && " + bool(depth) + ") && " + use + ")";
      case 4 -> "((" + test + " || " + test + ") && " + use + ")";
      default -> "(" + test + " && " + use + ")";
    };
  }

  private Map<String, Attribute> attributes(String owner) {
    return switch (owner) {
      case "principal" -> schema.entityType(principal).orElseThrow().attributes().attributes();
      case "resource" -> schema.entityType(resource).orElseThrow().attributes().attributes();
      default -> action.context().attributes();
    };
  }

  /// An expression of the type: often an attribute that has it, else something written out.
  private String of(Type type, int depth) {
    var paths = new ArrayList<String>();
    for (var owner : List.of("principal", "resource", "context")) {
      find(owner, attributes(owner), type, 2, paths);
    }
    addIf(new EntityRef(principal).equals(type), "principal", paths);
    addIf(new EntityRef(resource).equals(type), "resource", paths);
    if (!paths.isEmpty() && random.nextInt(3) != 0) {
      return pick(paths);
    }
    if (depth > 0 && random.nextInt(8) == 0) {
      return "(if " + bool(depth - 1) + " then " + of(type, 0) + " else " + of(type, 0) + ")";
    }
    return literal(type, depth);
  }

  private static void addIf(boolean condition, String path, List<String> paths) {
    if (condition) {
      paths.add(path);
    }
  }

  private void find(
      String path, Map<String, Attribute> attributes, Type type, int steps, List<String> paths) {
    attributes.forEach(
        (name, attribute) -> {
          if (!attribute.required() && random.nextInt(FORGETFUL) != 0) {
            return;
          }
          var next = path + "." + name;
          if (attribute.type().equals(type)) {
            paths.add(next);
          }
          if (steps > 0 && attribute.type() instanceof RecordType nested) {
            find(next, nested.attributes(), type, steps - 1, paths);
          } else if (steps > 0 && attribute.type() instanceof EntityRef(var entity)) {
            var declared = schema.entityType(entity).orElseThrow();
            find(next, declared.attributes().attributes(), type, steps - 1, paths);
          }
        });
  }

  private String literal(Type type, int depth) {
    int less = Math.max(0, depth - 1);
    return switch (type) {
      case BoolType _ -> pick(List.of("true", "false"));
      case Primitive.LONG ->
          depth > 0 && random.nextBoolean()
              ? "("
                  + of(Primitive.LONG, less)
                  + pick(List.of(" + ", " * ", " - "))
                  + of(Primitive.LONG, less)
                  + ")"
              : pick(List.of("0", "1", "2", "3", "-1", "-(1)", "-9223372036854775808"));
      case Primitive.STRING -> pick(List.of("\"a\"", "\"b\"", "\"\""));
      case ExtensionType.DECIMAL -> "decimal(\"" + pick(List.of("1.5", "0.25", "x")) + "\")";
      case ExtensionType.IPADDR -> "ip(\"10.0.0.0/8\")";
      case ExtensionType.DATETIME -> "datetime(\"2030-01-01\")";
      case ExtensionType.DURATION -> "duration(\"1h\")";
      case EntityRef(var entity) -> entity(entity);
      case SetType(var element) -> "[" + of(element, less) + ", " + of(element, less) + "]";
      case RecordType(var attributes) -> {
        var parts = new ArrayList<String>();
        attributes.forEach(
            (name, attribute) -> {
              if (attribute.required() || random.nextInt(4) == 0) {
                parts.add(name + ": " + of(attribute.type(), less));
              }
            });
        yield "{" + String.join(", ", parts) + "}";
      }
    };
  }

  private Type anyType(int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 7)) {
      case 0 -> BoolType.ANY;
      case 1 -> Primitive.LONG;
      case 2 -> Primitive.STRING;
      case 3 -> pick(List.of(ExtensionType.values()));
      case 4, 5, 6 -> new EntityRef(anyEntity());
      case 7 -> new SetType(anyType(depth - 1));
      default -> new RecordType(Map.of("x", new Attribute(anyType(depth - 1), true)));
    };
  }

  private EntityType anyEntity() {
    return switch (random.nextInt(3)) {
      case 0 -> principal;
      case 1 -> resource;
      default -> pick(List.copyOf(schema.entityTypes().keySet()));
    };
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
