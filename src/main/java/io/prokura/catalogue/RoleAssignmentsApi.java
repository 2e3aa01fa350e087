package io.prokura.catalogue;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Named;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import java.time.Instant;
import java.util.List;

/// `/api/v1/role-assignments`: who holds which role.
public final class RoleAssignmentsApi {
  private static final Named<Id.Assignment> ASSIGNMENT =
      new Named<>(Id.Assignment::parse, "assignment");
  private static final String HOLDER = "the id of a user, an agent, a workload or a group";

  private final Database database;
  private final Changes changes;
  private final RoleAssignments assignments;
  private final Limits limits;

  public RoleAssignmentsApi(
      Database database, Changes changes, RoleAssignments assignments, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.assignments = assignments;
    this.limits = limits;
  }

  public Result<Response> give(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var wanted = read(new Fields(body));
          return wanted instanceof Ok(var all)
              ? assignments
                  .give(tx, caller.principal(), all)
                  .map(done -> Reply.created(view(done), done.version()))
              : wanted.refusal();
        });
  }

  /// Lists all assignments, or with the query parameter `holder` those to one principal or group
  /// that are not revoked.
  public Result<Response> list(Caller caller, Request request) {
    var asked = Page.of(request, limits);
    if (!(asked instanceof Ok(var page))) {
      return asked.refusal();
    }
    return switch (found(request, page)) {
      case Ok<List<RoleAssignment>>(var found) ->
          page.response(found, assignment -> assignment.id().text(), RoleAssignmentsApi::view);
      case Refused<List<RoleAssignment>> refused -> refused.refusal();
    };
  }

  private Result<List<RoleAssignment>> found(Request request, Page page) {
    var query = request.query();
    if (!(query instanceof Ok(var parameters))) {
      return query.refusal();
    }
    var holder = parameters.get("holder");
    if (holder.isEmpty()) {
      return ok(database.read(tx -> assignments.page(tx, page.after(), page.fetch())));
    }
    return RoleAssignment.parseHolder(holder.get())
        .map(
            id ->
                ok(
                    database.<List<RoleAssignment>>read(
                        tx -> assignments.pageOf(tx, id, page.after(), page.fetch()))))
        .orElseGet(() -> refused(FIELD_INVALID, "holder is " + HOLDER));
  }

  public Result<Response> get(Caller caller, Request request) {
    return ASSIGNMENT.shown(request, database, assignments::find, RoleAssignmentsApi::reply);
  }

  public Result<Response> revoke(Caller caller, Request request) {
    return changes.applyReasoned(
        caller,
        request,
        ASSIGNMENT::in,
        (tx, id, reason) ->
            assignments.revoke(tx, caller.principal(), id, reason).map(RoleAssignmentsApi::reply));
  }

  private static Result<RoleAssignments.Wanted> read(Fields fields) {
    var role = fields.optional("role", "the id of a role", Id.Role::parse);
    var holder = fields.optional("holder", HOLDER, RoleAssignment::parseHolder);
    var expiresAt = fields.instant("expiresAt");
    var problem = fields.problem();
    if (problem.isPresent()) {
      return problem.get().refusal();
    }
    return role.isEmpty() || holder.isEmpty()
        ? refused(FIELD_INVALID, "role and holder are required")
        : ok(new RoleAssignments.Wanted(role.get(), holder.get(), expiresAt));
  }

  private static Reply reply(RoleAssignment assignment) {
    return Reply.ok(view(assignment), assignment.version());
  }

  private static Json.Obj view(RoleAssignment assignment) {
    return Json.object()
        .put("id", assignment.id().text())
        .put("role", assignment.role().text())
        .put("holder", assignment.holder().text())
        .put("expiresAt", assignment.expiresAt().map(Instant::toString))
        .put("givenBy", assignment.given().by().text())
        .put("givenAt", assignment.given().at().toString())
        .put("revokedBy", assignment.revoked().map(how -> how.by().text()))
        .put("revokedAt", assignment.revoked().map(how -> how.at().toString()))
        .build();
  }
}
