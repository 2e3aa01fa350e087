package io.prokura.cedar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the two schema parsers produce: declarations with the names as they were written.
/// [SchemaResolver] finds out what the names mean.
final class SchemaTree {
  private SchemaTree() {}

  /// Where something was written; see [SchemaProblem].
  record Place(String source, String spot) {

    SchemaProblem problem(String message) {
      return new SchemaProblem(source, spot, message);
    }

    @Override
    public String toString() {
      return source + ":" + spot;
    }
  }

  /// Declarations under one name; the empty name is outside every namespace.
  record Namespace(
      String name, List<EntityTree> entities, List<ActionTree> actions, List<AliasTree> aliases) {

    /// The full name of something declared in a namespace.
    static String qualified(String namespace, String name) {
      return namespace.isEmpty() ? name : namespace + "::" + name;
    }
  }

  /// @param ids the only ids the type has, if it is enumerated; otherwise empty
  record EntityTree(
      String name,
      List<Reference> parents,
      TypeTree shape,
      @Nullable TypeTree tags,
      List<String> ids,
      Place place) {}

  /// A common type, which is another name for a type.
  record AliasTree(String name, TypeTree type, Place place) {}

  record ActionTree(
      String id,
      List<ActionReference> groups,
      List<Reference> principals,
      List<Reference> resources,
      TypeTree context,
      Place place) {}

  /// The name of an entity type.
  record Reference(String path, Place place) {}

  /// The name of an action; `type` is `Action` unless another was written.
  record ActionReference(String type, String id, Place place) {}

  sealed interface TypeTree {
    Place place();
  }

  /// A type by name.
  record Named(String path, Kind kind, Place place) implements TypeTree {

    /// What a name may stand for, apart from a built-in type. The Cedar syntax does not tell, the
    /// JSON syntax does.
    enum Kind {
      ANYTHING,
      ALIAS,
      ENTITY,
      EXTENSION
    }
  }

  record SetTree(TypeTree element, Place place) implements TypeTree {}

  record RecordTree(List<AttributeTree> attributes, Place place) implements TypeTree {}

  record AttributeTree(String name, boolean required, TypeTree type, Place place) {}
}
