package io.prokura.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// A named public key that verifies note signatures: what a vkey says (C2SP signed-note, Verifier
/// keys). Immutable, and safe for use by many threads.
public final class NoteVerifier {
  private static final int PUBLIC_KEY_BYTES = 32;
  private static final int TIME_BYTES = Long.BYTES;

  // The SubjectPublicKeyInfo around a raw Ed25519 key, RFC 8410 §4.
  private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

  private final String name;
  private final SignatureType type;
  private final byte[] raw;
  private final int keyId;
  private final PublicKey publicKey;
  private final SignatureSource source;

  private NoteVerifier(String name, SignatureType type, byte[] raw, SignatureSource source)
      throws InvalidException {
    if (!Syntax.isKeyName(name)) {
      throw new InvalidException("the key name is empty or has a space, plus or control character");
    }
    if (raw.length != PUBLIC_KEY_BYTES) {
      throw new InvalidException("an Ed25519 public key has 32 bytes, not " + raw.length);
    }
    this.name = name;
    this.type = type;
    this.raw = raw.clone();
    this.keyId = keyId(name, type, raw);
    this.publicKey = publicKey(raw);
    this.source = source;
  }

  /// The key with this name, type and raw public key (32 bytes, RFC 8032 §5.1.5).
  ///
  /// @throws InvalidException if the name or the key is malformed
  public static NoteVerifier of(String name, SignatureType type, byte[] publicKey)
      throws InvalidException {
    return new NoteVerifier(name, type, publicKey, SignatureSource.jdk());
  }

  /// As [#of(String, SignatureType, byte\[\])], with the Ed25519 of the given provider.
  public static NoteVerifier of(
      String name, SignatureType type, byte[] publicKey, Provider provider)
      throws InvalidException {
    return new NoteVerifier(name, type, publicKey, SignatureSource.of(provider));
  }

  /// Parses a vkey: `name+hex(key id)+base64(type ‖ public key)`, as [#toString] prints it.
  ///
  /// @throws InvalidException if the text is malformed, the key id is not that of the key, or the
  ///     type is not a [SignatureType]
  public static NoteVerifier parse(String vkey) throws InvalidException {
    return parse(vkey, SignatureSource.jdk());
  }

  /// As [#parse(String)], with the Ed25519 of the given provider.
  public static NoteVerifier parse(String vkey, Provider provider) throws InvalidException {
    return parse(vkey, SignatureSource.of(provider));
  }

  private static NoteVerifier parse(String vkey, SignatureSource source) throws InvalidException {
    var parts = vkey.split("\\+", 3);
    if (parts.length != 3) {
      throw new InvalidException("a verifier key has three parts");
    }
    var material = Syntax.base64(parts[2], "the verifier key");
    var type = SignatureType.first(material);
    if (type.isEmpty()) {
      throw new InvalidException("the type of the verifier key is not supported");
    }
    var raw = Arrays.copyOfRange(material, 1, material.length);
    var verifier = new NoteVerifier(parts[0], type.get(), raw, source);
    if (!hex(verifier.keyId).equals(parts[1])) {
      throw new InvalidException("the key id of the verifier key is not that of its key");
    }
    return verifier;
  }

  private static int keyId(String name, SignatureType type, byte[] raw) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(name.getBytes(UTF_8));
      sha256.update((byte) '\n');
      sha256.update(type.code());
      return ByteBuffer.wrap(sha256.digest(raw)).getInt();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static PublicKey publicKey(byte[] raw) throws InvalidException {
    var encoded = ByteBuffer.allocate(SPKI.length + raw.length).put(SPKI).put(raw).array();
    try {
      return KeyFactory.getInstance(SignatureSource.ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException _) {
      throw new InvalidException("the Ed25519 public key is malformed");
    }
  }

  private static String hex(int keyId) {
    return HexFormat.of().toHexDigits(keyId);
  }

  /// The name under which the key signs.
  public String name() {
    return name;
  }

  /// What the key signs.
  public SignatureType type() {
    return type;
  }

  /// The first four bytes of SHA-256(name ‖ newline ‖ type ‖ public key), big-endian.
  public int keyId() {
    return keyId;
  }

  /// A copy of the raw public key, 32 bytes.
  public byte[] publicKey() {
    return raw.clone();
  }

  /// Whether the line says that this key made it: both its name and its id are equal.
  boolean claims(NoteSignature line) {
    return line.keyId() == keyId && line.name().equals(name);
  }

  /// The verified form of a line that this key is said to have made, or nothing if it has not.
  Optional<VerifiedSignature> verify(String text, NoteSignature line) {
    var bytes = line.signature();
    return switch (type) {
      case ED25519 ->
          verifies(text.getBytes(UTF_8), bytes)
              ? Optional.of(new VerifiedSignature.Signed(this))
              : Optional.empty();
      case COSIGNATURE -> verifyCosignature(text, bytes);
    };
  }

  private Optional<VerifiedSignature> verifyCosignature(String text, byte[] bytes) {
    if (bytes.length < TIME_BYTES) {
      return Optional.empty();
    }
    var time = ByteBuffer.wrap(bytes).getLong();
    var signature = Arrays.copyOfRange(bytes, TIME_BYTES, bytes.length);
    return time >= 0 && verifies(cosigned(text, time), signature)
        ? Optional.of(new VerifiedSignature.Cosigned(this, time))
        : Optional.empty();
  }

  /// The message that a cosignature signs, C2SP tlog-cosignature.
  static byte[] cosigned(String text, long time) {
    return ("cosignature/v1\ntime " + time + "\n" + text).getBytes(UTF_8);
  }

  boolean verifies(byte[] message, byte[] signature) {
    try {
      var verification = source.get();
      verification.initVerify(publicKey);
      verification.update(message);
      return verification.verify(signature);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /// The vkey.
  @Override
  public String toString() {
    var material = ByteBuffer.allocate(1 + raw.length).put(type.code()).put(raw);
    return name + "+" + hex(keyId) + "+" + Syntax.base64(material.array());
  }

  /// Equal if the vkeys are; the provider does not count.
  @Override
  public boolean equals(Object other) {
    return other instanceof NoteVerifier that
        && name.equals(that.name)
        && type == that.type
        && Arrays.equals(raw, that.raw);
  }

  @Override
  public int hashCode() {
    return keyId;
  }
}
