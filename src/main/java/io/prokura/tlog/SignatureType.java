package io.prokura.tlog;

import java.util.Arrays;
import java.util.Optional;

/// The kinds of note signature that this library makes and verifies (C2SP signed-note, Signature
/// types). Others are ignored in notes and refused as keys.
public enum SignatureType {
  /// Ed25519 over the note text.
  ED25519(0x01),
  /// Ed25519 over the note text and a time, by a witness of a checkpoint (C2SP tlog-cosignature).
  COSIGNATURE(0x04);

  private final byte code;

  SignatureType(int code) {
    this.code = (byte) code;
  }

  /// The byte that stands for the type in key ids and verifier keys.
  byte code() {
    return code;
  }

  /// The type that the first byte of a verifier key's material stands for.
  static Optional<SignatureType> first(byte[] material) {
    return Arrays.stream(values())
        .filter(type -> material.length > 0 && material[0] == type.code)
        .findFirst();
  }
}
