package io.prokura.bench;

import io.prokura.agents.Agent;
import io.prokura.agents.AgentState;
import io.prokura.agents.AgentTransition;
import io.prokura.agents.Environment;
import io.prokura.agents.Risk;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.Permissions;
import io.prokura.clients.Holder;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Agents by the thousand, registered in this process by the verbs that the management API calls,
/// each active, with a client secret and a permission of its own.
final class Population {
  /// Of how many agents the secrets are kept, to ask for tokens as them.
  private static final int SAMPLE_MAX = 200_000;

  /// Agents registered in one transaction.
  private static final int TOGETHER = 16;

  private static final int THREADS = 32;

  private final World world;
  private final Sample<String> sample;
  private int size;

  /// The population that begins with the organisation's agents.
  Population(World world, long seed, Organisation organisation) {
    this.world = world;
    sample = new Sample<>(SAMPLE_MAX, seed);
    organisation.agents().forEach(agent -> sample.offer(agent.basic()));
    size = organisation.agents().size();
  }

  /// What every agent of the population names.
  private record Common(
      LocalRegisters registers,
      Id.User owner,
      Id.User backup,
      Id.Purpose purpose,
      Id.Resource resource) {

    static Common of(LocalRecord record, LocalRegisters registers) {
      var catalogue = registers.catalogue();
      return new Common(
          registers,
          user(record, registers, "owner"),
          user(record, registers, "backup"),
          catalogue.purposeNamed(Organisation.PURPOSE).orElseThrow().id(),
          catalogue.resourceAt(Organisation.RESOURCE).orElseThrow().id());
    }

    private static Id.User user(LocalRecord record, LocalRegisters registers, String name) {
      return record
          .database()
          .<Optional<Id.User>>read(
              tx -> registers.users().findNamed(tx, name).map(user -> user.id()))
          .orElseThrow();
    }
  }

  /// Registers agents until there are `wanted`, and waits until all that is said of them in the
  /// record is in the signed tree.
  void grow(LocalRecord record, int wanted) {
    int missing = wanted - size;
    if (missing <= 0) {
      return;
    }
    long before = record.treeSize();
    var common = Common.of(record, LocalRegisters.on(record, world));
    Crew.all(
        THREADS,
        (missing + TOGETHER - 1) / TOGETHER,
        piece -> {
          int first = (int) piece * TOGETHER;
          int count = Math.min(TOGETHER, missing - first);
          List<String> proofs =
              record.database().inTransaction(tx -> register(tx, common, size + first, count));
          proofs.forEach(sample::offer);
        });
    record.await(before + (long) missing * ENTRIES);
    size = wanted;
  }

  /// Entries that one agent leaves in the record.
  static final int ENTRIES = 4;

  private List<String> register(Tx tx, Common common, int first, int count) {
    var proofs = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      proofs.add(register(tx, common, first + i));
    }
    return proofs;
  }

  /// Registers one agent; returns the `Authorization` with which it proves itself.
  private String register(Tx tx, Common common, int number) {
    var registers = common.registers();
    var by = common.owner();
    var id = Id.Agent.random(world);
    var agent =
        new Agent(
            id,
            "triage " + number,
            "sorts tickets",
            common.owner(),
            common.backup(),
            List.of(common.purpose()),
            List.of("triage"),
            Environment.PRODUCTION,
            Risk.LOW,
            Optional.empty(),
            true,
            AgentState.REGISTERED,
            1);
    done(registers.agents().register(tx, by, agent));
    done(registers.agents().transition(tx, by, id, AgentTransition.ACTIVATE, "benchmark"));
    done(
        registers
            .permissions()
            .give(
                tx,
                by,
                new Permissions.Wanted(
                    id,
                    common.resource(),
                    Scopes.of(Organisation.ACTIONS),
                    PermissionMode.OWN,
                    Optional.empty())));
    var secret =
        done(registers.credentials().addSecret(tx, by, new Holder.Agent(id), Optional.empty()));
    return io.prokura.bench.Agent.basic(id.text(), secret.text());
  }

  private static <T> T done(Result<T> result) {
    return switch (result) {
      case Ok<T>(var value) -> value;
      case Refused<T>(_, var detail) -> throw new BenchmarkFailure("not registered: " + detail);
    };
  }

  /// Requests of tokens by client secret, each as another agent of a random sample.
  List<byte[]> requests() {
    return sample.shuffled().stream().map(Requests::withSecret).toList();
  }
}
