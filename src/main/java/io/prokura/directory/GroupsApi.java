package io.prokura.directory;

import static io.prokura.kernel.Result.ok;

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
import io.prokura.management.Fields;
import io.prokura.management.Named;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import java.util.Optional;

/// `/api/v1/groups`: named sets of users.
public final class GroupsApi {
  private static final Named<Id.Group> GROUP = new Named<>(Id.Group::parse, "group");
  private final Database database;
  private final Changes changes;
  private final Groups groups;
  private final World world;
  private final Limits limits;

  public GroupsApi(Database database, Changes changes, Groups groups, World world, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.groups = groups;
    this.world = world;
    this.limits = limits;
  }

  public Result<Response> create(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var group = read(new Fields(body), Id.Group.random(world), 1);
          return group instanceof Ok(var fresh)
              ? groups
                  .create(tx, caller.principal(), fresh)
                  .map(done -> Reply.created(view(done), done.version()))
              : group.refusal();
        });
  }

  public Result<Response> list(Caller caller, Request request) {
    return Page.answer(
        request, limits, database, groups::page, group -> group.id().text(), GroupsApi::view);
  }

  public Result<Response> get(Caller caller, Request request) {
    return GROUP.shown(request, database, groups::find, GroupsApi::reply);
  }

  public Result<Response> replace(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          if (!(GROUP.in(request) instanceof Ok(var id))) {
            return GROUP.missing();
          }
          var group = read(new Fields(body), id, version);
          return group instanceof Ok(var next)
              ? groups.replace(tx, caller.principal(), next).map(GroupsApi::reply)
              : group.refusal();
        });
  }

  /// Answers with the group as it was.
  public Result<Response> delete(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          if (!(GROUP.in(request) instanceof Ok(var id))) {
            return GROUP.missing();
          }
          var problem = new Fields(body).problem();
          return problem.isPresent()
              ? problem.get().refusal()
              : groups
                  .delete(tx, caller.principal(), id, version)
                  .map(gone -> Reply.ok(view(gone), 0));
        });
  }

  private static Result<Group> read(Fields fields, Id.Group id, long version) {
    var name =
        fields.required(
            "name",
            "1 to " + Group.NAME_MAX + " printable characters",
            text -> Optional.of(text).filter(Group::isName),
            "");
    var members = fields.list("members", "the id of a user", Id.User::parse);
    var problem = fields.problem();
    return problem.isPresent()
        ? problem.get().refusal()
        : ok(new Group(id, name, members, version));
  }

  private static Reply reply(Group group) {
    return Reply.ok(view(group), group.version());
  }

  private static Json.Obj view(Group group) {
    return Json.object()
        .put("id", group.id().text())
        .put("name", group.name())
        .put("members", group.members().stream().map(Id.User::text).toList())
        .build();
  }
}
