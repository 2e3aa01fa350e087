package io.prokura.jose;

import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.util.Optional;

/// Reads JWTs in the compact form (RFC 7519 §3, RFC 7515 §7.1) without believing them.
public final class JwtReader {
  /// The longest token that is looked at, in characters.
  public static final int LENGTH_MAX = 16 * 1024;

  private final JsonReader json;

  public JwtReader(JsonReader json) {
    this.json = json;
  }

  /// Takes `compact` apart. Refuses with `reason` whatever is longer than `LENGTH_MAX`, has not
  /// exactly three non-empty parts in canonical base64url, is not made of two JSON objects without
  /// duplicate members, names no algorithm of ours, or has `crit` (no extension is understood,
  /// RFC 7515 §4.1.11) or `b64` (RFC 7797 §3) in its header.
  public Result<UnverifiedJwt> read(String compact, Refusal reason) {
    if (compact.length() > LENGTH_MAX) {
      return refused(reason, "the token is too long");
    }
    int first = compact.indexOf('.');
    int second = compact.indexOf('.', first + 1);
    if (first <= 0
        || second <= first + 1
        || second == compact.length() - 1
        || compact.indexOf('.', second + 1) >= 0) {
      return refused(reason, "the token is not a signed JWT");
    }
    var header = object(compact.substring(0, first));
    var claims = object(compact.substring(first + 1, second));
    var signature = Base64Url.decode(compact.substring(second + 1));
    if (header.isEmpty() || claims.isEmpty() || signature.isEmpty()) {
      return refused(reason, "the token is not a well-formed JWT");
    }
    var signed = compact.substring(0, second).getBytes(ISO_8859_1);
    return check(header.get(), reason)
        .map(
            algorithm ->
                new UnverifiedJwt(algorithm, header.get(), claims.get(), signed, signature.get()));
  }

  private static Result<Algorithm> check(Json.Obj header, Refusal reason) {
    if (header.get("crit").isPresent() || header.get("b64").isPresent()) {
      return refused(reason, "the token has a critical extension");
    }
    for (var name : new String[] {"typ", "kid"}) {
      if (header.get(name).isPresent() && header.text(name).isEmpty()) {
        return refused(reason, "the token's " + name + " is not a text");
      }
    }
    var algorithm = header.text("alg").flatMap(Algorithm::labelled);
    return algorithm.isPresent()
        ? ok(algorithm.get())
        : refused(reason, "the token's algorithm is not accepted");
  }

  private Optional<Json.Obj> object(String part) {
    return Base64Url.decode(part)
        .flatMap(
            bytes ->
                json.readObject(bytes) instanceof Result.Ok(var object)
                    ? Optional.of(object)
                    : Optional.empty());
  }
}
