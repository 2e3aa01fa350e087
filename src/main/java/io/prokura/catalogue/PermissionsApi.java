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
import io.prokura.kernel.Scopes;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Named;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `/api/v1/permissions`: who may do what on which resource.
public final class PermissionsApi {
  private static final Named<Id.Permission> PERMISSION =
      new Named<>(Id.Permission::parse, "permission");
  private static final String PRINCIPAL = "the id of a user, an agent or a workload";

  private final Database database;
  private final Changes changes;
  private final Permissions permissions;
  private final Limits limits;

  public PermissionsApi(
      Database database, Changes changes, Permissions permissions, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.permissions = permissions;
    this.limits = limits;
  }

  public Result<Response> give(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var wanted = read(new Fields(body));
          return wanted instanceof Ok(var all)
              ? permissions
                  .give(tx, caller.principal(), all)
                  .map(done -> Reply.created(view(done), done.version()))
              : wanted.refusal();
        });
  }

  /// Lists all permissions, or with the query parameter `principal` those of one principal that are
  /// not revoked.
  public Result<Response> list(Caller caller, Request request) {
    var asked = Page.of(request, limits);
    if (!(asked instanceof Ok(var page))) {
      return asked.refusal();
    }
    return switch (found(request, page)) {
      case Ok<List<Permission>>(var found) ->
          page.response(found, permission -> permission.id().text(), PermissionsApi::view);
      case Refused<List<Permission>> refused -> refused.refusal();
    };
  }

  private Result<List<Permission>> found(Request request, Page page) {
    var query = request.query();
    if (!(query instanceof Ok(var parameters))) {
      return query.refusal();
    }
    var principal = parameters.get("principal");
    if (principal.isEmpty()) {
      return ok(database.read(tx -> permissions.page(tx, page.after(), page.fetch())));
    }
    return Id.Principal.parse(principal.get())
        .map(
            id ->
                ok(
                    database.<List<Permission>>read(
                        tx -> permissions.pageOf(tx, id, page.after(), page.fetch()))))
        .orElseGet(() -> refused(FIELD_INVALID, "principal is " + PRINCIPAL));
  }

  public Result<Response> get(Caller caller, Request request) {
    return PERMISSION.shown(request, database, permissions::find, PermissionsApi::reply);
  }

  public Result<Response> revoke(Caller caller, Request request) {
    return changes.applyReasoned(
        caller,
        request,
        PERMISSION::in,
        (tx, id, reason) ->
            permissions.revoke(tx, caller.principal(), id, reason).map(PermissionsApi::reply));
  }

  private static Result<Permissions.Wanted> read(Fields fields) {
    var principal = fields.optional("principal", PRINCIPAL, Id.Principal::parse);
    var resource = fields.optional("resource", "the id of a resource", Id.Resource::parse);
    var actions =
        fields.list(
            "actions", "the name of an action", text -> Optional.of(text).filter(Action::isName));
    var mode = fields.optional("mode", "onBehalf or own", PermissionMode::parse);
    var expiresAt = fields.instant("expiresAt");
    var problem = fields.problem();
    if (problem.isPresent()) {
      return problem.get().refusal();
    }
    if (principal.isEmpty() || resource.isEmpty()) {
      return refused(FIELD_INVALID, "principal and resource are required");
    }
    var usual = principal.get() instanceof Id.User ? PermissionMode.OWN : PermissionMode.ON_BEHALF;
    return ok(
        new Permissions.Wanted(
            principal.get(), resource.get(), Scopes.of(actions), mode.orElse(usual), expiresAt));
  }

  private static Reply reply(Permission permission) {
    return Reply.ok(view(permission), permission.version());
  }

  private static Json.Obj view(Permission permission) {
    return Json.object()
        .put("id", permission.id().text())
        .put("principal", permission.principal().text())
        .put("resource", permission.resource().text())
        .put("actions", permission.actions().values())
        .put("mode", permission.mode().word())
        .put("expiresAt", permission.expiresAt().map(Instant::toString))
        .put("givenBy", permission.given().by().text())
        .put("givenAt", permission.given().at().toString())
        .put("revokedBy", permission.revoked().map(how -> how.by().text()))
        .put("revokedAt", permission.revoked().map(how -> how.at().toString()))
        .build();
  }
}
