package io.prokura.cedar;

/// Something that is wrong with a schema.
///
/// @param source the name of the [SchemaSource]
/// @param place line and column as `3:14`, or for JSON the path of the declaration as
/// `/Shop/entityTypes/User`
public record SchemaProblem(String source, String place, String message) {

  /// `source:place: message`.
  @Override
  public String toString() {
    return source + ":" + place + ": " + message;
  }
}
