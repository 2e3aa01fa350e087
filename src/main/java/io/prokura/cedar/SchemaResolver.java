package io.prokura.cedar;

import io.prokura.cedar.SchemaTree.ActionReference;
import io.prokura.cedar.SchemaTree.ActionTree;
import io.prokura.cedar.SchemaTree.AliasTree;
import io.prokura.cedar.SchemaTree.EntityTree;
import io.prokura.cedar.SchemaTree.Namespace;
import io.prokura.cedar.SchemaTree.Place;
import io.prokura.cedar.SchemaTree.Reference;
import io.prokura.cedar.SchemaTree.TypeTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Makes a [Schema] of the declarations of all sources, or a list of what is wrong with them.
final class SchemaResolver {
  /// The namespace of the built-in types, which no schema can declare.
  static final String BUILT_IN = "__cedar";

  /// How many problems are reported.
  static final int PROBLEMS_MAX = 100;

  private record EntityDeclaration(String namespace, EntityTree tree) {}

  private record ActionDeclaration(String namespace, ActionTree tree) {}

  /// A common type, and the namespace that it was declared in.
  record AliasDeclaration(String namespace, AliasTree tree) {}

  private final List<SchemaProblem> problems = new ArrayList<>();
  private final Map<String, AliasDeclaration> aliases = new LinkedHashMap<>();
  private final Map<EntityType, EntityDeclaration> entities = new LinkedHashMap<>();
  private final Map<EntityUid, ActionDeclaration> actions = new LinkedHashMap<>();
  private final SchemaWork work = new SchemaWork();
  private final SchemaTypes types;

  SchemaResolver(List<Namespace> namespaces) {
    for (var namespace : namespaces) {
      declare(namespace);
    }
    refuseShadows();
    this.types =
        new SchemaTypes(
            aliases,
            entities.keySet().stream().map(EntityType::name).collect(Collectors.toSet()),
            actions.keySet().stream().map(uid -> uid.type().name()).collect(Collectors.toSet()),
            problems,
            work);
  }

  Schema resolve() throws SchemaException {
    SortedMap<EntityType, SchemaEntityType> schemaEntities;
    SortedMap<EntityUid, SchemaAction> schemaActions;
    try {
      types.resolveAliases();
      schemaEntities = entityTypes();
      schemaActions = actions();
    } catch (SchemaWork.TooMuch _) {
      throw new SchemaException(
          List.of(new SchemaProblem("schema", "1:1", "the schema declares too much")));
    }
    if (!problems.isEmpty()) {
      throw new SchemaException(problems.stream().distinct().limit(PROBLEMS_MAX).toList());
    }
    return new Schema(schemaEntities, schemaActions, aliases.keySet());
  }

  private void declare(Namespace namespace) {
    for (var tree : namespace.aliases()) {
      var name = Namespace.qualified(namespace.name(), tree.name());
      var other = aliases.putIfAbsent(name, new AliasDeclaration(namespace.name(), tree));
      if (other != null) {
        twice("common type", name, tree.place(), other.tree.place());
      }
    }
    for (var tree : namespace.entities()) {
      var type = EntityType.lasting(Namespace.qualified(namespace.name(), tree.name()));
      if (type.isAction()) {
        problems.add(tree.place().problem("the name 'Action' is reserved for actions"));
        continue;
      }
      var other = entities.putIfAbsent(type, new EntityDeclaration(namespace.name(), tree));
      if (other != null) {
        twice("entity type", type.name(), tree.place(), other.tree.place());
      }
    }
    for (var tree : namespace.actions()) {
      var uid = EntityUid.of(Namespace.qualified(namespace.name(), "Action"), tree.id());
      var other = actions.putIfAbsent(uid, new ActionDeclaration(namespace.name(), tree));
      if (other != null) {
        twice("action", uid.toString(), tree.place(), other.tree.place());
      }
    }
  }

  private void twice(String what, String name, Place place, Place other) {
    problems.add(place.problem("the " + what + " '" + name + "' is declared already, at " + other));
  }

  /// A name outside every namespace can be used inside any without qualification, so that the same
  /// name declared in one would change what such a use means.
  private void refuseShadows() {
    aliases.forEach(
        (name, declared) -> refuseShadow(name, declared.namespace, declared.tree.place()));
    entities.forEach(
        (type, declared) -> refuseShadow(type.name(), type.namespace(), declared.tree.place()));
    actions.forEach(
        (uid, declared) -> {
          var other = actions.get(EntityUid.of("Action", uid.id()));
          if (!declared.namespace.isEmpty() && other != null) {
            shadows(declared.tree.place(), uid.toString(), other.tree.place());
          }
        });
  }

  private void refuseShadow(String name, String namespace, Place place) {
    if (namespace.isEmpty()) {
      return;
    }
    var simple = name.substring(namespace.length() + 2);
    var alias = aliases.get(simple);
    var entity = entities.get(new EntityType(simple));
    if (alias != null) {
      shadows(place, name, alias.tree.place());
    } else if (entity != null) {
      shadows(place, name, entity.tree.place());
    }
  }

  private void shadows(Place place, String name, Place other) {
    problems.add(
        place.problem(
            "'" + name + "' shadows the declaration outside every namespace at " + other));
  }

  private SortedMap<EntityType, SchemaEntityType> entityTypes() {
    var parents = new TreeMap<EntityType, SequencedSet<EntityType>>();
    entities.forEach(
        (type, declared) ->
            parents.put(type, entityTypes(declared.namespace, declared.tree.parents())));
    var schemaTypes = new TreeMap<EntityType, SchemaEntityType>();
    entities.forEach(
        (type, declared) -> {
          var tree = declared.tree;
          var shape = recordType(declared.namespace, tree.shape(), "the shape of an entity type");
          var tags =
              tree.tags() == null
                  ? Optional.<Type>empty()
                  : types.resolve(declared.namespace, tree.tags());
          schemaTypes.put(
              type,
              new SchemaEntityType(
                  type,
                  new TreeSet<>(parents.getOrDefault(type, new LinkedHashSet<>())),
                  new TreeSet<>(reachable(type, parents)),
                  shape,
                  tags.orElse(null),
                  new TreeSet<>(tree.ids())));
        });
    return schemaTypes;
  }

  private SequencedSet<EntityType> entityTypes(String namespace, List<Reference> references) {
    var found = new LinkedHashSet<EntityType>();
    for (var reference : references) {
      work.step();
      var type = types.entityType(namespace, reference.path());
      if (type.isPresent()) {
        found.add(type.get());
      } else {
        problems.add(
            reference
                .place()
                .problem(
                    "the entity type '"
                        + reference.path()
                        + "' is not declared"
                        + types.entityHint(reference.path())));
      }
    }
    return found;
  }

  private Type.RecordType recordType(String namespace, TypeTree tree, String what) {
    var type = types.resolve(namespace, tree);
    if (type.isPresent() && type.get() instanceof Type.RecordType found) {
      return found;
    }
    type.ifPresent(
        other -> problems.add(tree.place().problem(what + " has to be a record, not " + other)));
    return Type.RecordType.EMPTY;
  }

  private SortedMap<EntityUid, SchemaAction> actions() {
    var groups = new TreeMap<EntityUid, SequencedSet<EntityUid>>();
    actions.forEach((uid, declared) -> groups.put(uid, groups(declared)));
    var schemaActions = new TreeMap<EntityUid, SchemaAction>();
    actions.forEach(
        (uid, declared) -> {
          var tree = declared.tree;
          var ancestors = reachable(uid, groups);
          if (ancestors.contains(uid)) {
            problems.add(tree.place().problem("the action '" + uid + "' is a member of itself"));
          }
          schemaActions.put(
              uid,
              new SchemaAction(
                  uid,
                  new TreeSet<>(groups.getOrDefault(uid, new LinkedHashSet<>())),
                  new TreeSet<>(ancestors),
                  new TreeSet<>(entityTypes(declared.namespace, tree.principals())),
                  new TreeSet<>(entityTypes(declared.namespace, tree.resources())),
                  recordType(declared.namespace, tree.context(), "the context of an action")));
        });
    return schemaActions;
  }

  private SequencedSet<EntityUid> groups(ActionDeclaration declared) {
    var groups = new LinkedHashSet<EntityUid>();
    for (ActionReference reference : declared.tree.groups()) {
      work.step();
      var uid = action(declared.namespace, reference);
      if (uid.isPresent()) {
        groups.add(uid.get());
      } else {
        problems.add(
            reference
                .place()
                .problem(
                    "the action "
                        + written(reference)
                        + " is not declared"
                        + hint(reference.id())));
      }
    }
    return groups;
  }

  private String hint(String id) {
    var ids = actions.keySet().stream().map(EntityUid::id);
    return problems.size() < PROBLEMS_MAX ? ValidationSpelling.hint(id, ids.toList()) : "";
  }

  private Optional<EntityUid> action(String namespace, ActionReference reference) {
    var outside = EntityUid.of(reference.type(), reference.id());
    if (!reference.type().contains("::") && !namespace.isEmpty()) {
      var inside = EntityUid.of(Namespace.qualified(namespace, reference.type()), reference.id());
      if (actions.containsKey(inside)) {
        return Optional.of(inside);
      }
    }
    return actions.containsKey(outside) ? Optional.of(outside) : Optional.empty();
  }

  private static String written(ActionReference reference) {
    return reference.type().equals("Action")
        ? "'" + reference.id() + "'"
        : "'" + reference.type() + "::" + Quoted.string(reference.id()) + "'";
  }

  /// Everything that can be reached from a start in one step or more; the start itself only when it
  /// is on a cycle.
  private <T> Set<T> reachable(T start, Map<T, ? extends Set<T>> steps) {
    var reached = new LinkedHashSet<T>();
    var open = new ArrayList<T>(List.of(start));
    while (!open.isEmpty()) {
      var next = steps.get(open.removeLast());
      for (T step : next == null ? Set.<T>of() : next) {
        work.step();
        if (reached.add(step)) {
          open.add(step);
        }
      }
    }
    return reached;
  }
}
