package io.prokura.delegation;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.catalogue.Catalogue;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Named;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Tx;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Delegations over the management API.
public final class DelegationsApi {
  private static final Named<Id.Delegation> DELEGATION =
      new Named<>(Id.Delegation::parse, "delegation");
  private final Delegations delegations;
  private final Standing standing;
  private final Catalogue catalogue;
  private final Changes changes;
  private final World world;
  private final Limits limits;

  public DelegationsApi(
      Delegations delegations,
      Standing standing,
      Catalogue catalogue,
      Changes changes,
      World world,
      Limits limits) {
    this.delegations = delegations;
    this.standing = standing;
    this.catalogue = catalogue;
    this.changes = changes;
    this.world = world;
    this.limits = limits;
  }

  /// Gives a delegation for its delegator.
  public Result<Response> give(Caller caller, Request request) {
    return changes.apply(caller, request, (tx, body) -> give(caller, tx, body));
  }

  private Result<Reply> give(Caller caller, Tx tx, Json.Obj body) {
    var parsed = NewDelegation.parse(body, catalogue, world, limits);
    if (!(parsed instanceof Ok(var wanted))) {
      return parsed.refusal();
    }
    for (var principal : new Id.Principal[] {wanted.delegator(), wanted.delegate()}) {
      var active = standing.of(principal);
      if (active instanceof Refused<?>(_, var detail)) {
        return Result.refused(FIELD_INVALID, principal.text() + ": " + detail);
      }
    }
    var given = delegations.give(tx, caller.principal(), wanted.given(caller.principal(), world));
    var limited =
        wanted.budgets().isEmpty()
            ? ok(given)
            : delegations.limit(
                tx, caller.principal(), given.id(), wanted.budgets(), Optional.empty());
    return limited.map(one -> Reply.created(view(tx, one), 0));
  }

  /// Sets limits of what a delegation may spend; the body holds `budgets` and the `reason`.
  public Result<Response> limit(Caller caller, Request request) {
    return changes.apply(caller, request, (tx, body) -> limit(caller, request, tx, body));
  }

  private Result<Reply> limit(Caller caller, Request request, Tx tx, Json.Obj body) {
    var fields = new Fields(body);
    var budgets = NewDelegation.budgets(fields);
    var reason = fields.text("reason", limits.textMax());
    if (budgets.isEmpty()) {
      fields.wrong("budgets is required and names at least one");
    }
    var problem = fields.problem();
    if (problem.isPresent()) {
      return problem.get().refusal();
    }
    return DELEGATION.in(request) instanceof Ok(var id)
        ? delegations
            .limit(tx, caller.principal(), id, budgets, Optional.of(reason))
            .map(one -> Reply.ok(view(tx, one), 0))
        : DELEGATION.missing();
  }

  /// Withdraws a delegation; the body holds the `reason`.
  public Result<Response> revoke(Caller caller, Request request) {
    return changes.applyReasoned(
        caller,
        request,
        DELEGATION::in,
        (tx, id, reason) ->
            delegations
                .revoke(tx, caller.principal(), id, reason)
                .map(revoked -> Reply.ok(view(tx, revoked), 0)));
  }

  public Result<Response> get(Caller caller, Request request) {
    if (!(DELEGATION.in(request) instanceof Ok(var id))) {
      return DELEGATION.missing();
    }
    return delegations
        .find(id)
        .map(found -> ok(Response.json(200, delegations.inRead(tx -> view(tx, found)))))
        .orElseGet(DELEGATION::missing);
  }

  /// Lists delegations; `principal` in the query selects those given to or by one.
  public Result<Response> list(Caller caller, Request request) {
    var query = request.query();
    var page = Page.of(request, limits);
    if (!(query instanceof Ok(var parameters))) {
      return query.refusal();
    }
    if (!(page instanceof Ok(var part))) {
      return page.refusal();
    }
    var principal = parameters.get("principal").orElse("");
    if (!principal.isEmpty() && Id.Principal.parse(principal).isEmpty()) {
      return refused(FIELD_INVALID, "principal is the id of a user, an agent or a workload");
    }
    var some = delegations.list(principal, part.after(), part.fetch());
    return delegations.inRead(
        tx -> part.response(some, one -> one.id().text(), one -> view(tx, one)));
  }

  private Json.Obj view(Tx tx, Delegation delegation) {
    var budgets = delegations.budgets().of(tx, delegation.id());
    var limited =
        budgets.entrySet().stream()
            .map(
                budget ->
                    Json.object()
                        .put("name", budget.getKey())
                        .put("limit", budget.getValue().limit())
                        .put("spent", budget.getValue().spent())
                        .build())
            .toList();
    var covers =
        delegation.covers().entrySet().stream()
            .sorted(Comparator.comparing(cover -> cover.getKey().text()))
            .map(
                cover ->
                    Json.object()
                        .put("resource", cover.getKey().text())
                        .put("actions", cover.getValue().values())
                        .build())
            .toList();
    return Json.object()
        .put("id", delegation.id().text())
        .put("state", state(delegation, budgets.values()))
        .put("delegator", delegation.delegator().text())
        .put("delegate", delegation.delegate().text())
        .put("purpose", delegation.purpose().text())
        .put("covers", Json.array(covers))
        .put("depthMax", delegation.depthMax())
        .put("budgets", Json.array(limited))
        .put("parent", parent(delegation))
        .put("givenBy", delegation.given().by().text())
        .put("givenAt", delegation.given().at().toString())
        .put("expiresAt", delegation.expiresAt().toString())
        .build();
  }

  private String state(Delegation delegation, Collection<Budget> budgets) {
    if (delegation.revoked()) {
      return "revoked";
    }
    if (!delegation.isActiveAt(world.now())) {
      return "expired";
    }
    return budgets.stream().anyMatch(budget -> budget.left() == 0) ? "exhausted" : "active";
  }

  private static Optional<String> parent(Delegation delegation) {
    var ancestors = delegation.ancestors();
    return ancestors.isEmpty() ? Optional.empty() : Optional.of(ancestors.getLast().text());
  }
}
