package io.prokura.cedar;

/// A string of Unicode characters.
public record StringValue(String value) implements Value {

  @Override
  public String typeName() {
    return "string";
  }

  @Override
  public String toString() {
    return Quoted.string(value);
  }
}
