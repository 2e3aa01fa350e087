package io.prokura.kernel;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/// A set of OAuth scope values (RFC 6749 §3.3), kept in one order so that equal sets print alike.
public record Scopes(List<String> values) {

  public static final Scopes NONE = new Scopes(List.of());

  public Scopes {
    values = List.copyOf(new TreeSet<>(values));
  }

  public static Scopes of(Collection<String> values) {
    return new Scopes(List.copyOf(values));
  }

  /// The scopes of a request parameter, where values stand between single spaces.
  public static Result<Scopes> parse(String text, Limits limits) {
    if (text.isEmpty()) {
      return ok(NONE);
    }
    var values = List.of(text.split(" ", -1));
    if (values.size() > limits.scopesMax()) {
      return refused(MALFORMED_REQUEST, "more than " + limits.scopesMax() + " scopes");
    }
    for (var value : values) {
      if (!isToken(value)) {
        return refused(MALFORMED_REQUEST, "the scope is not well formed");
      }
    }
    return ok(new Scopes(values));
  }

  /// Whether `value` is a scope-token: printable ASCII without space, quote and backslash.
  public static boolean isToken(String value) {
    return !value.isEmpty()
        && value.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"' && c != '\\');
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  public boolean contains(String value) {
    return values.contains(value);
  }

  public boolean within(Scopes other) {
    return other.values.containsAll(values);
  }

  public Scopes intersect(Scopes other) {
    return new Scopes(values.stream().filter(other.values::contains).toList());
  }

  /// The values between single spaces, as they stand in the claim `scope`.
  @Override
  public String toString() {
    return String.join(" ", values);
  }
}
