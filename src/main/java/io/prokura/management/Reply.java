package io.prokura.management;

import io.prokura.http.Response;
import io.prokura.json.Json;

/// The answer to a change: a representation and its version, which travels as `ETag`. Version 0
/// stands for things without versions.
public record Reply(int status, Json.Obj body, long version) {

  public static Reply created(Json.Obj body, long version) {
    return new Reply(201, body, version);
  }

  public static Reply ok(Json.Obj body, long version) {
    return new Reply(200, body, version);
  }

  public Response response() {
    var response = Response.json(status, body);
    return version == 0 ? response : response.with("ETag", "\"" + version + "\"");
  }
}
