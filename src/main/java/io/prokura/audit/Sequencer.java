package io.prokura.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.kernel.Outage;
import io.prokura.sql.Database;
import io.prokura.tlog.Checkpoint;
import io.prokura.tlog.Hash;
import io.prokura.tlog.Hasher;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.SignedCheckpoint;
import io.prokura.tlog.Tile;
import io.prokura.tlog.Tree;
import io.prokura.tlog.TreeHead;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicReference;

/// Gives entries their places in the tree and signs the growing tree.
///
/// The order of effects: indices are committed before anything is hashed; tiles and the head are
/// stored by compare-and-swap on the tree's size; then the checkpoint is written outside the
/// database; then it is published. A crash between any two is mended by the next run, which does
/// nothing else than go on. Two sequencers do no harm: one of them loses the swap.
public final class Sequencer {
  private static final System.Logger LOG = System.getLogger(Sequencer.class.getName());
  private static final int BATCH_MAX = 8_192;

  private final Database database;
  private final LogKey key;
  private final OutsideCheckpoint outside;
  private final LogHistory history;
  private final Hasher hasher = new Hasher();
  private final AtomicReference<Published> published = new AtomicReference<>(Published.NOTHING);

  /// The checkpoint that the server stands by.
  record Published(TreeHead head, String note) {
    static final Published NOTHING = new Published(TreeHead.EMPTY, "");
  }

  public Sequencer(Database database, LogKey key, OutsideCheckpoint outside) {
    this.database = database;
    this.key = key;
    this.outside = outside;
    history = new LogHistory(database, key, outside);
  }

  /// How the database's log stands to what was published.
  public Continuity continuity() {
    return history.compare();
  }

  /// The finding that the database is an old copy although its log is what was published: what gave
  /// it away is in `line`.
  public Continuity.Broken older(String line) {
    return history.older(line);
  }

  /// Compares the database with the checkpoint outside and publishes the stored head. Throws
  /// [Outage] when the database is older than what was published, or is another history: then the
  /// server must not serve it.
  public void start() {
    if (continuity() instanceof Continuity.Broken broken) {
      throw new Outage(broken.toString());
    }
    history.keepEnded();
    var head = database.read(LogStore::head).orElseThrow();
    if (!head.note().isEmpty()) {
      publish(new Published(opened(head.note().getBytes(UTF_8)).head(), head.note()));
    }
  }

  private SignedCheckpoint opened(byte[] note) {
    try {
      return key.policy(key.origin()).open(note);
    } catch (InvalidException e) {
      throw new Outage("a checkpoint of this log is not signed by its key", e);
    }
  }

  /// Integrates all that has been appended by now.
  public void run() {
    while (tick()) {
      // A full batch may not have been the last.
    }
  }

  /// Integrates a batch; true when there may be more.
  public boolean tick() {
    long indexed =
        database.inTransaction(
            tx -> {
              tx.makeUrgent();
              return PlaceStore.assign(tx, database.dialect(), BATCH_MAX);
            });
    var head = head();
    // Another sequencer may have come further in between.
    if (head.size() >= indexed) {
      catchUp(head);
      return false;
    }
    int count = (int) Math.min(BATCH_MAX, indexed - head.size());
    var leaves =
        database.<List<byte[]>>read(tx -> PlaceStore.leaves(tx, head.size(), head.size() + count));
    var appended = append(head, leaves);
    var next = sign(appended.tree().head());
    if (store(head, next, appended.tiles())) {
      publish(next);
    }
    return indexed > head.size() + count;
  }

  /// The stored head. A database that was put back under a running server is not gone on from.
  private LogStore.Head head() {
    long known = published.get().head().size();
    var head = database.read(LogStore::head).orElseThrow();
    if (head.size() < known) {
      throw new Outage("the database holds less of the log than this server has published");
    }
    return head;
  }

  /// Publishes what another sequencer has stored.
  private void catchUp(LogStore.Head head) {
    if (head.size() > published.get().head().size()) {
      publish(new Published(opened(head.note().getBytes(UTF_8)).head(), head.note()));
    }
  }

  private Tree.Appended append(LogStore.Head head, List<byte[]> leaves) {
    try {
      var tree =
          head.size() == 0
              ? Tree.empty()
              : Tree.resume(opened(head.note().getBytes(UTF_8)).head(), this::tile);
      var hashes = new ArrayList<Hash>(leaves.size());
      leaves.forEach(leaf -> hashes.add(hasher.leaf(leaf)));
      return tree.append(hashes);
    } catch (InvalidException e) {
      throw new Outage("the stored log is damaged", e);
    }
  }

  private Published sign(TreeHead head) {
    var note = new Checkpoint(key.origin(), head).sign(key.signers());
    return new Published(head, note.toString());
  }

  private boolean store(LogStore.Head head, Published next, SequencedMap<Tile, byte[]> tiles) {
    return database.inTransaction(
        tx -> {
          tx.makeUrgent();
          var moved = new LogStore.Head(head.origin(), next.head().size(), next.note());
          if (!LogStore.advance(tx, head.size(), moved)) {
            return false;
          }
          tiles.forEach((tile, bytes) -> LogStore.put(tx, tile, bytes));
          return true;
        });
  }

  /// Steps on to `next`, never back: requests publish too.
  private synchronized void publish(Published next) {
    if (next.head().size() > published.get().head().size()) {
      outside.write(next.note().getBytes(UTF_8));
      published.set(next);
    }
  }

  Published published() {
    return published.get();
  }

  /// The newest checkpoint that any node has stored, so that whoever asks one node after another
  /// never sees the log shrink.
  Published newest() {
    try {
      catchUp(database.read(LogStore::head).orElseThrow());
    } catch (Outage e) {
      LOG.log(Level.DEBUG, "nothing newer can be published now", e);
    }
    return published.get();
  }

  /// The tile's bytes, whether published or not.
  Optional<byte[]> tile(Tile tile) {
    return database.read(tx -> LogStore.tile(tx, tile));
  }
}
