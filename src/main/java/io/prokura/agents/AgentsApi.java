package io.prokura.agents;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.directory.Directory;
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
import java.time.Instant;
import java.util.Optional;

/// `/api/v1/agents`: registering agents and taking them through their life.
public final class AgentsApi {
  private static final Named<Id.Agent> AGENT = new Named<>(Id.Agent::parse, "agent");
  private static final Id.Group NO_OWNER = new Id.Group("");

  private final Database database;
  private final Changes changes;
  private final Agents agents;
  private final World world;
  private final Limits limits;

  public AgentsApi(Database database, Changes changes, Agents agents, World world, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.agents = agents;
    this.world = world;
    this.limits = limits;
  }

  /// Registers an agent; it is in the state `registered` then.
  public Result<Response> register(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var read = read(new Fields(body), Id.Agent.random(world), AgentState.REGISTERED, 1);
          return read instanceof Ok(var fresh)
              ? agents
                  .register(tx, caller.principal(), fresh)
                  .map(agent -> Reply.created(view(agent), agent.version()))
              : read.refusal();
        });
  }

  /// Lists agents; `state` and `owner` in the query select.
  public Result<Response> list(Caller caller, Request request) {
    var query = request.query();
    if (!(query instanceof Ok(var parameters))) {
      return query.refusal();
    }
    var paged = Page.of(request, limits);
    if (!(paged instanceof Ok(var page))) {
      return paged.refusal();
    }
    var state = parameters.get("state").orElse("");
    if (!state.isEmpty() && AgentState.parse(state).isEmpty()) {
      return refused(FIELD_INVALID, "state is a state of agents, such as active");
    }
    var owner = parameters.get("owner").orElse("");
    if (!owner.isEmpty() && Directory.parseOwner(owner).isEmpty()) {
      return refused(FIELD_INVALID, "owner is the id of a user or a group");
    }
    return page.response(
        database.read(tx -> agents.page(tx, state, owner, page.after(), page.fetch())),
        agent -> agent.id().text(),
        this::view);
  }

  public Result<Response> get(Caller caller, Request request) {
    return AGENT.shown(request, database, agents::find, this::reply);
  }

  /// Writes all that is known of an agent anew, but for its state; needs `If-Match`.
  public Result<Response> replace(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          if (!(AGENT.in(request) instanceof Ok(var id))) {
            return AGENT.missing();
          }
          var current = agents.find(tx, id);
          if (current.isEmpty()) {
            return AGENT.missing();
          }
          var agent = current.get();
          var read = read(new Fields(body), agent.id(), agent.state(), version);
          return read instanceof Ok(var next)
              ? agents.replace(tx, caller.principal(), next).map(this::reply)
              : read.refusal();
        });
  }

  public Result<Response> adopt(Caller caller, Request request) {
    return transition(caller, request, AgentTransition.ADOPT);
  }

  public Result<Response> dismiss(Caller caller, Request request) {
    return transition(caller, request, AgentTransition.DISMISS);
  }

  public Result<Response> activate(Caller caller, Request request) {
    return transition(caller, request, AgentTransition.ACTIVATE);
  }

  public Result<Response> suspend(Caller caller, Request request) {
    return transition(caller, request, AgentTransition.SUSPEND);
  }

  public Result<Response> resume(Caller caller, Request request) {
    return transition(caller, request, AgentTransition.RESUME);
  }

  public Result<Response> quarantine(Caller caller, Request request) {
    return transition(caller, request, AgentTransition.QUARANTINE);
  }

  /// Ends a quarantine: `to` says whether the agent is `suspended` then, as it is when nothing is
  /// said, or `active`.
  public Result<Response> release(Caller caller, Request request) {
    return change(
        caller,
        request,
        fields ->
            fields
                .optional("to", "suspended or active", AgentsApi::released)
                .orElse(AgentTransition.RELEASE));
  }

  public Result<Response> retire(Caller caller, Request request) {
    return transition(caller, request, AgentTransition.RETIRE);
  }

  private static Optional<AgentTransition> released(String to) {
    return switch (to) {
      case "suspended" -> Optional.of(AgentTransition.RELEASE);
      case "active" -> Optional.of(AgentTransition.REINSTATE);
      default -> Optional.empty();
    };
  }

  private Result<Response> transition(Caller caller, Request request, AgentTransition transition) {
    return change(caller, request, _ -> transition);
  }

  @FunctionalInterface
  private interface Choice {
    AgentTransition of(Fields fields);
  }

  @FunctionalInterface
  private interface Step {
    Result<Agent> take(Tx tx, Id by, Id.Agent id, AgentTransition transition, String reason);
  }

  /// `If-Match` is obeyed where it is sent and not asked for: the legal steps from a state are
  /// guard enough, and who stops an agent in an emergency reads nothing first.
  private Result<Response> change(Caller caller, Request request, Choice choice) {
    return request.headers("If-Match").isEmpty()
        ? changes.apply(
            caller,
            request,
            (tx, body) -> step(tx, caller, request, body, choice, agents::transition))
        : changes.applyVersioned(
            caller,
            request,
            (tx, body, version) ->
                step(
                    tx,
                    caller,
                    request,
                    body,
                    choice,
                    (same, by, id, transition, reason) ->
                        agents.transition(same, by, id, version, transition, reason)));
  }

  private Result<Reply> step(
      Tx tx, Caller caller, Request request, Json.Obj body, Choice choice, Step step) {
    if (!(AGENT.in(request) instanceof Ok(var id))) {
      return AGENT.missing();
    }
    var fields = new Fields(body);
    var reason = fields.text("reason", limits.textMax());
    var transition = choice.of(fields);
    var problem = fields.problem();
    return problem.isPresent()
        ? problem.get().refusal()
        : step.take(tx, caller.principal(), id, transition, reason).map(this::reply);
  }

  private Result<Agent> read(Fields fields, Id.Agent id, AgentState state, long version) {
    var name = fields.text("name", limits.nameMax());
    var description = fields.textOr("description", "", limits.textMax());
    var owner =
        fields.<Id>required("owner", "the id of a user or group", Directory::parseOwner, id);
    var backup =
        fields.<Id>required(
            "backupOwner", "the id of a user or group", Directory::parseOwner, NO_OWNER);
    var purposes = fields.list("purposes", "the id of a purpose", Id.Purpose::parse);
    var capabilities = fields.list("capabilities", "the name of a tool or skill", this::capability);
    var environment =
        fields.required(
            "environment",
            "development, test or production",
            Environment::parse,
            Environment.DEVELOPMENT);
    var risk = fields.required("risk", "low, medium or high", Risk::parse, Risk.HIGH);
    var validUntil = fields.instant("validUntil");
    boolean bearerTokens = fields.flagOr("bearerTokens", false);
    if (owner.equals(backup)) {
      fields.wrong("owner and backupOwner are different");
    }
    if (purposes.isEmpty() && !state.isUnclaimed()) {
      fields.wrong("purposes names at least one purpose");
    }
    var problem = fields.problem();
    return problem.isPresent()
        ? problem.get().refusal()
        : ok(
            new Agent(
                id,
                name,
                description,
                owner,
                backup,
                purposes,
                capabilities,
                environment,
                risk,
                validUntil,
                bearerTokens,
                state,
                version));
  }

  private Optional<String> capability(String text) {
    boolean named =
        !text.isBlank()
            && text.length() <= limits.nameMax()
            && text.chars().allMatch(c -> c >= 0x20 && c != 0x7f);
    return Optional.of(text).filter(_ -> named);
  }

  private Reply reply(Agent agent) {
    return Reply.ok(view(agent), agent.version());
  }

  private Json.Obj view(Agent agent) {
    return Json.object()
        .put("id", agent.id().text())
        .put("name", agent.name())
        .put("description", agent.description())
        .put("owner", agent.owner().text())
        .put("backupOwner", agent.backupOwner().text())
        .put("purposes", agent.purposes().stream().map(Id.Purpose::text).toList())
        .put("capabilities", agent.capabilities())
        .put("environment", agent.environment().word())
        .put("risk", agent.risk().word())
        .put("validUntil", agent.validUntil().map(Instant::toString))
        .put("bearerTokens", agent.bearerTokens())
        .put("state", agent.state().word())
        .put("active", agent.state() == AgentState.ACTIVE && !agent.isExpired(world.now()))
        .build();
  }
}
