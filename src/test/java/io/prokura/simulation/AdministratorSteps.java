package io.prokura.simulation;

import io.prokura.simulation.Ending.Move;
import io.prokura.simulation.Party.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What an administrator may do next.
final class AdministratorSteps {
  private final Simulation simulation;
  private final Sender sender;
  private final Model model;
  private final Dice dice;
  private final Registering registering;
  private final Ending ending;
  private final Governing governing;
  private int names;

  AdministratorSteps(Simulation simulation, Sender sender) {
    this.simulation = simulation;
    this.sender = sender;
    model = simulation.model;
    dice = simulation.dice;
    registering = new Registering(model);
    ending = new Ending(model);
    governing = new Governing(model);
  }

  List<Step> steps() {
    return List.of(
        new Step("register a user", 1, this::registerUser),
        new Step("register an agent", 2, this::registerAgent),
        new Step("add a credential", 3, this::addCredential),
        new Step("give a permission", 4, this::givePermission),
        new Step("create a role", 1, this::createRole),
        new Step("assign a role", 4, this::assignRole),
        new Step("limit a delegation", 2, this::limit),
        new Step("draft policies", 4, this::draft),
        new Step("publish policies", 7, this::publish),
        new Step("roll policies back", 2, this::rollBack),
        new Step("register a purpose", 1, this::registerPurpose),
        new Step("delegate", 4, this::delegate),
        new Step("move an agent on", 8, this::moveAgent),
        new Step("kill an agent", 2, this::kill),
        new Step("stop or start somebody", 3, this::setActive),
        new Step("revoke a permission", 2, this::revokePermission),
        new Step("revoke a credential", 1, this::revokeCredential),
        new Step("revoke a delegation", 2, this::revokeDelegation),
        new Step("replace an agent", 2, this::replaceAgent),
        new Step("rotate keys", 1, () -> sender.change(ending.rotateKeys())));
  }

  private List<Party> parties(Kind kind) {
    return model.parties.stream().filter(one -> one.kind() == kind).toList();
  }

  /// Mostly never, else soon.
  private Instant end() {
    return dice.hits(700)
        ? Instant.MAX
        : simulation.clock.instant().plusSeconds(20 + dice.below(2000));
  }

  private void registerUser() {
    sender.change(registering.user("person " + names++));
  }

  private void registerAgent() {
    var people = parties(Kind.USER);
    var owner = dice.one(people);
    var backup = dice.one(people.stream().filter(one -> !one.equals(owner)).toList());
    var purposes = dice.some(model.purposes);
    sender.change(registering.agent("late agent " + names++, owner, backup, purposes, end()));
  }

  private void addCredential() {
    var holder = dice.one(model.parties.stream().filter(one -> one.kind() != Kind.USER).toList());
    if (dice.hits(500)) {
      sender.change(registering.secret(holder, end()));
    } else {
      sender.change(registering.key(holder, Credential.newKey(simulation.world)));
    }
  }

  private void givePermission() {
    var holder = dice.one(model.parties);
    var resource = dice.one(model.resources);
    boolean own = holder.kind() == Kind.USER || dice.hits(400);
    var actions = dice.some(resource.actions());
    sender.change(registering.permission(holder, resource, actions, own, end()));
  }

  private void createRole() {
    var resource = dice.one(model.resources);
    sender.change(
        registering.role(
            "role." + word(), resource, dice.some(resource.actions()), dice.hits(500)));
  }

  private void assignRole() {
    sender.change(registering.assignment(dice.one(model.roles), dice.one(model.parties), end()));
  }

  private void limit() {
    var limited = model.delegations.stream().filter(one -> model.calls(one).isPresent()).toList();
    dice.any(limited).ifPresent(one -> sender.change(ending.limit(one, dice.below(12))));
  }

  /// Mostly keeps somebody from everything, now and then nobody. It is an agent with a token, if
  /// there is one: about others no decision is asked for.
  private void draft() {
    var agents = parties(Kind.AGENT);
    var acting = agents.stream().filter(this::hasToken).toList();
    var somebody = dice.one(acting.isEmpty() ? agents : acting);
    var banned = dice.hits(300) ? Set.<Party>of() : Set.of(somebody);
    sender.change(governing.draft(banned));
  }

  private boolean hasToken(Party agent) {
    return model.tokens.stream().anyMatch(token -> token.chain().contains(agent));
  }

  private void publish() {
    dice.any(model.policies.drafts).ifPresent(one -> sender.change(governing.publish(one)));
  }

  /// Mostly to where nobody is kept from anything.
  private void rollBack() {
    long number = dice.hits(500) ? 0 : dice.one(model.policies.numbers());
    sender.change(governing.rollBack(number));
  }

  private void registerPurpose() {
    var broader = dice.one(model.purposes);
    var covers = some(broader.covers());
    var end = broader.expiresAt().equals(Instant.MAX) ? end() : broader.expiresAt();
    var owner = dice.one(parties(Kind.USER));
    sender.change(
        registering.purpose("purpose." + word(), owner, covers, Optional.of(broader), end));
  }

  /// A word that was not used before.
  private String word() {
    return String.valueOf(names++)
        .chars()
        .mapToObj(digit -> String.valueOf((char) (digit - '0' + 'a')))
        .collect(Collectors.joining());
  }

  private Map<Resource, List<String>> some(Map<Resource, List<String>> covers) {
    var some = new LinkedHashMap<Resource, List<String>>();
    for (var resource : dice.some(List.copyOf(covers.keySet()))) {
      some.put(resource, dice.some(covers.getOrDefault(resource, List.of())));
    }
    return some;
  }

  private void delegate() {
    var delegate = dice.one(parties(Kind.AGENT));
    var delegator = dice.one(model.parties);
    var purpose = dice.one(model.purposes);
    var end = simulation.clock.instant().plus(Duration.ofSeconds(60 + dice.below(100_000)));
    var calls = dice.hits(400) ? Optional.of(1L + dice.below(6)) : Optional.<Long>empty();
    sender.change(
        registering.delegation(
            delegator, delegate, purpose, some(purpose.covers()), 1 + dice.below(4), calls, end));
  }

  /// Mostly lets somebody go on who was stopped, else stops somebody.
  private void moveAgent() {
    var agents = parties(Kind.AGENT);
    var stopped =
        agents.stream().filter(one -> !one.isActive() && !one.state().equals("retired")).toList();
    var agent = dice.any(dice.hits(750) ? stopped : agents).orElseGet(() -> dice.one(agents));
    var likely =
        switch (agent.state()) {
          case "registered" -> Move.ACTIVATE;
          case "suspended" -> Move.RESUME;
          case "quarantined" -> Move.RELEASE;
          default -> dice.hits(700) ? Move.SUSPEND : Move.QUARANTINE;
        };
    boolean any = dice.hits(50);
    sender.change(ending.move(agent, any ? dice.one(List.of(Move.values())) : likely));
  }

  private void kill() {
    sender.change(ending.kill(dice.one(parties(Kind.AGENT))));
  }

  private void setActive() {
    var others = new ArrayList<>(parties(Kind.USER));
    others.addAll(parties(Kind.WORKLOAD));
    var stopped = others.stream().filter(one -> !one.isActive()).toList();
    var party = dice.any(dice.hits(750) ? stopped : others);
    party.ifPresent(one -> sender.change(ending.setActive(one, !one.isActive())));
  }

  private void revokePermission() {
    dice.any(model.permissions).ifPresent(one -> sender.change(ending.revoke(one)));
  }

  private void revokeCredential() {
    var enforcers = model.resources.stream().map(Resource::enforcer).toList();
    dice.any(model.credentials.stream().filter(one -> !enforcers.contains(one)).toList())
        .ifPresent(one -> sender.change(ending.revoke(one)));
  }

  private void revokeDelegation() {
    dice.any(model.delegations).ifPresent(one -> sender.change(ending.revoke(one)));
  }

  /// Reads an agent and writes it back with another end, over the version read or an older one.
  private void replaceAgent() {
    var agent = dice.one(parties(Kind.AGENT));
    var path = "/api/v1/" + agent.path();
    simulation.follow(simulation.observer);
    var etag = simulation.look(simulation.observer, Call.look("look", path)).orElseThrow();
    var version = Long.parseLong(etag.header("ETag").orElseThrow().replace("\"", ""));
    boolean newest = version == 1 || dice.hits(600);
    var people = parties(Kind.USER);
    var end = end();
    var purposes = dice.some(model.purposes);
    var body = Registering.agentBody("agent again", people.get(0), people.get(1), purposes, end);
    var written = "\"" + (newest ? version : version - 1) + "\"";
    sender.change(ending.replace(agent, body, written, newest, purposes, end));
  }
}
