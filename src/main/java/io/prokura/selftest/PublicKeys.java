package io.prokura.selftest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.Base64Url;
import io.prokura.json.Json;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The bytes in which a public key is known to everybody, each of which a confused server may take
/// for the secret of an HMAC (RFC 8725 §2.1).
final class PublicKeys {
  private PublicKeys() {}

  /// The spellings of a key of the type `EC` or `RSA`: JSON, DER and PEM.
  static List<byte[]> spellings(Json.Obj jwk) {
    var all = new ArrayList<byte[]>();
    all.add(jwk.toText().getBytes(UTF_8));
    try {
      var der = key(jwk).getEncoded();
      var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
      var pem = "-----BEGIN PUBLIC KEY-----\n" + lines + "\n-----END PUBLIC KEY-----";
      all.add(der);
      all.add(pem.getBytes(UTF_8));
      all.add((pem + "\n").getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new Unclear("the key can't be read: " + e.getMessage());
    }
    return all;
  }

  private static Key key(Json.Obj jwk) throws GeneralSecurityException {
    if (jwk.text("kty").orElse("").equals("RSA")) {
      return KeyFactory.getInstance("RSA")
          .generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
    }
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    var point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
  }

  private static BigInteger number(Json.Obj jwk, String name) {
    var bytes = jwk.text(name).flatMap(Base64Url::decode);
    return new BigInteger(1, bytes.orElseThrow(() -> new Unclear("the key has no " + name)));
  }
}
