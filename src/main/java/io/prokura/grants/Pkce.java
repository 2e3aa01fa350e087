package io.prokura.grants;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import java.util.Optional;
import java.util.regex.Pattern;

/// Compares what a code was asked for with and what it is redeemed with (RFC 7636 §4.6).
public final class Pkce {
  private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

  private Pkce() {}

  /// Whether `verifier` is the one behind `challenge`; neither may come without the other.
  public static boolean answers(Optional<String> challenge, Optional<String> verifier) {
    if (challenge.isEmpty() || verifier.isEmpty()) {
      return challenge.isEmpty() && verifier.isEmpty();
    }
    return VERIFIER.matcher(verifier.get()).matches()
        && challenge
            .get()
            .equals(Base64Url.encode(Crypto.sha256(verifier.get().getBytes(US_ASCII))));
  }
}
