package io.prokura.jose;

import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import com.amazon.corretto.crypto.provider.RuntimeCryptoException;
import io.prokura.json.Json;
import io.prokura.kernel.Pool;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A public key that signatures are checked with: a point on P-256 or Ed25519, or RSA of 2048 to
/// 8192 bits, together with the algorithms it may be used for. Safe for use by many threads.
public final class VerificationKey {
  private static final List<String> SECRET_MEMBERS =
      List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv");

  private final Crypto crypto;
  private final PublicNumbers numbers;
  private final Set<Algorithm> algorithms;
  private final @Nullable String kid;
  private final String thumbprint;
  private final PublicKey key;
  private final Map<Algorithm, Pool<Signature>> idle = new EnumMap<>(Algorithm.class);

  VerificationKey(
      Crypto crypto, PublicNumbers numbers, Set<Algorithm> algorithms, @Nullable String kid) {
    this.crypto = crypto;
    this.numbers = numbers;
    this.algorithms = Collections.unmodifiableSet(EnumSet.copyOf(algorithms));
    this.kid = kid;
    this.thumbprint = Base64Url.encode(Crypto.sha256(numbers.jwk().canonical()));
    var first = this.algorithms.iterator().next();
    try {
      this.key = crypto.publicKey(first, numbers.spec());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a usable " + first.label() + " key", e);
    }
    for (var algorithm : this.algorithms) {
      idle.put(algorithm, new Pool<>());
    }
  }

  /// Reads a public JWK (RFC 7517 §4). Unknown members are passed over; `use`, `key_ops` and `alg`
  /// are obeyed. Refuses with `reason` a key that is private or symmetric, of another kind or size,
  /// not on its curve, or not meant for verifying.
  public static Result<VerificationKey> parse(Crypto crypto, Json.Obj jwk, Refusal reason) {
    if (isSecret(jwk)) {
      return refused(reason, "the key is not public");
    }
    var numbers = PublicNumbers.parse(jwk);
    if (numbers.isEmpty()) {
      return refused(reason, "not a key on P-256 or Ed25519, nor RSA of 2048 to 8192 bits");
    }
    var algorithms = algorithmsOf(numbers.get());
    if (jwk.get("alg").isPresent()) {
      var named = jwk.text("alg").flatMap(Algorithm::labelled);
      if (named.isEmpty() || !algorithms.contains(named.get())) {
        return refused(reason, "the key's alg does not fit it");
      }
      algorithms = EnumSet.of(named.get());
    }
    if (!isForVerifying(jwk)) {
      return refused(reason, "the key is not for verifying signatures");
    }
    if (jwk.get("kid").isPresent() && jwk.text("kid").isEmpty()) {
      return refused(reason, "the key's kid is not a text");
    }
    return ok(new VerificationKey(crypto, numbers.get(), algorithms, jwk.text("kid").orElse(null)));
  }

  /// The key of a certificate, without `kid`; refuses with `reason` as `parse` does.
  public static Result<VerificationKey> of(Crypto crypto, PublicKey key, Refusal reason) {
    var numbers = PublicNumbers.of(key);
    return numbers.isPresent()
        ? ok(new VerificationKey(crypto, numbers.get(), algorithmsOf(numbers.get()), null))
        : refused(reason, "not a key on P-256 or Ed25519, nor RSA of 2048 to 8192 bits");
  }

  /// The name its owner gave the key; nothing stands for its being the only one.
  public Optional<String> kid() {
    return Optional.ofNullable(kid);
  }

  /// What the key may be used for; at least one.
  public Set<Algorithm> algorithms() {
    return algorithms;
  }

  /// The SHA-256 thumbprint in base64url (RFC 7638), which is also the `jkt` of RFC 9449 §6.
  public String thumbprint() {
    return thumbprint;
  }

  /// The public JWK with `kid`, `use` and, where only one is allowed, `alg`.
  public Json.Obj toJwk() {
    var jwk = Json.object().putAll(numbers.jwk().members()).put("kid", kid()).put("use", "sig");
    if (algorithms.size() == 1) {
      jwk.put("alg", algorithms.iterator().next().label());
    }
    return jwk.build();
  }

  /// Whether `signature`, in the form JWS gives it (RFC 7518 §3.4 for ECDSA), was made over `data`
  /// with the private half of this key. False for an algorithm that the key is not for.
  public boolean verifies(Algorithm algorithm, byte[] data, byte[] signature) {
    var pool = idle.get(algorithm);
    if (pool == null || signature.length != signatureLength()) {
      return false;
    }
    try {
      var verifier = pool.take();
      if (verifier == null) {
        verifier = crypto.signature(algorithm);
        verifier.initVerify(key);
      }
      verifier.update(data);
      boolean verified = verifier.verify(signature);
      pool.give(verifier);
      return verified;
    } catch (SignatureException | RuntimeCryptoException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static boolean isSecret(Json.Obj jwk) {
    return SECRET_MEMBERS.stream().anyMatch(jwk.members()::containsKey)
        || jwk.text("kty").orElse("").equals("oct");
  }

  private static Set<Algorithm> algorithmsOf(PublicNumbers numbers) {
    return switch (numbers) {
      case PublicNumbers.Ec _ -> EnumSet.of(Algorithm.ES256);
      case PublicNumbers.Okp _ -> EnumSet.of(Algorithm.EDDSA);
      case PublicNumbers.Rsa _ -> EnumSet.of(Algorithm.RS256, Algorithm.PS256);
    };
  }

  private static boolean isForVerifying(Json.Obj jwk) {
    boolean use = jwk.get("use").isEmpty() || jwk.text("use").orElse("").equals("sig");
    boolean operations =
        jwk.get("key_ops").isEmpty()
            || jwk.texts("key_ops").filter(names -> names.contains("verify")).isPresent();
    return use && operations;
  }

  private int signatureLength() {
    return switch (numbers) {
      case PublicNumbers.Ec _, PublicNumbers.Okp _ -> 64;
      case PublicNumbers.Rsa(var modulus, var _) -> (modulus.bitLength() + 7) / 8;
    };
  }

  /// Keys are equal when they compute alike and may be used alike.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VerificationKey that
        && numbers.equals(that.numbers)
        && algorithms.equals(that.algorithms)
        && Objects.equals(kid, that.kid);
  }

  @Override
  public int hashCode() {
    return thumbprint.hashCode();
  }

  @Override
  public String toString() {
    return "VerificationKey " + thumbprint;
  }
}
