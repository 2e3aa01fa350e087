package io.prokura.selftest;

import io.prokura.jose.SigningKey;
import io.prokura.json.Json;

/// A server elsewhere whose word is trusted about the person, under a throw-away key (RFC 7523 §3).
///
/// @param issuer what it is known by
/// @param typ the kind of its assertions
record Voucher(String issuer, SigningKey key, String typ) {
  static final String PERSON = "the-person";
  static final String PLAIN = "JWT";
  static final String ID_JAG = "oauth-id-jag+jwt";

  private static final long SECONDS = 60;

  /// The claims of a good assertion about the person, for `client` where it has to name one.
  Json.Obj claims(Scene scene) {
    long now = scene.world().now().getEpochSecond();
    return Json.object()
        .put("iss", issuer)
        .put("sub", PERSON)
        .put("aud", scene.issuer())
        .put("iat", now)
        .put("exp", now + SECONDS)
        .put("jti", scene.actor().random())
        .put("client_id", scene.application().id())
        .build();
  }

  /// The header of a good assertion.
  Json.Obj header() {
    return Json.object()
        .put("alg", key.algorithm().label())
        .put("kid", key.kid())
        .put("typ", typ)
        .build();
  }

  String signed(Json.Obj claims) {
    return Forgery.signed(key, header(), claims);
  }

  String assertion(Scene scene) {
    return signed(claims(scene));
  }
}
