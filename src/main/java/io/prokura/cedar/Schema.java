package io.prokura.cedar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The entity types and actions that policies may speak of, the attributes they have, and which
/// principals and resources an action applies to. Immutable.
public final class Schema {
  private final SortedMap<EntityType, SchemaEntityType> entityTypes;
  private final SortedMap<EntityUid, SchemaAction> actions;
  private final Map<EntityUid, SchemaAction> actionsByUid;
  private final SortedSet<String> commonTypes;

  Schema(
      SortedMap<EntityType, SchemaEntityType> entityTypes,
      SortedMap<EntityUid, SchemaAction> actions,
      Set<String> commonTypes) {
    this.entityTypes = Collections.unmodifiableSortedMap(new TreeMap<>(entityTypes));
    this.actions = Collections.unmodifiableSortedMap(new TreeMap<>(actions));
    this.actionsByUid = new HashMap<>(actions);
    this.commonTypes = Collections.unmodifiableSortedSet(new TreeSet<>(commonTypes));
  }

  /// Reads a schema that is spread over several sources. A namespace may be open in more than one;
  /// a name may be declared in only one. A name may be used before or after its declaration, in any
  /// source.
  ///
  /// @throws SchemaException if a source is not a schema, or they do not fit together
  public static Schema parse(List<SchemaSource> sources) throws SchemaException {
    var namespaces = new ArrayList<SchemaTree.Namespace>();
    var problems = new ArrayList<SchemaProblem>();
    for (var source : sources) {
      try {
        namespaces.addAll(
            switch (source.syntax()) {
              case CEDAR -> new SchemaParser(source.name(), source.text()).parse();
              case JSON -> new SchemaJsonParser(source.name()).parse(source.text());
            });
      } catch (CedarSyntaxException e) {
        var place = e.position().line() + ":" + e.position().column();
        problems.add(new SchemaProblem(source.name(), place, e.problem()));
      } catch (SchemaException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new SchemaException(problems);
    }
    return new SchemaResolver(namespaces).resolve();
  }

  /// Reads a schema in the Cedar syntax; `name` is how messages call the text.
  ///
  /// @throws SchemaException if it is not a schema
  public static Schema parse(String name, String text) throws SchemaException {
    return parse(List.of(SchemaSource.cedar(name, text)));
  }

  /// Every declared entity type by name. The types of actions are not among them.
  public SortedMap<EntityType, SchemaEntityType> entityTypes() {
    return entityTypes;
  }

  /// The entity type of that name, if it is declared.
  public Optional<SchemaEntityType> entityType(EntityType name) {
    return Optional.ofNullable(entityTypes.get(name));
  }

  /// Every declared action, groups included.
  public SortedMap<EntityUid, SchemaAction> actions() {
    return actions;
  }

  /// The action, if it is declared.
  public Optional<SchemaAction> action(EntityUid uid) {
    return Optional.ofNullable(actionsByUid.get(uid));
  }

  /// The full names of the declared common types, which are other names for types.
  public SortedSet<String> commonTypes() {
    return commonTypes;
  }

  /// What the context of a request for the action is, if the action is declared.
  public Optional<Type.RecordType> contextOf(EntityUid action) {
    return action(action).map(SchemaAction::context);
  }

  /// The actions as entities, with the groups they are in, for evaluating `action in`.
  public List<Entity> actionEntities() {
    return actions.values().stream()
        .map(action -> new Entity(action.uid(), Map.of(), action.ancestors()))
        .toList();
  }

  /// Reads Cedar's JSON format for entities. The types that the schema declares make the escapes
  /// for references and extension values unnecessary. The result need not fit the schema in every
  /// other way: see [Validator#problems(Entity)].
  ///
  /// @throws CedarSyntaxException if the text is not JSON
  /// @throws TypeMismatchException if it is not a list of entities, a type is not declared, or a
  /// value does not have the declared type
  public List<Entity> readEntities(String json) throws CedarSyntaxException, TypeMismatchException {
    var plain = EntitiesReader.plain(json);
    var ancestors = EntitiesReader.ancestors(plain);
    var reader = new TypeReader(TypeUndeclared.REFUSE);
    var entities = new ArrayList<Entity>();
    for (var entity : plain) {
      var name = entity.uid().shown();
      var type = entityType(entity.uid().type());
      if (type.isEmpty() && !entity.uid().type().isAction()) {
        throw new TypeMismatchException(name, "the entity type is not declared");
      }
      var attributes = type.map(SchemaEntityType::attributes).orElse(Type.RecordType.EMPTY);
      var tags = new LinkedHashMap<String, Value>();
      for (var tag : entity.tags().entrySet()) {
        var tagType = type.flatMap(SchemaEntityType::tags);
        if (tagType.isEmpty()) {
          throw new TypeMismatchException(name, "the entity type has no tags");
        }
        var path = name + " tag " + Quoted.string(Quoted.shortened(String.valueOf(tag.getKey())));
        tags.put(String.valueOf(tag.getKey()), reader.read(path, tagType.get(), tag.getValue()));
      }
      entities.add(
          new Entity(
              lasting(entity.uid()),
              reader.record(name, attributes, entity.attributes()).attributes(),
              ancestors.getOrDefault(entity.uid(), Set.of()),
              tags));
    }
    return entities;
  }

  private static EntityUid lasting(EntityUid uid) {
    return new EntityUid(EntityType.lasting(uid.type().name()), uid.id());
  }

  /// Whether an entity of the first type can be the same as or a descendant of an entity of the
  /// second.
  boolean mayDescend(EntityType descendant, EntityType ancestor) {
    if (descendant.equals(ancestor)) {
      return true;
    }
    var declared = entityTypes.get(descendant);
    if (declared != null) {
      return declared.ancestors().contains(ancestor);
    }
    return actions.values().stream()
        .filter(action -> action.uid().type().equals(descendant))
        .anyMatch(action -> action.ancestors().stream().anyMatch(a -> a.type().equals(ancestor)));
  }
}
