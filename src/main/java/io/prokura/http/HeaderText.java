package io.prokura.http;

/// What may stand in a header (RFC 9110 §5).
public final class HeaderText {
  private static final int REQUEST_ID_MAX = 256;

  private HeaderText() {}

  /// Whether `name` is a token.
  static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!isAlphanumeric(c) && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /// Whether `value` is visible ASCII and single line: nothing else leaves this server in a header.
  static boolean isValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < 0x20 && c != '\t') || c >= 0x7f) {
        return false;
      }
    }
    return true;
  }

  /// `text` with every character that may not stand in a quoted string of an error description
  /// (RFC 6749 §5.2, RFC 6750 §3) replaced.
  public static String describe(String text) {
    var out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= 0x20 && c <= 0x7e && c != '"' && c != '\\';
      out.append(plain ? c : c == '"' ? '\'' : '?');
    }
    return out.toString();
  }

  /// Whether `value` can name a request: 1 to 256 printable ASCII characters. AuthZEN lets it be
  /// an arbitrary string and wants the very same back.
  static boolean isRequestId(String value) {
    return !value.isEmpty()
        && value.length() <= REQUEST_ID_MAX
        && value.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }

  /// Whether `value` has the syntax of a bearer token (`b64token`, RFC 6750 §2.1).
  static boolean isBearerToken(String value) {
    int end = value.length();
    while (end > 0 && value.charAt(end - 1) == '=') {
      end--;
    }
    for (int i = 0; i < end; i++) {
      char c = value.charAt(i);
      if (!isAlphanumeric(c) && "-._~+/".indexOf(c) < 0) {
        return false;
      }
    }
    return end > 0;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
