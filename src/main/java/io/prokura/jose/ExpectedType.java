package io.prokura.jose;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which `typ` a JWT may have at the place where it was presented (RFC 8725 §3.11). Values compare
/// without regard to case and to the prefix `application/` (RFC 7515 §4.1.9).
public record ExpectedType(Set<String> names, boolean mayBeAbsent) {
  private static final String PREFIX = "application/";

  public ExpectedType {
    names = names.stream().map(ExpectedType::normal).collect(Collectors.toUnmodifiableSet());
  }

  /// One of `names` and nothing else.
  public static ExpectedType of(String... names) {
    return new ExpectedType(Set.of(names), false);
  }

  /// The same, or no `typ` at all.
  public ExpectedType orAbsent() {
    return new ExpectedType(names, true);
  }

  /// Whether a JWT with this `typ`, or none, is one of these.
  public boolean admits(Optional<String> typ) {
    return typ.map(name -> names.contains(normal(name))).orElse(mayBeAbsent);
  }

  private static String normal(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith(PREFIX) ? lower.substring(PREFIX.length()) : lower;
  }
}
