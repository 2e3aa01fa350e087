package io.prokura.catalogue;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Who knows what a person may do on a resource.
public enum PersonRights {
  /// This server: the person's permissions are evaluated at every decision.
  CHECKED,
  /// The resource itself: the operand is shown as held by the resource and never guessed here.
  HELD;

  /// The word in the API: `checked`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<PersonRights> parse(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }
}
