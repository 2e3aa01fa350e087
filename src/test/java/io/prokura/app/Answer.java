package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import java.net.http.HttpResponse;

/// What an OAuth endpoint answered; a body that is no JSON object is an empty one.
public record Answer(int status, String cacheControl, String challenge, Json.Obj body) {

  static Answer of(TestServer server, HttpResponse<String> response) {
    var headers = response.headers();
    boolean json =
        headers.firstValue("Content-Type").filter(type -> type.contains("json")).isPresent();
    return new Answer(
        response.statusCode(),
        headers.firstValue("Cache-Control").orElse(""),
        headers.firstValue("WWW-Authenticate").orElse(""),
        json ? server.object(response.body()) : Json.object().build());
  }

  /// This answer, which has to be a 200 that nobody may keep (RFC 6749 §5.1).
  public Answer good() {
    assertThat(status).as(body.toText()).isEqualTo(200);
    assertThat(cacheControl).isEqualTo("no-store");
    return this;
  }

  public String text(String member) {
    return body.text(member).orElseThrow(() -> new AssertionError(member + ": " + body.toText()));
  }

  /// The token that was issued.
  public String token() {
    return good().text("access_token");
  }

  /// Expects the server to have said no for this reason, in the form of RFC 6749 §5.2.
  public Answer isRefused(Refusal reason) {
    assertThat(body.text("error")).as(body.toText()).hasValue(reason.error());
    assertThat(status).isEqualTo(reason.status());
    assertThat(cacheControl).isEqualTo("no-store");
    assertThat(body.members()).containsOnlyKeys("error", "error_description");
    return this;
  }
}
