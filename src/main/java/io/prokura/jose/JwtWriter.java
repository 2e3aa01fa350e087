package io.prokura.jose;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.prokura.json.Json;

/// Writes signed JWTs in the compact form (RFC 7515 §7.1).
public final class JwtWriter {
  private JwtWriter() {}

  /// A JWT of `claims` with `alg`, `kid` and `typ` in its header. `typ` must come from a small
  /// fixed set: the key remembers the header of each.
  public static String mint(SigningKey key, String typ, Json.Obj claims) {
    return mint(key, typ, claims.bytes());
  }

  /// The same of claims that are a JSON object in UTF-8 already.
  public static String mint(SigningKey key, String typ, byte[] claims) {
    return mint(key, key.header(typ), claims);
  }

  /// A JWT that brings the public key along, as `jwk` in its header (RFC 7515 §4.1.3).
  static String mintWithKey(SigningKey key, String typ, Json.Obj claims) {
    return mint(key, key.headerWithKey(typ), claims.bytes());
  }

  private static String mint(SigningKey key, byte[] header, byte[] claims) {
    var payload = Base64Url.encodeToBytes(claims);
    int signed = header.length + payload.length;
    var signing = new byte[signed];
    System.arraycopy(header, 0, signing, 0, header.length);
    System.arraycopy(payload, 0, signing, header.length, payload.length);
    var signature = Base64Url.encodeToBytes(key.sign(signing));
    var compact = new byte[signed + 1 + signature.length];
    System.arraycopy(signing, 0, compact, 0, signed);
    compact[signed] = '.';
    System.arraycopy(signature, 0, compact, signed + 1, signature.length);
    return new String(compact, ISO_8859_1);
  }
}
