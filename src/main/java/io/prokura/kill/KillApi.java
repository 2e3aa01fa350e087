package io.prokura.kill;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.refused;

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
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Reply;
import io.prokura.sql.Tx;
import io.prokura.tokens.Outstanding;
import java.util.Locale;

/// The kill: a cut-off on an agent and its suspension, in one transaction.
public final class KillApi {
  private final Changes changes;
  private final CutOffs cutOffs;
  private final Agents agents;
  private final Catalogue catalogue;
  private final Outstanding outstanding;
  private final AuditLog audit;
  private final Limits limits;

  public KillApi(
      Changes changes,
      CutOffs cutOffs,
      Agents agents,
      Catalogue catalogue,
      Outstanding outstanding,
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
  /// held tokens with this agent in their chain: those that ask this server refuse them from now
  /// on; one that only verifies signatures is open until the last of them expires.
  public Response kill(Caller caller, Request request) {
    return changes.apply(
        caller, request, (tx, body) -> kill(tx, caller, request.pathParameter("id"), body));
  }

  private Result<Reply> kill(Tx tx, Caller caller, String path, Json.Obj body) {
    var fields = new Fields(body);
    var reason = fields.text("reason", limits.textMax());
    var problem = fields.problem();
    if (problem.isPresent()) {
      return problem.get().refusal();
    }
    var agent = Id.Agent.parse(path);
    if (agent.isEmpty()) {
      return refused(NOT_FOUND, "no such agent");
    }
    var suspended = agents.kill(tx, agent.get(), caller.principal(), reason);
    if (!(suspended instanceof Ok(var now))) {
      return suspended.refusal();
    }
    long number = cutOffs.write(tx, agent.get(), caller.principal(), reason);
    audit.append(
        tx,
        Event.about("agent.killed", agent.get())
            .by(caller.principal())
            .number("cutoff", number)
            .free("reason", reason)
            .build());
    var report =
        Json.object()
            .put("agent", agent.get().text())
            .put("state", now.state().name().toLowerCase(Locale.ROOT))
            .put("cutoff", number)
            .put(
                "audiences",
                Json.array(outstanding.of(agent.get()).stream().map(this::audience).toList()));
    return Result.ok(Reply.ok(report.build(), 0));
  }

  private Json.Obj audience(Outstanding.Held held) {
    boolean asks =
        catalogue
            .resourceAt(held.audience())
            .filter(resource -> !resource.enforcers().isEmpty())
            .isPresent();
    var line =
        Json.object()
            .put("audience", held.audience())
            .put("tokens", held.issued())
            .put("open", !asks);
    return asks ? line.build() : line.put("openUntil", held.lastExpiry().toString()).build();
  }
}
