package io.prokura.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.util.function.UnaryOperator;

/// Signs notes with a private key that may lie elsewhere.
///
/// @param key the public half; each signature is verified with it before it is handed out
/// @param ed25519 makes the 64-byte Ed25519 signature of a message
public record NoteSigner(NoteVerifier key, UnaryOperator<byte[]> ed25519) {

  /// A signer with the given private key.
  public static NoteSigner of(NoteVerifier key, PrivateKey privateKey) {
    return new NoteSigner(key, message -> sign(message, privateKey, SignatureSource.jdk()));
  }

  /// As [#of(NoteVerifier, PrivateKey)], with the Ed25519 of the given provider.
  public static NoteSigner of(NoteVerifier key, PrivateKey privateKey, Provider provider) {
    return new NoteSigner(key, message -> sign(message, privateKey, SignatureSource.of(provider)));
  }

  private static byte[] sign(byte[] message, PrivateKey privateKey, SignatureSource source) {
    try {
      var signature = source.get();
      signature.initSign(privateKey);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the private key cannot sign with Ed25519", e);
    }
  }

  /// Signs a note text. The key must be of type [SignatureType#ED25519]; an
  /// `IllegalStateException` says that the private key is not the one of [#key].
  NoteSignature sign(String text) {
    require(SignatureType.ED25519);
    var message = text.getBytes(UTF_8);
    return new NoteSignature(key.name(), key.keyId(), verified(message));
  }

  /// Cosigns a checkpoint as a witness that has verified its consistency (C2SP tlog-cosignature).
  /// The key must be of type [SignatureType#COSIGNATURE]; `time` is in seconds since the epoch.
  public NoteSignature cosign(Checkpoint checkpoint, long time) {
    require(SignatureType.COSIGNATURE);
    if (time < 0) {
      throw new IllegalArgumentException("a cosignature is not older than the epoch");
    }
    var signature = verified(NoteVerifier.cosigned(checkpoint.text(), time));
    var timed = ByteBuffer.allocate(Long.BYTES + signature.length).putLong(time).put(signature);
    return new NoteSignature(key.name(), key.keyId(), timed.array());
  }

  private void require(SignatureType type) {
    if (key.type() != type) {
      throw new IllegalArgumentException("the key " + key.name() + " makes other signatures");
    }
  }

  private byte[] verified(byte[] message) {
    var signature = ed25519.apply(message);
    if (!key.verifies(message, signature)) {
      throw new IllegalStateException("the signature of " + key.name() + " does not verify");
    }
    return signature;
  }
}
