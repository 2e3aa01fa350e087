package io.prokura.cedar;

/// The type of an entity: identifiers joined by `::`, such as `Iam::Agent`. No identifier may be a
/// reserved word.
public record EntityType(String name) implements Comparable<EntityType> {

  /// @throws IllegalArgumentException if the name is not a Cedar path
  public EntityType {
    if (!Names.isPath(name)) {
      throw new IllegalArgumentException("not an entity type: " + name);
    }
  }

  /// The type of that name, of a schema, a policy or something stored: all of one name have the
  /// same text, so that they are told to be equal without reading it.
  ///
  /// @throws IllegalArgumentException if the name is not a Cedar path
  public static EntityType lasting(String name) {
    return new EntityType(name.intern());
  }

  /// Whether this is `Action` in any namespace.
  public boolean isAction() {
    return name.equals("Action") || name.endsWith("::Action");
  }

  /// The part before the last `::`; empty for a type outside every namespace.
  public String namespace() {
    int end = name.lastIndexOf("::");
    return end < 0 ? "" : name.substring(0, end);
  }

  @Override
  public int compareTo(EntityType other) {
    return name.compareTo(other.name);
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof EntityType(var that) && name.equals(that));
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
