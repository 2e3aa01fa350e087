package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;

/// The agent of the examples signs in through the helpdesk and asks Alice, both in the way of
/// Asgardeo's clients.
final class AgentStory {
  private final TestServer server;
  private final ApiCaller api;
  private final String secret;
  private final String helpdesk;

  AgentStory(TestServer server, ApiCaller api) {
    this.server = server;
    this.api = api;
    secret = api.call("agent.credential.create").done().text("secret");
    helpdesk = api.call("client.credential.create").done().text("secret");
  }

  /// Every answer that has to do with it.
  void anAgentSignsInAndAsks() {
    var wrong = step(begun(), "wrong").done();
    assertThat(wrong.text("flowStatus")).isEqualTo("FAIL_INCOMPLETE");
    var right = step(begun(), secret).done();
    assertThat(right.object().toText()).contains("authData", "af0ifjsldkj");
    step("over", secret).answers(400);
    for (int i = 0; i < 3; i++) {
      assertThat(ask().answers(200).text("auth_url")).isNotEmpty();
    }
    ask().answers(429);
    asTriage().form("login_hint", "somebody", "user_code", "x").answers(400);
    api.call("oauth.ciba").answers(401);
  }

  private ApiCaller.Call asTriage() {
    return api.call("oauth.ciba").basic(api.real(ApiStory.TRIAGE), secret);
  }

  private ApiCaller.Call ask() {
    return asTriage()
        .form(
            "login_hint",
            "somebody",
            "resource",
            "https://crm.example/mcp",
            "scope",
            "tickets.read",
            "purpose",
            "support.triage",
            "notification_channel",
            "external");
  }

  private ApiCaller.Call step(String flow, String password) {
    return api.call("oauth.authn")
        .body(
            api.json(
                """
                {'flowId':'%s','selectedAuthenticator':
                  {'authenticatorId':'QmFzaWNBdXRoZW50aWNhdG9yOkxPQ0FM',
                   'params':{'username':'%s','password':'%s'}}}
                """
                    .formatted(flow, ApiStory.TRIAGE, password)));
  }

  private String begun() {
    var form =
        Map.of(
            "client_id", api.real(ApiStory.CLIENT),
            "client_secret", helpdesk,
            "response_type", "code",
            "response_mode", "direct",
            "redirect_uri", "https://helpdesk.example/cb",
            "resource", "https://crm.example/mcp",
            "code_challenge", CodeFlow.CHALLENGE,
            "code_challenge_method", "S256",
            "state", "af0ifjsldkj");
    var answer =
        server.send(
            HttpRequest.newBuilder(server.uri("/oauth2/authorize"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(Browser.encoded(form))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Json.Obj begun = server.object(answer.body());
    return begun.text("flowId").orElseThrow();
  }
}
