package io.prokura.authzen;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.TestServer;
import io.prokura.json.Json;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several questions at once, over HTTP against a whole server with the
/// organisation of `examples/authzen`: the certification level Batch by the numbers of its cases,
/// and requests that mean harm.
final class EvaluationsEndpointTest {
  private static final String ALICE = "'subject':{'type':'user','id':'alice'}";
  private static final String BOB = "'subject':{'type':'user','id':'bob'}";
  private static final String READ = "'action':{'name':'read'}";
  private static final String WRITE = "'action':{'name':'write'}";
  private static final String RECORD = "'resource':{'type':'record','id':'record-1'}";
  private static final String ACTIVE =
      "'resource':{'type':'record','id':'record-1','properties':{'status':'active'}}";
  private static final String ARCHIVED =
      "'resource':{'type':'record','id':'record-2','properties':{'status':'archived'}}";

  private static Enforced enforced;

  @BeforeAll
  static void start() {
    var policies = Path.of("examples/authzen/policies").toString();
    enforced =
        new Enforced(
            TestServer.start(
                TestDatabases.sqlite(),
                TestDatabases.folder(),
                TestServer.systemWorld(),
                policies));
    enforced.made("users", "{'userName':'bob'}");
    resource("https://records.example.org", "record", enforced.enforcer);
    var other = enforced.made("workloads", "{'name':'other','owner':'" + enforced.owner + "'}");
    resource("https://other.example.org", "secret", other);
  }

  @AfterAll
  static void stop() {
    enforced.close();
  }

  private static void resource(String identifier, String type, String by) {
    enforced.resource(identifier, type, by, "'subject.role','action.soft','resource.status'");
  }

  private static HttpResponse<String> ask(String body) {
    return enforced.server.send(enforced.request("/access/v1/evaluations", body));
  }

  private static Json.Obj answer(String body) {
    var response = ask(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    return enforced.server.object(response.body());
  }

  private static List<Json.Obj> items(String body) {
    var answer = answer(body);
    assertThat(answer.get("decision")).isEmpty();
    return ((Json.Arr) answer.get("evaluations").orElseThrow())
        .items().stream().map(Json.Obj.class::cast).toList();
  }

  private static List<Boolean> decisions(String body) {
    return items(body).stream().map(one -> one.flag("decision").orElseThrow()).toList();
  }

  private static String reason(Json.Obj answer) {
    var context = answer.object("context").orElseThrow();
    return context.object("why").orElseThrow().text("code").orElseThrow();
  }

  @Test
  void c_3_2_1_aListOfQuestions() {
    var second = "{'resource':{'type':'record','id':'record-2'}}";
    var body = "{%s,%s,'evaluations':[{%s},%s]}".formatted(ALICE, READ, RECORD, second);
    assertThat(decisions(body)).hasSize(2);
  }

  @Test
  void c_3_2_2_decisionsInTheOrderOfTheQuestions() {
    var body = "{%s,%s,'evaluations':[{%s},{%s}]}".formatted(BOB, RECORD, READ, WRITE);
    assertThat(decisions(body)).containsExactly(true, false);
    body = "{%s,%s,'evaluations':[{%s},{%s}]}".formatted(BOB, RECORD, WRITE, READ);
    assertThat(decisions(body)).containsExactly(false, true);
  }

  @Test
  void c_3_2_3_propertiesOfTheResource() {
    var body = "{%s,%s,'evaluations':[{%s},{%s}]}".formatted(ALICE, WRITE, ACTIVE, ARCHIVED);
    assertThat(decisions(body)).containsExactly(true, false);
  }

  @Test
  void c_3_2_4_propertiesOfTheSubject() {
    var admin = "'subject':{'type':'user','id':'bob','properties':{'role':'admin'}}";
    var body = "{%s,%s,'evaluations':[{%s},{%s}]}".formatted(WRITE, ARCHIVED, ALICE, admin);
    assertThat(decisions(body)).containsExactly(false, true);
  }

  @Test
  void c_3_2_5_noDefaults() {
    var body =
        "{'evaluations':[{%s,%s,%s},{%s,%s,%s}]}"
            .formatted(ALICE, READ, RECORD, BOB, WRITE, RECORD);
    assertThat(decisions(body)).containsExactly(true, false);
  }

  @Test
  void c_3_2_6_aContextForAll() {
    var body =
        "{%s,%s,'context':{'time':'2025-06-27T18:03-07:00'},"
            + "'evaluations':[{%s},{%s,'context':{'s':1}}]}";
    body = body.formatted(ALICE, READ, RECORD, RECORD);
    assertThat(decisions(body)).containsExactly(true, true);
  }

  @Test
  void c_3_2_7_aDefaultIsReplacedWhole() {
    var body = "{%s,%s,%s,'evaluations':[{},{%s}]}".formatted(ALICE, WRITE, ACTIVE, ARCHIVED);
    assertThat(decisions(body)).containsExactly(true, false);
    // Half a resource is no resource: nothing of the default fills it up.
    var half = "{'resource':{'id':'record-1'}}";
    body = "{%s,%s,%s,'evaluations':[%s]}".formatted(ALICE, WRITE, ACTIVE, half);
    assertThat(decisions(body)).containsExactly(false);
    // Nor do the default's properties stay with another object.
    var bare = "'resource':{'type':'record','id':'record-1'}";
    body = "{%s,%s,%s,'evaluations':[{%s}]}".formatted(ALICE, WRITE, ARCHIVED, bare);
    assertThat(decisions(body)).containsExactly(true);
  }

  @Test
  void c_3_4_1_aQuestionThatLacksAMemberIsDenied() {
    var body =
        "{%s,%s,'options':{'evaluations_semantic':'execute_all'},'evaluations':[{%s},{}]}"
            .formatted(ALICE, READ, RECORD);
    assertThat(decisions(body)).containsExactly(true, false);
    var error = items(body).get(1).object("context").orElseThrow().object("error").orElseThrow();
    assertThat(error.number("status")).hasValue(400L);
    assertThat(error.text("message").orElseThrow()).contains("resource");
    body = "{%s,%s,'evaluations':[7,{%s},null]}".formatted(ALICE, READ, RECORD);
    assertThat(decisions(body)).containsExactly(false, true, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",'evaluations':[]"})
  void c_3_4_2_and_c_3_4_3_withoutQuestionsItIsASingleEvaluation(String member) {
    var body = "{%s,%s,%s%s}".formatted(ALICE, READ, RECORD, member);
    assertThat(answer(body).flag("decision")).hasValue(true);
    assertThat(answer(body).get("evaluations")).isEmpty();
    assertThat(ask("{%s,%s%s}".formatted(ALICE, READ, member)).statusCode()).isEqualTo(400);
  }

  @Test
  void theSemanticsEndWhereTheyShould() {
    var body =
        "{%s,%s,'options':{'evaluations_semantic':'%s'},'evaluations':[{%s},{%s},{%s}]}"
            .formatted(BOB, RECORD, "%s", READ, WRITE, READ);
    assertThat(decisions(body.formatted("execute_all"))).containsExactly(true, false, true);
    assertThat(decisions(body.formatted("deny_on_first_deny"))).containsExactly(true, false);
    assertThat(decisions(body.formatted("permit_on_first_permit"))).containsExactly(true);
    // What is no question counts as a deny.
    var failing =
        "{%s,%s,'options':{'evaluations_semantic':'%s'},'evaluations':[{},{%s}]}"
            .formatted(BOB, RECORD, "%s", READ);
    assertThat(decisions(failing.formatted("deny_on_first_deny"))).containsExactly(false);
    assertThat(decisions(failing.formatted("permit_on_first_permit"))).containsExactly(false, true);
    assertThat(ask(body.formatted("DENY")).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{'evaluations':[{}]",
        "{'evaluations':{}}",
        "{'evaluations':null}",
        "{'evaluations':[{}],'options':[]}",
        "{'evaluations':[{}],'options':{'evaluations_semantic':1}}",
        "{'evaluations':[{}],'subject':'alice'}",
        "{'evaluations':[{}],'action':{}}",
        "{'evaluations':[{}],'resource':{'type':'record'}}",
        "{'evaluations':[{}],'context':[]}",
        "{'evaluations':[{}],'context':{'access_token':1}}",
        "{'evaluations':[{}],'evaluations':[{}]}",
        "{'evaluations':[{'action':{'name':'read','name':'write'}}]}",
      })
  void whatIsNoRequestAsAWholeIsRefused(String body) {
    assertThat(ask(body).statusCode()).isEqualTo(400);
  }

  @Test
  void deepNestingAndManyQuestionsAreRefused() {
    var deep = "[".repeat(10_000) + "]".repeat(10_000);
    assertThat(ask("{'evaluations':" + deep + "}").statusCode()).isEqualTo(400);
    var tooMany = "{'evaluations':[" + "{},".repeat(1_000) + "{}]}";
    assertThat(ask(tooMany).statusCode()).isEqualTo(400);
    var farTooMany = "{'evaluations':[" + "{},".repeat(100_000) + "{}]}";
    assertThat(ask(farTooMany).statusCode()).isEqualTo(413);
  }

  @Test
  void nobodyAsksAboutAnothersResourceInsideABatch() {
    var foreign = "'resource':{'type':'secret','id':'1'}";
    var body = "{%s,%s,'evaluations':[{%s},{%s}]}".formatted(ALICE, READ, RECORD, foreign);
    assertThat(decisions(body)).containsExactly(true, false);
    assertThat(reason(items(body).get(1))).isEqualTo("not_your_resource");
  }

  @Test
  void everyDecisionIsFoundUnderItsIdAndItem() {
    var body = "{%s,%s,'evaluations':[{%s},{%s}]}".formatted(BOB, RECORD, READ, WRITE);
    var contexts = items(body).stream().map(one -> one.object("context").orElseThrow()).toList();
    assertThat(contexts).hasSize(2);
    assertThat(contexts.getFirst().text("id")).isEqualTo(contexts.getLast().text("id"));
    assertThat(contexts.getFirst().number("item")).isEmpty();
    assertThat(contexts.getLast().number("item")).hasValue(1L);
  }

  @Test
  void nobodyUnprovenIsAnswered() {
    for (var path : List.of("/access/v1/evaluations", "/access/v1/mcp")) {
      var bare =
          HttpRequest.newBuilder(enforced.server.uri(path))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{}"));
      assertThat(enforced.server.send(bare).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void theRequestIdIsEchoedOnEveryAnswer() {
    var good = "{%s,%s,%s}".formatted(ALICE, READ, RECORD);
    for (var body : List.of(good, "{", "{'evaluations':[" + "{},".repeat(100_000) + "{}]}")) {
      var sent =
          enforced
              .request("/access/v1/evaluations", body)
              .header("X-Request-ID", "a b:\"<c>\"; d=1");
      assertThat(enforced.server.send(sent).headers().allValues("X-Request-ID"))
          .containsExactly("a b:\"<c>\"; d=1");
    }
    var tooLong = "x".repeat(257);
    var sent = enforced.request("/access/v1/evaluations", good).header("X-Request-ID", tooLong);
    assertThat(enforced.server.send(sent).headers().allValues("X-Request-ID"))
        .hasSize(1)
        .doesNotContain(tooLong);
  }
}
