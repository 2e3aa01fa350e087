package io.prokura.policy;

import java.util.ArrayList;
import java.util.List;

/// What differs between two texts, line by line, in the unified format of POSIX `diff -u` without
/// its header.
public final class TextDiff {
  private static final int CONTEXT = 3;

  /// The largest table of line pairs that is compared; larger differences are shown as one
  /// replacement.
  private static final long PAIRS_MAX = 4_000_000;

  private final List<String> before;
  private final List<String> after;
  private final List<Line> lines = new ArrayList<>();

  private TextDiff(String before, String after) {
    this.before = lines(before);
    this.after = lines(after);
  }

  /// One line of the whole comparison; `sign` is a space, `-` or `+`.
  private record Line(char sign, String text) {}

  /// The hunks by which `after` differs from `before`, each line ending with a line feed; empty
  /// when they are equal but for the end of the last line.
  public static String unified(String before, String after) {
    var diff = new TextDiff(before, after);
    diff.compare();
    return diff.hunks();
  }

  private static List<String> lines(String text) {
    return text.isEmpty() ? List.of() : text.lines().toList();
  }

  private void compare() {
    int start = 0;
    int most = Math.min(before.size(), after.size());
    while (start < most && before.get(start).equals(after.get(start))) {
      lines.add(new Line(' ', before.get(start)));
      start++;
    }
    int end = 0;
    while (end < most - start
        && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
      end++;
    }
    middle(before.subList(start, before.size() - end), after.subList(start, after.size() - end));
    before.subList(before.size() - end, before.size()).forEach(same -> add(' ', same));
  }

  private void add(char sign, String text) {
    lines.add(new Line(sign, text));
  }

  /// Keeps a longest common subsequence.
  private void middle(List<String> old, List<String> fresh) {
    if ((long) old.size() * fresh.size() > PAIRS_MAX) {
      old.forEach(line -> add('-', line));
      fresh.forEach(line -> add('+', line));
      return;
    }
    var common = new int[old.size() + 1][fresh.size() + 1];
    for (int i = old.size() - 1; i >= 0; i--) {
      for (int j = fresh.size() - 1; j >= 0; j--) {
        common[i][j] =
            old.get(i).equals(fresh.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < old.size() || j < fresh.size()) {
      boolean both = i < old.size() && j < fresh.size();
      if (both && old.get(i).equals(fresh.get(j))) {
        add(' ', old.get(i));
        i++;
        j++;
      } else if (j == fresh.size() || (both && common[i + 1][j] >= common[i][j + 1])) {
        add('-', old.get(i));
        i++;
      } else {
        add('+', fresh.get(j));
        j++;
      }
    }
  }

  private String hunks() {
    var out = new StringBuilder();
    int from = 0;
    while (from < lines.size()) {
      int first = nextChange(from);
      if (first == lines.size()) {
        break;
      }
      int last = first;
      for (int next = nextChange(last + 1);
          next < lines.size() && next - last <= 2 * CONTEXT + 1;
          next = nextChange(last + 1)) {
        last = next;
      }
      int end = Math.min(lines.size(), last + CONTEXT + 1);
      hunk(Math.max(from, first - CONTEXT), end, out);
      from = end;
    }
    return out.toString();
  }

  private int nextChange(int from) {
    int at = from;
    while (at < lines.size() && lines.get(at).sign() == ' ') {
      at++;
    }
    return at;
  }

  private void hunk(int start, int end, StringBuilder out) {
    var shown = lines.subList(start, end);
    int old = count(shown, '+');
    int fresh = count(shown, '-');
    int oldBefore = count(lines.subList(0, start), '+');
    int freshBefore = count(lines.subList(0, start), '-');
    out.append("@@ -%s +%s @@\n".formatted(range(oldBefore, old), range(freshBefore, fresh)));
    shown.forEach(line -> out.append(line.sign()).append(line.text()).append('\n'));
  }

  /// How many lines do not have the sign.
  private static int count(List<Line> lines, char sign) {
    return (int) lines.stream().filter(line -> line.sign() != sign).count();
  }

  private static String range(int before, int count) {
    int start = count == 0 ? before : before + 1;
    return count == 1 ? String.valueOf(start) : start + "," + count;
  }
}
