package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Programs register themselves, and try to get more by that than they may have.
final class RegistrationTest {
  private static final String NOTEBOOK =
      """
      {'client_name': 'Notebook', 'redirect_uris': ['http://127.0.0.1/cb'],
       'token_endpoint_auth_method': 'none'}
      """;
  private static final String DESK =
      "{'client_name': 'Desk', 'redirect_uris': ['https://desk.example/cb']}";

  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final World world = new World(() -> Instant.now().plus(passed.get()), new SecureRandom());
  private Company company;

  @BeforeEach
  void found() {
    company = Company.found(TestDatabases.sqlite(), world);
  }

  @AfterEach
  void close() {
    company.close();
  }

  private void pass(Duration time) {
    passed.set(time);
    Eventually.holds("a node that follows the clock", company.server::ready);
  }

  private HttpResponse<String> send(String method, String path, String token, String body) {
    var request = HttpRequest.newBuilder(company.server.uri(path));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return company.server.send(
        request.method(method, BodyPublishers.ofString(body.replace('\'', '"'))));
  }

  private HttpResponse<String> register(String token, String body) {
    return send("POST", "/oauth2/register", token, body);
  }

  private Json.Obj registered(String token, String body) {
    var response = register(token, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return company.server.object(response.body());
  }

  private String error(HttpResponse<String> response) {
    return response.statusCode()
        + " "
        + company.server.object(response.body()).text("error").orElse("");
  }

  private String initialToken(String members) {
    var made =
        company.server.post(
            "/api/v1/registration-tokens",
            company.token,
            company.json("{'name': 'Programs'" + members + "}"));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return company.server.object(made.body()).text("token").orElseThrow();
  }

  private static String text(Json.Obj object, String name) {
    return object.text(name).orElseThrow(() -> new AssertionError(name + " of " + object));
  }

  private static String own(Json.Obj registered) {
    return "/oauth2/register/" + text(registered, "client_id");
  }

  private static String accessToken(Json.Obj registered) {
    return text(registered, "registration_access_token");
  }

  @Test
  void aPublicProgramRegistersItselfAndIsUsed() {
    var erin = Person.of(company);
    company.make(
        "wiki",
        "resources",
        """
        {'identifier': 'https://wiki.example', 'name': 'Wiki', 'agentFacing': false,
         'actions': [{'name': 'pages.read', 'sensitivity': 'low'}]}
        """);
    company.permit("erin", "wiki", "['pages.read']", "own");
    var notebook = registered("", NOTEBOOK);
    assertThat(notebook.text("client_secret")).isEmpty();
    assertThat(notebook.texts("grant_types"))
        .hasValue(List.of("authorization_code", "refresh_token"));
    assertThat(text(notebook, "registration_client_uri"))
        .isEqualTo(company.server.issuer() + own(notebook));
    company.known("notebook", text(notebook, "client_id"));
    var flow = new CodeFlow(company, erin.browser);
    var asked =
        flow.authorize(
            "client_id",
            "<notebook>",
            "redirect_uri",
            "http://127.0.0.1:40123/cb",
            "scope",
            "pages.read",
            "resource",
            "https://wiki.example");
    assertThat(CodeFlow.location(asked)).startsWith("/consent");
    erin.browser.open(CodeFlow.location(asked));
    assertThat(erin.browser.page()).contains("Notebook", "127.0.0.1");
    var seen = company.server.get("/api/v1/clients/" + text(notebook, "client_id"), company.token);
    assertThat(seen.body()).contains("\"origin\":\"open\"", "\"consent\":\"asked\"");
  }

  @Test
  void aProgramWithATokenGetsASecretAndProvesItselfWithIt() {
    var desk = registered(initialToken(""), DESK);
    assertThat(text(desk, "token_endpoint_auth_method")).isEqualTo("client_secret_basic");
    assertThat(desk.number("client_secret_expires_at")).hasValue(0L);
    var proven =
        company.server.form(
            "/oauth2/token",
            text(desk, "client_id"),
            text(desk, "client_secret"),
            "grant_type=authorization_code&code=x");
    assertThat(error(proven)).as("known, but no code").isEqualTo("400 invalid_grant");
    var again = send("GET", own(desk), accessToken(desk), "");
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).doesNotContain(text(desk, "client_secret")).contains("Desk");
  }

  @Test
  void aTokenIsGoodForSoManyAndNotForEver() {
    var twice = initialToken(", 'uses': 2");
    registered(twice, DESK);
    registered(twice, DESK);
    assertThat(error(register(twice, DESK))).isEqualTo("401 invalid_token");
    var brief = initialToken(", 'uses': 9");
    pass(Duration.ofDays(8));
    assertThat(error(register(brief, DESK))).isEqualTo("401 invalid_token");
    var wrong = register("prkr_nobodys", NOTEBOOK);
    assertThat(error(wrong)).as("also where none is needed").isEqualTo("401 invalid_token");
    assertThat(wrong.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Bearer");
  }

  @Test
  void aRefusedRegistrationDoesNotSpendTheToken() {
    var once = initialToken("");
    assertThat(register(once, "{'redirect_uris': []}").statusCode()).isEqualTo(400);
    registered(once, DESK);
  }

  private static final List<String> NO_ADDRESSES =
      List.of(
          "javascript:alert(1)",
          "data:text/html,x",
          "https://a.example/*",
          "https://*.example/cb",
          "https://a.example/cb#x",
          "https://a.example@b.example/cb",
          "http://a.example/cb",
          "http://127.0.0.1.a.example/cb",
          "http://localhost.a.example/cb",
          "http://10.0.0.1/cb",
          "//a.example/cb",
          "/cb",
          "com.example.app:/cb",
          "http://localhost:8420/me",
          "https://a.example/c b",
          "");

  @Test
  void anAddressThatIsNoPlaceOfTheProgramsIsRefused() {
    for (var uri : NO_ADDRESSES) {
      var body = "{'redirect_uris': ['http://127.0.0.1/cb', '" + uri + "']}";
      assertThat(error(register("", body)))
          .as(uri)
          .isIn("400 invalid_redirect_uri", "400 invalid_client_metadata");
    }
    assertThat(company.server.get("/api/v1/clients", company.token).body())
        .as("nothing of it is registered")
        .doesNotContain("\"origin\":\"open\"");
  }

  private static final List<String> NOT_FOR_STRANGERS =
      List.of(
          "'token_endpoint_auth_method': 'client_secret_basic'",
          "'token_endpoint_auth_method': 'private_key_jwt'",
          "'token_endpoint_auth_method': 'tls_client_auth'",
          "'grant_types': ['client_credentials']",
          "'response_types': ['token']",
          "'client_uri': 'javascript:alert(1)'",
          "'logo_uri': 'http://a.example/logo'",
          "'client_name': 'Pro\\u202ekura'",
          "'client_name': 7",
          "'id_token_signed_response_alg': 'none'",
          "'id_token_encrypted_response_alg': 'RSA-OAEP'",
          "'subject_type': 'other'",
          "'default_max_age': -1",
          "'jwks': {'keys': [{'kty': 'oct', 'k': 'AAAA'}]}",
          "'jwks': {'keys': []}, 'jwks_uri': 'https://a.example/keys'",
          "'sector_identifier_uri': 'https://169.254.169.254/list'",
          "'sector_identifier_uri': 'https://localhost/list'",
          "'scope': 7",
          "'scope': 'a  b'",
          "'client_name': 'twice', 'client_name': 'once'");

  @Test
  void whatAStrangerMayNotHaveIsRefused() {
    for (var member : NOT_FOR_STRANGERS) {
      var body = "{'redirect_uris': ['http://127.0.0.1/cb'], " + member + "}";
      assertThat(error(register("", body))).as(member).isEqualTo("400 invalid_client_metadata");
    }
  }

  @Test
  void aSoftwareStatementIsRefusedAndAHugeBodyToo() {
    var stated = "{'redirect_uris': ['http://127.0.0.1/cb'], 'software_statement': 'e30.e30.'}";
    assertThat(error(register("", stated))).isEqualTo("400 unapproved_software_statement");
    var huge = NOTEBOOK.replace("Notebook", "N".repeat(20_000));
    assertThat(error(register("", huge))).isEqualTo("400 invalid_client_metadata");
    assertThat(error(register("", "[]"))).isEqualTo("400 invalid_client_metadata");
    assertThat(error(register("", "{"))).isEqualTo("400 invalid_client_metadata");
  }

  @Test
  void membersOfOursInTheRequestGiveNothing() {
    var body =
        """
        {'redirect_uris': ['http://127.0.0.1/cb'], 'consent': 'implied', 'everything': true,
         'origin': 'administrator', 'client_id': 'cli_00000000000000000000000000',
         'pkceOptional': true, 'public': false, 'active': true, 'registration_access_token': 'x'}
        """;
    var made = registered("", body);
    assertThat(text(made, "client_id")).isNotEqualTo("cli_00000000000000000000000000");
    var seen = company.server.get("/api/v1/clients/" + text(made, "client_id"), company.token);
    assertThat(seen.body())
        .contains("\"origin\":\"open\"", "\"consent\":\"asked\"", "\"pkceOptional\":false");
  }

  @Test
  void anotherProgramsTokenOpensNothing() {
    var one = registered("", NOTEBOOK);
    var two = registered("", NOTEBOOK);
    for (var method : List.of("GET", "PUT", "DELETE")) {
      var body = method.equals("PUT") ? NOTEBOOK : "";
      for (var token : List.of(accessToken(two), "", "prka_x", company.token)) {
        assertThat(error(send(method, own(one), token, body))).isEqualTo("401 invalid_token");
      }
    }
    assertThat(send("GET", own(one), accessToken(one), "").statusCode()).isEqualTo(200);
    assertThat(send("GET", own(two), accessToken(two), "").statusCode()).isEqualTo(200);
  }

  private static String with(Json.Obj registered, String body) {
    return body.replaceFirst("\\{", "{'client_id': '" + text(registered, "client_id") + "', ");
  }

  @Test
  void anUpdateReplacesAllAndTurnsTheToken() {
    var one = registered("", NOTEBOOK);
    var two = registered("", NOTEBOOK);
    var changed = "{'redirect_uris': ['https://notebook.example/cb']}";
    assertThat(error(send("PUT", own(one), accessToken(one), changed)))
        .as("without client_id")
        .isEqualTo("400 invalid_client_metadata");
    assertThat(error(send("PUT", own(one), accessToken(one), with(two, changed))))
        .isEqualTo("400 invalid_client_metadata");
    var next = send("PUT", own(one), accessToken(one), with(one, changed));
    assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
    var told = company.server.object(next.body());
    assertThat(told.texts("redirect_uris")).hasValue(List.of("https://notebook.example/cb"));
    assertThat(text(told, "client_name")).doesNotContain("Notebook");
    assertThat(error(send("GET", own(one), accessToken(one), ""))).isEqualTo("401 invalid_token");
    assertThat(send("GET", own(one), accessToken(told), "").statusCode()).isEqualTo(200);
  }

  @Test
  void anUpdateIsNoWayUp() {
    var one = registered("", NOTEBOOK);
    for (var more :
        List.of(
            "'token_endpoint_auth_method': 'client_secret_basic'",
            "'client_secret': 'mine'",
            "'grant_types': ['client_credentials']")) {
      var body = with(one, "{'redirect_uris': ['http://127.0.0.1/cb'], " + more + "}");
      assertThat(error(send("PUT", own(one), accessToken(one), body)))
          .isEqualTo("400 invalid_client_metadata");
    }
    var custom = with(one, "{'redirect_uris': ['com.example.app:/cb']}");
    assertThat(error(send("PUT", own(one), accessToken(one), custom)))
        .isEqualTo("400 invalid_redirect_uri");
  }

  @Test
  void whatAnAdministratorAgreedToIsAskedAgainWhenTheProgramChanges() {
    var desk = registered(initialToken(""), DESK);
    var path = "/api/v1/clients/" + text(desk, "client_id");
    var lax =
        "{'name': 'Desk', 'everything': true, 'consent': 'implied',"
            + " 'redirectUris': ['https://desk.example/cb']}";
    var agreed =
        company.server.send(
            "PUT",
            path,
            company.token,
            java.util.Map.of("If-Match", "\"1\""),
            company.json(lax).toText());
    assertThat(agreed.statusCode()).as(agreed.body()).isEqualTo(200);
    var elsewhere = with(desk, "{'redirect_uris': ['https://elsewhere.example/cb']}");
    assertThat(send("PUT", own(desk), accessToken(desk), elsewhere).statusCode()).isEqualTo(200);
    assertThat(company.server.get(path, company.token).body())
        .contains("\"consent\":\"asked\"", "\"origin\":\"initial-token\"");
  }

  @Test
  void aStoppedProgramChangesNothing() {
    var one = registered("", NOTEBOOK);
    company.known("one", text(one, "client_id"));
    company.step("clients", "one", "deactivate");
    assertThat(error(send("PUT", own(one), accessToken(one), with(one, NOTEBOOK))))
        .isEqualTo("401 invalid_token");
    assertThat(error(send("GET", own(one), accessToken(one), ""))).isEqualTo("401 invalid_token");
  }

  @Test
  void aProgramEndsItself() {
    var desk = registered(initialToken(""), DESK);
    assertThat(send("DELETE", own(desk), accessToken(desk), "").statusCode()).isEqualTo(204);
    assertThat(error(send("GET", own(desk), accessToken(desk), ""))).isEqualTo("401 invalid_token");
    var proven =
        company.server.form(
            "/oauth2/token",
            text(desk, "client_id"),
            text(desk, "client_secret"),
            "grant_type=authorization_code&code=x");
    assertThat(error(proven)).isEqualTo("401 invalid_client");
  }

  @Test
  void tooManyFromOnePlaceAreTurnedAwayAndATokenStillWorks() {
    int status = 201;
    int count = 0;
    while (status == 201 && count < 1_000) {
      status = register("", NOTEBOOK).statusCode();
      count++;
    }
    assertThat(status).isEqualTo(429);
    assertThat(count).isBetween(10, 100);
    registered(initialToken(""), DESK);
    pass(Duration.ofHours(2));
    registered("", NOTEBOOK);
  }

  @Test
  void theMetadataSaysWhereToRegister() {
    var metadata = company.server.get("/.well-known/oauth-authorization-server", "").body();
    assertThat(company.server.object(metadata).text("registration_endpoint"))
        .hasValue(company.server.issuer() + "/oauth2/register");
  }

  @Test
  void peopleHaveOneNamePerSector() {
    var pairwise = "{'redirect_uris': ['https://a.example/cb'], 'subject_type': 'pairwise'}";
    var seen = registered("", pairwise);
    assertThat(seen.text("subject_type")).hasValue("pairwise");
    assertThat(seen.text("id_token_signed_response_alg")).hasValue("RS256");
    var several = pairwise.replace("cb'", "cb', 'https://b.example/cb'");
    assertThat(error(register("", several))).isEqualTo("400 invalid_client_metadata");
  }
}
