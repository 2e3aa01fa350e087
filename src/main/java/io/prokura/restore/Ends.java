package io.prokura.restore;

import io.prokura.agents.Agents;
import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.audit.Persons;
import io.prokura.clients.Credentials;
import io.prokura.cutoff.CutOffs;
import io.prokura.delegation.Delegations;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Tx;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the journal knows to have ended and a restored database does not.
///
/// The cut-off of an agent is its kill, that of a delegation or credential its revocation: in the
/// restored database those live again, so it is not enough that their tokens are dead.
public final class Ends {
  private static final String REASON = "applied again after a restore";

  private final Agents agents;
  private final Delegations delegations;
  private final Credentials credentials;
  private final CutOffs cutOffs;
  private final Persons persons;
  private final AuditLog audit;

  public Ends(
      Agents agents,
      Delegations delegations,
      Credentials credentials,
      CutOffs cutOffs,
      Persons persons,
      AuditLog audit) {
    this.agents = agents;
    this.delegations = delegations;
    this.credentials = credentials;
    this.cutOffs = cutOffs;
    this.persons = persons;
    this.audit = audit;
  }

  /// Of each target the last line that the database does not know, in the order of the journal.
  static List<JournalLine> unknown(Tx tx, List<JournalLine> lines) {
    var unknown = new LinkedHashMap<String, JournalLine>();
    for (var line : lines) {
      if (Feed.change(tx, line.number()).filter(line::tellsOf).isEmpty()) {
        unknown.put(line.kind() + " " + line.target(), line);
      }
    }
    return List.copyOf(unknown.values());
  }

  /// Applies the lines in `tx`, in the name of `by`.
  void apply(Tx tx, Id.User by, List<JournalLine> lines) {
    var people = lines.stream().anyMatch(Ends::isErasure) ? people(tx) : Map.<String, Id.User>of();
    for (var line : lines) {
      if (isErasure(line)) {
        var person = people.get(line.target());
        if (person != null) {
          persons.erase(tx, person);
        }
      } else {
        cutOff(tx, by, line.target());
      }
    }
  }

  static boolean isErasure(JournalLine line) {
    return line.kind().equals(JournalLine.ERASED);
  }

  private Map<String, Id.User> people(Tx tx) {
    var people = new HashMap<String, Id.User>();
    persons.known(tx).forEach(user -> people.put(JournalLine.target(user.text()), user));
    return people;
  }

  private void cutOff(Tx tx, Id.User by, String target) {
    Id.Agent.parse(target).ifPresent(agent -> kill(tx, by, agent));
    Id.Delegation.parse(target).ifPresent(id -> known(delegations.revoke(tx, by, id, REASON)));
    Id.Credential.parse(target).ifPresent(id -> known(credentials.revoke(tx, by, id, REASON)));
    if (target.contains("://")) {
      cutOffs.writeForIssuer(tx, target, by, REASON);
    }
  }

  /// A refusal says that the thing came after the backup, or was ended again since.
  private static boolean known(Result<?> revoked) {
    return revoked instanceof Ok;
  }

  private void kill(Tx tx, Id.User by, Id.Agent agent) {
    if (!known(agents.kill(tx, agent, by, REASON))) {
      return;
    }
    long number = cutOffs.write(tx, agent, by, REASON);
    audit.append(
        tx,
        Event.about("agent.killed", agent)
            .by(by)
            .number("cutoff", number)
            .free("reason", REASON)
            .build());
  }
}
