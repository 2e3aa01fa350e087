package io.prokura.simulation;

import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.simulation.Credential.Proof;
import io.prokura.simulation.Party.Life;
import io.prokura.simulation.Wish.Change;
import io.prokura.simulation.Wish.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The requests by which an administrator puts things on the registers, each with what it leaves in
/// the record and what there is when it is done.
final class Registering {
  private final Model model;

  Registering(Model model) {
    this.model = model;
  }

  private static Call post(String path, String mark, Outcome outcome, Json.Obj body) {
    return post(path, List.of(mark), outcome, body);
  }

  private static Call post(String path, List<String> marks, Outcome outcome, Json.Obj body) {
    // Nobody has a delegation in memory before it is given, so giving one changes no memory.
    boolean followed = !marks.equals(List.of("delegation.given"));
    var change = new Change(marks.getFirst(), Set.of(marks), followed, outcome);
    return Call.json(change, "POST", "/api/v1/" + path, body);
  }

  /// A person. People stand in the record under a pseudonym, so only an answer names them.
  Call user(String name) {
    return post(
        "users",
        "user.registered",
        (exchange, first) ->
            exchange
                .body()
                .text("id")
                .ifPresent(id -> joins(first, id, Party.Kind.USER, Life.active())),
        Json.object().put("userName", name).put("displayName", name).build());
  }

  Call workload(String name, Party owner) {
    return post(
        "workloads",
        "workload.registered",
        (_, first) -> joins(first, first.about(), Party.Kind.WORKLOAD, Life.active()),
        Json.object().put("name", name).put("owner", owner.id()).build());
  }

  Call agent(String name, Party owner, Party backup, List<Purpose> purposes, Instant validUntil) {
    return post(
        "agents",
        "agent.registered",
        (_, first) ->
            joins(
                first,
                first.about(),
                Party.Kind.AGENT,
                new Life("registered", validUntil, purposes)),
        agentBody(name, owner, backup, purposes, validUntil));
  }

  /// An agent as it is written; an end that never comes is left out.
  static Json.Obj agentBody(
      String name, Party owner, Party backup, List<Purpose> purposes, Instant validUntil) {
    var body =
        Json.object()
            .put("name", name)
            .put("owner", owner.id())
            .put("backupOwner", backup.id())
            .put("purposes", purposes.stream().map(Purpose::id).toList())
            .put("environment", "test")
            .put("risk", "low")
            .put("bearerTokens", true);
    return body.put("validUntil", text(validUntil)).build();
  }

  private static Optional<String> text(Instant end) {
    return Optional.of(end).filter(at -> !at.equals(Instant.MAX)).map(Instant::toString);
  }

  private void joins(Entry first, String id, Party.Kind kind, Life life) {
    model.parties.add(new Party(id, kind, new History<>(first.place(), life)));
  }

  Call secret(Party holder, Instant expiresAt) {
    return post(
        holder.path() + "/credentials",
        "credential.added",
        (exchange, first) ->
            model.credentials.add(
                new Credential(
                    Revocable.made(first, expiresAt),
                    holder,
                    exchange
                        .body()
                        .text("secret")
                        .<Proof>map(Proof.Secret::new)
                        .orElse(new Proof.Lost()))),
        Json.object().put("kind", "secret").put("expiresAt", text(expiresAt)).build());
  }

  Call key(Party holder, SigningKey key) {
    return post(
        holder.path() + "/credentials",
        "credential.added",
        (_, first) ->
            model.credentials.add(
                new Credential(Revocable.made(first, Instant.MAX), holder, new Proof.Key(key))),
        Json.object().put("kind", "key").put("jwk", key.verificationKey().toJwk()).build());
  }

  Call resource(String name, List<String> actions, boolean holdsPersonRights, Credential enforcer) {
    var identifier = "https://" + name + ".example";
    var type = name + "::Thing";
    return post(
        "resources",
        "resource.registered",
        (_, first) ->
            model.resources.add(
                new Resource(
                    first.about(), identifier, type, actions, holdsPersonRights, enforcer)),
        Json.object()
            .put("identifier", identifier)
            .put("name", name)
            .put("types", List.of(type))
            .put("actions", Json.array(actions.stream().map(Registering::action).toList()))
            .put("personRights", holdsPersonRights ? "held" : "checked")
            .put("enforcers", List.of(enforcer.holder().id()))
            .build());
  }

  private static Json.Obj action(String name) {
    return Json.object().put("name", name).put("sensitivity", "low").build();
  }

  Call purpose(
      String name,
      Party owner,
      Map<Resource, List<String>> covers,
      Optional<Purpose> broader,
      Instant expiresAt) {
    return post(
        "purposes",
        "purpose.registered",
        (_, first) ->
            model.purposes.add(
                new Purpose(first.about(), name, covers, broader, first.place(), expiresAt)),
        Json.object()
            .put("name", name)
            .put("owner", owner.id())
            .put("covers", coversBody(covers))
            .put("broader", broader.map(Purpose::id))
            .put("expiresAt", text(expiresAt))
            .build());
  }

  /// A budget of calls as it is written.
  static Json.Obj callsBody(long limit) {
    return Json.object().put("name", "calls").put("limit", limit).build();
  }

  private static Json.Arr coversBody(Map<Resource, List<String>> covers) {
    return Json.array(
        covers.entrySet().stream()
            .map(
                one ->
                    Json.object()
                        .put("resource", one.getKey().id())
                        .put("actions", one.getValue())
                        .build())
            .toList());
  }

  Call permission(
      Party holder, Resource resource, List<String> actions, boolean own, Instant expiresAt) {
    var body =
        Json.object()
            .put("principal", holder.id())
            .put("resource", resource.id())
            .put("actions", actions)
            .put("mode", own ? "own" : "onBehalf")
            .put("expiresAt", text(expiresAt))
            .build();
    return post(
        "permissions",
        "permission.given",
        (_, first) ->
            model.permissions.add(
                new Permission(
                    Revocable.made(first, expiresAt),
                    holder,
                    resource,
                    actions,
                    own,
                    Permission.By.PERMISSION)),
        body);
  }

  Call role(String name, Resource resource, List<String> actions, boolean own) {
    var gives =
        Json.object()
            .put("resource", resource.id())
            .put("actions", actions)
            .put("mode", own ? "own" : "onBehalf")
            .build();
    return post(
        "roles",
        "role.created",
        (_, first) -> model.roles.add(new Role(first.about(), resource, actions, own)),
        Json.object().put("name", name).put("permissions", Json.array(List.of(gives))).build());
  }

  Call assignment(Role role, Party holder, Instant expiresAt) {
    boolean own = role.own() || holder.kind() == Party.Kind.USER;
    return post(
        "role-assignments",
        "role.assigned",
        (_, first) ->
            model.permissions.add(
                new Permission(
                    Revocable.made(first, expiresAt),
                    holder,
                    role.resource(),
                    role.actions(),
                    own,
                    Permission.By.ROLE)),
        Json.object()
            .put("role", role.id())
            .put("holder", holder.id())
            .put("expiresAt", text(expiresAt))
            .build());
  }

  Call delegation(
      Party delegator,
      Party delegate,
      Purpose purpose,
      Map<Resource, List<String>> covers,
      int depthMax,
      Optional<Long> calls,
      Instant expiresAt) {
    return post(
        "delegations",
        calls.isEmpty()
            ? List.of("delegation.given")
            : List.of("delegation.given", "delegation.limited"),
        (_, first) -> {
          var given =
              new Delegation(
                  Revocable.made(first, expiresAt),
                  List.of(),
                  delegator,
                  delegate,
                  purpose,
                  covers,
                  depthMax);
          model.delegations.add(given);
          calls.ifPresent(limit -> model.limit(given, limit));
        },
        Json.object()
            .put("delegator", delegator.id())
            .put("delegate", delegate.id())
            .put("purpose", purpose.id())
            .put("covers", coversBody(covers))
            .put("depthMax", depthMax)
            .put("budgets", Json.array(calls.stream().map(Registering::callsBody).toList()))
            .put("expiresAt", expiresAt.toString())
            .build());
  }
}
