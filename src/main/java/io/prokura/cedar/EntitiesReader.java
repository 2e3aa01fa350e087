package io.prokura.cedar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads entities from JSON and completes their ancestors.
final class EntitiesReader {
  private static final int STEPS_MAX = 10_000_000;
  private static final Set<String> MEMBERS = Set.of("uid", "attrs", "parents", "tags");

  private EntitiesReader() {}

  /// The entities, read without a schema.
  static List<Entity> entities(String json) throws CedarSyntaxException, TypeMismatchException {
    var plain = plain(json);
    var ancestors = ancestors(plain);
    var entities = new ArrayList<Entity>();
    for (var entity : plain) {
      var name = entity.uid().shown();
      entities.add(
          new Entity(
              entity.uid(),
              PlainValues.record(name, entity.attributes()).attributes(),
              java.util.Objects.requireNonNull(ancestors.get(entity.uid())),
              PlainValues.record(name + " tags", entity.tags()).attributes()));
    }
    refuseContradictions(entities);
    return entities;
  }

  private static void refuseContradictions(List<Entity> entities) throws TypeMismatchException {
    var byUid = new HashMap<EntityUid, Entity>();
    for (var entity : entities) {
      var before = byUid.put(entity.uid(), entity);
      if (before != null && !before.equals(entity)) {
        throw new TypeMismatchException(entity.uid().shown(), "the entity is repeated");
      }
    }
  }

  /// The entities with their values as plain Java values, for a reader that knows their types.
  static List<PlainEntity> plain(String json) throws CedarSyntaxException, TypeMismatchException {
    if (!(PlainJson.read(json) instanceof List<?> list)) {
      throw new TypeMismatchException("", "expected a list of entities");
    }
    var entities = new ArrayList<PlainEntity>();
    for (var item : list) {
      entities.add(entity("[" + entities.size() + "]", item));
    }
    return entities;
  }

  private static PlainEntity entity(String path, @Nullable Object item)
      throws TypeMismatchException {
    if (!(item instanceof Map<?, ?> map) || !MEMBERS.containsAll(map.keySet())) {
      throw new TypeMismatchException(path, "an entity is an object of uid, attrs, parents, tags");
    }
    var uid = PlainValues.reference(path + ".uid", map.get("uid"));
    if (!(map.get("parents") instanceof List<?> list)) {
      throw new TypeMismatchException(uid.shown(), "expected `parents`, a list of entities");
    }
    var parents = new LinkedHashSet<EntityUid>();
    var name = uid.shown() + " parents";
    for (var parent : list) {
      parents.add(PlainValues.reference(PlainPath.join(name, parents.size()), parent));
    }
    if (!(map.get("attrs") instanceof Map<?, ?> attributes)) {
      throw new TypeMismatchException(uid.shown(), "expected `attrs`, an object");
    }
    if (!map.containsKey("tags")) {
      return new PlainEntity(uid, parents, attributes, Map.of());
    }
    if (!(map.get("tags") instanceof Map<?, ?> tags)) {
      throw new TypeMismatchException(uid.shown(), "expected `tags` to be an object");
    }
    return new PlainEntity(uid, parents, attributes, tags);
  }

  /// Every entity's ancestors. A parent that is not among the entities has no ancestors of its own.
  ///
  /// @throws TypeMismatchException if an entity is its own ancestor, or the way up from each takes
  /// ten million steps in all
  static Map<EntityUid, Set<EntityUid>> ancestors(List<PlainEntity> entities)
      throws TypeMismatchException {
    var parents = new LinkedHashMap<EntityUid, Set<EntityUid>>();
    for (var entity : entities) {
      parents.computeIfAbsent(entity.uid(), _ -> new LinkedHashSet<>()).addAll(entity.parents());
    }
    var ancestors = new HashMap<EntityUid, Set<EntityUid>>();
    int left = STEPS_MAX;
    for (var uid : parents.keySet()) {
      var reached = new HashSet<EntityUid>();
      left = reach(uid, parents, reached, left);
      if (left < 0) {
        throw new TypeMismatchException(uid.shown(), "the entities have too many ancestors in all");
      }
      if (reached.contains(uid)) {
        throw new TypeMismatchException(uid.shown(), "the entity is its own ancestor");
      }
      ancestors.put(uid, reached);
    }
    return ancestors;
  }

  /// Adds all that can be reached, and says how many of the steps are left.
  private static int reach(
      EntityUid from, Map<EntityUid, Set<EntityUid>> parents, Set<EntityUid> reached, int steps) {
    int left = steps;
    var open = new ArrayList<EntityUid>();
    open.add(from);
    while (!open.isEmpty() && left >= 0) {
      for (var parent : parents.getOrDefault(open.removeLast(), Set.of())) {
        left--;
        if (reached.add(parent)) {
          open.add(parent);
        }
      }
    }
    return left;
  }
}
