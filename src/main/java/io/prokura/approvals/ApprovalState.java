package io.prokura.approvals;

import java.util.Locale;

/// Where an approval is in its life. It goes from pending to one of the next four, and from
/// approved to consumed or, unused for too long, to expired.
public enum ApprovalState {
  /// Nobody has decided yet.
  PENDING,
  /// The action may be done once.
  APPROVED,
  /// It may not.
  DENIED,
  /// Nobody decided, or nobody used it, in time.
  EXPIRED,
  /// Whoever asked wants it no more.
  CANCELLED,
  /// The action was allowed by it.
  CONSUMED;

  /// The word in the database and in answers: `pending`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ApprovalState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
