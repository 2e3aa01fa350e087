package io.prokura.cedar;

import java.util.Collection;

/// Finds the name that somebody may have meant.
final class ValidationSpelling {
  private static final int LENGTH_MAX = 40;
  private static final int CANDIDATES_MAX = 1000;

  private ValidationSpelling() {}

  /// ` (did you mean 'x'?)` for the candidate that is nearest to `name`, or nothing when none is
  /// near. A candidate that only adds a namespace is as near as can be. Nothing is looked for among
  /// very many candidates.
  static String hint(String name, Collection<String> candidates) {
    if (candidates.size() > CANDIDATES_MAX) {
      return "";
    }
    int nearest = name.length() < 2 ? 1 : Math.max(1, name.length() / 3) + 1;
    var found = "";
    for (var candidate : candidates) {
      if (candidate.endsWith("::" + name)) {
        return " (did you mean '" + candidate + "'?)";
      }
      int distance = distance(name, candidate, nearest);
      if (distance < nearest && !candidate.equals(name)) {
        nearest = distance;
        found = candidate;
      }
    }
    return found.isEmpty() ? "" : " (did you mean '" + found + "'?)";
  }

  /// The number of letters to insert, delete or replace, or two neighbours to exchange, to get from
  /// one to the other; letter case counts for nothing. `limit` when it is not less.
  private static int distance(String one, String other, int limit) {
    if (Math.abs(one.length() - other.length()) >= limit || one.length() > LENGTH_MAX) {
      return limit;
    }
    var before = new int[other.length() + 1];
    var last = new int[other.length() + 1];
    for (int j = 0; j < last.length; j++) {
      last[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      var row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = last[j - 1] + (same(one, i - 1, other, j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1 && j > 1 && same(one, i - 1, other, j - 2) && same(one, i - 2, other, j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = row;
    }
    return Math.min(limit, last[other.length()]);
  }

  private static boolean same(String one, int i, String other, int j) {
    return Character.toLowerCase(one.charAt(i)) == Character.toLowerCase(other.charAt(j));
  }
}
