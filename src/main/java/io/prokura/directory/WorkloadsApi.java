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
import io.prokura.sql.Tx;

/// `/api/v1/workloads`: servers, services, devices and applications that act as themselves.
public final class WorkloadsApi {
  private static final Named<Id.Workload> WORKLOAD = new Named<>(Id.Workload::parse, "workload");
  private final Database database;
  private final Changes changes;
  private final Workloads workloads;
  private final World world;
  private final Limits limits;

  public WorkloadsApi(
      Database database, Changes changes, Workloads workloads, World world, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.workloads = workloads;
    this.world = world;
    this.limits = limits;
  }

  public Result<Response> register(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var workload = read(new Fields(body), Id.Workload.random(world), 1);
          return workload instanceof Ok(var fresh)
              ? workloads
                  .register(tx, caller.principal(), fresh)
                  .map(done -> Reply.created(view(done), done.version()))
              : workload.refusal();
        });
  }

  public Result<Response> list(Caller caller, Request request) {
    return Page.answer(
        request,
        limits,
        database,
        workloads::page,
        workload -> workload.id().text(),
        WorkloadsApi::view);
  }

  public Result<Response> get(Caller caller, Request request) {
    return WORKLOAD.shown(request, database, workloads::find, WorkloadsApi::reply);
  }

  public Result<Response> replace(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          if (!(WORKLOAD.in(request) instanceof Ok(var id))) {
            return WORKLOAD.missing();
          }
          var workload = read(new Fields(body), id, version);
          return workload instanceof Ok(var next)
              ? workloads.replace(tx, caller.principal(), next).map(WorkloadsApi::reply)
              : workload.refusal();
        });
  }

  public Result<Response> deactivate(Caller caller, Request request) {
    return setActive(caller, request, workloads::deactivate);
  }

  public Result<Response> activate(Caller caller, Request request) {
    return setActive(caller, request, workloads::activate);
  }

  @FunctionalInterface
  private interface Transition {
    Result<Workload> apply(Tx tx, Id.Principal by, Id.Workload id, String reason);
  }

  private Result<Response> setActive(Caller caller, Request request, Transition transition) {
    return changes.applyReasoned(
        caller,
        request,
        WORKLOAD::in,
        (tx, id, reason) ->
            transition.apply(tx, caller.principal(), id, reason).map(WorkloadsApi::reply));
  }

  private Result<Workload> read(Fields fields, Id.Workload id, long version) {
    var name = fields.text("name", limits.nameMax());
    var description = fields.textOr("description", "", limits.textMax());
    var owner =
        fields.<Id>required("owner", "the id of a user or a group", Directory::parseOwner, id);
    var roles = fields.list("roles", "a management role", ManagementRole::parse);
    boolean transactionTokens = fields.flagOr("transactionTokens", false);
    var problem = fields.problem();
    return problem.isPresent()
        ? problem.get().refusal()
        : ok(
            Workload.fresh(id, name, description, owner, roles)
                .withTransactionTokens(transactionTokens)
                .withVersion(version));
  }

  private static Reply reply(Workload workload) {
    return Reply.ok(view(workload), workload.version());
  }

  private static Json.Obj view(Workload workload) {
    return Json.object()
        .put("id", workload.id().text())
        .put("name", workload.name())
        .put("description", workload.description())
        .put("owner", workload.owner().text())
        .put("active", workload.active())
        .put("roles", ManagementRole.words(workload.roles()))
        .put("transactionTokens", workload.transactionTokens())
        .build();
  }
}
