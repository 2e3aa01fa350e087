package io.prokura.jose;

import io.prokura.json.Json;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;

/// The numbers of a public key. `parse` and `of` give out sound ones only: points on their curve,
/// moduli of a fair size.
sealed interface PublicNumbers {

  /// A point on P-256.
  record Ec(BigInteger x, BigInteger y) implements PublicNumbers {}

  /// A point on the curve of Ed25519.
  record Okp(BigInteger y, boolean xOdd) implements PublicNumbers {}

  /// An RSA key.
  record Rsa(BigInteger modulus, BigInteger exponent) implements PublicNumbers {}

  /// The numbers in a JWK (RFC 7518 §6, RFC 8037 §2); empty when it is of another kind or its
  /// numbers are not those of a sound key.
  static Optional<PublicNumbers> parse(Json.Obj jwk) {
    var curve = jwk.text("crv").orElse("");
    return switch (jwk.text("kty").orElse("")) {
      case "EC" -> curve.equals("P-256") ? parseEc(jwk) : Optional.empty();
      case "OKP" -> curve.equals("Ed25519") ? parseOkp(jwk) : Optional.empty();
      case "RSA" -> parseRsa(jwk);
      default -> Optional.empty();
    };
  }

  /// The numbers of a key that came in a certificate or out of a generator; empty as above.
  static Optional<PublicNumbers> of(PublicKey key) {
    return switch (key) {
      case ECPublicKey ec when P256.is(ec.getParams()) ->
          ec(ec.getW().getAffineX(), ec.getW().getAffineY());
      case EdECPublicKey ed when ed.getParams().getName().equals("Ed25519") ->
          okp(ed.getPoint().getY(), ed.getPoint().isXOdd());
      case RSAPublicKey rsa -> rsa(rsa.getModulus(), rsa.getPublicExponent());
      default -> Optional.empty();
    };
  }

  /// The JWK with the required members only, which is what a thumbprint is taken of
  /// (RFC 7638 §3.2).
  default Json.Obj jwk() {
    return switch (this) {
      case Ec(var x, var y) ->
          Json.object()
              .put("crv", "P-256")
              .put("kty", "EC")
              .put("x", Base64Url.encode(Numbers.fixed(x, 32)))
              .put("y", Base64Url.encode(Numbers.fixed(y, 32)))
              .build();
      case Okp(var y, var xOdd) -> {
        var encoded = Numbers.fixed(xOdd ? y.setBit(255) : y, 32);
        yield Json.object()
            .put("crv", "Ed25519")
            .put("kty", "OKP")
            .put("x", Base64Url.encode(reversed(encoded)))
            .build();
      }
      case Rsa(var modulus, var exponent) ->
          Json.object()
              .put("e", Numbers.text(exponent))
              .put("kty", "RSA")
              .put("n", Numbers.text(modulus))
              .build();
    };
  }

  default KeySpec spec() {
    return switch (this) {
      case Ec(var x, var y) -> new ECPublicKeySpec(new ECPoint(x, y), P256.PARAMETERS);
      case Okp(var y, var xOdd) ->
          new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(xOdd, y));
      case Rsa(var modulus, var exponent) -> new RSAPublicKeySpec(modulus, exponent);
    };
  }

  private static Optional<PublicNumbers> parseEc(Json.Obj jwk) {
    var x = Numbers.bytes(jwk, "x", 32);
    var y = Numbers.bytes(jwk, "y", 32);
    return x.isPresent() && y.isPresent()
        ? ec(new BigInteger(1, x.get()), new BigInteger(1, y.get()))
        : Optional.empty();
  }

  private static Optional<PublicNumbers> parseOkp(Json.Obj jwk) {
    return Numbers.bytes(jwk, "x", 32)
        .flatMap(
            encoded -> {
              var number = new BigInteger(1, reversed(encoded));
              return okp(number.clearBit(255), number.testBit(255));
            });
  }

  private static Optional<PublicNumbers> parseRsa(Json.Obj jwk) {
    var modulus = Numbers.whole(jwk, "n");
    var exponent = Numbers.whole(jwk, "e");
    return modulus.isPresent() && exponent.isPresent()
        ? rsa(modulus.get(), exponent.get())
        : Optional.empty();
  }

  private static Optional<PublicNumbers> ec(BigInteger x, BigInteger y) {
    return P256.contains(x, y) ? Optional.of(new Ec(x, y)) : Optional.empty();
  }

  private static Optional<PublicNumbers> okp(BigInteger y, boolean xOdd) {
    return Ed25519.contains(y) ? Optional.of(new Okp(y, xOdd)) : Optional.empty();
  }

  /// 2048 bits is the least that RFC 7518 §3.3 allows, 8192 the most that is worth a verification.
  /// Exponents are odd and from 2^16+1 (FIPS 186-5 §5.4) up to the 33 bits that native code takes.
  private static Optional<PublicNumbers> rsa(BigInteger modulus, BigInteger exponent) {
    boolean sound =
        modulus.bitLength() >= 2048
            && modulus.bitLength() <= 8192
            && modulus.testBit(0)
            && exponent.testBit(0)
            && exponent.bitLength() > 16
            && exponent.bitLength() <= 33;
    return sound ? Optional.of(new Rsa(modulus, exponent)) : Optional.empty();
  }

  private static byte[] reversed(byte[] bytes) {
    var reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
