package io.prokura.app;

import static io.prokura.app.Ordering.REQUESTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.sql.Database;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The question asked again with an approval: it lets exactly the approved action through, once.
abstract class ApprovedActionContract {
  private static final int AT_ONCE = 8;

  private Ordering at;

  abstract Database database();

  @BeforeEach
  void found() throws IOException {
    at = new Ordering(database());
  }

  @AfterEach
  void close() {
    at.close();
  }

  private String approved(String order) {
    var id = at.id(at.task(order));
    assertThat(at.decide(id, "approve", at.alice).statusCode()).isEqualTo(200);
    return id;
  }

  /// The question about `order` again, presenting `approval`.
  private String presenting(String order, String approval, String more) {
    return at.question(order, "")
        .replace(
            "'business_justification'",
            "'approval': {'id': '%s'}, %s 'business_justification'".formatted(approval, more));
  }

  private Json.Obj answer(String question) {
    var response = at.ask("/access/v1/evaluation", question);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return at.server.object(response.body());
  }

  private static Json.Obj context(Json.Obj answer) {
    return answer.object("context").orElseThrow();
  }

  private static boolean isAllowed(Json.Obj answer) {
    return answer.flag("decision").orElseThrow();
  }

  private void isDenied(Json.Obj answer, String reason, String next) {
    assertThat(isAllowed(answer)).as(answer.toText()).isFalse();
    assertThat(context(answer).text("reason")).contains(reason);
    assertThat(context(answer).text("next_action")).contains(next);
    assertThat(context(answer).object("why").flatMap(why -> why.text("code")))
        .contains("forbidden");
  }

  @Test
  void theDenialSaysThatAnApprovalCanBeAskedFor() {
    var answer = answer(at.question("o-1", ""));
    var context = context(answer);
    assertThat(context.text("evaluation_id")).isEqualTo(context.text("id"));
    assertThat(context.text("reason")).contains("forbidden");
    var until = context.object("access_request").flatMap(offer -> offer.text("expires_at"));
    var submitted =
        at.ask(
            REQUESTS,
            at.submission("o-1", context.text("evaluation_id").orElseThrow())
                .replace("2100-01-01T00:00:00Z", until.orElseThrow()));
    assertThat(submitted.statusCode()).as(submitted.body()).isEqualTo(202);
  }

  @Test
  void whatCannotBeApprovedIsNotOffered() {
    var vague = at.question("o-1", "").replace("'refund': 10,", "");
    assertThat(context(answer(vague)).object("access_request")).isEmpty();
    assertThat(answer(vague).toText()).doesNotContain("\"kind\":\"approval\"");
  }

  @Test
  void letsTheActionThroughOnce() {
    var approval = approved("o-1");
    var allowed = answer(presenting("o-1", approval, ""));
    assertThat(isAllowed(allowed)).as(allowed.toText()).isTrue();
    var shown = context(allowed).object("approval").orElseThrow();
    assertThat(shown.text("id")).contains(approval);
    assertThat(shown.text("approved_until")).isPresent();
    isDenied(answer(presenting("o-1", approval, "")), "approval_consumed", "request");
    var seen = at.server.object(at.server.get("/api/v1/approvals/" + approval, at.alice).body());
    assertThat(seen.text("state")).contains("consumed");
  }

  @Test
  void letsTheSameRequestThroughAgainAndNoOther() {
    var approval = approved("o-1");
    var first = "'request_id': 'r-1',";
    assertThat(isAllowed(answer(presenting("o-1", approval, first)))).isTrue();
    assertThat(isAllowed(answer(presenting("o-1", approval, first)))).isTrue();
    isDenied(
        answer(presenting("o-1", approval, "'request_id': 'r-2',")),
        "approval_consumed",
        "request");
  }

  @Test
  void theHeaderNamesTheRequestWhereTheContextDoesNot() {
    var approval = approved("o-1");
    var question = presenting("o-1", approval, "");
    for (var id : List.of("h-1", "h-1")) {
      var allowed = at.ask("/access/v1/evaluation", question, "X-Request-ID", id);
      assertThat(isAllowed(at.server.object(allowed.body()))).isTrue();
      assertThat(allowed.headers().firstValue("X-Request-ID")).contains(id);
    }
    var other = at.ask("/access/v1/evaluation", question, "X-Request-ID", "h-2");
    isDenied(at.server.object(other.body()), "approval_consumed", "request");
    isDenied(answer(question), "approval_consumed", "request");
  }

  @Test
  void isForNoOtherAction() {
    var approval = approved("o-1");
    isDenied(answer(presenting("o-2", approval, "")), "out_of_scope", "request");
    var more = presenting("o-1", approval, "").replace("'refund': 10,", "'refund': 10000,");
    isDenied(answer(more), "out_of_scope", "request");
    var vague = presenting("o-1", approval, "").replace("'refund': 10,", "");
    isDenied(answer(vague), "out_of_scope", "none");
    var beside = presenting("o-1", approval, "").replace("'note': 'x'", "'note': 'other'");
    assertThat(isAllowed(answer(beside))).as("what does not identify it").isTrue();
  }

  @Test
  void isNothingWithoutTheDecisionOfAPerson() {
    var pending = at.id(at.task("o-1"));
    isDenied(answer(presenting("o-1", pending, "")), "approval_pending", "retry");
    assertThat(at.decide(pending, "deny", at.alice).statusCode()).isEqualTo(200);
    isDenied(answer(presenting("o-1", pending, "")), "approval_denied", "none");
    var made = "apr_" + "0".repeat(26);
    isDenied(answer(presenting("o-1", made, "")), "approval_unverifiable", "none");
    isDenied(answer(presenting("o-1", "yes", "")), "approval_unverifiable", "none");
    var claimed = presenting("o-1", made, "").replace("{'id': '" + made + "'}", "true");
    isDenied(answer(claimed), "approval_unverifiable", "none");
    var stated = at.question("o-1", "").replace("'context': {", "'context': {'approved': true, ");
    assertThat(isAllowed(answer(stated))).as("saying so is not being so").isFalse();
  }

  @Test
  void letsOneOfABatchThrough() {
    var approval = approved("o-1");
    var question = presenting("o-1", approval, "").strip();
    var body =
        at.ask("/access/v1/evaluations", "{'evaluations': [" + question + "," + question + "]}");
    var text = body.body();
    assertThat(text.split("\"decision\":true", -1)).as(text).hasSize(2);
    assertThat(text).contains("approval_consumed");
  }

  @Test
  void letsOneOfManyThroughAtOnce() throws Exception {
    var approval = approved("o-1");
    var asked = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < AT_ONCE; i++) {
      var question = presenting("o-1", approval, "'request_id': 'r-" + i + "',");
      asked.add(() -> isAllowed(answer(question)));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      int allowed = 0;
      for (var outcome : threads.invokeAll(asked)) {
        allowed += outcome.get() ? 1 : 0;
      }
      assertThat(allowed).isEqualTo(1);
    }
  }

  @Test
  void isOverWithWhatItRestsOn() {
    var approval = approved("o-1");
    var errand = at.company.id("errand");
    var revoked =
        at.server.post(
            "/api/v1/delegations/" + errand + "/revoke",
            at.company.token,
            at.company.json("{'reason': 'a test'}"));
    assertThat(revoked.statusCode()).isEqualTo(200);
    var answer = answer(presenting("o-1", approval, ""));
    assertThat(isAllowed(answer)).isFalse();
  }

  @Test
  void isOnRecordWithTheDecisionThatItLetThrough() {
    var approval = approved("o-1");
    var decision = context(answer(presenting("o-1", approval, ""))).text("id").orElseThrow();
    var entries =
        at.server.get("/api/v1/audit?about=" + approval + "&limit=50", at.company.token).body();
    for (var type : List.of("requested", "approved", "consumed")) {
      assertThat(entries).contains("approval." + type);
    }
    assertThat(entries).contains(decision);
    var why = at.server.get("/api/v1/decisions/" + decision, at.company.token).body();
    assertThat(why).contains("\"allowed\":true").contains("\"approval\":\"" + approval + "\"");
  }

  private String message(String order, String more) {
    return """
        {'message': {'jsonrpc': '2.0', 'id': 7, 'method': 'tools/call',
                     'params': {'name': 'cancel', 'arguments': {'order': '%s', 'refund': 10}}},
         'tool': {'name': 'cancel', 'inputSchema': {'x-authzen-mapping': {'evaluation': {
           'action': {'name': 'orders.cancel',
                      'properties': {'order': '$params.arguments.order',
                                     'refund': '$params.arguments.refund'}},
           'resource': {'type': 'order', 'id': '$params.arguments.order'}}}}},
         'access_token': '%s'%s}
        """
        .formatted(order, at.access, more);
  }

  private Json.Obj mcp(String order, String more) {
    var response = at.ask("/access/v1/mcp", message(order, more));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return at.server.object(response.body());
  }

  @Test
  void letsAToolCallThroughAsItCame() {
    var denied = mcp("o-1", "");
    assertThat(denied.object("error")).isPresent();
    var context = context(denied);
    var evaluation = denied.object("evaluation").orElseThrow().toText();
    assertThat(evaluation).doesNotContain(at.access);
    var body =
        evaluation
            .replace("\"context\":{", "\"context\":{\"access_token\":\"" + at.access + "\",")
            .replaceFirst(
                "^\\{",
                "{\"denial\":{\"evaluation_id\":\"%s\",\"expires_at\":\"%s\"},"
                    .formatted(
                        context.text("evaluation_id").orElseThrow(),
                        context
                            .object("access_request")
                            .flatMap(offer -> offer.text("expires_at"))
                            .orElseThrow()));
    var submitted = at.ask(REQUESTS, body);
    assertThat(submitted.statusCode()).as(submitted.body()).isEqualTo(202);
    var task = at.server.object(submitted.body()).object("task").orElseThrow();
    assertThat(at.decide(at.id(task), "approve", at.alice).statusCode()).isEqualTo(200);
    var approval = ", 'approval': {'id': '" + at.id(task) + "'}";
    assertThat(isAllowed(mcp("o-2", approval))).isFalse();
    assertThat(isAllowed(mcp("o-1", approval))).isTrue();
    assertThat(isAllowed(mcp("o-1", approval))).isFalse();
  }
}
