package io.prokura.cedar;

import java.util.Map;
import java.util.Set;

/// What is known about an entity.
///
/// @param attributes values by attribute name
/// @param ancestors the parents, their parents and so on: all entities that this one is `in`, apart
/// from itself
/// @param tags values by tag name
public record Entity(
    EntityUid uid,
    Map<String, Value> attributes,
    Set<EntityUid> ancestors,
    Map<String, Value> tags) {

  public Entity {
    attributes = Attributes.copyOf(attributes);
    ancestors = Set.copyOf(ancestors);
    tags = Map.copyOf(tags);
  }

  /// An entity without tags.
  public Entity(EntityUid uid, Map<String, Value> attributes, Set<EntityUid> ancestors) {
    this(uid, attributes, ancestors, Map.of());
  }
}
