package io.prokura.http;

import java.util.List;

/// Compares the content type of a request.
final class ContentType {
  private ContentType() {}

  /// Whether there is exactly one, it is `wanted` in any case, and no parameter but
  /// `charset=utf-8` follows.
  static boolean matches(List<String> values, String wanted) {
    if (values.size() != 1) {
      return false;
    }
    var value = values.getFirst();
    if (!value.regionMatches(true, 0, wanted, 0, wanted.length())) {
      return false;
    }
    var rest = value.substring(wanted.length()).strip();
    if (rest.isEmpty()) {
      return true;
    }
    var parameter = rest.charAt(0) == ';' ? rest.substring(1).strip() : "";
    return parameter.equalsIgnoreCase("charset=utf-8")
        || parameter.equalsIgnoreCase("charset=\"utf-8\"");
  }
}
