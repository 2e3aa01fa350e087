package io.prokura.passkeys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A browser and the device in it with one ES256 passkey, written from WebAuthn §6 and RFC 9052
/// with nothing of the server's library, and made to lie as a test wants.
public final class Device {
  private static final int PRESENT = 0x01;
  private static final int VERIFIED = 0x04;
  private static final int BACKUP_ELIGIBLE = 0x08;
  private static final int ATTESTED = 0x40;

  private final KeyPair key;
  public final byte[] credential;
  public String host;
  public String origin;
  public String handle = "";
  public boolean verifies = true;
  public boolean backupEligible = false;

  /// The count of signatures that it says next; each one that it says makes it go up.
  public int count = 1;

  /// A device at a page of `origin`, whose host is `host`.
  public Device(String origin, String host, int number) {
    this.origin = origin;
    this.host = host;
    credential = sha256(("credential " + number).getBytes(UTF_8));
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      key = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Makes the passkey that is asked for.
  public Attestation create(Json.Obj options) {
    handle = text((Json.Obj) member(options, "user"), "id");
    var data = authenticatorData(ATTESTED, attested());
    count++;
    return new Attestation(
        text(clientData("webauthn.create", text(options, "challenge"))),
        text(attestationObject(data)));
  }

  /// Signs what is asked for.
  public Assertion get(Json.Obj options) {
    var data = authenticatorData(0, new byte[0]);
    var clientData = clientData("webauthn.get", text(options, "challenge"));
    count++;
    return new Assertion(
        text(credential),
        text(clientData),
        text(data),
        text(signed(joined(data, sha256(clientData)))),
        handle);
  }

  /// Signs what is shown and what is chosen of it, as the script of the pages has it done.
  public Assertion sign(Json.Obj options, Map<String, List<String>> chosen) {
    var texts =
        new TreeMap<>(chosen)
            .entrySet().stream()
                .map(one -> "\"%s\":[%s]".formatted(one.getKey(), quoted(one.getValue())))
                .collect(Collectors.joining(","));
    var signed = "{\"chosen\":{%s},\"shown\":\"%s\"}".formatted(texts, text(options, "shown"));
    return get(Json.object().put("challenge", text(sha256(signed.getBytes(UTF_8)))).build());
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(","));
  }

  private byte[] signed(byte[] message) {
    try {
      var signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(key.getPrivate());
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] clientData(String type, String challenge) {
    return Json.object()
        .put("type", type)
        .put("challenge", challenge)
        .put("origin", origin)
        .put("crossOrigin", false)
        .build()
        .bytes();
  }

  private byte[] authenticatorData(int flags, byte[] more) {
    int all = flags | PRESENT | (verifies ? VERIFIED : 0) | (backupEligible ? BACKUP_ELIGIBLE : 0);
    var head = ByteBuffer.allocate(5).put((byte) all).putInt(count).array();
    return joined(sha256(host.getBytes(UTF_8)), head, more);
  }

  private byte[] attested() {
    var length = ByteBuffer.allocate(2).putShort((short) credential.length).array();
    return joined(new byte[16], length, credential, publicKey());
  }

  /// {1: 2, 3: -7, -1: 1, -2: x, -3: y} in CBOR.
  private byte[] publicKey() {
    var point = ((ECPublicKey) key.getPublic()).getW();
    return joined(
        hex("a5010203262001215820"),
        coordinate(point.getAffineX()),
        hex("225820"),
        coordinate(point.getAffineY()));
  }

  /// {"fmt": "none", "attStmt": {}, "authData": bytes} in CBOR.
  private static byte[] attestationObject(byte[] data) {
    return joined(
        hex("a3"),
        cborText("fmt"),
        cborText("none"),
        cborText("attStmt"),
        hex("a0"),
        cborText("authData"),
        new byte[] {0x59, (byte) (data.length >> 8), (byte) data.length},
        data);
  }

  private static byte[] cborText(String text) {
    return joined(new byte[] {(byte) (0x60 + text.length())}, text.getBytes(US_ASCII));
  }

  private static byte[] coordinate(BigInteger value) {
    var out = new byte[32];
    var bytes = value.toByteArray();
    int length = Math.min(bytes.length, 32);
    System.arraycopy(bytes, bytes.length - length, out, 32 - length, length);
    return out;
  }

  private static byte[] joined(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static String text(Json.Obj object, String member) {
    return ((Json.Str) member(object, member)).value();
  }

  private static Json member(Json.Obj object, String name) {
    return Objects.requireNonNull(object.members().get(name), name);
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
