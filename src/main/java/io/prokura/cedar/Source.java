package io.prokura.cedar;

import java.util.IdentityHashMap;
import java.util.Map;

/// Where a policy came from: its own text, and where it and its expressions stand in the text that
/// was parsed.
public final class Source {
  private final String text;
  private final Position position;
  private final int start;
  private final Map<Expr, Integer> offsets;

  /// @param text the policy as it was written
  /// @param position where it starts in the text that was parsed
  /// @param start at which offset it starts there
  /// @param offsets where its expressions start there
  Source(String text, Position position, int start, IdentityHashMap<Expr, Integer> offsets) {
    this.text = text;
    this.position = position;
    this.start = start;
    this.offsets = offsets.isEmpty() ? Map.of() : offsets;
  }

  /// The policy as it was written, from its first annotation to its semicolon. Of a policy that was
  /// read from JSON, the policy as [Policy#print] has it.
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
    return offset == null ? position : at(offset - start);
  }

  /// Where the character at an offset of the policy's own text stands.
  Position at(int offset) {
    var within = Position.of(text, offset);
    return within.line() == 1
        ? new Position(position.line(), position.column() + within.column() - 1)
        : new Position(position.line() + within.line() - 1, within.column());
  }

  @Override
  public String toString() {
    return text;
  }
}
