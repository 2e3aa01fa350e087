package io.prokura.registration;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.kernel.World;

/// Random texts that others hold and of which only the digest is stored.
final class Secret {
  private static final int BYTES = 32;

  private Secret() {}

  /// `prefix` and 256 random bits in base64url.
  static String draw(World world, String prefix) {
    return prefix + Base64Url.encode(world.bytes(BYTES));
  }

  /// The SHA-256 of a text, in base64url. Enough for what nobody can guess.
  static String digest(String text) {
    return Base64Url.encode(Crypto.sha256(text.getBytes(UTF_8)));
  }
}
