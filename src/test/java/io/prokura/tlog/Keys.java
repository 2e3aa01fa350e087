package io.prokura.tlog;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Test keys, one for each number.
final class Keys {
  private static final Map<Integer, KeyPair> PAIRS = new ConcurrentHashMap<>();

  private Keys() {}

  static NoteSigner signer(String name, int number) {
    return signer(name, SignatureType.ED25519, number);
  }

  static NoteSigner signer(String name, SignatureType type, int number) {
    return NoteSigner.of(verifier(name, type, number), pair(number).getPrivate());
  }

  static NoteVerifier verifier(String name, int number) {
    return verifier(name, SignatureType.ED25519, number);
  }

  static NoteVerifier verifier(String name, SignatureType type, int number) {
    try {
      return NoteVerifier.of(name, type, raw(pair(number)));
    } catch (InvalidException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] raw(KeyPair pair) {
    var encoded = pair.getPublic().getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
  }

  static KeyPair pair(int number) {
    return PAIRS.computeIfAbsent(number, _ -> generate());
  }

  private static KeyPair generate() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
