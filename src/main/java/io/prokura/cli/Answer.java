package io.prokura.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import java.util.Optional;

/// What a server answered.
public final class Answer {
  private static final JsonReader READER = new JsonReader(Limits.standard());

  private final int status;
  private final String etag;
  private final byte[] body;

  Answer(int status, String etag, byte[] body) {
    this.status = status;
    this.etag = etag;
    this.body = body;
  }

  public int status() {
    return status;
  }

  /// The header `ETag`; empty when there was none.
  public String etag() {
    return etag;
  }

  /// The body itself, not a copy.
  byte[] body() {
    return body;
  }

  public boolean isSuccess() {
    return status >= 200 && status <= 299;
  }

  /// The body as UTF-8.
  public String text() {
    return new String(body, UTF_8);
  }

  /// The body when it is a JSON object.
  public Optional<Json.Obj> object() {
    return read(body);
  }

  /// The JSON object in `bytes`, if that is what they are.
  static Optional<Json.Obj> read(byte[] bytes) {
    return READER.readObject(bytes) instanceof Ok(var object)
        ? Optional.of(object)
        : Optional.empty();
  }

  /// Why the server said no, in one line: title, detail, code and status of the problem (RFC 9457),
  /// or error and description of an OAuth error (RFC 6749 §5.2).
  public String refusal() {
    var problem = object().orElseGet(() -> Json.object().build());
    var title = problem.text("title").or(() -> problem.text("error")).orElse("The server refused");
    var detail = problem.text("detail").or(() -> problem.text("error_description"));
    var code = problem.text("code").map(text -> text + ", ").orElse("");
    var line = title + detail.map(text -> ": " + text).orElse("") + " (" + code + status + ")";
    return Text.printable(line);
  }
}
