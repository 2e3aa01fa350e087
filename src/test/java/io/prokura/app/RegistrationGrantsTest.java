package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Programs that register themselves for grants that begin without a browser, and strangers who
/// would like those too.
final class RegistrationGrantsTest {
  private static final String DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
  private static final String CIBA = "urn:openid:params:grant-type:ciba";
  private static final String BOTH = "'" + DEVICE + "', '" + CIBA + "'";
  private static final String WITH_CODE =
      "'redirect_uris': ['http://127.0.0.1/cb'], 'grant_types': ['authorization_code', "
          + BOTH
          + "]";

  private Company company;
  private Person erin;
  private Backchannel pages;

  @BeforeEach
  void found() {
    company = Company.found(TestDatabases.sqlite());
    erin = Person.of(company);
    pages = new Backchannel(company, erin.browser);
  }

  @AfterEach
  void close() {
    company.close();
  }

  private String initialToken() {
    return company
        .server
        .done(
            "/api/v1/registration-tokens",
            company.token,
            company.json("{'name': 'Programs', 'uses': 10}"))
        .text("token")
        .orElseThrow();
  }

  private HttpResponse<String> send(String method, String path, String token, String members) {
    var request =
        HttpRequest.newBuilder(company.server.uri(path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(company.json("{" + members + "}").toText()));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return company.server.send(request);
  }

  private Json.Obj registered(String token, String members) {
    var response = send("POST", "/oauth2/register", token, members);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return company.server.object(response.body());
  }

  private static String text(Json.Obj object, String name) {
    return object.text(name).orElseThrow(() -> new AssertionError(name + " of " + object.toText()));
  }

  /// Sends a form as the program, with its secret where it has one.
  private HttpResponse<String> form(Json.Obj program, String path, Map<String, String> pairs) {
    var form = new LinkedHashMap<>(pairs);
    var secret = program.text("client_secret");
    if (secret.isEmpty()) {
      form.put("client_id", text(program, "client_id"));
      return new Browser(company.server.uri("").getPort()).post(path, Browser.encoded(form));
    }
    var id = text(program, "client_id");
    return company.server.form(path, id, secret.get(), Browser.encoded(form));
  }

  private HttpResponse<String> device(Json.Obj program) {
    return form(program, "/oauth2/device_authorization", Map.of("scope", "openid"));
  }

  private HttpResponse<String> backchannel(Json.Obj program) {
    var form = Map.of("scope", "openid", "login_hint", "erin");
    return form(program, "/oauth2/bc-authorize", form);
  }

  private Json.Obj good(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return company.server.object(response.body());
  }

  private void isNotAllowed(HttpResponse<String> response) {
    assertThat(pages.error(response)).isEqualTo("unauthorized_client");
    assertThat(pages.waiting()).isEmpty();
  }

  @Test
  void aDeviceRegistersWithATokenAndNoRedirectUri() {
    var program =
        registered(
            initialToken(),
            "'client_name': 'Printer', 'token_endpoint_auth_method': 'none',"
                + " 'response_types': [], 'grant_types': ['"
                + DEVICE
                + "']");
    assertThat(program.texts("grant_types")).hasValue(List.of("refresh_token", DEVICE));
    assertThat(program.texts("response_types")).hasValue(List.of());
    assertThat(program.texts("redirect_uris")).hasValue(List.of());
    var started = good(device(program));
    erin.browser.open("/device");
    var entered = erin.browser.submit("/device", Map.of("code", text(started, "user_code")));
    var path = CodeFlow.location(entered);
    erin.browser.open(path);
    assertThat(erin.browser.page()).contains("Printer");
    assertThat(pages.decide(path, "allow", "openid").statusCode()).isEqualTo(200);
    var poll = Map.of("grant_type", DEVICE, "device_code", text(started, "device_code"));
    var tokens = good(form(program, "/oauth2/token", poll));
    assertThat(pages.claims(text(tokens, "id_token")).text("aud"))
        .isEqualTo(program.text("client_id"));
    isNotAllowed(backchannel(program));
  }

  @Test
  void aProgramThatProvesItselfRegistersForCiba() {
    var program = registered(initialToken(), "'grant_types': ['" + CIBA + "']");
    assertThat(program.texts("grant_types")).hasValue(List.of("refresh_token", CIBA));
    assertThat(program.text("backchannel_token_delivery_mode")).hasValue("poll");
    var request = text(good(backchannel(program)), "auth_req_id");
    pages.allow("openid");
    var poll = Map.of("grant_type", CIBA, "auth_req_id", request);
    assertThat(text(good(form(program, "/oauth2/token", poll)), "id_token")).isNotEmpty();
    isNotAllowed(device(program));
  }

  @Test
  void nobodyBeginsWhatTheyHaveNotRegisteredFor() {
    var program = registered(initialToken(), "'redirect_uris': ['https://console.example/cb']");
    isNotAllowed(device(program));
    isNotAllowed(backchannel(program));
    var changed =
        send(
            "PUT",
            "/oauth2/register/" + text(program, "client_id"),
            text(program, "registration_access_token"),
            "'client_id': '" + text(program, "client_id") + "', " + WITH_CODE);
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(company.server.object(changed.body()).texts("grant_types"))
        .hasValue(List.of("authorization_code", "refresh_token", DEVICE, CIBA));
    assertThat(device(program).statusCode()).isEqualTo(200);
    assertThat(backchannel(program).statusCode()).isEqualTo(200);
  }

  @Test
  void aStrangerGetsTheCodeFlowAndNothingElse() {
    var stranger = registered("", WITH_CODE);
    assertThat(stranger.texts("grant_types"))
        .hasValue(List.of("authorization_code", "refresh_token"));
    isNotAllowed(device(stranger));
    for (var alone : List.of(DEVICE, CIBA)) {
      var refused = send("POST", "/oauth2/register", "", "'grant_types': ['" + alone + "']");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("invalid_client_metadata");
    }
  }

  @Test
  void whoProvesNothingAsksNobodyAndNothingIsPinged() {
    var program = registered(initialToken(), "'token_endpoint_auth_method': 'none', " + WITH_CODE);
    assertThat(program.texts("grant_types"))
        .hasValue(List.of("authorization_code", "refresh_token", DEVICE));
    for (var wrong :
        List.of(
            "'backchannel_token_delivery_mode': 'ping', " + WITH_CODE,
            "'response_types': ['code'], 'grant_types': [" + BOTH + "]",
            "'response_types': [], " + WITH_CODE,
            "'grant_types': ['refresh_token']")) {
      var refused = send("POST", "/oauth2/register", initialToken(), wrong);
      assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
    }
  }
}
