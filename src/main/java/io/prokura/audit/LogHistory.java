package io.prokura.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.Continuity.Broken;
import io.prokura.audit.Continuity.Why;
import io.prokura.kernel.Outage;
import io.prokura.sql.Database;
import io.prokura.tlog.Checkpoint;
import io.prokura.tlog.Hash;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.Note;
import io.prokura.tlog.Tile;
import io.prokura.tlog.Tree;
import io.prokura.tlog.TreeHead;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/// Compares the log in the database with the checkpoint that is kept outside of it.
final class LogHistory {
  private static final System.Logger LOG = System.getLogger(LogHistory.class.getName());

  private final Database database;
  private final LogKey key;
  private final OutsideCheckpoint outside;

  LogHistory(Database database, LogKey key, OutsideCheckpoint outside) {
    this.database = database;
    this.key = key;
    this.outside = outside;
  }

  /// Throws [Outage] when what is kept outside is no checkpoint, or the database's log is damaged.
  Continuity compare() {
    var head = database.read(LogStore::head).orElseThrow();
    var note = outside.read();
    if (note.isEmpty()) {
      if (head.size() > 0) {
        LOG.log(
            Level.WARNING,
            "{0} is missing: should this database be an old copy, nobody will notice",
            outside);
      }
      return new Continuity.Intact();
    }
    var said = parsed(note.get());
    var pasts = database.<List<LogStore.Past>>read(LogStore::pasts);
    if (!said.origin().equals(head.origin())) {
      return ended(head, said, note.get(), pasts);
    }
    return isSigned(said.origin(), note.get())
        ? current(head, said, note.get())
        : broken(
            Why.UNKNOWN,
            said,
            note.get(),
            outside + " is signed by a key that this database does not know");
  }

  private Continuity current(LogStore.Head head, Checkpoint said, byte[] note) {
    if (head.size() < said.head().size()) {
      return broken(
          Why.OLDER,
          said,
          note,
          "the database holds %d entries of the log, but %d were published: it is an old copy"
              .formatted(head.size(), said.head().size()));
    }
    return isBeginning(said.head())
        ? new Continuity.Intact()
        : broken(Why.FORKED, said, note, "the database's log is not the one that was published");
  }

  /// What was published last is of another origin than the log has now. That is in order after a
  /// crash just behind an acknowledged restore: then it is what was known when the origin ended.
  private Continuity ended(
      LogStore.Head head, Checkpoint said, byte[] note, List<LogStore.Past> pasts) {
    var text = new String(note, UTF_8);
    var past = pasts.stream().filter(one -> one.origin().equals(said.origin())).toList();
    if (past.stream().anyMatch(one -> one.note().equals(text))) {
      return new Continuity.Intact();
    }
    if (past.isEmpty() || !isSigned(said.origin(), note)) {
      return broken(
          Why.UNKNOWN,
          said,
          note,
          "%s is of the log %s, which is not this database's %s"
              .formatted(outside, said.origin(), head.origin()));
    }
    long takenOver = past.stream().mapToLong(LogStore.Past::size).max().orElse(0);
    return said.head().size() <= takenOver && isBeginning(said.head())
        ? new Continuity.Intact()
        : broken(
            Why.ENDED,
            said,
            note,
            "%s has %d entries of the log %s, which another node ended without knowing all of them"
                .formatted(outside, said.head().size(), said.origin()));
  }

  private static Broken broken(Why why, Checkpoint said, byte[] note, String line) {
    var head = said.head();
    return new Broken(
        why, said.origin(), head.size(), head.root().toString(), new String(note, UTF_8), line);
  }

  /// The finding that the database is an old copy, where something else than the checkpoint outside
  /// gives it away.
  Broken older(String line) {
    var head = database.read(LogStore::head).orElseThrow();
    var note = outside.read().orElse(head.note().getBytes(UTF_8));
    return note.length == 0
        ? new Broken(Why.OLDER, head.origin(), 0, root(0).toString(), "", line)
        : broken(Why.OLDER, parsed(note), note, line);
  }

  /// The checkpoint as it is, whoever signed it.
  private Checkpoint parsed(byte[] note) {
    try {
      return Checkpoint.parse(Note.parse(note).text());
    } catch (InvalidException e) {
      throw new Outage(outside + " does not hold a checkpoint", e);
    }
  }

  private boolean isSigned(String origin, byte[] note) {
    try {
      key.policy(origin).open(note);
      return true;
    } catch (InvalidException e) {
      LOG.log(Level.DEBUG, "not signed by this log", e);
      return false;
    }
  }

  private boolean isBeginning(TreeHead known) {
    return root(known.size()).equals(known.root());
  }

  /// The root of the first `size` entries.
  Hash root(long size) {
    try {
      return Tree.root(size, this::tile);
    } catch (InvalidException e) {
      throw new Outage("the database's log is damaged", e);
    }
  }

  private Optional<byte[]> tile(Tile tile) {
    return database.read(tx -> LogStore.tile(tx, tile));
  }

  /// Keeps the last checkpoint of an origin that has ended beside the one that is to come.
  void keepEnded() {
    var head = database.read(LogStore::head).orElseThrow();
    var note = outside.read();
    if (note.isPresent() && !parsed(note.get()).origin().equals(head.origin())) {
      outside.keepAside(note.get());
    }
  }
}
