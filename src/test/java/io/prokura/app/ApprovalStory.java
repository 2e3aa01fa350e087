package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.ApiCaller.Call;
import io.prokura.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// What happens in the examples about approvals: triage wants to delete a ticket for Alice, which a
/// policy forbids unless she approves exactly that. The policy names her, because triage is hers.
final class ApprovalStory {
  static final String POLICY =
      """
      @id("tickets.approved-deletion")
      @approver("delegator")
      forbid (principal, action == Action::"tickets.delete", resource)
      unless { context.approved };
      """;

  private static final int WAITING_MAX = 20;

  private final ApiCaller api;
  private final ApiStory story;
  private final String alice;
  private final String token;

  /// Makes what it takes: a wider purpose, permissions, a delegation, a token for Alice.
  ApprovalStory(ApiCaller api, ApiStory story, TokenFor tokens) throws IOException {
    this.api = api;
    this.story = story;
    var purpose = api.call("purpose.get").done();
    var wider = new LinkedHashMap<>(story.writable("purpose").members());
    var all = new ArrayList<>(ApiDocument.items(covers("tickets.read", "tickets.delete")));
    all.addAll(ApiDocument.items(story.archived()));
    wider.put("covers", new Json.Arr(all));
    api.call("purpose.replace").header("If-Match", purpose.etag()).body(new Json.Obj(wider)).done();
    story.permit(ApiStory.TRIAGE, ApiStory.TICKETS, "tickets.delete", "onBehalf");
    var body = new LinkedHashMap<>(((Json.Obj) bodyOf("delegation.create")).members());
    body.put("covers", covers("tickets.delete"));
    body.remove("budgets");
    var delegation = api.call("delegation.create").body(new Json.Obj(body)).done().text("id");
    token =
        story
            .asTriage("oauth.token")
            .form(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token",
                delegation,
                "subject_token_type",
                "urn:prokura:params:oauth:token-type:delegation",
                "resource",
                "https://crm.example/mcp")
            .done()
            .text("access_token");
    story.permit(ApiStory.ALICE, story.ownApi("/api/v1"), "manage", "own");
    alice = tokens.of(api.real(ApiStory.ALICE));
  }

  /// Gives an access token of a person.
  @FunctionalInterface
  interface TokenFor {
    String of(String person) throws IOException;
  }

  private Json bodyOf(String operation) {
    return api.call(operation).bodyOfExample();
  }

  private Json covers(String... actions) {
    return api.json(
            "{'covers':[{'resource':'%s','actions':['%s']}]}"
                .formatted(ApiStory.TICKETS, String.join("','", actions)))
        .get("covers")
        .orElseThrow();
  }

  /// The question about a ticket, with more in the context.
  private Json.Obj question(String ticket, String context) {
    return api.json(
        """
        {'subject':{'type':'user','id':'%s'},
         'action':{'name':'tickets.delete','properties':{'ticket':'%s'}},
         'resource':{'type':'ticket','id':'%s'},
         'context':{'access_token':'%s','business_justification':'It is there twice'%s}}
        """
            .formatted(ApiStory.ALICE, ticket, ticket, token, context));
  }

  private Json.Obj ask(String ticket, String context) {
    return story
        .asCrm("access.evaluate")
        .body(question(ticket, context))
        .done()
        .object()
        .object("context")
        .orElseThrow();
  }

  private Call request(String ticket) {
    var context = ask(ticket, "");
    var denial =
        Json.object()
            .put("evaluation_id", context.text("evaluation_id").orElseThrow())
            .put(
                "expires_at",
                context.object("access_request").flatMap(it -> it.text("expires_at")).orElseThrow())
            .build();
    var body = new LinkedHashMap<>(question(ticket, "").members());
    body.put("denial", denial);
    return story.asCrm("access.request").body(new Json.Obj(body));
  }

  private String task(String ticket) {
    var task = request(ticket).answers(202).object().object("task");
    var id = task.flatMap(one -> one.text("id")).orElseThrow();
    api.knows(id, id);
    return id;
  }

  /// Deleting is approved, done once, and denied; another time it is taken back.
  void anActionIsApproved() {
    var task = task("t-17");
    api.knows(ApiStory.APPROVAL, task);
    var presented = ",'approval':{'id':'" + task + "'}";
    assertThat(ask("t-17", presented).number("retry_after")).isPresent();
    story.asCrm("access.task").done();
    api.call("approval.get").done();
    api.call("approval.mine").bearer(alice).query("state=pending").done();
    api.call("approval.approve").bearer(alice).done();
    story.asCrm("access.task").done();
    assertThat(ask("t-17", presented).object("approval")).isPresent();
    assertThat(ask("t-17", presented).text("next_action")).hasValue("request");
    api.call("approval.get").done();
    api.call("approval.approve").bearer(alice).answers(409);
    api.call("approval.deny").bearer(alice).answers(409);
    var other = task("t-18");
    api.call("approval.deny").of(other).bearer(alice).done();
    assertThat(api.call("approval.get").of(other).done().object().text("reason")).isPresent();
    aToolCallIsDenied();
    takenBack();
    manyWait();
  }

  /// The resource has no action of the default mapping, so it is denied as what it came to.
  private void aToolCallIsDenied() {
    var message =
        """
        {'message':{'jsonrpc':'2.0','id':7,'method':'tools/call','params':{'name':'tidy'}},
         'access_token':'%s'}
        """
            .formatted(token);
    var answer = story.asCrm("access.evaluateMcp").body(api.json(message)).done();
    assertThat(answer.object().object("evaluation").map(Json.Obj::toText).orElseThrow())
        .contains("tools/call")
        .doesNotContain(token);
  }

  private void takenBack() {
    var task = task("t-19");
    story.asCrm("access.task.cancel").of(task).done();
    story.asCrm("access.task.cancel").of(task).answers(409);
    story.asCrm("access.task.cancel").of(task).body(api.json("{'reason':1}")).answers(400);
    for (var operation : List.of("access.task", "access.task.cancel")) {
      story.asCrm(operation).of("apr_nothing").answers(404);
    }
    var expired = story.asCrm("access.request");
    expired.answers(410);
    story.asCrm("access.request").body(api.json("{}")).answers(400);
  }

  private void manyWait() {
    for (int i = 0; i < WAITING_MAX; i++) {
      task("many-" + i);
    }
    request("one-more").answers(409);
  }
}
