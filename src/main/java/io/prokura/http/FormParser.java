package io.prokura.http;

import static io.prokura.kernel.Refusal.DUPLICATE_PARAMETER;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.kernel.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/// Reads `application/x-www-form-urlencoded` text, from a body or a query, strictly: whole percent
/// escapes of well-formed UTF-8, a bounded number of parameters, no unexpected repetition.
final class FormParser {
  private static final int SHOWN_MAX = 40;

  private FormParser() {}

  static Result<Form> parse(byte[] text, int parametersMax, Set<String> repeatable) {
    var values = new LinkedHashMap<String, List<String>>();
    var seen = new HashSet<String>();
    int count = 0;
    int start = 0;
    while (start < text.length) {
      int end = indexOf(text, '&', start, text.length);
      if (end > start) {
        if (++count > parametersMax) {
          return refused(MALFORMED_REQUEST, "more than " + parametersMax + " parameters");
        }
        int equals = indexOf(text, '=', start, end);
        var name = UrlEncoding.decode(text, start, equals);
        var value = UrlEncoding.decode(text, Math.min(equals + 1, end), end);
        if (name == null || value == null) {
          return refused(MALFORMED_REQUEST, "a parameter is not percent-encoded UTF-8");
        }
        if (!seen.add(name) && !repeatable.contains(name)) {
          return refused(DUPLICATE_PARAMETER, duplicate(name));
        }
        if (!value.isEmpty()) {
          values.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
        }
      }
      start = end + 1;
    }
    values.replaceAll((_, list) -> List.copyOf(list));
    return ok(new Form(values));
  }

  /// Names the parameter only when it looks like one; nothing else of the input is repeated.
  private static String duplicate(String name) {
    boolean plain = !name.isEmpty() && name.length() <= SHOWN_MAX;
    for (int i = 0; plain && i < name.length(); i++) {
      char c = name.charAt(i);
      plain = (c >= 'a' && c <= 'z') || c == '_';
    }
    return "the parameter " + (plain ? name + " " : "") + "is given more than once";
  }

  private static int indexOf(byte[] text, char wanted, int start, int end) {
    int i = start;
    while (i < end && text[i] != wanted) {
      i++;
    }
    return i;
  }
}
