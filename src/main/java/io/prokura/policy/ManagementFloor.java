package io.prokura.policy;

import io.prokura.cedar.Entity;
import io.prokura.directory.Directory;
import io.prokura.kernel.Id;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What no management set may take away: for each set of policies some active administrator can
/// roll it back, and for each agent, those still to come included, some active administrator can
/// kill it. That agents manage nothing needs no check: [ManagementPolicies] never asks a policy
/// about an agent.
public final class ManagementFloor {
  private static final int PAGE = 1_000;

  private final Database database;
  private final Directory directory;
  private final ManagementSubjects subjects;
  private final Agents agents;

  /// Where agents are listed: at most `count` ids in their order, from the one after `after`.
  @FunctionalInterface
  public interface Agents {
    List<Id.Agent> page(Tx tx, String after, int count);
  }

  public ManagementFloor(
      Database database, Directory directory, ManagementSubjects subjects, Agents agents) {
    this.database = database;
    this.directory = directory;
    this.subjects = subjects;
    this.agents = agents;
  }

  /// Why nobody could help themselves any more under `candidate`; empty when somebody could.
  public Optional<String> broken(PolicySnapshot candidate) {
    var policies = ManagementPolicies.of(() -> candidate);
    var able = new ArrayList<Entity>();
    for (var id : database.read(directory::administrators)) {
      able.add(subjects.principal(id));
    }
    for (var set : PolicySetName.values()) {
      if (!anyMay(policies, able, "policy.rollback", subjects.named(set.word()))) {
        return Optional.of("no active administrator could roll back the " + set.word() + " set");
      }
    }
    if (!anyMay(policies, able, "agent.kill", subjects.named("agt_" + "0".repeat(26)))) {
      return Optional.of("no active administrator could kill an agent registered later");
    }
    var after = "";
    while (true) {
      var from = after;
      var page = database.read(tx -> agents.page(tx, from, PAGE));
      for (var agent : page) {
        if (!anyMay(policies, able, "agent.kill", subjects.named(agent.text()))) {
          return Optional.of("no active administrator could kill the agent " + agent.text());
        }
        after = agent.text();
      }
      if (page.size() < PAGE) {
        return Optional.empty();
      }
    }
  }

  /// Whoever was allowed comes first the next time: mostly it is the same one.
  private static boolean anyMay(
      ManagementPolicies policies, List<Entity> able, String action, Entity thing) {
    for (int i = 0; i < able.size(); i++) {
      var who = able.get(i);
      if (policies.allows(who.uid(), action, thing.uid(), List.of(thing, who))) {
        able.set(i, able.getFirst());
        able.set(0, who);
        return true;
      }
    }
    return false;
  }
}
