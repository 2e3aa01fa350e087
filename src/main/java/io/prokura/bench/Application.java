package io.prokura.bench;

import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// An application that people use, which proves itself by a secret. Whoever registered it answers
/// for it, so people are asked only where an agent is to act for them through it.
record Application(String id, String secret) {
  private static final String CALLBACK = "https://console.example/cb";
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  private static final Pattern CODE = Pattern.compile("[?;]code=([A-Za-z0-9_-]+)");

  static Application register(ApiClient api) {
    var registration =
        Json.object()
            .put("name", "console")
            .put("everything", true)
            .put("consent", "implied")
            .put("redirectUris", List.of(CALLBACK))
            .build();
    var id = ApiClient.text(api.manage("clients", registration), "id");
    var secret = Json.object().put("kind", "secret").build();
    return new Application(
        id, ApiClient.text(api.manage("clients/" + id + "/credentials", secret), "secret"));
  }

  /// The value of `Authorization` with which it proves itself.
  String basic() {
    return Agent.basic(id, secret);
  }

  /// The path to which it sends a browser for a code (RFC 6749 §4.1.1, RFC 7636 §4.3).
  String authorize() {
    return "/oauth2/authorize?" + Browser.form(request());
  }

  private Map<String, String> request() {
    var challenge = Crypto.sha256(VERIFIER.getBytes(StandardCharsets.US_ASCII));
    var request = new LinkedHashMap<String, String>();
    request.put("response_type", "code");
    request.put("client_id", id);
    request.put("redirect_uri", CALLBACK);
    request.put("state", "af0ifjsldkj");
    request.put("code_challenge", Base64Url.encode(challenge));
    request.put("code_challenge_method", "S256");
    request.put("resource", Organisation.RESOURCE);
    request.put("scope", Requests.SCOPE);
    return request;
  }

  /// The parameters by which it redeems `code` (RFC 6749 §4.1.3).
  static String redeem(String code) {
    return "grant_type=authorization_code&code_verifier=" + VERIFIER + "&code=" + code;
  }

  /// Asks `person` to let `agent` act for them, has it allowed, and returns the parameters by which
  /// the token for that is refreshed, the agent proving itself by `actorToken` (RFC 6749 §6).
  String refreshedFor(ApiClient api, Person person, Agent agent, String actorToken) {
    var request = new LinkedHashMap<>(request());
    request.put("requested_actor", agent.id());
    request.put("purpose", Organisation.PURPOSE);
    var browser = person.browser();
    var asked = browser.open("/oauth2/authorize?" + Browser.form(request));
    browser.open(asked.headers().firstValue("Location").orElse("/"));
    browser.submit("/consent", Map.of("scope", Requests.SCOPE, "decision", "allow"));
    var actor = "&" + Browser.form(Map.of("actor_token", actorToken));
    var tokens = api.tokens(basic(), redeem(browser.found(CODE)) + actor);
    var refreshed = Map.of("refresh_token", ApiClient.text(tokens, "refresh_token"));
    return "grant_type=refresh_token&" + Browser.form(refreshed) + actor;
  }
}
