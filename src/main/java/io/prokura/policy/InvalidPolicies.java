package io.prokura.policy;

import java.util.List;

/// The organisation's policies, schema or objects cannot be used. The message has one finding on
/// each line, as `file:line:column: reason` where the place is known and `file: reason` otherwise.
public final class InvalidPolicies extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> findings;

  InvalidPolicies(List<String> findings) {
    super(String.join("\n", findings));
    this.findings = List.copyOf(findings);
  }

  /// Everything that is wrong; at least one.
  public List<String> findings() {
    return findings;
  }
}
