package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.Refusal;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What holds for every answer to whatever was sent: the server did not fail, and when it said no
/// it did so in the form of the endpoint and told nothing about itself.
final class Refusing {
  private static final Set<String> PROBLEMS =
      Arrays.stream(Refusal.values())
          .map(one -> one.slug() + " " + one.status())
          .collect(Collectors.toSet());
  private static final Set<String> OAUTH_CODES =
      Arrays.stream(Refusal.values()).map(Refusal::error).collect(Collectors.toSet());

  /// Class names, stack traces, statements, libraries.
  private static final Pattern INSIDE =
      Pattern.compile(
          "(?i)exception|io\\.prokura|\\bjava\\.|helidon|jackson|sqlite|postgres|jdbc|flyway"
              + "|\\bselect .* from\\b|\\binsert into\\b|\\bat [\\w.$]+\\([\\w.]*:\\d+\\)");

  private Refusing() {}

  /// The request was in order or refused.
  static void check(Draft draft, HttpResponse<String> response, TestServer server) {
    assertThat(response.statusCode()).as("%s: %s", draft, response.body()).isLessThan(500);
    assertThat(INSIDE.matcher(response.body()).find())
        .as("%s: %s", draft, response.body())
        .isFalse();
    if (response.statusCode() >= 400) {
      form(draft, response, server);
    }
  }

  /// The request was refused.
  static void refused(Draft draft, HttpResponse<String> response, TestServer server) {
    check(draft, response, server);
    assertThat(response.statusCode())
        .as("%s is refused: %s", draft, response.body())
        .isBetween(400, 499);
  }

  private static void form(Draft draft, HttpResponse<String> response, TestServer server) {
    var type = response.headers().firstValue("Content-Type").orElse("");
    var body = server.object(response.body());
    assertThat(response.headers().allValues("Cache-Control")).as("%s", draft).contains("no-store");
    // What is refused before a verb is reached is a problem where anybody may call.
    if (draft.isOauth() && (type.equals("application/json") || !draft.isOpen())) {
      assertThat(type).as("%s", draft).isEqualTo("application/json");
      assertThat(body.members().keySet()).containsExactly("error", "error_description");
      assertThat(body.text("error").orElseThrow()).as("%s", draft).isIn(OAUTH_CODES);
      return;
    }
    if (draft.isAgents() && type.equals("application/json")) {
      assertThat(body.members().keySet()).containsExactly("code", "message", "description");
      return;
    }
    assertThat(type).as("%s", draft).isEqualTo("application/problem+json");
    assertThat(body.members().keySet())
        .containsExactly("type", "title", "status", "detail", "code", "request_id");
    var slug = body.text("code").orElseThrow();
    assertThat(slug + " " + response.statusCode()).as("%s", draft).isIn(PROBLEMS);
    assertThat(body.number("status")).contains((long) response.statusCode());
    // The access request profile has types of its own for some.
    var types = Pattern.quote("/errors/" + slug) + "|urn:openid:authzen:access-request:error:.+";
    boolean profiled = draft.row().path().startsWith("/access/v1/requests");
    assertThat(body.text("type").orElseThrow())
        .matches(profiled ? types : Pattern.quote("/errors/" + slug));
    assertThat(body.text("request_id")).isEqualTo(response.headers().firstValue("X-Request-ID"));
  }
}
