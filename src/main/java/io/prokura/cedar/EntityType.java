package io.prokura.cedar;

/// The type of an entity: identifiers joined by `::`, such as `Iam::Agent`. No identifier may be a
/// reserved word.
public final class EntityType implements Comparable<EntityType> {
  private static final String ACTION = "Action";
  private static final EntityType BARE_ACTION = lasting(ACTION);

  private final String name;
  private final int hash;

  /// The type of that name.
  ///
  /// @throws IllegalArgumentException if the name is not a Cedar path
  public EntityType(String name) {
    this(name, Names.isPath(name));
  }

  private EntityType(String name, boolean isPath) {
    if (!isPath) {
      throw new IllegalArgumentException("not an entity type: " + name);
    }
    this.name = name;
    hash = name.hashCode();
  }

  /// The type of that name, of a schema, a policy or something stored: all of one name have the
  /// same text, so that they are told to be equal without reading it.
  ///
  /// @throws IllegalArgumentException if the name is not a Cedar path
  public static EntityType lasting(String name) {
    return new EntityType(name.intern());
  }

  public String name() {
    return name;
  }

  /// Whether this is `Action` in any namespace.
  public boolean isAction() {
    return name.equals(ACTION) || name.endsWith("::" + ACTION);
  }

  /// The type of actions in the namespace that this is in.
  public EntityType actions() {
    int end = name.lastIndexOf("::");
    return end < 0 ? BARE_ACTION : new EntityType(name.substring(0, end + 2) + ACTION, true);
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
    return this == other
        || (other instanceof EntityType that && hash == that.hash && name.equals(that.name));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return name;
  }
}
