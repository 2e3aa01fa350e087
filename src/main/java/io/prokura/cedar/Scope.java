package io.prokura.cedar;

/// Which principals or resources a policy is about.
public sealed interface Scope {

  /// Every entity: `principal`.
  record Any() implements Scope {}

  /// One entity: `principal == User::"alice"`.
  record Equal(EntityReference entity) implements Scope {}

  /// An entity and its descendants: `principal in Group::"staff"`.
  record In(EntityReference entity) implements Scope {}

  /// Every entity of a type: `principal is User`.
  record Is(EntityType type) implements Scope {}

  /// The entities of a type among an entity and its descendants: `principal is User in ...`.
  record IsIn(EntityType type, EntityReference entity) implements Scope {}
}
