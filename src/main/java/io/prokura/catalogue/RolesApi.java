package io.prokura.catalogue;

import static io.prokura.kernel.Result.ok;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Named;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import java.util.List;
import java.util.Optional;

/// `/api/v1/roles`: the roles of the organisation.
public final class RolesApi {
  private static final Named<Id.Role> ROLE = new Named<>(Id.Role::parse, "role");
  /// Bytes that the permissions of a role may take, so that its entry in the record keeps its
  // bound.
  private static final int PERMISSIONS_BYTES_MAX = 30_000;

  private final Database database;
  private final Changes changes;
  private final Roles roles;
  private final World world;
  private final Limits limits;

  public RolesApi(Database database, Changes changes, Roles roles, World world, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.roles = roles;
    this.world = world;
    this.limits = limits;
  }

  public Result<Response> create(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var role = read(new Fields(body), Id.Role.random(world), 1);
          return role instanceof Ok(var fresh)
              ? roles
                  .create(tx, caller.principal(), fresh)
                  .map(done -> Reply.created(view(done), done.version()))
              : role.refusal();
        });
  }

  public Result<Response> list(Caller caller, Request request) {
    return Page.answer(
        request, limits, database, roles::page, role -> role.id().text(), RolesApi::view);
  }

  public Result<Response> get(Caller caller, Request request) {
    return ROLE.shown(request, database, roles::find, RolesApi::reply);
  }

  public Result<Response> replace(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          if (!(ROLE.in(request) instanceof Ok(var id))) {
            return ROLE.missing();
          }
          var role = read(new Fields(body), id, version);
          return role instanceof Ok(var next)
              ? roles.replace(tx, caller.principal(), next).map(RolesApi::reply)
              : role.refusal();
        });
  }

  public Result<Response> delete(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          if (!(ROLE.in(request) instanceof Ok(var id))) {
            return ROLE.missing();
          }
          var problem = new Fields(body).problem();
          return problem.isPresent()
              ? problem.get().refusal()
              : roles
                  .delete(tx, caller.principal(), id, version)
                  .map(gone -> Reply.ok(view(gone), 0));
        });
  }

  private Result<Role> read(Fields fields, Id.Role id, long version) {
    var name =
        fields.required(
            "name",
            "dotted lower-case words such as support-agent",
            text -> Optional.of(text).filter(Purpose::isName),
            "");
    var description = fields.textOr("description", "", limits.textMax());
    var permissions = permissions(fields);
    var excludes = fields.list("excludes", "the id of a role", Id.Role::parse);
    if (excludes.size() > Role.ITEMS_MAX) {
      fields.wrong("excludes has at most " + Role.ITEMS_MAX + " items");
    }
    var problem = fields.problem();
    return problem.isPresent()
        ? problem.get().refusal()
        : ok(new Role(id, name, description, permissions, excludes, version));
  }

  private static List<Role.Allowed> permissions(Fields fields) {
    var permissions =
        fields.objects("permissions").stream()
            .map(one -> permission(fields, new Fields(one)))
            .flatMap(Optional::stream)
            .toList();
    if (permissions.size() > Role.ITEMS_MAX || !Role.isSet(permissions)) {
      fields.wrong(
          "permissions has at most %d items, one for each resource and mode"
              .formatted(Role.ITEMS_MAX));
      return List.of();
    }
    if (Columns.allowed(permissions).bytes().length > PERMISSIONS_BYTES_MAX) {
      fields.wrong("permissions takes at most " + PERMISSIONS_BYTES_MAX + " bytes");
    }
    return permissions;
  }

  private static Optional<Role.Allowed> permission(Fields outer, Fields fields) {
    var resource = fields.optional("resource", "the id of a resource", Id.Resource::parse);
    var actions =
        fields.list(
            "actions", "the name of an action", text -> Optional.of(text).filter(Action::isName));
    var mode =
        fields
            .optional("mode", "onBehalf or own", PermissionMode::parse)
            .orElse(PermissionMode.ON_BEHALF);
    var problem = fields.problem();
    if (problem.isPresent()) {
      outer.wrong("permissions: " + problem.get().detail());
      return Optional.empty();
    }
    if (resource.isEmpty() || actions.isEmpty()) {
      outer.wrong("permissions: resource and at least one of actions are required");
      return Optional.empty();
    }
    return resource.map(id -> new Role.Allowed(id, Scopes.of(actions), mode));
  }

  private static Reply reply(Role role) {
    return Reply.ok(view(role), role.version());
  }

  private static Json.Obj view(Role role) {
    return Json.object()
        .put("id", role.id().text())
        .put("name", role.name())
        .put("description", role.description())
        .put("permissions", Columns.allowed(role.permissions()))
        .put("excludes", role.excludes().stream().map(Id.Role::text).toList())
        .build();
  }
}
