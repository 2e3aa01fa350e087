package io.prokura.kill;

import static java.lang.System.Logger.Level.WARNING;

import io.prokura.agents.Agents;
import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.catalogue.Catalogue;
import io.prokura.cutoff.CutOffs;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Named;
import io.prokura.management.Reply;
import io.prokura.sql.Tx;
import io.prokura.tokens.OutstandingTokens;

/// The kill: a cut-off on an agent and its suspension, in one transaction.
public final class KillApi {
  private static final Named<Id.Agent> AGENT = new Named<>(Id.Agent::parse, "agent");
  private static final System.Logger LOG = System.getLogger(KillApi.class.getName());

  private final Changes changes;
  private final CutOffs cutOffs;
  private final Agents agents;
  private final Catalogue catalogue;
  private final OutstandingTokens outstanding;
  private final AuditLog audit;
  private final Limits limits;

  public KillApi(
      Changes changes,
      CutOffs cutOffs,
      Agents agents,
      Catalogue catalogue,
      OutstandingTokens outstanding,
      AuditLog audit,
      Limits limits) {
    this.changes = changes;
    this.cutOffs = cutOffs;
    this.agents = agents;
    this.catalogue = catalogue;
    this.outstanding = outstanding;
    this.audit = audit;
    this.limits = limits;
  }

  /// Kills the agent in the path for the `reason` in the body. The answer names every audience that
  /// held tokens with this agent in their chain, and who acted below it: audiences that ask this
  /// server refuse those tokens from now on; one that only verifies signatures is open until the
  /// last of them expires.
  public Result<Response> kill(Caller caller, Request request) {
    if (!(AGENT.in(request) instanceof Ok(var agent))) {
      return AGENT.missing();
    }
    return changes
        .changed(caller, request, (tx, body) -> kill(tx, caller, agent, body))
        .map(reply -> reported(reply, agent).response());
  }

  private Result<Reply> kill(Tx tx, Caller caller, Id.Agent agent, Json.Obj body) {
    var read = Fields.reason(body, limits.textMax());
    if (!(read instanceof Ok(var reason))) {
      return read.refusal();
    }
    var suspended = agents.kill(tx, agent, caller.principal(), reason);
    if (!(suspended instanceof Ok(var now))) {
      return suspended.refusal();
    }
    long number = cutOffs.write(tx, agent, caller.principal(), reason);
    audit.append(
        tx,
        Event.about("agent.killed", agent)
            .by(caller.principal())
            .number("cutoff", number)
            .free("reason", reason)
            .build());
    var done =
        Json.object()
            .put("agent", agent.text())
            .put("state", now.state().word())
            .put("cutoff", number)
            .build();
    return Result.ok(Reply.ok(done, 0));
  }

  /// The reply with what was out when the agent was killed. The kill stands whether or not that can
  /// be told.
  private Reply reported(Reply reply, Id.Agent agent) {
    var body = Json.object().putAll(reply.body().members());
    try {
      var found = outstanding.of(agent);
      body.put("audiences", Json.array(found.held().stream().map(this::audience).toList()))
          .put("below", found.below())
          .put("complete", found.complete());
    } catch (Outage e) {
      LOG.log(WARNING, "no report of the kill of " + agent.text(), e);
      body.put("complete", false);
    }
    return new Reply(reply.status(), body.build(), reply.version());
  }

  private Json.Obj audience(OutstandingTokens.Held held) {
    boolean asks =
        catalogue
            .resourceAt(held.audience())
            .filter(resource -> !resource.enforcers().isEmpty())
            .isPresent();
    var line =
        Json.object()
            .put("audience", held.audience())
            .put("tokens", held.tokens())
            .put("open", !asks);
    return asks ? line.build() : line.put("openUntil", held.lastExpiry().toString()).build();
  }
}
