package io.prokura.access;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.access.RightSizing.Held;
import io.prokura.access.RightSizing.Needed;
import io.prokura.access.RightSizing.Report;
import io.prokura.access.RightSizing.Wildcard;
import io.prokura.access.Usage.Count;
import io.prokura.agents.Agents;
import io.prokura.catalogue.Role;
import io.prokura.delegation.Delegation;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.management.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// `/api/v1/access/unused`: what an agent holds and did not use, and the calls of this API that
/// would take it away.
public final class UnusedApi {
  private static final int DAYS_DEFAULT = 30;
  private static final int DAYS_MAX = 400;

  private final RightSizing sizing;
  private final Agents agents;

  public UnusedApi(RightSizing sizing, Agents agents) {
    this.sizing = sizing;
    this.agents = agents;
  }

  /// Reports on the agent in `agent` over the last `days`. Refuses `FIELD_INVALID`.
  public Result<Response> report(Caller caller, Request request) {
    var query = request.query();
    if (!(query instanceof Ok(var parameters))) {
      return query.refusal();
    }
    var agent =
        parameters.get("agent").flatMap(Id.Agent::parse).filter(id -> agents.find(id).isPresent());
    if (agent.isEmpty()) {
      return refused(FIELD_INVALID, "agent is the id of an agent");
    }
    var days = parameters.get("days").orElse(String.valueOf(DAYS_DEFAULT));
    if (!days.matches("[1-9][0-9]{0,2}") || Integer.parseInt(days) > DAYS_MAX) {
      return refused(FIELD_INVALID, "days is a number from 1 to " + DAYS_MAX);
    }
    var report = sizing.of(agent.get(), Duration.ofDays(Integer.parseInt(days)));
    return ok(Response.json(200, view(report)));
  }

  private static Json.Obj view(Report report) {
    var usage = report.usage();
    var checked =
        Json.object()
            .put("decisions", usage.decisions())
            .put("allowed", usage.allowed())
            .put("tokens", usage.tokens())
            .put("complete", report.complete())
            .build();
    return Json.object()
        .put("agent", report.agent().text())
        .put("from", report.from().toString())
        .put("until", report.until().toString())
        .put("checked", checked)
        .put("permissions", array(report.permissions().stream().map(UnusedApi::view).toList()))
        .put("policies", array(policies(usage)))
        .put(
            "dormant",
            array(report.delegations().stream().map(one -> view(one.delegation())).toList()))
        .put("wildcards", array(report.wildcards().stream().map(UnusedApi::view).toList()))
        .put("roles", array(report.roles().stream().map(role -> view(role, usage)).toList()))
        .put("proposal", array(proposal(report)))
        .put("tightening", view(report.tightening(), report.complete()))
        .put("statement", statement(report))
        .build();
  }

  private static Json.Arr array(List<Json.Obj> items) {
    return Json.array(items);
  }

  private static Json.Obj view(Held held) {
    var used = new ArrayList<Json.Obj>();
    held.used().forEach((action, count) -> used.add(view("action", action, count)));
    return Json.object()
        .put("id", held.permission().id().text())
        .put("resource", held.resource().id().text())
        .put("identifier", held.resource().identifier())
        .put("mode", held.permission().mode().word())
        .put("actions", array(used))
        .put(
            "unused",
            held.used().entrySet().stream()
                .filter(one -> one.getValue().times() == 0)
                .map(one -> one.getKey())
                .toList())
        .build();
  }

  private static List<Json.Obj> policies(Usage usage) {
    return usage.policies().entrySet().stream()
        .map(one -> view("id", one.getKey(), one.getValue()))
        .toList();
  }

  private static Json.Obj view(String what, String name, Count count) {
    return Json.object()
        .put(what, name)
        .put("used", count.times())
        .put("last", count.at().map(Instant::toString))
        .build();
  }

  /// A role that the agent holds, and how often a permission of it allowed something.
  private static Json.Obj view(Role role, Usage usage) {
    return Json.object()
        .put("id", role.id().text())
        .put("name", role.name())
        .put("used", usage.of(role.id()).times())
        .build();
  }

  private static Json.Obj view(Tightening tightening, boolean complete) {
    return Json.object()
        .put("file", tightening.file())
        .put("text", tightening.text().filter(_ -> complete))
        .put("undeclared", tightening.undeclared())
        .build();
  }

  private static Json.Obj view(Delegation delegation) {
    return Json.object()
        .put("id", delegation.id().text())
        .put("delegator", delegation.delegator().text())
        .put("expiresAt", delegation.expiresAt().toString())
        .build();
  }

  private static Json.Obj view(Wildcard wildcard) {
    return Json.object()
        .put("id", wildcard.id())
        .put("wide", wildcard.wide())
        .put("conditional", wildcard.conditional())
        .put("text", wildcard.text())
        .build();
  }

  /// The calls in the order in which they are to be made: what is narrower is given before what is
  /// wider is taken away.
  private static List<Json.Obj> proposal(Report report) {
    var why = "not used from %s to %s".formatted(report.from(), report.until());
    var calls = new ArrayList<Json.Obj>();
    // A record that was not looked at to its end proves of nothing that it was not used.
    if (!report.complete()) {
      return calls;
    }
    for (var held : report.permissions()) {
      if (!held.isTight()) {
        held.needed().ifPresent(needed -> calls.add(given(held, needed)));
        calls.add(revoked("permissions", held.permission().id(), why));
      }
    }
    report
        .delegations()
        .forEach(one -> calls.add(revoked("delegations", one.delegation().id(), why)));
    return calls;
  }

  private static Json.Obj given(Held held, Needed needed) {
    var permission = held.permission();
    var body =
        Json.object()
            .put("principal", permission.principal().text())
            .put("resource", permission.resource().text())
            .put("actions", needed.actions())
            .put("mode", needed.mode().word())
            .put("expiresAt", permission.expiresAt().map(Instant::toString))
            .build();
    return call("/api/v1/permissions", body);
  }

  private static Json.Obj revoked(String things, Id id, String why) {
    var path = "/api/v1/" + things + "/" + id.text() + "/revoke";
    return call(path, Json.object().put("reason", why).build());
  }

  private static Json.Obj call(String path, Json.Obj body) {
    return Json.object().put("method", "POST").put("path", path).put("body", body).build();
  }

  private static String statement(Report report) {
    var usage = report.usage();
    var looked =
        "%d decisions, %d of them allowed, and %d tokens from %s to %s"
            .formatted(
                usage.decisions(), usage.allowed(), usage.tokens(), report.from(), report.until());
    return report.complete()
        ? "Checked were "
            + looked
            + "; every action that one of them used stays permitted by the proposal."
        : "There are more entries than were looked at: "
            + looked
            + ". Nothing is proposed; ask for fewer days.";
  }
}
