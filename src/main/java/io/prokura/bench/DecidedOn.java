package io.prokura.bench;

import io.prokura.agents.Agent;
import io.prokura.agents.AgentState;
import io.prokura.agents.AgentTransition;
import io.prokura.agents.Environment;
import io.prokura.agents.Risk;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.Permissions;
import io.prokura.decision.AccessRequest;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.decision.Pdp;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// Fills a record with decisions as an organisation has them: of every four, one is about an agent
/// that acts for a person with a token, and three are about thousands of agents that act for
/// themselves on several APIs. A known part of each is denied.
final class DecidedOn {
  static final int RESOURCES = 20;
  static final int AGENTS = 4_000;
  private static final String PURPOSE = "notes.keeping";
  private static final int TOGETHER = 16;
  private static final int THREADS = 32;
  private static final List<String> ACTIONS = List.of("notes.read", "notes.write");

  private static final String SCHEMA =
      """
      entity TYPES = { status: String };

      action "notes.read", "notes.write" appliesTo {
        principal: [Prokura::User, Prokura::Workload, Prokura::Agent],
        resource: [TYPES],
        context: { now: datetime, onBehalf: Bool, depth: Long },
      };
      """;

  private static final String POLICIES =
      """
      @id("notes.locked")
      forbid (principal, action == Action::"notes.write", resource)
      when { resource.status == "locked" };

      @id("notes.risky")
      forbid (
        principal is Prokura::Agent,
        action in [Action::"notes.read", Action::"notes.write"],
        resource
      )
      when { principal.risk == "high" && context.depth > 0 };
      """;

  private final LocalRegisters registers;
  private final List<Id.Agent> agents = new ArrayList<>();

  DecidedOn(World world, LocalRecord record) {
    registers = LocalRegisters.on(record, world);
    var owner = user(record, "owner");
    var backup = user(record, "backup");
    IntStream.range(0, AGENTS).forEach(_ -> agents.add(Id.Agent.random(world)));
    Crew.all(
        THREADS,
        AGENTS / TOGETHER,
        piece ->
            record
                .database()
                .<Boolean>inTransaction(
                    tx -> {
                      for (int i = 0; i < TOGETHER; i++) {
                        register(tx, owner, backup, (int) piece * TOGETHER + i);
                      }
                      return true;
                    }));
  }

  /// Registers the APIs, whose enforcer may say who asks, and what they are for.
  static void register(Stage stage) {
    var actions =
        ACTIONS.stream()
            .map(name -> Json.object().put("name", name).put("sensitivity", "low").build())
            .toList();
    var covers = new ArrayList<Json>();
    for (int i = 0; i < RESOURCES; i++) {
      var body =
          Json.object()
              .put("identifier", identifier(i))
              .put("name", "Notes " + i)
              .put("types", List.of("Note" + i))
              .put("actions", Json.array(actions))
              .put("agentFacing", false)
              .put("enforcers", List.of(stage.organisation().workload()))
              .put("asserts", List.of("resource.status"))
              .build();
      var made = ApiClient.text(stage.api().manage("resources", body), "id");
      covers.add(Json.object().put("resource", made).put("actions", ACTIONS).build());
    }
    var person = Json.object().put("userName", "librarian").build();
    var owner = ApiClient.text(stage.api().manage("users", person), "id");
    var purpose = Json.object().put("name", PURPOSE).put("owner", owner);
    stage.api().manage("purposes", purpose.put("covers", Json.array(covers)).build());
  }

  /// Writes the policies about them into an organisation's folder.
  static void write(Path folder) {
    try {
      var types = IntStream.range(0, RESOURCES).mapToObj(i -> "Note" + i).toList();
      var schema = SCHEMA.replace("TYPES", String.join(", ", types));
      Files.writeString(folder.resolve("schema.cedarschema"), schema, StandardOpenOption.APPEND);
      Files.writeString(folder.resolve("notes.cedar"), POLICIES);
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot write policies", e);
    }
  }

  private static String identifier(int number) {
    return "https://notes%d.example/".formatted(number);
  }

  private Id.User user(LocalRecord record, String name) {
    return record
        .database()
        .<Optional<Id.User>>read(tx -> registers.users().findNamed(tx, name).map(user -> user.id()))
        .orElseThrow();
  }

  /// Each agent may read, and one of two may write, the notes of one API.
  private void register(Tx tx, Id.User owner, Id.User backup, int number) {
    var id = agents.get(number);
    var catalogue = registers.catalogue();
    var agent =
        new Agent(
            id,
            "clerk " + number,
            "keeps notes",
            owner,
            backup,
            List.of(catalogue.purposeNamed(PURPOSE).orElseThrow().id()),
            List.of("notes"),
            Environment.PRODUCTION,
            number % 3 == 0 ? Risk.MEDIUM : Risk.LOW,
            Optional.empty(),
            false,
            AgentState.REGISTERED,
            1);
    done(registers.agents().register(tx, owner, agent));
    done(registers.agents().transition(tx, owner, id, AgentTransition.ACTIVATE, "benchmark"));
    var wanted =
        new Permissions.Wanted(
            id,
            catalogue.resourceAt(identifier(number % RESOURCES)).orElseThrow().id(),
            Scopes.of(number % 2 == 0 ? ACTIONS : ACTIONS.subList(0, 1)),
            PermissionMode.OWN,
            Optional.empty());
    done(registers.permissions().give(tx, owner, wanted));
  }

  private static <T> T done(Result<T> result) {
    return switch (result) {
      case Ok<T>(var value) -> value;
      case Refused<T>(_, var detail) -> throw new BenchmarkFailure("not registered: " + detail);
    };
  }

  /// The agent of that number.
  Id.Agent agent(int number) {
    return agents.get(number);
  }

  /// Has `count` questions decided, each on record; returns how many were allowed to the agent of
  /// number 0.
  long decide(
      Pdp pdp, Id.Principal enforcer, Organisation organisation, List<String> tokens, int count) {
    var ofFirst = new AtomicLong();
    Crew.all(
        THREADS,
        count,
        n -> {
          int number = (int) n;
          boolean forPerson = number % 4 == 3;
          int place = number / 4;
          var asked =
              forPerson
                  ? DecideBench.asked(
                      organisation.agents().get(place % tokens.size()),
                      tokens.get(place % tokens.size()),
                      "T-" + place % 500,
                      place % 5 == 0 ? "state 9" : "open")
                  : note(number);
          var decision = pdp.decide(enforcer, asked);
          if (decision.allowed() && !forPerson && number % AGENTS == 0) {
            ofFirst.incrementAndGet();
          }
        });
    return ofFirst.get();
  }

  /// A sixteenth are about locked notes.
  private AccessRequest note(int number) {
    var status = number / 4 % 16 == 0 ? "locked" : "open";
    return new AccessRequest(
        new Named("agent", agents.get(number % AGENTS).text()),
        new AccessRequest.Asked(ACTIONS.get(number % 3 == 0 ? 1 : 0)),
        new Named(
            "Note" + number % RESOURCES,
            identifier(number % RESOURCES) + number % 1_000,
            Json.object().put("status", status).build()),
        Json.object().build(),
        "");
  }
}
