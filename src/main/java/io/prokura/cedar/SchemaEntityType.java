package io.prokura.cedar;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// An entity type as a schema declares it.
public final class SchemaEntityType {
  private final EntityType name;
  private final SortedSet<EntityType> parents;
  private final SortedSet<EntityType> ancestors;
  private final Type.RecordType attributes;
  private final @Nullable Type tags;
  private final SortedSet<String> ids;

  SchemaEntityType(
      EntityType name,
      SortedSet<EntityType> parents,
      SortedSet<EntityType> ancestors,
      Type.RecordType attributes,
      @Nullable Type tags,
      SortedSet<String> ids) {
    this.name = name;
    this.parents = Collections.unmodifiableSortedSet(new TreeSet<>(parents));
    this.ancestors = Collections.unmodifiableSortedSet(new TreeSet<>(ancestors));
    this.attributes = attributes;
    this.tags = tags;
    this.ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
  }

  /// The full name.
  public EntityType name() {
    return name;
  }

  /// The types that direct parents may have.
  public SortedSet<EntityType> parents() {
    return parents;
  }

  /// The types that parents, their parents and so on may have.
  public SortedSet<EntityType> ancestors() {
    return ancestors;
  }

  /// The attributes.
  public Type.RecordType attributes() {
    return attributes;
  }

  /// The type of every tag, or nothing if there can be no tags.
  public Optional<Type> tags() {
    return Optional.ofNullable(tags);
  }

  /// Whether the schema lists the ids that entities of this type have. Such entities have no
  /// attributes, tags or parents.
  public boolean isEnumerated() {
    return !ids.isEmpty();
  }

  /// The ids of an enumerated type; empty for any other.
  public SortedSet<String> ids() {
    return ids;
  }
}
