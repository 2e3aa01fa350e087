package io.prokura.cedar;

/// `true` or `false`. Two instances are enough for all: see [#of(boolean)].
public record BoolValue(boolean value) implements Value {
  public static final BoolValue TRUE = new BoolValue(true);
  public static final BoolValue FALSE = new BoolValue(false);

  /// The shared instance.
  public static BoolValue of(boolean value) {
    return value ? TRUE : FALSE;
  }

  @Override
  public String typeName() {
    return "bool";
  }

  @Override
  public String toString() {
    return Boolean.toString(value);
  }
}
