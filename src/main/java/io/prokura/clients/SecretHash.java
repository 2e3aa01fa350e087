package io.prokura.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.kernel.World;
import java.security.MessageDigest;

/// What is kept of a client secret: its SHA-256. That is enough for secrets of 256 random bits,
/// which nobody can guess; people's passwords are another matter.
public final class SecretHash {
  /// What every secret begins with, so that scanners for leaked secrets know ours.
  private static final String PREFIX = "prks_";

  private static final int SECRET_BYTES = 32;

  /// The hash that no secret has, for taking as long over a client that is not there.
  static final SecretHash OF_NOTHING = new SecretHash(new byte[SECRET_BYTES]);

  private final byte[] hash;

  SecretHash(byte[] hash) {
    this.hash = hash.clone();
  }

  /// A new secret of 256 random bits.
  static String draw(World world) {
    return PREFIX + Base64Url.encode(world.bytes(SECRET_BYTES));
  }

  static SecretHash of(String secret) {
    return new SecretHash(Crypto.sha256(secret.getBytes(UTF_8)));
  }

  /// Whether this is the hash of `presented`, in a time that does not depend on how much of it is
  /// right.
  public boolean matches(String presented) {
    return MessageDigest.isEqual(hash, Crypto.sha256(presented.getBytes(UTF_8)));
  }

  byte[] bytes() {
    return hash.clone();
  }

  @Override
  public String toString() {
    return "SecretHash";
  }
}
