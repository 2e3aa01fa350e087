package io.prokura.simulation;

import io.prokura.json.Json;
import io.prokura.simulation.Wish.Change;
import io.prokura.simulation.Wish.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The requests by which an administrator stops things, ends them, or lets them go on.
final class Ending {
  private static final Outcome NOTHING = (_, _) -> {};

  private final Model model;

  Ending(Model model) {
    this.model = model;
  }

  private static Call act(String path, Set<List<String>> marks, Outcome outcome) {
    var name =
        path.substring(path.lastIndexOf('/') + 1) + " " + path.substring(0, path.indexOf('/'));
    return Call.json(
        new Change(name, marks, true, outcome),
        "POST",
        "/api/v1/" + path,
        Json.object().put("reason", "it is time").build());
  }

  /// The steps in the life of an agent: the entry each leaves and the state it leads to.
  enum Move {
    ACTIVATE("activate", "agent.activated", Party.Life.ACTIVE),
    SUSPEND("suspend", "agent.suspended", "suspended"),
    RESUME("resume", "agent.resumed", Party.Life.ACTIVE),
    QUARANTINE("quarantine", "agent.quarantined", "quarantined"),
    RELEASE("release", "agent.released", "suspended"),
    RETIRE("retire", "agent.retired", "retired");

    final String word;
    final String mark;
    final String state;

    Move(String word, String mark, String state) {
      this.word = word;
      this.mark = mark;
      this.state = state;
    }
  }

  Call move(Party agent, Move move) {
    return act(
        agent.path() + "/" + move.word,
        Set.of(List.of(move.mark)),
        (_, first) -> agent.moves(first.place(), move.state));
  }

  /// Ends all that was issued on an agent, and suspends it where it is active.
  Call kill(Party agent) {
    return act(
        agent.path() + "/kill",
        Set.of(
            List.of("agent.suspended", "cutoff.written", "agent.killed"),
            List.of("cutoff.written", "agent.killed")),
        (exchange, first) -> {
          model.killed(agent, exchange.entries().getLast().place());
          if (agent.isActive()) {
            agent.moves(first.place(), "suspended");
          }
        });
  }

  /// A person or a workload counts no more, or again.
  Call setActive(Party party, boolean active) {
    var mark = party.kind().word + (active ? ".activated" : ".deactivated");
    return act(
        party.path() + (active ? "/activate" : "/deactivate"),
        Set.of(List.of(mark)),
        (_, first) -> party.moves(first.place(), active ? Party.Life.ACTIVE : "inactive"));
  }

  Call revoke(Permission permission) {
    return act(
        permission.path() + "/revoke",
        Set.of(List.of(permission.by().revoked)),
        (_, first) -> permission.life().revoke(first.place()));
  }

  Call revoke(Credential credential) {
    return cutOff("credentials/", "credential.revoked", credential.life());
  }

  /// Sets how many calls a delegation may be used for that has a budget of them.
  Call limit(Delegation delegation, long calls) {
    return Call.json(
        new Change(
            "limit delegation",
            Set.of(List.of("delegation.limited")),
            true,
            (_, _) -> model.limit(delegation, calls)),
        "POST",
        "/api/v1/delegations/" + delegation.id() + "/limit",
        Json.object()
            .put("reason", "it is time")
            .put("budgets", Json.array(List.of(Registering.callsBody(calls))))
            .build());
  }

  Call revoke(Delegation delegation) {
    return cutOff("delegations/", "delegation.revoked", delegation.life());
  }

  private Call cutOff(String path, String mark, Revocable life) {
    return act(
        path + life.id() + "/revoke",
        Set.of(List.of("cutoff.written", mark)),
        (exchange, first) -> {
          life.revoke(first.place());
          model.ended(life.id(), exchange.entries().getLast().place());
        });
  }

  /// Writes an agent anew over the version `etag`, to act until `validUntil`. One that is not the
  /// newest version must not be written over, so it leaves nothing.
  Call replace(
      Party agent,
      Json.Obj body,
      String etag,
      boolean newest,
      List<Purpose> purposes,
      Instant validUntil) {
    Outcome outcome =
        (_, first) ->
            agent.life().set(first.place(), new Party.Life(agent.state(), validUntil, purposes));
    Set<List<String>> marks =
        newest
            ? Set.of(
                List.of("agent.changed"),
                List.of("agent.owner.changed"),
                List.of("agent.owner.changed", "agent.changed"))
            : Set.of();
    return Call.json(
            new Change(newest ? "replace agent" : "replace old agent", marks, true, outcome),
            "PUT",
            "/api/v1/" + agent.path(),
            body)
        .with("If-Match", etag);
  }

  /// Publishes the next signing key, unless one waits already.
  Call rotateKeys() {
    return new Call(
        new Change("rotate keys", Set.of(List.of("key.published"), List.of()), true, NOTHING),
        "POST",
        "/api/v1/keys/rotate",
        List.of(),
        "",
        Optional.empty());
  }
}
