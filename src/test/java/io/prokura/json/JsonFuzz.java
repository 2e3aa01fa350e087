package io.prokura.json;

import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;

/// What the JSON reader promises for any input: an answer, and that what it read can be written and
/// read again as the same text. The value may be another, for `2.5e3` is written `2500`.
public final class JsonFuzz {
  private static final JsonReader READER = new JsonReader(Limits.standard());

  private JsonFuzz() {}

  /// A JSON text.
  public static void json(byte[] input) {
    if (READER.read(input) instanceof Ok(var json)) {
      again(json);
    }
  }

  /// The object of a YAML text.
  public static void yaml(byte[] input) {
    if (READER.readYaml(input) instanceof Ok(var json)) {
      again(json);
    }
  }

  private static void again(Json json) {
    var text = json.toText();
    if (!(READER.read(json.bytes()) instanceof Ok(var again)) || !again.toText().equals(text)) {
      throw new AssertionError(text);
    }
  }
}
