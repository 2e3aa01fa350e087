package io.prokura.approvals;

import java.util.Locale;

/// Why an approval that was presented does not count. `word` and `next` are the reason and the next
/// action of the AuthZEN Access Request and Approval Profile, Draft 1 (completion semantics).
public enum Unusable {
  /// There is no approval of this id.
  UNKNOWN("approval_unverifiable", "none"),
  /// It is for another action: other arguments, object, resource, purpose, delegation or chain.
  OTHER_ACTION("out_of_scope", "request"),
  /// Nobody has decided yet.
  PENDING("approval_pending", "retry"),
  /// Who may decide said no.
  DENIED("approval_denied", "none"),
  /// It was cancelled.
  CANCELLED("approval_expired", "request"),
  /// It was not decided or not used in time.
  EXPIRED("approval_expired", "request"),
  /// It was used for another request.
  CONSUMED("approval_consumed", "request"),
  /// Others use it at the same time.
  CONTENDED("approval_pending", "retry"),
  /// It counts, and the action is denied all the same.
  NOT_ENOUGH("policy_denied", "none"),
  /// Something it rests on was cut off, suspended or revoked.
  CUT_OFF("approval_revoked", "none");

  private final String word;
  private final String next;

  Unusable(String word, String next) {
    this.word = word;
    this.next = next;
  }

  /// The reason on the wire.
  public String word() {
    return word;
  }

  /// What the enforcer should do: `request`, `retry` or `none`.
  public String next() {
    return next;
  }

  /// One sentence for whoever presented it.
  public String sentence() {
    return switch (this) {
      case UNKNOWN -> "there is no such approval";
      case OTHER_ACTION -> "the approval is for another action";
      case PENDING -> "the approval has not been decided";
      case CONTENDED -> "others present the approval at the same time; ask again";
      default -> "the approval is " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }
}
