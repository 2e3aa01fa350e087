package io.prokura.demo;

import static io.prokura.demo.Acting.body;
import static io.prokura.demo.Acting.isText;

import io.prokura.json.Json;
import java.util.Optional;

/// Step 8: what cannot be undone needs Alice's word, for exactly that call and once.
final class Approving {
  private final Narrator narrator;
  private final Cast cast;
  private final SampleAgent triage;
  private final String token;

  /// `token` is the one with which triage acts for Alice.
  Approving(Narrator narrator, Cast cast, SampleAgent triage, String token) {
    this.narrator = narrator;
    this.cast = cast;
    this.triage = triage;
    this.token = token;
  }

  /// Plays the step.
  void play() {
    narrator.step(
        8,
        "Deleting a contact needs approval, and Alice approves exactly that",
        "A policy forbids deleting unless a person approved this very call. The CRM asks for the"
            + " approval, Alice gives it, and it is good once: for this contact, this chain, this"
            + " purpose.");
    var denied = delete("c-17", "");
    var decision = body(cast.crm().lastAsked().answer());
    narrator.sent("CRM", "POST /access/v1/evaluation", cast.crm().lastAsked().question());
    narrator.received(cast.crm().lastAsked().answer());
    narrator.check(
        isDenied(denied) && context(decision).object("access_request").isPresent(),
        "deleting c-17 is denied, and the answer says that it can be approved");
    var task = requested(denied);
    var approved =
        cast.alicesHands()
            .post(
                "approvals/" + task + "/approve",
                Json.object().put("reason", "the customer asked for it").build(),
                "state",
                "action",
                "arguments",
                "approvedUntil");
    narrator.check(isText(body(approved), "state", "approved"), "Alice approved it");
    var other = delete("c-18", task);
    narrator.check(
        isDenied(other) && isText(context(told()), "reason", "out_of_scope"),
        "presented for another contact, it is worth nothing");
    var done = delete("c-17", task);
    narrator.check(
        done.isDone() && told().flag("decision").equals(Optional.of(true)),
        "presented for c-17, it lets the call through");
    var again = delete("c-17", task);
    narrator.check(
        isDenied(again) && isText(context(told()), "reason", "approval_consumed"),
        "and only once: the next call finds it used");
  }

  private ToolAnswer delete(String contact, String approval) {
    return triage.call(cast.crm(), Tool.CONTACTS_DELETE, contact, token, approval);
  }

  private static boolean isDenied(ToolAnswer answer) {
    return answer instanceof ToolAnswer.Result result && result.isError();
  }

  /// The approval that the CRM asked for when it was denied.
  private String requested(ToolAnswer denied) {
    var submitted = cast.crm().lastRequested();
    narrator.sent("CRM", "POST " + submitted.path(), submitted.question());
    narrator.received(submitted.answer());
    narrator.check(submitted.answer().status() == 202, "the CRM asked for approval, and waits");
    return denied
        .content()
        .text("approval")
        .orElseThrow(() -> new StepFailed("the CRM names no approval"));
  }

  /// What the decision point told the CRM, in short.
  private Json.Obj told() {
    var answer = body(cast.crm().lastAsked().answer());
    narrator.plain(
        "The decision point told the CRM: %s, %s"
            .formatted(
                answer.flag("decision").orElse(false) ? "yes" : "no",
                context(answer).text("reason").orElse("")));
    return answer;
  }

  private static Json.Obj context(Json.Obj decision) {
    return decision.object("context").orElseGet(() -> Json.object().build());
  }
}
