package io.prokura.cedar;

import java.util.Collection;
import java.util.HashMap;
import java.util.Optional;

/// Where an evaluation finds entities. It asks for the principal, action and resource of the
/// request and for what policies reach from there, and may ask for the same entity several times.
/// An implementation has to give the same answer throughout one evaluation.
@FunctionalInterface
public interface Entities {

  /// The entity of that name; empty if it does not exist. A reference to an entity that does not
  /// exist can be compared but has no attributes, tags or ancestors.
  Optional<Entity> find(EntityUid uid);

  /// No entity at all.
  static Entities none() {
    return _ -> Optional.empty();
  }

  /// Just these entities. Their ancestors have to be complete already.
  ///
  /// @throws IllegalArgumentException if two different entities have the same uid
  static Entities of(Collection<Entity> entities) {
    var byUid = new HashMap<EntityUid, Optional<Entity>>();
    for (var entity : entities) {
      var before = byUid.put(entity.uid(), Optional.of(entity));
      if (before != null && !before.get().equals(entity)) {
        throw new IllegalArgumentException("two entities have the uid " + entity.uid());
      }
    }
    return uid -> byUid.getOrDefault(uid, Optional.empty());
  }

  /// Reads Cedar's JSON format for entities without a schema, so that references and extension
  /// values need their escapes, and works out the ancestors.
  ///
  /// @throws CedarSyntaxException if the text is not JSON
  /// @throws TypeMismatchException if it is not a list of entities, two differ under the same uid,
  /// or one is its own ancestor
  static Entities parse(String json) throws CedarSyntaxException, TypeMismatchException {
    return of(EntitiesReader.entities(json));
  }
}
