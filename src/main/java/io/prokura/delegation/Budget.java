package io.prokura.delegation;

import java.util.regex.Pattern;

/// One bounded amount of a delegation: at most `limit` may be spent, `spent` has been. A limit that
/// was lowered can lie below what was spent.
public record Budget(long limit, long spent) {
  /// The budget that every request spends 1 of.
  public static final String CALLS = "calls";

  /// The largest limit and the largest amount.
  public static final long MAX = 1_000_000_000_000_000L;

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");

  /// Whether this can be the name of a budget.
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /// What may still be spent.
  public long left() {
    return Math.max(0, limit - spent);
  }
}
