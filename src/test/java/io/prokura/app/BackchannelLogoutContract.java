package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.jose.Crypto;
import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwkSet;
import io.prokura.jose.JwtReader;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who is told that Erin has signed out, and that they are told whatever goes wrong.
abstract class BackchannelLogoutContract {
  private final MovedClock clock = new MovedClock();
  private final World world = clock.world;
  private final Receiver receiver = new Receiver();
  private Company company;
  private Person erin;
  private CodeFlow flow;

  /// Opens the one database of a test, again and again.
  abstract Database open();

  @BeforeEach
  void found() {
    company = Company.found(this::open, world);
    erin = Person.of(company);
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    flow = new CodeFlow(company, erin.browser);
    register("console", "/console");
    make("portal", "/portal?x=1");
    make("wiki", "");
  }

  @AfterEach
  void close() {
    receiver.close();
    company.close();
  }

  private Json.Obj application(String name, String path) {
    return company.json(
        """
        {'name': '%s', 'everything': true, 'resource': '<crm>',
         'redirectUris': ['https://console.example/cb']%s}
        """
            .formatted(
                name,
                path.isEmpty()
                    ? ""
                    : ", 'backchannelLogoutSessionRequired': true, 'backchannelLogoutUri': '%s'%s"
                        .formatted(
                            receiver.uri(path),
                            name.equals("portal") ? ", 'subjectType': 'pairwise'" : "")));
  }

  private void make(String name, String path) {
    company.make(name, "clients", quoted(application(name, path)));
    company.secret(name, "clients");
  }

  /// Registers an application anew.
  private void register(String name, String path) {
    var done = company.replace(name, "clients", quoted(application(name, path)));
    assertThat(done.text("backchannelLogoutUri")).hasValue(receiver.uri(path));
  }

  private static String quoted(Json.Obj json) {
    return json.toText().replace('"', '\'');
  }

  /// Signs in to an application, which redeems the code; what it gets.
  private Json.Obj signIn(String name, String scope) {
    var allowed = scope.equals("openid") ? scope : scope.replace("openid ", "");
    var code = flow.code(List.of(allowed), "client_id", "<" + name + ">", "scope", scope);
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("code_verifier", CodeFlow.VERIFIER);
    var answer =
        company.server.form(
            "/oauth2/token", company.id(name), company.secret(name), Browser.encoded(form));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return company.server.object(answer.body());
  }

  private void signOut() {
    erin.browser.open("/logout");
    assertThat(erin.browser.submit("/logout", Map.of()).statusCode()).isEqualTo(303);
  }

  private void pass(Duration time) {
    clock.pass(time, company.server);
  }

  private List<String> told(String path, int count) {
    Eventually.holds(path + " is told", () -> receiver.at(path).size() >= count);
    return List.copyOf(receiver.at(path));
  }

  /// The claims of a token by the published keys, which has to be typed.
  private Json.Obj verified(String token) {
    var reader = new JsonReader(Limits.standard());
    var jwks = company.server.object(company.server.get("/oauth2/jwks", "").body());
    if (JwkSet.parse(Crypto.jdk(), jwks, Refusal.TOKEN_INVALID) instanceof Ok(var keys)
        && new JwtReader(reader).read(token, Refusal.TOKEN_INVALID) instanceof Ok(var jwt)
        && jwt.verify(
                keys.find(jwt).orElseThrow(), ExpectedType.of("logout+jwt"), Refusal.TOKEN_INVALID)
            instanceof Ok(var good)) {
      return good.claims();
    }
    throw new AssertionError("not verified: " + token);
  }

  private Json.Obj claims(String jwt) {
    var payload = java.util.Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]);
    return company.server.object(new String(payload, java.nio.charset.StandardCharsets.UTF_8));
  }

  private void recorded(String type, String application) {
    var path = "/api/v1/audit?limit=200";
    Eventually.holds(
        type,
        () ->
            company
                .server
                .get(path, company.server.operatorToken())
                .body()
                .contains("\"" + type + "\""));
    var all = company.server.get(path, company.server.operatorToken()).body();
    assertThat(all).contains(company.id(application));
  }

  @Test
  void everyApplicationThatLearntWhoSheIsIsToldOnce() {
    var idToken = claims(signIn("console", "openid tickets.read").text("id_token").orElseThrow());
    signIn("console", "openid tickets.close");
    signIn("portal", "tickets.read");
    signIn("wiki", "openid tickets.read");
    flow.code(List.of("openid"), "client_id", "<portal>", "scope", "openid", "resource", "");
    signOut();
    var token = told("/console", 1).getFirst();
    var claims = verified(token);
    assertThat(claims.members())
        .containsOnlyKeys("iss", "sub", "aud", "iat", "exp", "jti", "sid", "events");
    assertThat(claims.text("iss")).hasValue(company.server.issuer());
    assertThat(claims.text("sub")).hasValue(erin.id);
    assertThat(claims.text("aud")).hasValue(company.id("console"));
    assertThat(claims.text("sid")).isEqualTo(idToken.text("sid"));
    assertThat(claims.number("exp").orElseThrow() - claims.number("iat").orElseThrow())
        .isEqualTo(120);
    assertThat(claims.object("events").orElseThrow().toText())
        .isEqualTo("{\"http://schemas.openid.net/event/backchannel-logout\":{}}");
    recorded("logout.delivered", "console");
    pass(Duration.ofHours(5));
    signInAgain();
    var pairwise = claims(signIn("portal", "openid tickets.read").text("id_token").orElseThrow());
    assertThat(pairwise.text("sub").orElseThrow()).isNotEqualTo(erin.id);
    signOut();
    var toPortal = verified(told("/portal?x=1", 1).getFirst());
    assertThat(toPortal.text("aud")).hasValue(company.id("portal"));
    assertThat(toPortal.text("sub")).isEqualTo(pairwise.text("sub"));
    assertThat(receiver.at("/console")).hasSize(1);
    assertThat(receiver.at("/portal?x=1")).hasSize(1);
    var hint = Browser.encoded(Map.of("id_token_hint", token));
    assertThat(erin.browser.open("/oauth2/logout?" + hint).statusCode())
        .as("a logout token is no ID token")
        .isEqualTo(400);
  }

  private void signInAgain() {
    pass(Duration.ofMinutes(1));
    erin.signIn(world.now());
  }

  @Test
  void anAdministratorSeesWhereSheIsSignedInAndEndsIt() {
    var tokens = signIn("console", "openid tickets.read");
    var path = "/api/v1/users/" + company.id("erin") + "/sessions";
    var listed = company.server.get(path, company.server.operatorToken()).body();
    var session = claims(tokens.text("id_token").orElseThrow()).text("sid").orElseThrow();
    assertThat(listed).contains(session, "\"clients\":[\"" + company.id("console") + "\"]");
    var reason = company.json("{'reason': 'a lost laptop'}");
    var operator = company.server.operatorToken();
    var ended = company.server.done("/api/v1/sessions/" + session + "/end", operator, reason);
    assertThat(ended.text("id")).hasValue(session);
    assertThat(verified(told("/console", 1).getFirst()).text("sid")).hasValue(session);
    assertThat(erin.browser.open("/me").statusCode()).isEqualTo(303);
    var refresh = flow.refresh(tokens.text("refresh_token").orElseThrow());
    assertThat(flow.error(refresh)).isEqualTo("invalid_grant");
    assertThat(company.server.get(path, company.server.operatorToken()).body())
        .doesNotContain(session);
  }

  @Test
  void sheIsSignedOutEverywhereHoweverTheSessionIsEnded() {
    var first = signIn("console", "openid tickets.read");
    pass(Duration.ofMinutes(1));
    erin.browser.cookies.clear();
    erin.signIn(world.now());
    var second = signIn("console", "openid tickets.close");
    erin.browser.open("/me");
    var page = erin.browser.page();
    int at = page.indexOf("/me/sessions/");
    erin.browser.submit(page.substring(at, page.indexOf('"', at)), Map.of());
    assertThat(sessionOf(told("/console", 1).getFirst())).isEqualTo(sessionOf(first));
    company.step("users", "erin", "deactivate");
    assertThat(sessionOf(told("/console", 2).getLast())).isEqualTo(sessionOf(second));
  }

  @Test
  void sheIsSignedOutEverywhereOnceTheTimeOfHerSessionIsOver() {
    var first = signIn("console", "openid tickets.read");
    pass(Duration.ofMinutes(61));
    assertThat(receiver.at("/console")).as("she may be at work there").isEmpty();
    pass(Duration.ofHours(11));
    assertThat(sessionOf(told("/console", 1).getFirst())).isEqualTo(sessionOf(first));
    recorded("session.expired", "console");
    recorded("logout.delivered", "console");
    assertThat(receiver.at("/console")).hasSize(1);
  }

  private String sessionOf(String token) {
    return verified(token).text("sid").orElseThrow();
  }

  private String sessionOf(Json.Obj tokens) {
    return claims(tokens.text("id_token").orElseThrow()).text("sid").orElseThrow();
  }

  @Test
  void whatFailsIsTriedAgainAlsoAfterARestart() {
    signIn("console", "openid tickets.read");
    receiver.answers(500, Receiver.HANGS, 302, 400);
    signOut();
    told("/console", 1);
    pass(Duration.ofSeconds(6));
    told("/console", 2);
    pass(Duration.ofSeconds(31));
    told("/console", 3);
    company.server.restart();
    pass(Duration.ofMinutes(3));
    told("/console", 4);
    company.server.restart();
    pass(Duration.ofMinutes(11));
    var all = told("/console", 5);
    recorded("logout.delivered", "console");
    var ids = new ArrayList<String>();
    all.forEach(token -> ids.add(verified(token).text("jti").orElseThrow()));
    assertThat(ids).doesNotHaveDuplicates().hasSize(5);
    pass(Duration.ofHours(9));
    signInAfterRestart();
    told("/portal?x=1", 1);
    assertThat(receiver.at("/console")).hasSize(5);
  }

  /// Something else that is told, after which nothing that was due before is left.
  private void signInAfterRestart() {
    var browser = new Browser(company.server.uri("").getPort());
    browser.cookies.putAll(erin.browser.cookies);
    var again = erin.with(browser);
    again.signIn(world.now());
    var code =
        new CodeFlow(company, browser)
            .code(List.of("openid"), "client_id", "<portal>", "scope", "openid", "resource", "");
    var form =
        Map.of(
            "grant_type", "authorization_code", "code", code, "code_verifier", CodeFlow.VERIFIER);
    company.server.form(
        "/oauth2/token", company.id("portal"), company.secret("portal"), Browser.encoded(form));
    browser.open("/logout");
    browser.submit("/logout", Map.of());
  }

  @Test
  void thatNobodyTookItIsOnRecord() {
    signIn("console", "openid tickets.read");
    receiver.answers(500, 500, 500, 500, 500, 500, 500, 500, 500, 500);
    signOut();
    for (int i = 1; i <= 9; i++) {
      told("/console", i);
      pass(Duration.ofHours(5));
    }
    recorded("logout.undelivered", "console");
    assertThat(receiver.at("/console")).hasSize(9);
  }

  @Test
  void anApplicationThatWasTurnedOffIsToldNothing() {
    signIn("console", "openid tickets.read");
    signIn("portal", "openid tickets.read");
    company.step("clients", "console", "deactivate");
    signOut();
    told("/portal?x=1", 1);
    recorded("logout.delivered", "portal");
    assertThat(receiver.at("/console")).isEmpty();
  }
}
