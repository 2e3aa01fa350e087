package io.prokura.cedar;

/// A text that declares a part of a schema.
///
/// @param name how error messages call it, such as a file name
public record SchemaSource(String name, String text, Syntax syntax) {

  /// The two ways to write a schema down.
  public enum Syntax {
    /// Declarations such as `entity User in [Group];`.
    CEDAR,
    /// A JSON object with a member per namespace.
    JSON
  }

  /// A source in the Cedar syntax.
  public static SchemaSource cedar(String name, String text) {
    return new SchemaSource(name, text, Syntax.CEDAR);
  }

  /// A source in the JSON syntax.
  public static SchemaSource json(String name, String text) {
    return new SchemaSource(name, text, Syntax.JSON);
  }
}
