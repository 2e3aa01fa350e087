package io.prokura.authenticators;

import java.time.Instant;

/// A person's authenticator app with one secret in it.
public final class AuthenticatorApp {
  private final byte[] secret;

  /// An app in which somebody has typed `key`, spaces included.
  public AuthenticatorApp(String key) {
    secret = Base32.decode(key.replace(" ", "")).orElseThrow();
  }

  public String shows(Instant at) {
    return Totp.code(secret, Totp.step(at), 1_000_000, Totp.DIGITS);
  }
}
