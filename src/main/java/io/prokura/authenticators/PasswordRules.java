package io.prokura.authenticators;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a password must be (NIST SP 800-63B-4 §3.1.1.2): long, not one that everybody tries first,
/// and not the name it belongs to. There are no rules about kinds of characters: they make
/// passwords hard to remember and no harder to guess.
public final class PasswordRules {
  /// Characters a password has at least.
  public static final int LENGTH_MIN = 12;

  /// Characters a password has at most, so that hashing one is bounded.
  public static final int LENGTH_MAX = 256;

  private static final int DIFFERENT_MIN = 5;
  private static final int NAME_MIN = 4;
  private static final Set<String> WORST = worst();

  /// What is wrong with a password.
  public enum Flaw {
    TOO_SHORT,
    TOO_LONG,
    TOO_COMMON,
    LIKE_THE_NAME
  }

  private PasswordRules() {}

  /// What is wrong with `password` for the user of this name, if anything is.
  public static Optional<Flaw> flaw(String password, String userName) {
    int length = password.codePointCount(0, password.length());
    if (length < LENGTH_MIN) {
      return Optional.of(Flaw.TOO_SHORT);
    }
    if (length > LENGTH_MAX) {
      return Optional.of(Flaw.TOO_LONG);
    }
    var lower = password.toLowerCase(Locale.ROOT);
    if (WORST.contains(lower) || lower.codePoints().distinct().count() < DIFFERENT_MIN) {
      return Optional.of(Flaw.TOO_COMMON);
    }
    var name = userName.toLowerCase(Locale.ROOT);
    int at = name.indexOf('@');
    var own = at > 0 ? name.substring(0, at) : name;
    return own.length() >= NAME_MIN && lower.contains(own)
        ? Optional.of(Flaw.LIKE_THE_NAME)
        : Optional.empty();
  }

  private static Set<String> worst() {
    try (@Nullable InputStream file =
        PasswordRules.class.getResourceAsStream("/worst-passwords.txt")) {
      if (file == null) {
        throw new IllegalStateException("worst-passwords.txt is missing");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException("worst-passwords.txt cannot be read", e);
    }
  }
}
