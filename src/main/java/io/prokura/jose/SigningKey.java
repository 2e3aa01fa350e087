package io.prokura.jose;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.amazon.corretto.crypto.provider.RuntimeCryptoException;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Pool;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A key pair that signs with one algorithm. Safe for use by many threads. Its text form never
/// shows the private half.
public final class SigningKey {
  private static final byte[] PROBE = {'p', 'r', 'o', 'b', 'e'};

  private final Crypto crypto;
  private final Algorithm algorithm;
  private final Json.Obj jwk;
  private final PrivateKey key;
  private final VerificationKey verificationKey;
  private final Map<String, byte[]> headers = new ConcurrentHashMap<>();
  private final Pool<Signature> idle = new Pool<>();

  private SigningKey(
      Crypto crypto,
      Algorithm algorithm,
      Json.Obj jwk,
      PrivateKey key,
      VerificationKey verificationKey) {
    this.crypto = crypto;
    this.algorithm = algorithm;
    this.jwk = jwk;
    this.key = key;
    this.verificationKey = verificationKey;
  }

  /// A new key from the world's chance: P-256, Ed25519, or RSA of 2048 bits.
  public static SigningKey generate(Crypto crypto, World world, Algorithm algorithm) {
    var pair = Crypto.generate(algorithm, world);
    var jwk =
        Json.object()
            .putAll(PublicNumbers.of(pair.getPublic()).orElseThrow().jwk().members())
            .putAll(PrivateNumbers.members(pair.getPrivate()))
            .put("alg", algorithm.label())
            .build();
    return of(crypto, jwk);
  }

  /// The key that `secret` once gave out. Throws `IllegalArgumentException` when the bytes are
  /// something else or their halves do not belong together.
  public static SigningKey ofSecret(Crypto crypto, JsonReader json, byte[] secret) {
    return switch (json.readObject(secret)) {
      case Result.Ok<Json.Obj>(var jwk) -> of(crypto, jwk);
      case Result.Refused<Json.Obj> _ -> throw new IllegalArgumentException("not a private key");
    };
  }

  private static SigningKey of(Crypto crypto, Json.Obj jwk) {
    var algorithm = jwk.text("alg").flatMap(Algorithm::labelled);
    var numbers = PublicNumbers.parse(jwk);
    if (algorithm.isEmpty() || numbers.isEmpty()) {
      throw new IllegalArgumentException("not a private key");
    }
    var spec = PrivateNumbers.parse(jwk, numbers.get());
    if (spec.isEmpty()) {
      throw new IllegalArgumentException("not a private key");
    }
    var nameless = new VerificationKey(crypto, numbers.get(), EnumSet.of(algorithm.get()), null);
    var verificationKey =
        new VerificationKey(
            crypto, numbers.get(), EnumSet.of(algorithm.get()), nameless.thumbprint());
    try {
      var key = crypto.privateKey(algorithm.get(), spec.get());
      var made = new SigningKey(crypto, algorithm.get(), jwk, key, verificationKey);
      if (verificationKey.verifies(algorithm.get(), PROBE, made.sign(PROBE))) {
        return made;
      }
    } catch (GeneralSecurityException | IllegalStateException e) {
      throw new IllegalArgumentException("not a private key", e);
    }
    throw new IllegalArgumentException("the halves of the key do not belong together");
  }

  /// The thumbprint of the public half (RFC 7638, SHA-256, base64url).
  public String kid() {
    return verificationKey.thumbprint();
  }

  public Algorithm algorithm() {
    return algorithm;
  }

  /// The public half, named by `kid` and good for this key's algorithm only.
  public VerificationKey verificationKey() {
    return verificationKey;
  }

  /// Both halves as a private JWK in JSON, for storage under a seal.
  public byte[] secret() {
    return jwk.bytes();
  }

  /// The signature over `data` in the form JWS gives it: for ECDSA the two numbers side by side,
  /// not DER (RFC 7518 §3.4). The signer's own randomness is the crypto code's, not the world's.
  public byte[] sign(byte[] data) {
    try {
      var signer = idle.take();
      if (signer == null) {
        signer = crypto.signature(algorithm);
        signer.initSign(key);
      }
      signer.update(data);
      var signature = signer.sign();
      idle.give(signer);
      return signature;
    } catch (GeneralSecurityException | RuntimeCryptoException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The JOSE header for tokens of `typ` as it begins a compact JWS, dot included.
  byte[] header(String typ) {
    return headers.computeIfAbsent(typ, this::encodeHeader);
  }

  private byte[] encodeHeader(String typ) {
    return encoded(
        Json.object().put("alg", algorithm.label()).put("kid", kid()).put("typ", typ).build());
  }

  /// The same with the public key in it.
  byte[] headerWithKey(String typ) {
    return encoded(
        Json.object()
            .put("alg", algorithm.label())
            .put("typ", typ)
            .put("jwk", verificationKey().toJwk())
            .build());
  }

  private static byte[] encoded(Json.Obj header) {
    return (Base64Url.encode(header.bytes()) + ".").getBytes(ISO_8859_1);
  }

  @Override
  public String toString() {
    return "SigningKey " + kid();
  }
}
