package io.prokura.authzen;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.decision.AccessRequest;
import io.prokura.decision.Semantics;
import io.prokura.json.Json;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import java.util.List;

/// Several questions in one request (AuthZEN Authorization API 1.0 §7.1). A question that is none
/// stands among them as its refusal: it is denied, and the others are answered.
record EvaluationsRequest(List<Result<AccessRequest>> items, Semantics semantics) {
  /// How many questions one request may hold.
  static final int ITEMS_MAX = 1_000;

  /// Whether the body is one question in the form of the single evaluation: `evaluations` is
  /// missing or empty.
  static boolean isSingle(Json.Obj body) {
    return body.get("evaluations").isEmpty()
        || body.get("evaluations").get().equals(new Json.Arr(List.of()));
  }

  /// Refuses, `FIELD_INVALID`, what is wrong with the request as a whole: its list, its options, or
  /// a default that is given and is not well formed.
  static Result<EvaluationsRequest> parse(Json.Obj body) {
    if (!(body.get("evaluations").orElseGet(Json.Null::new) instanceof Json.Arr(var items))) {
      return refused(FIELD_INVALID, "evaluations is a list of objects");
    }
    if (items.size() > ITEMS_MAX) {
      return refused(FIELD_INVALID, "evaluations has at most " + ITEMS_MAX + " items");
    }
    var chosen = semantics(body);
    if (!(chosen instanceof Ok(var semantics))) {
      return chosen.refusal();
    }
    if (EvaluationRequest.checkDefaults(body) instanceof Refused<?> refused) {
      return refused(refused.reason(), refused.detail());
    }
    return ok(
        new EvaluationsRequest(items.stream().map(item -> item(item, body)).toList(), semantics));
  }

  private static Result<AccessRequest> item(Json item, Json.Obj defaults) {
    return item instanceof Json.Obj own
        ? EvaluationRequest.parse(own, defaults)
        : refused(FIELD_INVALID, "an item of evaluations is an object");
  }

  private static Result<Semantics> semantics(Json.Obj body) {
    var options = body.get("options").orElseGet(() -> Json.object().build());
    if (!(options instanceof Json.Obj given)) {
      return refused(FIELD_INVALID, "options is an object");
    }
    var word = given.get("evaluations_semantic");
    if (word.isEmpty()) {
      return ok(Semantics.EXECUTE_ALL);
    }
    return given
        .text("evaluations_semantic")
        .flatMap(Semantics::parse)
        .map(Result::ok)
        .orElseGet(
            () ->
                refused(
                    FIELD_INVALID,
                    "options.evaluations_semantic is execute_all, deny_on_first_deny or"
                        + " permit_on_first_permit"));
  }
}
