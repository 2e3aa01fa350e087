package io.prokura.clients;

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
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Named;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.HashMap;
import java.util.Optional;

/// `/api/v1/clients`: the applications that people use.
public final class ClientsApi {
  private static final Named<Id.Client> CLIENT = new Named<>(Id.Client::parse, "client");
  private final Database database;
  private final Changes changes;
  private final Clients clients;
  private final World world;
  private final Limits limits;

  public ClientsApi(
      Database database, Changes changes, Clients clients, World world, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.clients = clients;
    this.world = world;
    this.limits = limits;
  }

  public Result<Response> register(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var client = fresh(body);
          return client instanceof Ok(var fresh)
              ? clients
                  .register(tx, caller.principal(), fresh)
                  .map(done -> Reply.created(view(done), done.version()))
              : client.refusal();
        });
  }

  /// What is registered here, an administrator answers for.
  private Result<Client> fresh(Json.Obj body) {
    var client = read(new Fields(body), Id.Client.random(world), 1);
    return !(client instanceof Ok(var read)) || read.registration().isPlain()
        ? client
        : refused(FIELD_INVALID, "origin is administrator: who registers it here answers for it");
  }

  public Result<Response> list(Caller caller, Request request) {
    return Page.answer(
        request, limits, database, clients::page, client -> client.id().text(), ClientsApi::view);
  }

  public Result<Response> get(Caller caller, Request request) {
    return CLIENT.shown(request, database, clients::find, ClientsApi::reply);
  }

  /// Writes name, ceiling and registration of a client anew; needs `If-Match`.
  public Result<Response> replace(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          if (!(CLIENT.in(request) instanceof Ok(var id))) {
            return CLIENT.missing();
          }
          var client = read(new Fields(body), id, version);
          return client instanceof Ok(var next)
              ? clients
                  .replace(tx, caller.principal(), known(tx, body, next))
                  .map(ClientsApi::reply)
              : client.refusal();
        });
  }

  /// The client with the origin that it has, where the body says nothing of it.
  private Client known(Tx tx, Json.Obj body, Client next) {
    return body.get("origin").isPresent() || body.get("document").isPresent()
        ? next
        : clients.find(tx, next.id()).map(current -> next.withOriginOf(current)).orElse(next);
  }

  public Result<Response> deactivate(Caller caller, Request request) {
    return setActive(caller, request, clients::deactivate);
  }

  public Result<Response> activate(Caller caller, Request request) {
    return setActive(caller, request, clients::activate);
  }

  @FunctionalInterface
  private interface Transition {
    Result<Client> apply(Tx tx, Id.Principal by, Id.Client id, String reason);
  }

  private Result<Response> setActive(Caller caller, Request request, Transition transition) {
    return changes.applyReasoned(
        caller,
        request,
        CLIENT::in,
        (tx, id, reason) ->
            transition.apply(tx, caller.principal(), id, reason).map(ClientsApi::reply));
  }

  private Result<Client> read(Fields fields, Id.Client id, long version) {
    var name = fields.text("name", limits.nameMax());
    var ceiling = ceiling(fields);
    var registration = RegistrationForm.read(fields, limits);
    var problem = fields.problem();
    return problem.isPresent()
        ? problem.get().refusal()
        : ok(new Client(id, name, true, ceiling, registration, version));
  }

  /// Either `everything` or a list of `covers`: no bound is never what was merely not said.
  private static Ceiling ceiling(Fields fields) {
    boolean everything = fields.flagOr("everything", false);
    var covers = new HashMap<Id.Resource, Scopes>();
    for (var item : fields.objects("covers")) {
      var cover = new Fields(item);
      var resource =
          cover.required(
              "resource", "the id of a resource", Id.Resource::parse, new Id.Resource(""));
      var actions =
          cover.list("actions", "an action", text -> Optional.of(text).filter(Scopes::isToken));
      cover.problem().ifPresent(problem -> fields.wrong("covers: " + problem.detail()));
      if (actions.isEmpty() || covers.put(resource, Scopes.of(actions)) != null) {
        fields.wrong("covers names each resource once, with at least one action");
      }
    }
    if (everything != covers.isEmpty()) {
      fields.wrong("say either everything or covers");
    }
    return everything ? new Ceiling.Everything() : new Ceiling.Only(covers);
  }

  private static Reply reply(Client client) {
    return Reply.ok(view(client), client.version());
  }

  private static Json.Obj view(Client client) {
    return Json.object()
        .put("id", client.id().text())
        .put("name", client.name())
        .put("active", client.active())
        .putAll(ClientStore.json(client.ceiling()).members())
        .putAll(RegistrationForm.json(client.registration()).members())
        .build();
  }
}
