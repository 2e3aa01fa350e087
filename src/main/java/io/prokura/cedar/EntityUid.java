package io.prokura.cedar;

/// The unique name of an entity: its type and an id within the type, such as `User::"alice"`. As a
/// value it is a reference; what it refers to is in [Entities].
public final class EntityUid implements Value, EntityReference, Comparable<EntityUid> {
  /// 2^32 by the golden ratio.
  private static final int SPREAD = 0x9e3779b9;

  private final EntityType type;
  private final String id;

  /// Kept, so that looking something up by an entity need not go on to its texts.
  private final int hash;

  public EntityUid(EntityType type, String id) {
    this.type = type;
    this.id = id;
    // Texts that differ in a digit have neighbouring hashes, which must not meet those of the
    // neighbours of another type.
    hash = type.hashCode() * SPREAD + id.hashCode();
  }

  /// The entity of the type named `type`.
  ///
  /// @throws IllegalArgumentException if `type` is not a Cedar path
  public static EntityUid of(String type, String id) {
    return new EntityUid(new EntityType(type), id);
  }

  /// Reads an entity as it is written in a policy, `Path::"id"`.
  ///
  /// @throws CedarSyntaxException if the text is anything else
  public static EntityUid parse(String text) throws CedarSyntaxException {
    return new PolicyParser(text).entityAlone();
  }

  public EntityType type() {
    return type;
  }

  /// Which of its type it is.
  public String id() {
    return id;
  }

  @Override
  public String typeName() {
    return "(entity of type `" + type + "`)";
  }

  @Override
  public int compareTo(EntityUid other) {
    int byType = type.compareTo(other.type);
    return byType != 0 ? byType : id.compareTo(other.id);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof EntityUid that
            && hash == that.hash
            && type.equals(that.type)
            && id.equals(that.id));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /// As [#toString], cut short where it is long: for messages.
  String shown() {
    return Quoted.shortened(type.name()) + "::" + Quoted.string(Quoted.shortened(id));
  }

  @Override
  public String toString() {
    return type + "::" + Quoted.string(id);
  }
}
