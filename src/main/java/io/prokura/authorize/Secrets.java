package io.prokura.authorize;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.kernel.World;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Random texts that applications hold and of which only the digest is stored.
public final class Secrets {
  private static final int BYTES = 32;

  private Secrets() {}

  /// 256 random bits in base64url: 43 characters.
  public static String random(World world) {
    return Base64Url.encode(world.bytes(BYTES));
  }

  /// The SHA-256 of a text, in base64url.
  public static String digest(String text) {
    return Base64Url.encode(Crypto.sha256(text.getBytes(UTF_8)));
  }

  /// What follows from two secrets and from neither alone (HMAC-SHA-256).
  static String derived(String salt, String secret) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(salt.getBytes(UTF_8), "HmacSHA256"));
      return Base64Url.encode(mac.doFinal(secret.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is missing", e);
    }
  }
}
