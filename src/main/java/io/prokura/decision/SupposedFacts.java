package io.prokura.decision;

import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.Schema;
import io.prokura.cedar.TypeMismatchException;
import io.prokura.cedar.TypeUndeclared;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.policy.Uids;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a test case supposes of principals instead of what is registered: by `agent:name`,
/// `user:name` or `workload:name` the attributes that are out of the ordinary, and in `in` the
/// roles and groups, as `role:name` and `group:name`. Of a principal nothing is said about, the
/// ordinary holds: active, owned by somebody active, of low risk.
record SupposedFacts(Map<EntityUid, Json.Obj> said) {
  private static final String IN = "in";

  SupposedFacts {
    said = Map.copyOf(said);
  }

  static SupposedFacts of(Json.Obj facts) {
    var said = new LinkedHashMap<EntityUid, Json.Obj>();
    facts
        .members()
        .forEach(
            (name, value) -> {
              if (!(value instanceof Json.Obj attributes)) {
                throw new IllegalArgumentException("facts: " + name + " is a mapping");
              }
              said.put(Uids.of(principal(name)), attributes);
            });
    return new SupposedFacts(said);
  }

  /// These facts with what `more` says of a principal in place of what is said here.
  SupposedFacts with(SupposedFacts more) {
    var all = new LinkedHashMap<>(said);
    all.putAll(more.said);
    return new SupposedFacts(all);
  }

  /// The principal that a test case calls `agent:name`.
  static Id.Principal principal(String text) {
    int colon = text.indexOf(':');
    var name = text.substring(colon + 1);
    return switch (name.isEmpty() ? "" : text.substring(0, Math.max(0, colon))) {
      case "agent" -> new Id.Agent(name);
      case "user" -> new Id.User(name);
      case "workload" -> new Id.Workload(name);
      default ->
          throw new IllegalArgumentException(
              "a principal is agent:name, user:name or workload:name, not " + text);
    };
  }

  /// The registers as supposed, under a snapshot's schema.
  Function<EntityUid, Optional<Entity>> registers(Schema schema) {
    said.keySet().forEach(uid -> entity(schema, uid));
    return uid -> entity(schema, uid);
  }

  private Optional<Entity> entity(Schema schema, EntityUid uid) {
    var ordinary = ordinary(uid);
    if (ordinary.isEmpty()) {
      return Optional.empty();
    }
    var attributes = new LinkedHashMap<String, @Nullable Object>(ordinary);
    var stated = said.getOrDefault(uid, Json.object().build());
    var names = stated.members().keySet().stream().filter(name -> !name.equals(IN)).toList();
    var prefixed = names.stream().map(name -> "facts." + name).toList();
    attributes.putAll(PlainProperties.trusted("facts", stated, prefixed));
    var declared =
        schema
            .entityType(uid.type())
            .orElseThrow(() -> new IllegalArgumentException("these policies know no " + uid.type()))
            .attributes();
    try {
      var values = declared.read(attributes, TypeUndeclared.REFUSE);
      return Optional.of(new Entity(uid, values.attributes(), ancestors(stated)));
    } catch (TypeMismatchException e) {
      throw new IllegalArgumentException("facts of " + uid + ": " + e.getMessage(), e);
    }
  }

  private static Set<EntityUid> ancestors(Json.Obj stated) {
    var ancestors = new HashSet<EntityUid>();
    for (var one : stated.texts(IN).orElse(List.of())) {
      int colon = one.indexOf(':');
      var type = one.substring(0, Math.max(0, colon));
      var name = one.substring(colon + 1);
      ancestors.add(
          switch (type) {
            case "role" -> new EntityUid(Uids.ROLE, name);
            case "group" -> new EntityUid(Uids.GROUP, name);
            default -> throw new IllegalArgumentException("in names role:name or group:name");
          });
    }
    return ancestors;
  }

  private static Map<String, @Nullable Object> ordinary(EntityUid uid) {
    if (uid.type().equals(Uids.AGENT)) {
      return Map.of(
          "attested",
          false,
          "capabilities",
          List.of(),
          "environment",
          "production",
          "ownerActive",
          true,
          "ownerGroups",
          List.of(),
          "ownerUsers",
          List.of(),
          "purposes",
          List.of(),
          "risk",
          "low",
          "state",
          "active");
    }
    if (uid.type().equals(Uids.WORKLOAD)) {
      return Map.of(
          "active", true,
          "name", uid.id(),
          "ownerActive", true,
          "ownerGroups", List.of(),
          "ownerUsers", List.of());
    }
    return uid.type().equals(Uids.USER) ? Map.of("active", true, "userName", uid.id()) : Map.of();
  }
}
