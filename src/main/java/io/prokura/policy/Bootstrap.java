package io.prokura.policy;

import io.prokura.sql.Database;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;

/// What the server publishes by itself when it starts: an organisation's folder as long as nothing
/// has been published, and the live policies again where this program brings other built-in files
/// along than they were published with.
public final class Bootstrap {
  private static final System.Logger LOG = System.getLogger("prokura.policy");

  private final Database database;
  private final PublishedSets sets;
  private final Publishing publishing;
  private final Optional<PolicySources> folder;

  private Bootstrap(
      Database database,
      PublishedSets sets,
      Publishing publishing,
      Optional<PolicySources> folder) {
    this.database = database;
    this.sets = sets;
    this.publishing = publishing;
    this.folder = folder;
  }

  /// A start with this folder, or without one when the path is empty. Throws [InvalidPolicies] when
  /// it is not valid or a case of its own fails, whether it would be published or not.
  public static Bootstrap of(
      Database database, PublishedSets sets, Publishing publishing, Path folder) {
    if (folder.toString().isEmpty()) {
      return new Bootstrap(database, sets, publishing, Optional.empty());
    }
    var sources = PolicyReader.in(folder);
    var findings = publishing.findings(sets.organisation().compile(sources, 0));
    if (!findings.isEmpty()) {
      throw new InvalidPolicies(findings);
    }
    return new Bootstrap(database, sets, publishing, Optional.of(sources));
  }

  /// Publishes what has to be. Throws [InvalidPolicies] when the live policies do not fit what this
  /// program brings along.
  public void run() {
    for (var name : PolicySetName.values()) {
      var live = sets.of(name).current();
      var sources = PolicySources.of(name, live.sources().own());
      if (live.number() > 0 && !sources.digest().equals(live.digest())) {
        publish(name, sources, live.number(), "other built-in files");
      }
    }
    folder.ifPresent(this::compare);
    var current = sets.organisation().current();
    current.warnings().forEach(warning -> LOG.log(Level.WARNING, "{0}", warning));
  }

  private void compare(PolicySources sources) {
    var live = sets.organisation().current();
    if (live.number() == 0) {
      publish(PolicySetName.ORGANISATION, sources, 0, "the organisation's folder");
    } else if (!live.digest().equals(sources.digest())) {
      LOG.log(
          Level.WARNING,
          "the organisation''s folder differs from the live policies, number {0};"
              + " `prokura policy apply` publishes it",
          live.number());
    }
  }

  private void publish(PolicySetName name, PolicySources sources, long base, String note) {
    var snapshot = sets.of(name).compile(sources, base);
    database.inTransaction(
        tx -> {
          publishing.publishOwn(tx, snapshot, name, base, note);
          return base;
        });
    sets.catchUp();
  }
}
