package io.prokura.jose;

import io.prokura.json.Json;
import java.math.BigInteger;
import java.util.Optional;

/// Whole numbers as a JWK writes them: big end first, in base64url.
final class Numbers {
  private Numbers() {}

  /// The member's value when it is exactly `length` bytes (a coordinate, RFC 7518 §6.2.1.2).
  static Optional<byte[]> bytes(Json.Obj jwk, String name, int length) {
    return jwk.text(name).flatMap(Base64Url::decode).filter(bytes -> bytes.length == length);
  }

  /// The member's value when it has no leading zero byte (`Base64urlUInt`, RFC 7518 §2).
  static Optional<BigInteger> whole(Json.Obj jwk, String name) {
    return jwk.text(name)
        .flatMap(Base64Url::decode)
        .filter(bytes -> bytes.length > 0 && bytes[0] != 0)
        .map(bytes -> new BigInteger(1, bytes));
  }

  /// The number in exactly `length` bytes.
  static byte[] fixed(BigInteger number, int length) {
    var signed = number.toByteArray();
    var bytes = new byte[length];
    int from = signed[0] == 0 && signed.length > length ? 1 : 0;
    int count = signed.length - from;
    System.arraycopy(signed, from, bytes, length - count, count);
    return bytes;
  }

  /// The number in as few bytes as hold it, as text.
  static String text(BigInteger number) {
    return Base64Url.encode(fixed(number, (number.bitLength() + 7) / 8));
  }
}
