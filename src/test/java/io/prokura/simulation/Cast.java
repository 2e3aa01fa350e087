package io.prokura.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who and what there is when a simulation begins: two APIs, people, agents, and what they may do.
final class Cast {
  private static final List<String> ACTIONS = List.of("read", "write", "delete");

  private final Simulation simulation;
  private final Registering registering;
  private final Ending ending;

  Cast(Simulation simulation) {
    this.simulation = simulation;
    registering = new Registering(simulation.model);
    ending = new Ending(simulation.model);
  }

  /// Has everybody registered, through the observer, so that nothing fails.
  void enter() {
    var model = simulation.model;
    List.of("ada", "ben", "cleo").forEach(name -> done(registering.user(name)));
    var crm = enforcer("crm");
    var archive = enforcer("archive");
    done(registering.resource("crm", ACTIONS, true, crm));
    done(registering.resource("archive", ACTIONS.subList(0, 2), false, archive));
    purposes();
    for (int i = 0; i < 4; i++) {
      agent(i);
    }
    for (var resource : model.resources) {
      for (var party : model.parties) {
        boolean own = party.kind() == Party.Kind.USER || simulation.dice.hits(600);
        done(permission(party, resource, own));
      }
    }
    for (int i = 0; i < 6; i++) {
      delegation();
    }
    var first = model.resources.getFirst();
    done(registering.role("reader", first, List.of("read"), false));
    done(registering.role("keeper", model.resources.getLast(), List.of("read", "write"), true));
  }

  private void done(Call call) {
    var exchange = simulation.ask(simulation.observer, call);
    if (!exchange.succeeded()) {
      throw new AssertionError("the cast does not enter: " + exchange + exchange.body().toText());
    }
  }

  private Credential enforcer(String name) {
    var model = simulation.model;
    done(registering.workload(name, model.parties.getFirst()));
    done(registering.secret(model.parties.getLast(), Instant.MAX));
    return model.credentials.getLast();
  }

  /// One that covers everything, one within it that covers less, and another one.
  private void purposes() {
    var model = simulation.model;
    var owner = model.parties.getFirst();
    var all = new LinkedHashMap<Resource, List<String>>();
    var less = new LinkedHashMap<Resource, List<String>>();
    model.resources.forEach(one -> all.put(one, one.actions()));
    model.resources.forEach(one -> less.put(one, one.actions().subList(0, 2)));
    done(registering.purpose("support", owner, all, Optional.empty(), Instant.MAX));
    var support = Optional.of(model.purposes.getLast());
    done(registering.purpose("support.triage", owner, less, support, Instant.MAX));
    var crm = model.resources.getFirst();
    done(
        registering.purpose("billing", owner, Map.of(crm, ACTIONS), Optional.empty(), Instant.MAX));
  }

  private void agent(int number) {
    var model = simulation.model;
    var people = model.parties.stream().filter(one -> one.kind() == Party.Kind.USER).toList();
    var purposes = simulation.dice.some(model.purposes);
    done(registering.agent("agent " + number, people.get(0), people.get(1), purposes, Instant.MAX));
    var agent = model.parties.getLast();
    done(ending.move(agent, Ending.Move.ACTIVATE));
    done(registering.secret(agent, Instant.MAX));
    done(registering.key(agent, Credential.newKey(simulation.world)));
  }

  private Call permission(Party party, Resource resource, boolean own) {
    var all = resource.actions();
    var actions = simulation.dice.hits(700) ? all : simulation.dice.some(all);
    return registering.permission(party, resource, actions, own, Instant.MAX);
  }

  /// A person or an agent lets an agent act for it.
  private void delegation() {
    var model = simulation.model;
    var dice = simulation.dice;
    var agents = model.parties.stream().filter(Party::isAgent).toList();
    var delegate = dice.one(agents);
    var others = model.parties.stream().filter(one -> !one.equals(delegate)).toList();
    var purpose = dice.one(model.purposes);
    var end = simulation.clock.instant().plus(Duration.ofDays(1 + dice.below(20)));
    var calls = dice.hits(400) ? Optional.of(1L + dice.below(6)) : Optional.<Long>empty();
    done(
        registering.delegation(
            dice.one(others), delegate, purpose, purpose.covers(), 2 + dice.below(3), calls, end));
  }
}
