package io.prokura.bench;

import io.prokura.agents.Agent;
import io.prokura.agents.AgentState;
import io.prokura.agents.AgentTransition;
import io.prokura.agents.Environment;
import io.prokura.agents.Risk;
import io.prokura.catalogue.Action;
import io.prokura.catalogue.Coverage;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.Permissions;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Purposes;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Resources;
import io.prokura.catalogue.Sensitivity;
import io.prokura.delegation.Delegation;
import io.prokura.directory.User;
import io.prokura.directory.Workload;
import io.prokura.directory.Workloads;
import io.prokura.jose.Algorithm;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A large organisation: agents by the hundred thousand, each with a permission on one of a hundred
/// resources, and every other one with a delegation from a person. All is registered by the verbs
/// that the management API calls.
final class Landscape {
  static final int AGENTS = 100_000;
  static final int RESOURCES = 100;
  static final int OBJECTS = 10_000;
  static final String READ = "read";
  static final String WRITE = "write";
  private static final int PEOPLE = 1_000;
  private static final int WORKLOADS = 10;
  private static final int PURPOSES = 10;

  /// Agents registered in one transaction.
  private static final int TOGETHER = 500;

  private static final int THREADS = 4;
  private static final Scopes BOTH = Scopes.of(List.of(READ, WRITE));

  private final World world;
  private final List<Id.Agent> agents;
  private final List<Id.User> people;
  private final List<Id.Workload> workloads;
  private final List<Id.Resource> resources;
  private final List<Id.Purpose> purposes;
  private final List<Id.Delegation> delegations;

  /// The organisation before anything of it is registered.
  Landscape(World world) {
    this.world = world;
    agents = drawn(AGENTS, () -> Id.Agent.random(world));
    people = drawn(PEOPLE, () -> Id.User.random(world));
    workloads = drawn(WORKLOADS, () -> Id.Workload.random(world));
    resources = drawn(RESOURCES, () -> Id.Resource.random(world));
    purposes = drawn(PURPOSES, () -> Id.Purpose.random(world));
    delegations = drawn(AGENTS, () -> Id.Delegation.random(world));
  }

  private static <T> List<T> drawn(int count, Supplier<T> one) {
    return Stream.generate(one).limit(count).toList();
  }

  /// One of the agents, and what it has to do with.
  record Place(int number) {
    /// The number of the resource that it works on.
    int resource() {
      return number % RESOURCES;
    }

    /// Which of the agents of this resource it is.
    int turn() {
      return number / RESOURCES;
    }

    /// Whether it acts for a person.
    boolean isDelegated() {
      return turn() % 2 == 0;
    }

    /// Whether policies forbid it to write.
    boolean isHighRisk() {
      return turn() % 10 == 5;
    }

    /// Whether it may read and nothing else.
    boolean isReader() {
      return turn() % 25 == 7;
    }
  }

  /// Whether tokens have to be presented for the resource of this number.
  static boolean isAgentFacing(int resource) {
    return resource % 5 != 4;
  }

  static String identifier(int resource) {
    return "https://resource%d.example/".formatted(resource);
  }

  static String type(int resource) {
    return "Kind" + resource;
  }

  static String purpose(int resource) {
    return "work.number" + resource * PURPOSES / RESOURCES;
  }

  Id.Agent agent(int number) {
    return agents.get(number);
  }

  Id.Delegation delegation(int agent) {
    return delegations.get(agent);
  }

  /// The person for whom an agent acts, or could.
  Id.User person(int agent) {
    return people.get(agent % PEOPLE);
  }

  /// The workload that enforces the resource of this number.
  Id.Workload enforcer(int resource) {
    return workloads.get(resource * WORKLOADS / RESOURCES);
  }

  /// Registers all of it.
  void register(LocalRecord record, LocalPdp local) {
    record.database().inTransaction(tx -> frame(tx, record, local.registers()));
    record.database().inTransaction(tx -> permissionsOfPeople(tx, local.registers()));
    Crew.all(
        THREADS,
        AGENTS / TOGETHER,
        piece ->
            record
                .database()
                .inTransaction(
                    tx -> {
                      int first = (int) piece * TOGETHER;
                      IntStream.range(first, first + TOGETHER)
                          .forEach(number -> agent(tx, local, new Place(number)));
                      return true;
                    }));
  }

  private Id.User owner() {
    return people.getFirst();
  }

  private boolean frame(Tx tx, LocalRecord record, LocalRegisters registers) {
    var directory = registers.directory();
    var feed = record.feed();
    var log = record.log();
    for (int i = 0; i < PEOPLE; i++) {
      var user = User.fresh(people.get(i), "person" + i, "Person " + i, "", List.of());
      done(registers.users().register(tx, owner(), user));
    }
    for (int i = 0; i < WORKLOADS; i++) {
      var workload = Workload.fresh(workloads.get(i), "gateway " + i, "", owner(), List.of());
      done(new Workloads(feed, log, directory).register(tx, owner(), workload));
    }
    for (int i = 0; i < RESOURCES; i++) {
      done(
          new Resources(world, feed, log, directory, (_, _) -> {})
              .register(tx, owner(), resource(i)));
    }
    for (int i = 0; i < PURPOSES; i++) {
      done(new Purposes(feed, log, directory).register(tx, owner(), registered(i)));
    }
    return true;
  }

  private Resource resource(int number) {
    return new Resource(
        resources.get(number),
        identifier(number),
        "resource " + number,
        List.of(type(number)),
        Stream.of(READ, WRITE).map(one -> new Action(one, Sensitivity.LOW, true, "")).toList(),
        isAgentFacing(number),
        PersonRights.CHECKED,
        Algorithm.ES256,
        List.of(enforcer(number)),
        List.of("resource.status"),
        1);
  }

  private Purpose registered(int number) {
    int share = RESOURCES / PURPOSES;
    var covers =
        IntStream.range(number * share, (number + 1) * share)
            .mapToObj(resource -> new Coverage(resources.get(resource), BOTH))
            .toList();
    return new Purpose(
        purposes.get(number),
        purpose(number * share),
        "",
        owner(),
        "",
        List.of(),
        covers,
        Optional.empty(),
        Optional.empty(),
        1);
  }

  private boolean permissionsOfPeople(Tx tx, LocalRegisters registers) {
    for (int i = 0; i < PEOPLE; i++) {
      permit(tx, registers, people.get(i), i % RESOURCES, BOTH);
    }
    return true;
  }

  private void permit(
      Tx tx, LocalRegisters registers, Id.Principal principal, int resource, Scopes actions) {
    var wanted =
        new Permissions.Wanted(
            principal, resources.get(resource), actions, PermissionMode.OWN, Optional.empty());
    done(registers.permissions().give(tx, owner(), wanted));
  }

  private void agent(Tx tx, LocalPdp local, Place place) {
    var registers = local.registers();
    var id = agents.get(place.number());
    var purpose = purposes.get(place.resource() * PURPOSES / RESOURCES);
    var agent =
        new Agent(
            id,
            "agent " + place.number(),
            "works",
            person(place.number()),
            person(place.number() + 1),
            List.of(purpose),
            List.of("work"),
            Environment.PRODUCTION,
            place.isHighRisk() ? Risk.HIGH : Risk.LOW,
            Optional.empty(),
            false,
            AgentState.REGISTERED,
            1);
    done(registers.agents().register(tx, owner(), agent));
    done(registers.agents().transition(tx, owner(), id, AgentTransition.ACTIVATE, "benchmark"));
    permit(tx, registers, id, place.resource(), place.isReader() ? Scopes.of(List.of(READ)) : BOTH);
    if (place.isDelegated()) {
      var given =
          new Delegation(
              delegations.get(place.number()),
              List.of(),
              person(place.number()),
              id,
              purpose,
              Map.of(resources.get(place.resource()), BOTH),
              1,
              new Delegation.Given(owner(), Delegation.How.ADMINISTRATOR, world.now()),
              world.now().plus(Duration.ofDays(1)),
              false);
      local.delegations().give(tx, owner(), given);
    }
  }

  private static <T> void done(Result<T> result) {
    if (result instanceof Result.Refused<T>(_, var detail)) {
      throw new BenchmarkFailure("not registered: " + detail);
    }
  }
}
