package io.prokura.cedar;

/// Something that validation noticed about a policy.
///
/// @param policy the id of the policy
/// @param position where in the text that the policy was parsed from
/// @param message what is wrong and, where it can be told, what was probably meant
public record ValidationFinding(
    String policy, Severity severity, Position position, String message) {

  /// Whether a finding keeps a policy from being used.
  public enum Severity {
    /// The policy can fail when it is evaluated, or names something that does not exist.
    ERROR,
    /// The policy is safe to evaluate, but can hardly mean what it says.
    WARNING
  }

  /// The start of the message about a policy that no request can satisfy.
  static final String NEVER = "the policy never applies";

  /// Whether it says that no request the schema allows can satisfy the policy.
  public boolean tellsUnreachable() {
    return message.startsWith(NEVER);
  }

  /// The finding as compilers write it, `file:line:column: message`, for the file the text was in.
  public String in(String file) {
    return file + ":" + this;
  }

  /// `line:column: message`.
  @Override
  public String toString() {
    return position.line() + ":" + position.column() + ": " + message;
  }
}
