package io.prokura.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import java.util.Base64;

/// Reads the JSON that the server wrote.
final class JsonText {
  private static final JsonReader READER = new JsonReader(Limits.standard());

  private JsonText() {}

  static Json.Obj object(String text) {
    if (READER.readObject(text.getBytes(UTF_8)) instanceof Ok(var object)) {
      return object;
    }
    throw new AssertionError("not an object: " + text);
  }

  /// The claims of a compact JWT, which nobody verifies.
  static Json.Obj claims(String compact) {
    var payload = compact.split("\\.", -1)[1];
    return object(new String(Base64.getUrlDecoder().decode(payload), UTF_8));
  }
}
