package io.prokura.jose;

import io.prokura.json.Json;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Map;
import java.util.Optional;

/// The secret members of a private JWK (RFC 7518 §6.2.2 and §6.3.2, RFC 8037 §2).
final class PrivateNumbers {
  private PrivateNumbers() {}

  static Map<String, Json> members(PrivateKey key) {
    return switch (key) {
      case ECPrivateKey ec -> Map.of("d", text(Numbers.fixed(ec.getS(), 32)));
      case EdECPrivateKey ed -> Map.of("d", text(ed.getBytes().orElseThrow()));
      case RSAPrivateCrtKey rsa ->
          Map.of(
              "d", text(rsa.getPrivateExponent()),
              "p", text(rsa.getPrimeP()),
              "q", text(rsa.getPrimeQ()),
              "dp", text(rsa.getPrimeExponentP()),
              "dq", text(rsa.getPrimeExponentQ()),
              "qi", text(rsa.getCrtCoefficient()));
      default -> throw new IllegalArgumentException("a key of another kind");
    };
  }

  /// The private half that goes with `numbers`; empty when a member is missing or ill formed.
  static Optional<KeySpec> parse(Json.Obj jwk, PublicNumbers numbers) {
    return switch (numbers) {
      case PublicNumbers.Ec _ ->
          Numbers.bytes(jwk, "d", 32)
              .map(d -> new ECPrivateKeySpec(new BigInteger(1, d), P256.PARAMETERS));
      case PublicNumbers.Okp _ ->
          Numbers.bytes(jwk, "d", 32)
              .map(d -> new EdECPrivateKeySpec(NamedParameterSpec.ED25519, d));
      case PublicNumbers.Rsa(var modulus, var exponent) -> {
        var d = Numbers.whole(jwk, "d");
        var p = Numbers.whole(jwk, "p");
        var q = Numbers.whole(jwk, "q");
        var dp = Numbers.whole(jwk, "dp");
        var dq = Numbers.whole(jwk, "dq");
        var qi = Numbers.whole(jwk, "qi");
        yield d.isPresent()
                && p.isPresent()
                && q.isPresent()
                && dp.isPresent()
                && dq.isPresent()
                && qi.isPresent()
            ? Optional.of(
                new RSAPrivateCrtKeySpec(
                    modulus, exponent, d.get(), p.get(), q.get(), dp.get(), dq.get(), qi.get()))
            : Optional.empty();
      }
    };
  }

  private static Json text(byte[] bytes) {
    return Json.text(Base64Url.encode(bytes));
  }

  private static Json text(BigInteger number) {
    return Json.text(Numbers.text(number));
  }
}
