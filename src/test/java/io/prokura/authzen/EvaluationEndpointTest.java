package io.prokura.authzen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.TestServer;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A whole server with the organisation of `examples/authzen`, asked by enforcers over HTTP: who is
/// answered at all, what an answer tells, and what the record says of it.
final class EvaluationEndpointTest {
  private static final Path EXAMPLE = Path.of("examples/authzen");
  private static final World WORLD = TestServer.systemWorld();
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final String QUESTION =
      "{'subject':{'type':'user','id':'alice'},'action':{'name':'read'},"
          + "'resource':{'type':'record','id':'record-1'}}";

  private static TestServer server;
  private static String admin;
  private static String owner;
  private static String enforcer;
  private static String secret;
  private static String records;

  @BeforeAll
  static void start() {
    var policies = EXAMPLE.resolve("policies").toString();
    server = TestServer.start(TestDatabases.sqlite(), TestDatabases.folder(), WORLD, policies);
    admin = server.operatorToken();
    owner = made("users", "{'userName':'alice'}");
    made("users", "{'userName':'bob'}");
    enforcer = made("workloads", "{'name':'records','owner':'" + owner + "'}");
    secret = secret("workloads", enforcer);
    records =
        made(
            "resources",
            """
            {'identifier':'https://records.example.org','name':'Records','agentFacing':false,
             'types':['record'],'enforcers':['%s'],
             'asserts':['subject.role','action.soft','resource.status'],
             'actions':[{'name':'read','sensitivity':'low'},{'name':'write','sensitivity':'low'},
                        {'name':'delete','sensitivity':'low'}]}
            """
                .formatted(enforcer));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Json.Obj json(String text) {
    return server.object(text.replace('\'', '"'));
  }

  /// Makes a thing and returns its id.
  private static String made(String things, String body) {
    return server.done("/api/v1/" + things, admin, json(body)).text("id").orElseThrow();
  }

  private static String secret(String things, String id) {
    return server
        .done("/api/v1/" + things + "/" + id + "/credentials", admin, json("{'kind':'secret'}"))
        .text("secret")
        .orElseThrow();
  }

  private static String basic(String id, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((id + ":" + password).getBytes(UTF_8));
  }

  private static HttpRequest.Builder request(String authorization, String body) {
    var request =
        HttpRequest.newBuilder(server.uri("/access/v1/evaluation"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.replace('\'', '"')));
    return authorization.isEmpty() ? request : request.header("Authorization", authorization);
  }

  private static HttpResponse<String> ask(String authorization, String body) {
    return server.send(request(authorization, body));
  }

  private static Json.Obj answer(String body) {
    var response = ask(basic(enforcer, secret), body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return server.object(response.body());
  }

  private static String reason(Json.Obj answer) {
    var context = answer.object("context").orElseThrow();
    return context.object("why").orElseThrow().text("code").orElseThrow();
  }

  private static void permit(String principal, String resource, String action) {
    made(
        "permissions",
        "{'principal':'%s','resource':'%s','actions':['%s'],'mode':'own'}"
            .formatted(principal, resource, action));
  }

  private static String token(String id, String password, String form) {
    var answer = server.form("/oauth2/token", id, password, "grant_type=client_credentials" + form);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return server.object(answer.body()).text("access_token").orElseThrow();
  }

  private static String decisionPoint() {
    var page = server.object(server.get("/api/v1/resources", admin).body());
    return ((Json.Arr) page.get("items").orElseThrow())
        .items().stream()
            .map(Json.Obj.class::cast)
            .filter(one -> one.text("identifier").orElseThrow().endsWith("/access/v1"))
            .findFirst()
            .flatMap(one -> one.text("id"))
            .orElseThrow();
  }

  @Test
  void decidesWithAnExampleThatIsLoadedFromFiles() throws IOException {
    var cases = Files.readAllLines(EXAMPLE.resolve("cases.txt"));
    assertThat(cases).hasSize(8);
    for (var one : cases) {
      int space = one.indexOf(' ');
      assertThat(answer(one.substring(space + 1)).flag("decision"))
          .as(one)
          .hasValue(Boolean.parseBoolean(one.substring(0, space)));
    }
  }

  @Test
  void anEnforcerWithAKeyProvesItselfByATokenForTheDecisionPoint() {
    var key = SigningKey.generate(Crypto.fastest(), WORLD, Algorithm.ES256);
    var jwk = key.verificationKey().toJwk().toText();
    server.done(
        "/api/v1/workloads/" + enforcer + "/credentials",
        admin,
        server.object("{\"kind\":\"key\",\"jwk\":" + jwk + "}"));
    permit(enforcer, decisionPoint(), "decide");
    var token = tokenByAssertion(key);
    assertThat(ask("Bearer " + token, QUESTION).statusCode()).isEqualTo(200);
    var nonsense = ask("Bearer " + token + "x", QUESTION);
    assertThat(nonsense.statusCode()).isEqualTo(401);
    assertThat(nonsense.headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith("Bearer ");
  }

  private static String tokenByAssertion(SigningKey key) {
    long now = WORLD.now().getEpochSecond();
    var claims =
        Json.object()
            .put("iss", enforcer)
            .put("sub", enforcer)
            .put("aud", server.issuer())
            .put("iat", now)
            .put("exp", now + 60)
            .put("jti", Id.Token.next(WORLD).text())
            .build();
    var form =
        "grant_type=client_credentials&scope=decide&resource=%s/access/v1&client_assertion_type=%s"
            .formatted(server.issuer(), ASSERTION_TYPE);
    var answer =
        server.send(
            HttpRequest.newBuilder(server.uri("/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    BodyPublishers.ofString(
                        form + "&client_assertion=" + JwtWriter.mint(key, "JWT", claims))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return server.object(answer.body()).text("access_token").orElseThrow();
  }

  @Test
  void whoProvesNothingIsNotAnswered() {
    for (var authorization : List.of("", "Negotiate abc", basic(enforcer, "wrong"))) {
      var refused = ask(authorization, QUESTION);
      assertThat(refused.statusCode()).as(authorization).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
      assertThat(refused.body()).doesNotContain("decision\"");
    }
    assertThat(ask("Bearer " + admin, QUESTION).statusCode()).isEqualTo(401);
  }

  @Test
  void whoProvesItselfAndIsNoEnforcerIsRefusedOrLearnsNothing() {
    var application = made("clients", "{'name':'portal','everything':true}");
    var portal = basic(application, secret("clients", application));
    assertThat(ask(portal, QUESTION).statusCode()).isEqualTo(403);

    var other = made("workloads", "{'name':'other','owner':'" + owner + "'}");
    var foreign = basic(other, secret("workloads", other));
    var answer = ask(foreign, QUESTION);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(reason(server.object(answer.body()))).isEqualTo("not_your_resource");
    var unknown = ask(foreign, QUESTION.replace("record", "nothing"));
    assertThat(withoutId(unknown)).isEqualTo(withoutId(answer));

    server.done("/api/v1/workloads/" + other + "/deactivate", admin, json("{'reason':'test'}"));
    assertThat(ask(foreign, QUESTION).statusCode()).isEqualTo(403);
  }

  private static String withoutId(HttpResponse<String> answer) {
    return answer
        .body()
        .replaceAll("dec_[0-9a-z]+", "dec_")
        .replaceAll("\"evaluated_at\":\"[^\"]+\"", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "'alice'",
        "{'subject':{'type':'user','id':'alice'},}",
        "{'subject':null,'action':{'name':'read'},'resource':{'type':'record','id':'1'}}",
        "{'subject':{'type':'user','id':''},'action':{'name':'read'},"
            + "'resource':{'type':'record','id':'1'}}",
        "{'subject':{'type':['user'],'id':'a'},'action':{'name':'read'},"
            + "'resource':{'type':'record','id':'1'}}",
        "{'subject':{'type':'user','id':'a'},'action':'read',"
            + "'resource':{'type':'record','id':'1'}}",
        "{'subject':{'type':'user','id':'a'},'action':{'name':'read','properties':[]},"
            + "'resource':{'type':'record','id':'1'}}",
        "{'subject':{'type':'user','id':'a'},'action':{'name':'read'},"
            + "'resource':{'type':'record','id':1}}",
        "{'subject':{'type':'user','id':'a','id':'b'},'action':{'name':'read'},"
            + "'resource':{'type':'record','id':'1'}}",
        "{'subject':{'type':'user','id':'a'},'action':{'name':'read'},"
            + "'resource':{'type':'record','id':'1'},'context':{'access_token':''}}",
      })
  void aRequestThatIsNotOneIsABadRequest(String body) {
    var refused =
        server.send(request(basic(enforcer, secret), body).header("X-Request-ID", "no 7/a"));
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.headers().allValues("X-Request-ID")).containsExactly("no 7/a");
    assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void theRecordTellsWhatWasDecidedAndShowsNoToken() {
    var logged = new Logged();
    Logger.getLogger("").addHandler(logged);
    try {
      var purpose =
          made(
              "purposes",
              "{'name':'reading','owner':'%s','covers':[{'resource':'%s','actions':['read']}]}"
                  .formatted(owner, records));
      var agent =
          made(
              "agents",
              "{'name':'reader','owner':'%s','backupOwner':'%s','purposes':['%s'],"
                      .formatted(owner, made("users", "{'userName':'carol'}"), purpose)
                  + "'environment':'test','risk':'low','bearerTokens':true}");
      server.done("/api/v1/agents/" + agent + "/activate", admin, json("{'reason':'test'}"));
      permit(agent, records, "read");
      var resource = "&resource=https://records.example.org";
      var token = token(agent, secret("agents", agent), resource);
      var question =
          "{'subject':%s,'action':{'name':'read'},'resource':%s,'context':%s}"
              .formatted(
                  "{'type':'agent','id':'" + agent + "'}",
                  "{'type':'record','id':'record-1','properties':{'status':'active'}}",
                  "{'ip':'10.0.0.1','access_token':'" + token + "'}");
      var id = decisionId(answer(question));

      var entry = server.get("/api/v1/audit/" + id, admin).body();
      var leaf = server.object(entry).object("leaf").orElseThrow();
      var facts = leaf.object("facts").orElseThrow();
      assertThat(leaf.text("about")).hasValue(id);
      assertThat(facts.text("identity")).hasValue("verified");
      assertThat(facts.texts("principals")).hasValue(List.of(agent));
      assertThat(facts.text("token").orElseThrow()).startsWith("tok_");
      assertThat(facts.text("purpose")).hasValue(purpose);
      assertThat(facts.text("resource")).hasValue(records);
      assertThat(facts.text("action")).hasValue("read");
      assertThat(facts.text("by")).hasValue(enforcer);
      assertThat(facts.text("snapshot").orElseThrow()).matches("[0-9a-f]{64}");
      assertThat(leaf.toText()).doesNotContain("record-1", "active", "10.0.0.1");
      var opened = server.object(entry).object("opened").orElseThrow();
      assertThat(opened.object("object").orElseThrow().text("value")).hasValue("record record-1");
      assertThat(opened.object("asserted").orElseThrow().text("value").orElseThrow())
          .contains("10.0.0.1", "active");
      var everything = server.get("/api/v1/audit?limit=200", admin).body() + logged.lines;
      for (var part : token.split("\\.", -1)) {
        assertThat(everything).doesNotContain(part);
      }
    } finally {
      Logger.getLogger("").removeHandler(logged);
    }
  }

  @Test
  void anIdentityThatTheEnforcerClaimsIsRecordedAsClaimed() {
    var id = decisionId(answer(QUESTION));
    var entry = server.object(server.get("/api/v1/audit/" + id, admin).body());
    var leaf = entry.object("leaf").orElseThrow();
    var facts = leaf.object("facts").orElseThrow();
    assertThat(facts.text("identity")).hasValue("claimed");
    assertThat(facts.texts("principals").orElseThrow().getFirst()).startsWith("psn_");
    assertThat(facts.texts("policies")).hasValue(List.of("records.everybody-reads"));
    assertThat(leaf.toText()).doesNotContain("alice", owner);
    var opened = entry.object("opened").orElseThrow();
    assertThat(opened.object("subject").orElseThrow().text("value")).hasValue("user alice");
  }

  private static String decisionId(Json.Obj answer) {
    return answer.object("context").orElseThrow().text("id").orElseThrow();
  }

  /// Whatever is logged at any level.
  private static final class Logged extends Handler {
    final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

    Logged() {
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord entry) {
      lines.add(entry.getMessage() + Arrays.toString(entry.getParameters()) + entry.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
