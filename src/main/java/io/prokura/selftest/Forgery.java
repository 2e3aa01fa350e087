package io.prokura.selftest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.Base64Url;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// JWTs as no honest writer makes them (RFC 7515 §7.1, RFC 8725 §2).
final class Forgery {
  private static final JsonReader READER = new JsonReader(Limits.standard());

  private Forgery() {}

  /// A token taken apart and not believed.
  ///
  /// @param signature as it stands in the token
  record Parts(Json.Obj header, Json.Obj claims, String signature) {
    /// The parts put together again.
    String compact() {
      return input(header, claims) + "." + signature;
    }
  }

  /// Takes a well-formed token apart; throws [Unclear] for anything else.
  static Parts parts(String token) {
    var parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw new Unclear("the server's token is no signed JWT, so that there is nothing to forge");
    }
    return new Parts(object(parts[0]), object(parts[1]), parts[2]);
  }

  private static Json.Obj object(String part) {
    if (READER.readObject(Base64Url.decode(part).orElse(new byte[0])) instanceof Ok(var object)) {
      return object;
    }
    throw new Unclear("the server's token is no signed JWT, so that there is nothing to forge");
  }

  /// The same object with another value for a member.
  static Json.Obj with(Json.Obj object, String name, Json value) {
    var members = new LinkedHashMap<>(object.members());
    members.put(name, value);
    return Json.object().putAll(members).build();
  }

  /// The same with a text.
  static Json.Obj with(Json.Obj object, String name, String value) {
    return with(object, name, Json.text(value));
  }

  /// The same object without a member.
  static Json.Obj without(Json.Obj object, String name) {
    var members = new LinkedHashMap<>(object.members());
    members.remove(name);
    return Json.object().putAll(members).build();
  }

  static Json.Obj header(String algorithm, String typ) {
    return Json.object().put("alg", algorithm).put("typ", typ).build();
  }

  /// Signed with the key, whatever the header says.
  static String signed(SigningKey key, Json.Obj header, Json.Obj claims) {
    var input = input(header, claims);
    return input + "." + Base64Url.encode(key.sign(input.getBytes(ISO_8859_1)));
  }

  /// Not signed at all.
  static String unsigned(Json.Obj header, Json.Obj claims) {
    return input(header, claims) + ".";
  }

  /// Signed with HMAC-SHA-256 under a key that everybody knows.
  static String keyed(byte[] key, Json.Obj header, Json.Obj claims) {
    var input = input(header, claims);
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return input + "." + Base64Url.encode(mac.doFinal(input.getBytes(ISO_8859_1)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA-256 is missing", e);
    }
  }

  private static String input(Json.Obj header, Json.Obj claims) {
    return encoded(header) + "." + encoded(claims);
  }

  private static String encoded(Json.Obj part) {
    return Base64Url.encode(part.toText().getBytes(UTF_8));
  }
}
