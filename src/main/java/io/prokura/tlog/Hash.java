package io.prokura.tlog;

import java.util.Arrays;

/// A SHA-256 hash of a leaf, a node or a tree: 32 bytes that never change.
public final class Hash {
  /// The length of a hash in bytes.
  public static final int SIZE = 32;

  /// The root of the tree without leaves: SHA-256 of no bytes (RFC 6962 §2.1).
  public static final Hash EMPTY_ROOT = new Hasher().emptyRoot();

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The hash with a copy of these 32 bytes; any other length is an `IllegalArgumentException`.
  public static Hash of(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
    }
    return new Hash(bytes.clone());
  }

  /// The hash in the 32 bytes from `offset` on.
  static Hash at(byte[] bytes, int offset) {
    return new Hash(Arrays.copyOfRange(bytes, offset, offset + SIZE));
  }

  /// The hash without copying; the caller gives the array away.
  static Hash owning(byte[] bytes) {
    return new Hash(bytes);
  }

  /// Parses padded base64 of exactly 32 bytes (RFC 4648 §4), as [#toString] prints it.
  ///
  /// @throws InvalidException for any other text
  public static Hash parse(String base64) throws InvalidException {
    var bytes = Syntax.base64(base64, "a hash");
    if (bytes.length != SIZE) {
      throw new InvalidException("a hash has 32 bytes, not " + bytes.length);
    }
    return new Hash(bytes);
  }

  /// A copy of the 32 bytes.
  public byte[] bytes() {
    return bytes.clone();
  }

  void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, SIZE);
  }

  boolean isAt(byte[] other, int offset) {
    return Arrays.equals(bytes, 0, SIZE, other, offset, offset + SIZE);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// The hash in padded base64, as checkpoints and proofs write it.
  @Override
  public String toString() {
    return Syntax.base64(bytes);
  }
}
