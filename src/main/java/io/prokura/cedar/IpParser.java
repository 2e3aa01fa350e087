package io.prokura.cedar;

import java.util.Optional;

/// Reads IP addresses and ranges. Nothing here ever asks a name server.
final class IpParser {
  private static final int GROUPS = 8;
  private static final int GROUP_DIGITS = 4;

  private IpParser() {}

  static Optional<IpAddress> parse(String text) {
    int slash = text.indexOf('/');
    var address = slash < 0 ? text : text.substring(0, slash);
    boolean v6 = address.indexOf(':') >= 0;
    int prefix = slash < 0 ? (v6 ? 128 : 32) : number(text.substring(slash + 1), v6 ? 128 : 32);
    if (prefix < 0) {
      return Optional.empty();
    }
    return v6 ? v6(address, prefix) : v4(address, prefix);
  }

  /// A decimal number without leading zeros, or -1.
  private static int number(String digits, int max) {
    if (digits.isEmpty()
        || digits.length() > 3
        || (digits.length() > 1 && digits.startsWith("0"))) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + c - '0';
    }
    return value <= max ? value : -1;
  }

  private static Optional<IpAddress> v4(String address, int prefix) {
    long bits = 0;
    int start = 0;
    for (int i = 0; i < 4; i++) {
      int end = i < 3 ? address.indexOf('.', start) : address.length();
      int octet = end < 0 ? -1 : number(address.substring(start, end), 255);
      if (octet < 0) {
        return Optional.empty();
      }
      bits = bits << 8 | octet;
      start = end + 1;
    }
    return Optional.of(new IpAddress(false, 0, bits, prefix));
  }

  private static Optional<IpAddress> v6(String address, int prefix) {
    var groups = new int[GROUPS];
    int gap = address.indexOf("::");
    int head = groups(gap < 0 ? address : address.substring(0, gap), groups);
    if (gap < 0) {
      return head == GROUPS ? address(groups, prefix) : Optional.empty();
    }
    var after = address.substring(gap + 2);
    var tail = new int[GROUPS];
    int tailCount = groups(after, tail);
    if (head < 0 || tailCount < 0 || head + tailCount >= GROUPS) {
      return Optional.empty();
    }
    System.arraycopy(tail, 0, groups, GROUPS - tailCount, tailCount);
    return address(groups, prefix);
  }

  /// Reads groups separated by colons; the number read, or -1.
  private static int groups(String text, int[] groups) {
    if (text.isEmpty()) {
      return 0;
    }
    int count = 0;
    int start = 0;
    while (start <= text.length()) {
      int colon = text.indexOf(':', start);
      int end = colon < 0 ? text.length() : colon;
      int group = hexadecimal(text, start, end);
      if (group < 0 || count == GROUPS) {
        return -1;
      }
      groups[count++] = group;
      start = end + 1;
    }
    return count;
  }

  private static int hexadecimal(String text, int start, int end) {
    if (end == start || end - start > GROUP_DIGITS) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      int digit = c <= 'f' ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  private static Optional<IpAddress> address(int[] groups, int prefix) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < GROUPS; i++) {
      if (i < 4) {
        high = high << 16 | groups[i];
      } else {
        low = low << 16 | groups[i];
      }
    }
    return Optional.of(new IpAddress(true, high, low, prefix));
  }
}
