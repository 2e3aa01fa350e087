package io.prokura.authzen;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.approvals.Approval;
import io.prokura.approvals.ApprovalState;
import io.prokura.approvals.Approvals;
import io.prokura.approvals.Wanted;
import io.prokura.decision.AccessRequests;
import io.prokura.http.Problem;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import java.util.Optional;

/// The access request endpoint (AuthZEN Access Request and Approval Profile, Draft 1): an enforcer
/// that was denied asks for approval of exactly that action, asks after it, and takes it back.
///
/// Approved means that the question may be asked again, with the approval, and no more. There are
/// no callbacks: the server calls no address that somebody sends it.
public final class AccessRequestEndpoint {
  private static final String ROUTE = "access-requests";
  private static final String ERRORS = "urn:openid:authzen:access-request:error:";
  private static final String POLL_AFTER = "5";

  private final String location;
  private final World world;
  private final Database database;
  private final Enforcers enforcers;
  private final AccessRequests denials;
  private final Approvals approvals;

  /// `issuer` is the base of the addresses that are answered.
  public AccessRequestEndpoint(
      String issuer,
      World world,
      Database database,
      Enforcers enforcers,
      AccessRequests denials,
      Approvals approvals) {
    location = issuer + "/access/v1/requests/";
    this.world = world;
    this.database = database;
    this.enforcers = enforcers;
    this.denials = denials;
    this.approvals = approvals;
  }

  /// Takes a submission: 202 with the task, the same one while it waits. Refuses what [Enforcers]
  /// does, `FIELD_INVALID`, `DENIAL_MISMATCH`, `DENIAL_EXPIRED`, `DENIAL_NOT_REQUESTABLE`,
  /// `POLICY_FORBIDS` when nobody could approve, and `STATE_CONFLICT` when too many wait.
  public Response submit(Request request) {
    return enforcers.answer(
        request,
        ROUTE,
        (enforcer, body) -> {
          var read = Submitted.read(enforcer, body, world.now());
          Result<Wanted> wanted =
              read instanceof Ok(var submission) ? denials.wanted(submission) : read.refusal();
          Result<Approval> asked =
              wanted instanceof Ok(var wish) ? approvals.request(wish) : wanted.refusal();
          return said(enforcer, request, asked.map(task -> task(202, task)));
        });
  }

  /// Answers how the task is. Refuses `NOT_FOUND` to who does not enforce its resource.
  public Response status(Request request) {
    return enforcers.answer(
        request,
        ROUTE,
        enforcer -> said(enforcer, request, known(enforcer, request).map(one -> task(200, one))));
  }

  /// Takes the task back. Refuses `NOT_FOUND` as [#status] and `STATE_CONFLICT` when it does not
  /// wait any more.
  public Response cancel(Request request) {
    return enforcers.answer(
        request,
        ROUTE,
        enforcer -> {
          var note = Submitted.note(request);
          if (!(note instanceof Ok(var reason))) {
            return note.refusal();
          }
          var task = known(enforcer, request);
          if (!(task instanceof Ok(var one))) {
            return said(enforcer, request, task.refusal());
          }
          Result<Approval> cancelled =
              database.inTransaction(tx -> approvals.cancel(tx, enforcer, one.id(), reason));
          return said(enforcer, request, cancelled.map(now -> task(200, now)));
        });
  }

  private Result<Approval> known(Id.Principal enforcer, Request request) {
    return Id.Approval.parse(request.pathParameter("id"))
        .flatMap(approvals::find)
        .filter(one -> approvals.isOpenTo(one, enforcer))
        .<Result<Approval>>map(Result::ok)
        .orElseGet(() -> refused(NOT_FOUND, "there is no such task"));
  }

  /// The same, a refusal under the type that the profile has for it.
  private Result<Response> said(Id.Principal enforcer, Request request, Result<Response> outcome) {
    if (!(outcome instanceof Refused<Response> refused) || type(refused.reason()).isEmpty()) {
      return outcome;
    }
    enforcers.record(enforcer, ROUTE, refused, request);
    return ok(Problem.typed(request, refused, ERRORS + type(refused.reason()).orElseThrow()));
  }

  private static Optional<String> type(Refusal reason) {
    return switch (reason) {
      case DENIAL_MISMATCH -> Optional.of("invalid_denial_binding");
      case DENIAL_EXPIRED -> Optional.of("expired_denial");
      case DENIAL_NOT_REQUESTABLE, POLICY_FORBIDS -> Optional.of("not_requestable");
      case NOT_FOUND -> Optional.of("unknown_task");
      case STATE_CONFLICT -> Optional.of("invalid_task_state");
      default -> Optional.empty();
    };
  }

  private Response task(int status, Approval approval) {
    var at = location + approval.id().text();
    var state = word(approval);
    boolean waits = approval.stateAt(world.now()) == ApprovalState.PENDING;
    var task =
        Json.object()
            .put("id", approval.id().text())
            .put("status", state)
            .put("status_endpoint", at)
            .put("expires_at", approval.expiresAt().toString());
    if (waits) {
      task.put("links", Json.object().put("cancel", at + "/cancel").build());
    }
    var body = Json.object().put("task", task.build());
    if (approval.wasApproved()) {
      body.put("result", result(approval));
    }
    var response = Response.json(status, body.build());
    var located = status == 202 ? response.with("Location", at) : response;
    return waits ? located.with("Retry-After", POLL_AFTER) : located;
  }

  /// What became of the request; what became of the approval is told when it is presented.
  private String word(Approval approval) {
    return approval.wasApproved()
        ? ApprovalState.APPROVED.word()
        : approval.stateAt(world.now()).word();
  }

  private static Json result(Approval approval) {
    var shown =
        Json.object()
            .put("id", approval.id().text())
            .put("approved_at", approval.ending().map(ending -> ending.at().toString()))
            .put("approved_until", approval.approvedUntil().orElseThrow().toString())
            .build();
    return Json.object().put("mode", "reevaluate").put("approval", shown).build();
  }
}
