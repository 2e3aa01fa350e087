package io.prokura.tlog;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Computes the leaf and node hashes of RFC 6962 §2.1 with one reused SHA-256 digest.
///
/// A leaf is hashed after the byte `0x00` and a node after `0x01`, so that neither can be taken for
/// the other. Not for use by two threads at once.
public final class Hasher {
  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final MessageDigest sha256;

  /// A hasher with a digest of its own.
  public Hasher() {
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /// The hash of a leaf: SHA-256(`0x00` ‖ entry).
  public Hash leaf(byte[] entry) {
    sha256.update(LEAF);
    sha256.update(entry);
    return Hash.owning(sha256.digest());
  }

  /// The hash of a node: SHA-256(`0x01` ‖ left ‖ right).
  public Hash node(Hash left, Hash right) {
    sha256.update(NODE);
    var pair = new byte[2 * Hash.SIZE];
    left.copyTo(pair, 0);
    right.copyTo(pair, Hash.SIZE);
    sha256.update(pair);
    return Hash.owning(sha256.digest());
  }

  Hash emptyRoot() {
    return Hash.owning(sha256.digest());
  }

  /// Replaces the first hash of `hashes` by the root over its first `count` hashes, a power of two.
  /// The other hashes are overwritten.
  void reduce(byte[] hashes, int count) {
    for (var left = count; left > 1; left /= 2) {
      for (var i = 0; i < left / 2; i++) {
        node(hashes, 2 * i * Hash.SIZE, i * Hash.SIZE);
      }
    }
  }

  /// Writes to `to` the node over the two adjacent hashes that start at `from`.
  void node(byte[] hashes, int from, int to) {
    sha256.update(NODE);
    sha256.update(hashes, from, 2 * Hash.SIZE);
    try {
      sha256.digest(hashes, to, Hash.SIZE);
    } catch (DigestException e) {
      throw new IllegalStateException("a hash fits in 32 bytes", e);
    }
  }
}
