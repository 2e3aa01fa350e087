package io.prokura.app;

import static io.prokura.app.Ordering.REQUESTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The shop that is denied asks for approval of exactly that, and people decide over the management
/// API.
final class AccessRequestTest {
  private static Ordering at;

  @BeforeAll
  static void found() throws IOException {
    at = new Ordering(TestDatabases.sqlite());
  }

  @AfterAll
  static void close() {
    at.close();
  }

  @Test
  void whatIsDeniedIsAskedForOnceAndApprovedByWhoseAuthorityItIs() {
    var order = at.fresh();
    var denial = at.denied(order);
    var submitted = at.ask(REQUESTS, at.submission(order, denial));
    assertThat(submitted.statusCode()).as(submitted.body()).isEqualTo(202);
    assertThat(submitted.headers().firstValue("Retry-After")).isPresent();
    var task = at.server.object(submitted.body()).object("task").orElseThrow();
    assertThat(task.text("status")).contains("pending");
    assertThat(task.text("status_endpoint"))
        .isEqualTo(submitted.headers().firstValue("Location"))
        .contains(at.server.issuer() + REQUESTS + "/" + at.id(task));
    var again = at.server.object(at.ask(REQUESTS, at.submission(order, denial)).body());
    assertThat(again.object("task").flatMap(one -> one.text("id"))).contains(at.id(task));

    var shown =
        at.server.object(at.server.get("/api/v1/approvals/" + at.id(task), at.alice).body());
    assertThat(shown.object("arguments"))
        .contains(at.company.json("{'order': '" + order + "', 'refund': 10}"));
    assertThat(shown.text("decision")).contains(denial);
    assertThat(shown.text("justification")).contains("Alice changed her mind");
    assertThat(at.decide(at.id(task), "approve", at.alice).statusCode()).isEqualTo(200);

    var polled = at.server.object(at.status(at.id(task)).body());
    assertThat(polled.object("task").flatMap(one -> one.text("status"))).contains("approved");
    var result = polled.object("result").orElseThrow();
    assertThat(result.text("mode")).contains("reevaluate");
    var approval = result.object("approval").orElseThrow();
    assertThat(approval.text("id")).contains(at.id(task));
    assertThat(approval.text("approved_at")).isPresent();
    assertThat(approval.text("approved_until")).isPresent();
    assertThat(at.decide(at.id(task), "approve", at.alice).statusCode()).isEqualTo(409);
  }

  @Test
  void nobodyElseDecides() throws IOException {
    var id = at.id(at.task(at.fresh()));
    var dana = at.tokenFor("dana");
    for (var verdict : List.of("approve", "deny")) {
      assertThat(at.decide(id, verdict, at.company.token).statusCode())
          .as("operator")
          .isEqualTo(403);
      assertThat(at.decide(id, verdict, dana).statusCode()).as("owner").isEqualTo(404);
      assertThat(at.decide(id, verdict, at.access).statusCode()).as("agent").isEqualTo(401);
    }
    assertThat(at.server.get("/api/v1/approvals/" + id, dana).statusCode()).isEqualTo(404);
    assertThat(at.server.object(at.status(id).body()).toText()).contains("\"pending\"");
  }

  @Test
  void aPersonIsShownTheirOwnAndAnAdministratorAll() throws IOException {
    var id = at.id(at.task(at.fresh()));
    var mine = "/api/v1/approvals/mine?state=pending&limit=200";
    assertThat(at.server.get(mine, at.alice).body()).contains(id);
    assertThat(at.server.get(mine, at.tokenFor("dana")).body()).doesNotContain(id);
    assertThat(at.server.get("/api/v1/approvals", at.alice).statusCode()).isEqualTo(403);
    assertThat(at.server.get("/api/v1/approvals?limit=200", at.company.token).body()).contains(id);
    assertThat(at.server.get("/api/v1/approvals?state=odd", at.company.token).statusCode())
        .isEqualTo(400);
  }

  @Test
  void aDenialIsOfItsOwnActionAlone() {
    var order = at.fresh();
    var denial = at.denied(order);
    at.isProblem(
        at.ask(REQUESTS, at.submission(at.fresh(), denial)), 400, "invalid_denial_binding");
    var more = at.submission(order, denial).replace("'refund': 10", "'refund': 1000");
    at.isProblem(at.ask(REQUESTS, more), 400, "invalid_denial_binding");
    var made = at.submission(order, "dec_" + "0".repeat(26));
    at.isProblem(at.ask(REQUESTS, made), 400, "invalid_denial_binding");
    var item = at.submission(order, denial + ".7");
    at.isProblem(at.ask(REQUESTS, item), 400, "invalid_denial_binding");
    var foreign =
        at.server.ask(
            REQUESTS,
            at.company.id("archive-server"),
            at.company.secret("archive-server"),
            at.company.json(at.submission(order, denial)));
    at.isProblem(foreign, 400, "invalid_denial_binding");
  }

  @Test
  void withoutTheTokenThereIsNothingToAskFor() {
    var order = at.fresh();
    var denial = at.denied(order);
    var without = at.submission(order, denial).replace("'access_token': '" + at.access + "',", "");
    at.isProblem(at.ask(REQUESTS, without), 400, "not_requestable");
    var forged =
        at.submission(order, denial)
            .replace(at.access, at.access.substring(0, at.access.length() - 8));
    at.isProblem(at.ask(REQUESTS, forged), 400, "not_requestable");
  }

  @Test
  void aCallThatIsNotToldFromOthersIsNotApproved() {
    var order = at.fresh();
    var vague = at.question(order, "").replace("'refund': 10,", "");
    var answer = at.server.object(at.ask("/access/v1/evaluation", vague).body());
    var denial = answer.object("context").flatMap(one -> one.text("id")).orElseThrow();
    var asked = at.submission(order, denial).replace("'refund': 10,", "");
    at.isProblem(at.ask(REQUESTS, asked), 400, "not_requestable");
  }

  @Test
  void aTaskIsOfWhoEnforcesTheResource() {
    var id = at.id(at.task(at.fresh()));
    var path = REQUESTS + "/" + id;
    at.isProblem(at.asWorkload("GET", path, "archive-server"), 404, "unknown_task");
    at.isProblem(at.asWorkload("POST", path + "/cancel", "archive-server"), 404, "unknown_task");
    at.isProblem(at.status("apr_" + "0".repeat(26)), 404, "unknown_task");
    at.isProblem(at.status("nonsense"), 404, "unknown_task");
    var cancelled = at.asWorkload("POST", path + "/cancel", "crm-server");
    assertThat(cancelled.statusCode()).isEqualTo(200);
    assertThat(cancelled.body()).contains("\"cancelled\"");
    at.isProblem(at.asWorkload("POST", path + "/cancel", "crm-server"), 409, "invalid_task_state");
    assertThat(at.decide(id, "approve", at.alice).statusCode()).isEqualTo(409);
  }

  @Test
  void whatIsDeniedByAPersonIsNoApproval() {
    var id = at.id(at.task(at.fresh()));
    assertThat(at.decide(id, "deny", at.alice).statusCode()).isEqualTo(200);
    var polled = at.server.object(at.status(id).body());
    assertThat(polled.object("task").flatMap(one -> one.text("status"))).contains("denied");
    assertThat(polled.object("result")).isEqualTo(Optional.empty());
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    var order = at.fresh();
    var whole = at.submission(order, at.denied(order));
    for (var wrong :
        List.of(
            whole.replace("'denial'", "'items': [], 'denial'"),
            whole.replace("'denial'", "'callback': {'endpoint': 'http://10.0.0.1'}, 'denial'"),
            whole.replace("'denial'", "'requested_access': 1, 'denial'"),
            whole.replace("'denial'", "'requested_access': {'requested_until': 'soon'}, 'denial'"),
            whole.replace("'denial'", "'denied'"),
            whole.replace("'expires_at'", "'expires'"),
            whole.replace("'Alice changed her mind'", "1"))) {
      assertThat(at.ask(REQUESTS, wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    var late = whole.replace("2100-01-01", "2001-01-01");
    at.isProblem(at.ask(REQUESTS, late), 410, "expired_denial");
  }
}
