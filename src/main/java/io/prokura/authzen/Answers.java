package io.prokura.authzen;

import io.prokura.decision.Decision;
import io.prokura.json.Json;
import io.prokura.kernel.Result.Refused;
import java.util.List;

/// Decisions as JSON (AuthZEN Authorization API 1.0 §5.5).
final class Answers {
  private Answers() {}

  static Json.Obj view(Decision decision) {
    var context =
        Json.object()
            .put("id", decision.id().text())
            .put(
                "reason",
                Json.object()
                    .put("code", decision.reason().word())
                    .put("detail", decision.detail())
                    .put("policies", decision.policies())
                    .build())
            .build();
    return Json.object().put("decision", decision.allowed()).put("context", context).build();
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

  /// One question of several that is none (§7.2.1): denied, and the context says why.
  static Json.Obj failed(Refused<?> refused) {
    var error =
        Json.object()
            .put("status", refused.reason().status())
            .put("message", refused.detail())
            .build();
    var context = Json.object().put("error", error).build();
    return Json.object().put("decision", false).put("context", context).build();
  }
}
