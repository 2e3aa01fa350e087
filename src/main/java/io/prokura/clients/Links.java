package io.prokura.clients;

import java.util.Optional;

/// Where people read more about an application (RFC 7591 §2): its own word, which nobody checks.
///
/// @param site its home page
/// @param policy how it treats what it learns of people
/// @param terms what it has people agree to
/// @param logo its picture, which is never shown: that would tell its server who looks
public record Links(
    Optional<String> site, Optional<String> policy, Optional<String> terms, Optional<String> logo) {
  /// Those of an application that names none.
  public static final Links NONE =
      new Links(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
