package io.prokura.bench;

import io.prokura.audit.Event;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// How many entries a second the record takes from many writers at once, each durable before its
/// writer goes on, while the sequencer builds and signs the tree.
final class AppendBench {
  private static final int PEOPLE = 100;
  private static final int AGENTS = 1_000;

  private final World world;
  private final Settings settings;

  AppendBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  Measured measure() {
    try (var workspace = Workspace.open();
        var record = LocalRecord.open(workspace, world)) {
      var events = events();
      var done =
          Crew.run(
              settings.appenders(),
              settings,
              number -> {
                var leaf = record.log().leaf(events.issued(number));
                record.database().inTransaction(tx -> record.log().append(tx, leaf));
              });
      double behind = record.await(done.all());
      if (record.treeSize() != done.all()) {
        throw new BenchmarkFailure("the tree has entries that nobody appended");
      }
      return measured(done, behind, bytes(workspace));
    }
  }

  private Events events() {
    var people = new ArrayList<Id.User>();
    for (int i = 0; i < PEOPLE; i++) {
      people.add(Id.User.random(world));
    }
    var agents = new ArrayList<Id.Agent>();
    for (int i = 0; i < AGENTS; i++) {
      agents.add(Id.Agent.random(world));
    }
    return new Events(world, people, agents);
  }

  private Measured measured(Crew.Done done, double behind, long bytes) {
    double seconds = settings.duration().toNanos() / 1e9;
    var details = new ArrayList<>(done.latencies().figures());
    details.add(new Figure("errors", 0, "entries"));
    details.add(new Figure("verified", done.all(), "entries_in_the_signed_tree"));
    details.add(new Figure("sequenced_after", behind, "ms"));
    details.add(new Figure("appenders", settings.appenders(), "threads"));
    details.add(new Figure("duration", seconds, "s"));
    details.add(new Figure("stored", bytes / (double) done.all(), "bytes/entry"));
    return Measured.of(
        new Figure("append", done.latencies().count() / seconds, "entries/s"), details);
  }

  private static long bytes(Workspace workspace) {
    try {
      return Files.size(workspace.data().resolve("prokura.db"));
    } catch (IOException e) {
      throw new BenchmarkFailure("no database was written", e);
    }
  }

  /// Makes events that say as much as that of a delegated token does.
  private record Events(World world, List<Id.User> people, List<Id.Agent> agents) {
    Event issued(int i) {
      var agent = agents.get(i % agents.size());
      return Event.about("token.issued", Id.Token.next(world))
          .by(agent)
          .reference("credential", Id.Credential.random(world))
          .word("grant", "use_delegation")
          .reference("subject", people.get(i % people.size()))
          .references("actors", List.of(agent))
          .word("audience", "https://crm.example/")
          .scopes(Scopes.of(List.of("tickets.read", "tickets.write")))
          .references("delegations", List.of(Id.Delegation.random(world)))
          .number("cut", 1)
          .number("expiresAt", world.now().getEpochSecond() + 300)
          .free("source", "127.0.0.1")
          .reference("purpose", Id.Purpose.random(world))
          .value(
              "operands",
              Json.object()
                  .put("asked", "tickets.read")
                  .put("principal 0", "tickets.read tickets.write")
                  .put("principal 1", "tickets.read")
                  .put("purpose support.triage", "tickets.read tickets.write")
                  .build())
          .build();
    }
  }
}
