package io.prokura.authenticators;

import io.prokura.kernel.World;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.Normalizer;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// A password after Argon2id (RFC 9106) with the parameters it was made with, so that these can
/// change and older hashes stay good. Immutable. What is hashed with takes its memory from a pool,
/// to which it goes back wiped.
final class PasswordHash {
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  /// What hashing costs: memory in KiB, passes over it and lanes.
  record Cost(int memory, int passes, int lanes) {
    /// What OWASP recommends where memory is shared with other work: 19 MiB, two passes, one lane.
    static final Cost STANDARD = new Cost(19 * 1024, 2, 1);
  }

  private final Cost cost;
  private final byte[] salt;
  private final byte[] hash;

  PasswordHash(Cost cost, byte[] salt, byte[] hash) {
    this.cost = cost;
    this.salt = salt.clone();
    this.hash = hash.clone();
  }

  static PasswordHash of(String password, Cost cost, World world, BlockPool memory) {
    var salt = world.bytes(SALT_BYTES);
    return new PasswordHash(cost, salt, derive(password, cost, salt, memory));
  }

  /// Whether this is the hash of `password`; takes as long whether or not it is.
  boolean isOf(String password, BlockPool memory) {
    return MessageDigest.isEqual(hash, derive(password, cost, salt, memory));
  }

  Cost cost() {
    return cost;
  }

  byte[] salt() {
    return salt.clone();
  }

  byte[] hash() {
    return hash.clone();
  }

  /// The same text typed on another keyboard can arrive as other code points (RFC 8265 §4.2).
  private static byte[] derive(String password, Cost cost, byte[] salt, BlockPool memory) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memory())
            .withIterations(cost.passes())
            .withParallelism(cost.lanes())
            .withSalt(salt)
            .withBlockPool(memory)
            .build());
    var text = Normalizer.normalize(password, Normalizer.Form.NFC);
    var out = new byte[HASH_BYTES];
    generator.generateBytes(text.getBytes(StandardCharsets.UTF_8), out);
    return out;
  }
}
