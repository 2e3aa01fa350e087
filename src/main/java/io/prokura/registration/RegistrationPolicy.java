package io.prokura.registration;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Who may register itself as an application.
public enum RegistrationPolicy {
  /// Nobody.
  OFF,
  /// Who has a token that an administrator made.
  TOKEN,
  /// Anybody as a public application that is answered on the person's own machine or by https; with
  /// a token, the same as under `TOKEN`.
  OPEN;

  /// The word in the configuration: `token`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The policy with this word.
  public static Optional<RegistrationPolicy> parse(String word) {
    return Arrays.stream(values()).filter(policy -> policy.word().equals(word)).findFirst();
  }
}
