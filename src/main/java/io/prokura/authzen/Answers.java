package io.prokura.authzen;

import io.prokura.decision.Decision;
import io.prokura.decision.Remedy;
import io.prokura.json.Json;
import io.prokura.kernel.Result.Refused;
import io.prokura.policy.Obligation;
import java.util.ArrayList;
import java.util.List;

/// Decisions as JSON (AuthZEN Authorization API 1.0 §5.5).
final class Answers {
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
    var reason =
        Json.object()
            .put("code", decision.reason().word())
            .put("detail", decision.detail())
            .put("policies", decision.policies());
    if (!decision.remedies().isEmpty()) {
      reason.put("remedies", Json.array(decision.remedies().stream().map(Remedy::toJson).toList()));
    }
    context.put("snapshot", decision.published()).put("reason", reason.build());
    if (!decision.obligations().isEmpty()) {
      context.put("obligations", obligations(decision.obligations()));
    }
    return context;
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
    var reason =
        Json.object().put("code", code).put("detail", detail).put("policies", List.of()).build();
    var context = Json.object().put("reason", reason).build();
    return Json.object().put("decision", allowed).put("context", context).build();
  }
}
