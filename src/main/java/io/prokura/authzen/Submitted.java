package io.prokura.authzen;

import static io.prokura.kernel.Refusal.DENIAL_EXPIRED;
import static io.prokura.kernel.Refusal.DENIAL_MISMATCH;
import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.decision.AccessRequests.Submission;
import io.prokura.http.Request;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads an access request submission (AuthZEN Access Request and Approval Profile, Draft 1). It
/// has one resource and action; members that are not known are ignored.
final class Submitted {
  private static final int JUSTIFICATION_MAX = 1_000;
  private static final Pattern EVALUATION =
      Pattern.compile("(dec_[0-9a-z]{26})(?:\\.([1-9][0-9]{0,3}))?");

  private Submitted() {}

  /// The submission in `body`. `denial.evaluation_id` is the id of a decision, with a dot and the
  /// number of the item where several were answered under it. Refuses `FIELD_INVALID`,
  /// `DENIAL_MISMATCH` where no denial is named, and `DENIAL_EXPIRED` by the time that is echoed.
  static Result<Submission> read(Id.Principal enforcer, Json.Obj body, Instant now) {
    for (var unsupported : new String[] {"items", "callback"}) {
      if (body.get(unsupported).isPresent()) {
        return refused(FIELD_INVALID, unsupported + " is not supported");
      }
    }
    var parsed = EvaluationRequest.parse(body);
    if (!(parsed instanceof Ok(var question))) {
      return parsed.refusal();
    }
    var justification = justification(question.context());
    if (!(justification instanceof Ok(var said))) {
      return justification.refusal();
    }
    var wanted = until(body);
    if (!(wanted instanceof Ok(var until))) {
      return wanted.refusal();
    }
    var denial = body.object("denial");
    if (denial.isEmpty()) {
      return refused(FIELD_INVALID, "denial is required and is an object");
    }
    var expires = time(denial.get(), "expires_at", "denial.expires_at");
    if (!(expires instanceof Ok(var end)) || end.isEmpty()) {
      return refused(FIELD_INVALID, "denial.expires_at is required and is a time");
    }
    var named = EVALUATION.matcher(denial.get().text("evaluation_id").orElse(""));
    var id = named.matches() ? Id.Decision.parse(named.group(1)) : Optional.<Id.Decision>empty();
    if (id.isEmpty()) {
      return refused(DENIAL_MISMATCH, "denial.evaluation_id names no denial");
    }
    if (!now.isBefore(end.get())) {
      return refused(DENIAL_EXPIRED, "the denial has expired; ask the question again");
    }
    int item = named.group(2) == null ? 0 : Integer.parseInt(named.group(2));
    return ok(new Submission(enforcer, question, id.get(), item, said, until));
  }

  private static Result<String> justification(Json.Obj context) {
    var value = context.get("business_justification");
    if (value.isEmpty()) {
      return ok("");
    }
    return value.get() instanceof Json.Str(var text) && text.length() <= JUSTIFICATION_MAX
        ? ok(text)
        : refused(
            FIELD_INVALID,
            "context.business_justification is a text of at most %d characters"
                .formatted(JUSTIFICATION_MAX));
  }

  private static Result<Optional<Instant>> until(Json.Obj body) {
    var access = body.get("requested_access");
    if (access.isEmpty()) {
      return ok(Optional.empty());
    }
    return access.get() instanceof Json.Obj wanted
        ? time(wanted, "requested_until", "requested_access.requested_until")
        : refused(FIELD_INVALID, "requested_access is an object");
  }

  private static Result<Optional<Instant>> time(Json.Obj object, String name, String path) {
    var value = object.get(name);
    if (value.isEmpty()) {
      return ok(Optional.empty());
    }
    if (value.get() instanceof Json.Str(var text)) {
      try {
        return ok(Optional.of(OffsetDateTime.parse(text).toInstant()));
      } catch (DateTimeException e) {
        return refused(FIELD_INVALID, path + " is a time such as 2027-01-31T12:00:00Z");
      }
    }
    return refused(FIELD_INVALID, path + " is a time such as 2027-01-31T12:00:00Z");
  }

  /// What the body of a cancellation says, which may be absent. Refuses `MALFORMED_REQUEST` and
  /// `FIELD_INVALID`.
  static Result<String> note(Request request) {
    if (request.body().length == 0) {
      return ok("");
    }
    var read = request.jsonObject();
    if (!(read instanceof Ok(var body))) {
      return read.refusal();
    }
    var said = new ArrayList<String>();
    for (var name : List.of("reason", "comment")) {
      var value = body.get(name);
      if (value.isPresent()) {
        if (!(value.get() instanceof Json.Str(var text)) || text.length() > JUSTIFICATION_MAX) {
          return refused(
              FIELD_INVALID,
              "%s is a text of at most %d characters".formatted(name, JUSTIFICATION_MAX));
        }
        said.add(text);
      }
    }
    return ok(String.join(": ", said));
  }
}
