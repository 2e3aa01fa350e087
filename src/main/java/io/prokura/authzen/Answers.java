package io.prokura.authzen;

import io.prokura.approvals.Approval;
import io.prokura.approvals.Presented;
import io.prokura.approvals.Unusable;
import io.prokura.decision.Decision;
import io.prokura.decision.Remedy;
import io.prokura.json.Json;
import io.prokura.kernel.Result.Refused;
import io.prokura.policy.Obligation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decisions as JSON (AuthZEN Authorization API 1.0 §5.5).
final class Answers {
  private static final int RETRY_SECONDS = 5;

  private Answers() {}

  static Json.Obj view(Decision decision) {
    return Json.object()
        .put("decision", decision.allowed())
        .put("context", context(decision).build())
        .build();
  }

  /// The answer to one question of several that is none (§7.2.1), with what is wrong with it.
  static Json.Obj failed(Decision decision, Refused<?> refused) {
    var error =
        Json.object()
            .put("status", refused.reason().status())
            .put("message", refused.detail())
            .build();
    return Json.object()
        .put("decision", false)
        .put("context", context(decision).put("error", error).build())
        .build();
  }

  private static Json.Builder context(Decision decision) {
    var context = Json.object().put("id", decision.id().text());
    if (decision.item() > 0) {
      context.put("item", decision.item());
    }
    var code = decision.reason().word();
    var why =
        Json.object()
            .put("code", code)
            .put("detail", decision.detail())
            .put("policies", decision.policies());
    if (!decision.remedies().isEmpty()) {
      why.put("remedies", Json.array(decision.remedies().stream().map(Remedy::toJson).toList()));
    }
    context
        .put("evaluation_id", evaluation(decision))
        .put("evaluated_at", decision.at().toString())
        .put("snapshot", decision.published())
        .put("reason", refusing(decision).map(Unusable::word).orElse(code))
        .put("why", why.build());
    if (!decision.obligations().isEmpty()) {
      context.put("obligations", obligations(decision.obligations()));
    }
    return approvals(context, decision);
  }

  /// What the answer is called when approval of what it denies is asked for.
  private static String evaluation(Decision decision) {
    return decision.item() == 0
        ? decision.id().text()
        : decision.id().text() + "." + decision.item();
  }

  /// Why the approval that was presented with what is denied does not count.
  private static Optional<Unusable> refusing(Decision decision) {
    return decision.allowed()
        ? Optional.empty()
        : decision
            .approval()
            .map(
                presented ->
                    presented instanceof Presented.Useless(var why) ? why : Unusable.NOT_ENOUGH);
  }

  /// What the approval came to that was presented, and whether one can be asked for (AuthZEN Access
  /// Request and Approval Profile, Draft 1).
  private static Json.Builder approvals(Json.Builder context, Decision decision) {
    var requestable = decision.requestableUntil();
    requestable.ifPresent(
        until ->
            context.put(
                "access_request", Json.object().put("expires_at", until.toString()).build()));
    refusing(decision).ifPresent(why -> next(context, why, requestable.isPresent()));
    if (decision.allowed()
        && decision.approval().orElse(null) instanceof Presented.Usable(var approval, _)) {
      context.put("approval", shown(approval));
    }
    return context;
  }

  private static Json shown(Approval approval) {
    return Json.object()
        .put("id", approval.id().text())
        .put("approved_until", approval.approvedUntil().map(Instant::toString))
        .build();
  }

  /// To ask for another approval is worth saying only where one can be asked for.
  private static void next(Json.Builder context, Unusable why, boolean requestable) {
    boolean isDeadEnd = why.next().equals("request") && !requestable;
    context.put("next_action", isDeadEnd ? "none" : why.next());
    if (why.next().equals("retry")) {
      context.put("retry_after", RETRY_SECONDS);
    }
  }

  /// Obligations as the AuthZEN Profile for Obligations (Draft 1) has them.
  private static Json obligations(List<Obligation> obligations) {
    var all = new ArrayList<Json>();
    for (var obligation : obligations) {
      var properties = Json.object();
      obligation
          .properties()
          .forEach(
              (name, value) -> {
                if (name.equals(Obligation.METHODS)) {
                  properties.put(name, List.of(value.split(",")));
                } else {
                  properties.put(name, value);
                }
              });
      all.add(
          Json.object()
              .put("id", "obl-" + (all.size() + 1))
              .put("type", obligation.type())
              .put("properties", properties.build())
              .build());
    }
    return new Json.Arr(all);
  }

  /// A deny that no decision stands behind, with the reason in the same place.
  static Json.Obj denied(String code, String detail) {
    return made(false, code, detail);
  }

  /// An answer that no decision stands behind.
  static Json.Obj made(boolean allowed, String code, String detail) {
    var why =
        Json.object().put("code", code).put("detail", detail).put("policies", List.of()).build();
    var context = Json.object().put("reason", code).put("why", why).build();
    return Json.object().put("decision", allowed).put("context", context).build();
  }
}
