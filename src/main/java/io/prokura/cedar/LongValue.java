package io.prokura.cedar;

/// A whole number of 64 bits. Arithmetic that leaves the range is an evaluation error.
public record LongValue(long value) implements Value {

  @Override
  public String typeName() {
    return "long";
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
