package io.prokura.authzen;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.catalogue.PersonRights;
import io.prokura.decision.Organisation;
import io.prokura.directory.Workload;
import io.prokura.http.Access;
import io.prokura.http.Around;
import io.prokura.http.HttpServer;
import io.prokura.http.Metrics;
import io.prokura.http.ProtectedResource;
import io.prokura.http.Recorded;
import io.prokura.http.Route;
import io.prokura.http.Unreached;
import io.prokura.json.Json;
import io.prokura.policy.Policies;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The certification scenario of the AuthZEN Authorization API 1.0, levels Basic and Discovery:
/// over HTTP, against the organisation of `examples/authzen`.
final class CertificationScenarioTest {
  private static final String ALICE = "{'type':'user','id':'alice'}";
  private static final String RECORD = "{'type':'record','id':'record-1'}";
  private static final String READ = "{'name':'read'}";

  private static Organisation organisation;
  private static Workload enforcer;
  private static String secret;
  private static HttpServer server;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    organisation = new Organisation(Policies.of(Path.of("examples/authzen/policies")));
    organisation.user("alice");
    organisation.user("bob");
    enforcer = organisation.workload();
    secret = organisation.secret(enforcer.id());
    organisation.resource(
        "https://records.example.org",
        List.of("record"),
        List.of("read", "write", "delete"),
        false,
        PersonRights.CHECKED,
        List.of(enforcer.id()),
        List.of("subject.role", "action.soft", "resource.status", "context.ip"));
    organisation.resource(
        Organisation.ISSUER + "/access/v1",
        List.of(),
        List.of("decide", "nothing"),
        false,
        PersonRights.CHECKED,
        List.of(),
        List.of());
    var enforcers =
        new Enforcers(
            new ProtectedResource(
                Organisation.ISSUER, "/access/v1", "AuthZEN", "decide", List.of()),
            organisation.authenticator,
            organisation.presented,
            organisation.refusals);
    var evaluation = new EvaluationEndpoint(enforcers, organisation.pdp);
    var evaluations = new EvaluationsEndpoint(enforcers, organisation.pdp);
    var configuration = new ConfigurationEndpoint(Organisation.ISSUER);
    var routes =
        List.of(
            new Route(
                "POST",
                "/access/v1/evaluation",
                new Access.Enforcer(),
                Recorded.AFTER,
                evaluation::evaluate),
            new Route(
                "POST",
                "/access/v1/evaluations",
                new Access.Enforcer(),
                Recorded.AFTER,
                evaluations::evaluate),
            new Route(
                "GET",
                "/.well-known/authzen-configuration",
                new Access.Anyone(),
                Recorded.NOTHING,
                configuration::metadata));
    var options = HttpServer.Options.standard("127.0.0.1", 0, organisation.registers.limits);
    server =
        HttpServer.start(
            organisation.registers.world,
            new Metrics(),
            Around.NOTHING,
            Unreached.IGNORED,
            routes,
            options);
    http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  }

  @AfterAll
  static void stop() {
    http.close();
    server.stop();
    organisation.close();
  }

  private static HttpRequest.Builder request(String path) {
    var pair = enforcer.id().text() + ":" + secret;
    var basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .timeout(Duration.ofSeconds(10))
        .header("Authorization", "Basic " + basic);
  }

  private static HttpRequest.Builder question(String body) {
    return request("/access/v1/evaluation")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body.replace('\'', '"')));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (java.io.IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static HttpResponse<String> ask(String body) {
    return send(question(body));
  }

  private static Json.Obj answer(String body) {
    var response = ask(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    return organisation.registers.json(response.body());
  }

  private static boolean decision(String subject, String action, String resource) {
    var body = "{'subject':%s,'action':%s,'resource':%s}".formatted(subject, action, resource);
    return answer(body).flag("decision").orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "alice, read, true",
    "alice, write, true",
    "bob, read, true",
    "bob, write, false",
  })
  void decidesByIdentifiersAlone(String who, String action, boolean expected) {
    var subject = "{'type':'user','id':'" + who + "'}";
    assertThat(decision(subject, "{'name':'" + action + "'}", RECORD)).isEqualTo(expected);
  }

  @Test
  void deniesByAPropertyOfTheResource() {
    var archived = "{'type':'record','id':'record-2','properties':{'status':'archived'}}";
    assertThat(decision(ALICE, "{'name':'write'}", archived)).isFalse();
    var nowActive = "{'type':'record','id':'record-2','properties':{'status':'active'}}";
    assertThat(decision(ALICE, "{'name':'write'}", nowActive)).isTrue();
    var nowArchived = "{'type':'record','id':'record-1','properties':{'status':'archived'}}";
    assertThat(decision(ALICE, "{'name':'write'}", nowArchived)).isFalse();
  }

  @Test
  void permitsByAPropertyOfTheSubject() {
    var admin = "{'type':'user','id':'bob','properties':{'role':'admin'}}";
    var archived = "{'type':'record','id':'record-2','properties':{'status':'archived'}}";
    assertThat(decision(admin, "{'name':'write'}", archived)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void decidesByAPropertyOfTheAction(boolean soft) {
    var delete = "{'name':'delete','properties':{'soft':" + soft + "}}";
    assertThat(decision(ALICE, delete, RECORD)).isEqualTo(soft);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'context':{'time':'2025-06-27T18:03-07:00','ip':'192.168.1.1'}",
        "'foo':'bar','futureField':{'nested':true}",
        "'context':{}",
      })
  void anOptionalOrUnknownMemberChangesNothing(String member) {
    var body = "{'subject':%s,'action':%s,'resource':%s,%s}".formatted(ALICE, READ, RECORD, member);
    assertThat(answer(body).flag("decision")).hasValue(true);
  }

  @Test
  void additionalPropertiesChangeNothing() {
    var subject =
        "{'type':'user','id':'alice','properties':{'department':'Sales','role':'manager'}}";
    var action = "{'name':'read','properties':{'method':'GET'}}";
    var resource =
        "{'type':'record','id':'record-1','properties':{'status':'active','owner':'bob'}}";
    assertThat(decision(subject, action, resource)).isTrue();
  }

  @Test
  void theAnswerHasADecisionAndAReasonToActOn() {
    var body =
        "{'subject':{'type':'user','id':'bob'},'action':{'name':'write'},'resource':%s}"
            .formatted(RECORD);
    var context = answer(body).object("context").orElseThrow();
    assertThat(context.text("id").orElseThrow()).startsWith("dec_");
    assertThat(context.text("reason")).hasValue("not_permitted");
    var reason = context.object("why").orElseThrow();
    assertThat(reason.text("code")).hasValue("not_permitted");
    assertThat(reason.text("detail").orElseThrow()).contains("write").contains("permission");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'action':{'name':'read'},'resource':{'type':'record','id':'record-1'}}",
        "{'subject':{'type':'user','id':'alice'},'resource':{'type':'record','id':'record-1'}}",
        "{'subject':{'type':'user','id':'alice'},'action':{'name':'read'}}",
        "{'subject':{'id':'alice'},'action':{'name':'read'},'resource':{'type':'record','id':'1'}}",
        "{'subject':{'type':'user'},'action':{'name':'read'},"
            + "'resource':{'type':'record','id':'1'}}",
        "{'subject':{'type':'user','id':'alice'},'action':{},"
            + "'resource':{'type':'record','id':'1'}}",
        "{'subject':{'type':'user','id':'alice'},'action':{'name':'read'},'resource':{'id':'1'}}",
        "{'subject':{'type':'user','id':'alice'},'action':{'name':'read'},'resource':{'type':'r'}}",
        "{'subject':'alice','action':{'name':'read'},'resource':{'type':'record','id':'1'}}",
        "{'subject':{'type':'user','id':'alice'},'action':{'name':123},"
            + "'resource':{'type':'r','id':'1'}}",
        "{'subject':{'type':'user','id':'a','properties':1},'action':{'name':'read'},"
            + "'resource':{'type':'r','id':'1'}}",
        "{'subject':{'type':'user','id':'a'},'action':{'name':'read'},"
            + "'resource':{'type':'r','id':'1'},'context':[]}",
        "{'subject':{'type':'user','id':'a'},'action':{'name':'read'},"
            + "'resource':{'type':'r','id':'1'},'context':{'access_token':1}}",
        "{'subject':",
        "[]",
        "",
      })
  void aRequestThatIsNotOneIsRefused(String body) {
    var response = ask(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"})
  void anotherContentTypeIsRefused(String type) {
    var body = "{'subject':%s,'action':%s,'resource':%s}".formatted(ALICE, READ, RECORD);
    var request =
        request("/access/v1/evaluation")
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body.replace('\'', '"')));
    assertThat(send(request).statusCode()).isEqualTo(400);
  }

  @Test
  void theRequestIdIsEchoed() {
    var body = "{'subject':%s,'action':%s,'resource':%s}".formatted(ALICE, READ, RECORD);
    var response = send(question(body).header("X-Request-ID", "bfe9eb29-ab87-4ca3-be83"));
    assertThat(response.headers().allValues("X-Request-ID"))
        .containsExactly("bfe9eb29-ab87-4ca3-be83");
    assertThat(send(question(body)).statusCode()).isEqualTo(200);
  }

  @Test
  void theSameQuestionHasTheSameAnswer() {
    for (int i = 0; i < 5; i++) {
      assertThat(decision(ALICE, READ, RECORD)).isTrue();
      assertThat(decision("{'type':'user','id':'bob'}", "{'name':'write'}", RECORD)).isFalse();
    }
  }

  @Test
  void nobodyUnprovenIsAnswered() {
    var body = BodyPublishers.ofString("{}");
    var uri = URI.create("http://127.0.0.1:" + server.port() + "/access/v1/evaluation");
    var bare = HttpRequest.newBuilder(uri).header("Content-Type", "application/json");
    assertThat(send(bare.copy().POST(body)).statusCode()).isEqualTo(401);
    var wrong =
        Base64.getEncoder()
            .encodeToString((enforcer.id().text() + ":no").getBytes(StandardCharsets.UTF_8));
    var refused = send(bare.copy().header("Authorization", "Basic " + wrong).POST(body));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
    var garbage = send(bare.copy().header("Authorization", "Bearer abc.def.ghi").POST(body));
    assertThat(garbage.statusCode()).isEqualTo(401);
  }

  @Test
  void anEnforcerMayProveItselfByItsOwnTokenForTheDecisionPoint() {
    var audience = Organisation.ISSUER + "/access/v1";
    var resource = organisation.catalogue.resourceAt(audience).orElseThrow();
    organisation.permit(
        enforcer.id(), resource, io.prokura.catalogue.PermissionMode.OWN, "decide", "nothing");
    var body =
        "{'subject':%s,'action':%s,'resource':%s}"
            .formatted(ALICE, READ, RECORD)
            .replace('\'', '"');
    assertThat(bearer(audience, "decide", body)).isEqualTo(200);
    assertThat(bearer(audience, "nothing", body)).isEqualTo(403);
    var records = "https://records.example.org";
    var other = organisation.catalogue.resourceAt(records).orElseThrow();
    organisation.permit(enforcer.id(), other, io.prokura.catalogue.PermissionMode.OWN, "read");
    assertThat(bearer(records, "read", body)).isEqualTo(401);
  }

  private static int bearer(String audience, String scope, String body) {
    var token = organisation.token(organisation.own(enforcer.id(), audience, scope));
    var uri = URI.create("http://127.0.0.1:" + server.port() + "/access/v1/evaluation");
    return send(HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + token)
            .POST(BodyPublishers.ofString(body)))
        .statusCode();
  }

  @Test
  void theMetadataComesFromTheIssuerAndListsWhatThereIs() {
    var response = send(request("/.well-known/authzen-configuration").GET());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    var metadata = organisation.registers.json(response.body());
    assertThat(metadata.text("policy_decision_point")).hasValue(Organisation.ISSUER);
    assertThat(metadata.text("access_evaluation_endpoint"))
        .hasValue(Organisation.ISSUER + "/access/v1/evaluation");
    assertThat(metadata.text("access_evaluations_endpoint"))
        .hasValue(Organisation.ISSUER + "/access/v1/evaluations");
    assertThat(metadata.texts("capabilities"))
        .hasValue(List.of("urn:openid:authzen:capability:access-request"));
    assertThat(metadata.text("access_request_endpoint"))
        .hasValue(Organisation.ISSUER + "/access/v1/requests");
    for (var what : List.of("subject", "resource", "action")) {
      assertThat(metadata.text("search_" + what + "_endpoint"))
          .hasValue(Organisation.ISSUER + "/access/v1/search/" + what);
    }
    assertThat(metadata.texts("supported_obligations").orElseThrow()).contains("step-up", "custom");
    assertThat(metadata.members()).hasSize(9);
  }
}
