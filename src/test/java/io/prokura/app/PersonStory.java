package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Erin signs in to the helpdesk of the examples, which gets tokens and knows about her.
final class PersonStory {
  private static final Pattern INES =
      Pattern.compile("\"id\":\"(usr_[0-9a-z]+)\",\"userName\":\"ines@example.org\"");
  private static final String CALLBACK = "https://helpdesk.example/cb";

  static final String SESSION = "ses_5c1v8m3k7q2x9n4h6t0wzbdeap";

  private final TestServer server;
  private final ApiCaller api;
  private final String client;

  PersonStory(TestServer server, ApiCaller api, String client) {
    this.server = server;
    this.api = api;
    this.client = client;
  }

  /// Every answer that has to do with her; `story` is of those whose tickets she reads.
  void somebodySignsIn(ApiStory story) {
    var erin = Person.of(server, ApiStory.world().now());
    var read = api.call("user.get").of(erin.id).done();
    var known =
        Json.object()
            .put("userName", "erin")
            .put("displayName", "Erin")
            .put("email", "erin@example.org")
            .put("roles", List.of("administrator"))
            .build();
    api.call("user.replace").of(erin.id).header("If-Match", read.etag()).body(known).done();
    var secret = api.call("client.credential.create").done().text("secret");
    var tokens = tokens(erin, secret, List.of("openid", "profile", "email", "groups"));
    assertThat(tokens.text("id_token")).isNotEmpty();
    var token = tokens.text("access_token");
    api.call("oauth.userinfo").bearer(token).done();
    unsigned();
    api.call("oauth.userinfo").bearer(token).done();
    api.call("oauth.userinfo.post").bearer(token).done();
    var less = tokens(erin, secret, List.of("profile")).text("access_token");
    for (var way : List.of("oauth.userinfo", "oauth.userinfo.post")) {
      api.call(way).bearer(less).answers(403);
      api.call(way).anonymous().answers(401);
    }
    api.call("oauth.push").form("state", "x").answers(401);
    api.knows(erin.id, erin.id);
    story.permit(erin.id, ApiStory.TICKETS, "tickets.read", "own");
    var reading = tokens(erin, secret, List.of("tickets.read")).text("access_token");
    assertThat(story.introspected(reading).text("acr")).isEqualTo("urn:prokura:acr:two-factors");
    isSignedOut(erin);
    signsInElsewhere();
  }

  private void signsInElsewhere() {
    try (var elsewhere = Elsewhere.registered(server, "Elsewhere", ApiStory.world())) {
      elsewhere.signIn(new Browser(server.uri("").getPort()), "ines");
      var users = server.get("/api/v1/users?limit=200", server.operatorToken()).body();
      var id = INES.matcher(users);
      assertThat(id.find()).as(users).isTrue();
      var session = api.call("session.list").of(id.group(1)).done().items().getFirst();
      assertThat(session.text("issuer")).hasValue(elsewhere.id());
    }
  }

  private void isSignedOut(Person erin) {
    var session = api.call("session.list").of(erin.id).done().items().getFirst();
    assertThat(session.texts("clients").orElseThrow()).containsExactly(api.real(client));
    var other = erin.with(new Browser(server.uri("").getPort()));
    other.signIn(ApiStory.world().now().plusSeconds(30));
    var first = api.call("session.list").of(erin.id).query("limit=1").done();
    assertThat(first.object().text("next")).isPresent();
    var id = session.text("id").orElseThrow();
    api.knows(SESSION, id);
    assertThat(api.call("session.end").done().text("id")).isEqualTo(id);
    api.call("session.end").answers(404);
    assertThat(erin.browser.open("/me").statusCode()).isEqualTo(303);
    assertThat(other.browser.open("/me").statusCode()).isEqualTo(200);
    assertThat(api.call("user.logout").of(erin.id).done().object().texts("sessions").orElseThrow())
        .hasSize(1);
    assertThat(other.browser.open("/me").statusCode()).isEqualTo(303);
  }

  /// Has userinfo tell the application plainly what it told it signed.
  private void unsigned() {
    var read = api.call("client.get").done();
    var members = new LinkedHashMap<>(((Json.Obj) example()).members());
    members.remove("userinfoSignedResponseAlg");
    var body = Json.object().putAll(members).build();
    api.call("client.replace").header("If-Match", read.etag()).body(body).done();
  }

  private Json example() {
    return api.call("client.replace").bodyOfExample();
  }

  /// The page that takes her back when she allows what she is asked.
  private static String allowed(Person erin, String path, List<String> scopes) {
    erin.browser.open(path);
    var form = new StringBuilder(Browser.encoded(erin.browser.hidden()));
    scopes.forEach(scope -> form.append("&scope=").append(scope));
    return erin.browser.post("/consent", form + "&decision=allow").body();
  }

  private ApiCaller.Answer tokens(Person erin, String secret, List<String> scopes) {
    var asked =
        erin.browser.open(
            "/oauth2/authorize?"
                + Browser.encoded(
                    Map.of(
                        "client_id",
                        api.real(client),
                        "response_type",
                        "code",
                        "redirect_uri",
                        CALLBACK,
                        "code_challenge",
                        CodeFlow.CHALLENGE,
                        "code_challenge_method",
                        "S256",
                        "scope",
                        String.join(" ", scopes))));
    var location = CodeFlow.location(asked);
    var sent = location.startsWith(CALLBACK) ? location : allowed(erin, location, scopes);
    int start = sent.indexOf("code=") + "code=".length();
    assertThat(start).as(sent).isGreaterThan(10);
    var code = sent.substring(start, sent.indexOf('&', start));
    return api.call("oauth.token")
        .basic(api.real(client), secret)
        .form("grant_type", "authorization_code", "code", code, "code_verifier", CodeFlow.VERIFIER)
        .done();
  }
}
