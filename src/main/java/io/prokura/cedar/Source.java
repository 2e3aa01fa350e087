package io.prokura.cedar;

import java.util.IdentityHashMap;

/// Where a policy came from: its own text, and where it and its expressions stand in the text that
/// was parsed.
public final class Source {
  private final String text;
  private final Position position;
  private final String whole;
  private final IdentityHashMap<Expr, Integer> offsets;

  Source(String whole, int start, int end, IdentityHashMap<Expr, Integer> offsets) {
    this.whole = whole;
    this.text = whole.substring(start, end);
    this.position = Position.of(whole, start);
    this.offsets = offsets;
  }

  /// The policy as it was written, from its first annotation to its semicolon.
  public String text() {
    return text;
  }

  /// Where the policy starts.
  public Position position() {
    return position;
  }

  /// Where an expression of this policy starts; for an attribute, where its name does. An
  /// expression from elsewhere, even an equal one, has the position of the policy.
  public Position positionOf(Expr expr) {
    var offset = offsets.get(expr);
    return offset == null ? position : Position.of(whole, offset);
  }

  @Override
  public String toString() {
    return text;
  }
}
