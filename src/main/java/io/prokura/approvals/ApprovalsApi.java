package io.prokura.approvals;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// `/api/v1/approvals`: what waits for a decision, and deciding it.
public final class ApprovalsApi {
  private static final String NONE = "there is no such approval";

  private final Database database;
  private final Changes changes;
  private final Approvals approvals;
  private final World world;
  private final Limits limits;

  public ApprovalsApi(
      Database database, Changes changes, Approvals approvals, World world, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.approvals = approvals;
    this.world = world;
    this.limits = limits;
  }

  /// Lists all approvals; `state` in the query selects.
  public Result<Response> list(Caller caller, Request request) {
    return page(request, approvals::page);
  }

  /// Lists those that the caller, a person, is among the approvers of.
  public Result<Response> mine(Caller caller, Request request) {
    return page(
        request,
        (tx, state, after, count) ->
            caller.principal() instanceof Id.User user
                ? approvals.pageFor(tx, user, state, after, count)
                : List.of());
  }

  @FunctionalInterface
  private interface Source {
    List<Approval> page(Tx tx, String state, String after, int count);
  }

  private Result<Response> page(Request request, Source source) {
    var query = request.query();
    if (!(query instanceof Ok(var parameters))) {
      return query.refusal();
    }
    var state = parameters.get("state").orElse("");
    boolean isKnown =
        state.isEmpty()
            || Arrays.stream(ApprovalState.values()).anyMatch(one -> one.word().equals(state));
    return isKnown
        ? Page.answer(
            request,
            limits,
            database,
            (tx, after, count) -> source.page(tx, state, after, count),
            one -> one.id().text(),
            this::view)
        : refused(FIELD_INVALID, "state is one of an approval, such as pending");
  }

  public Result<Response> get(Caller caller, Request request) {
    return id(request)
        .flatMap(approvals::find)
        .map(found -> ok(Response.json(200, view(found))))
        .orElseGet(() -> refused(NOT_FOUND, NONE));
  }

  /// Lets the action through, once; the body holds the `reason`.
  public Result<Response> approve(Caller caller, Request request) {
    return decide(caller, request, approvals::approve);
  }

  /// Refuses the action; the body holds the `reason`.
  public Result<Response> deny(Caller caller, Request request) {
    return decide(caller, request, approvals::deny);
  }

  @FunctionalInterface
  private interface Verdict {
    Result<Approval> give(Tx tx, Id.Principal by, Id.Approval id, String reason);
  }

  private Result<Response> decide(Caller caller, Request request, Verdict verdict) {
    var id = id(request);
    if (id.isEmpty()) {
      return refused(NOT_FOUND, NONE);
    }
    approvals.prepare(caller.principal(), id.get());
    return changes.applyReasoned(
        caller,
        request,
        _ -> ok(id.get()),
        (tx, one, reason) ->
            verdict
                .give(tx, caller.principal(), one, reason)
                .map(decided -> Reply.ok(view(decided), 0)));
  }

  private static Optional<Id.Approval> id(Request request) {
    return Id.Approval.parse(request.pathParameter("id"));
  }

  private Json.Obj view(Approval approval) {
    var action = approval.action();
    var object =
        Json.object().put("type", action.objectType()).put("id", action.objectId()).build();
    var ending = approval.ending();
    return Json.object()
        .put("id", approval.id().text())
        .put("state", approval.stateAt(world.now()).word())
        .put("principals", ids(action.chain()))
        .put("resource", action.resource().text())
        .put("action", action.action())
        .put("object", object)
        .put("arguments", action.arguments())
        .put("purpose", action.purpose().map(Id::text))
        .put("delegations", ids(action.delegations()))
        .put("justification", approval.justification())
        .put("approvers", ids(approval.approvers()))
        .put("enforcer", approval.enforcer().text())
        .put("decision", approval.decision().text())
        .put("requestedAt", approval.requestedAt().toString())
        .put("expiresAt", approval.expiresAt().toString())
        .put("endedBy", ending.map(one -> one.by().text()))
        .put("endedAt", ending.map(one -> one.at().toString()))
        .put("reason", ending.map(Approval.Ending::reason))
        .put("approvedUntil", approval.approvedUntil().map(Instant::toString))
        .build();
  }

  private static List<String> ids(List<? extends Id> ids) {
    return ids.stream().map(Id::text).toList();
  }
}
