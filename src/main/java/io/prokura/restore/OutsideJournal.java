package io.prokura.restore;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.OutsideFile;
import io.prokura.audit.Persons;
import io.prokura.cutoff.CutOffs;
import io.prokura.feed.Change;
import io.prokura.feed.Feed;
import io.prokura.kernel.Outage;
import io.prokura.sql.Database;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The journal of cut-offs and erasures outside the database, from which they are applied again
/// after a restore. It only grows. Each node writes one; nodes on one machine may share a file.
///
/// The order of effects: the database commits, then the line is made durable here, then the change
/// is answered. What a crash in between leaves out is written at the next start, from the database.
public final class OutsideJournal {
  private static final System.Logger LOG = System.getLogger(OutsideJournal.class.getName());
  private static final String HEADER = "prokura journal 1 ";
  private static final int BATCH_MAX = 1_000;
  private static final int LOCK_TRIES = 500;
  private static final long BYTES_MAX = 1L << 30;

  private final Database database;
  private final Path file;
  private final String identity;
  private boolean started;
  private long last;

  /// The journal in `file` of the server that is known by `identity` for good.
  public OutsideJournal(Database database, Path file, String identity) {
    this.database = database;
    this.file = file;
    this.identity = identity;
  }

  /// What state the file is in.
  public enum State {
    SOUND,
    MISSING,
    /// Some lines are not what was written.
    DAMAGED,
    /// It is the journal of another server.
    FOREIGN
  }

  /// What the file says.
  ///
  /// @param lines those that are whole, in the order of the file
  /// @param torn whether the last line was not written to its end
  record Contents(State state, List<JournalLine> lines, boolean torn) {
    Contents {
      lines = List.copyOf(lines);
    }

    long last() {
      return lines.stream().mapToLong(JournalLine::number).max().orElse(0);
    }
  }

  private record Batch(List<Change> changes, long head) {}

  @Override
  public String toString() {
    return "the journal " + file;
  }

  /// Begins to write: makes the file where it is missing, cuts off what is damaged, and writes what
  /// the database has and the file has not. Throws [Outage] for the journal of another server.
  public synchronized void start() {
    var contents = read();
    try {
      switch (contents.state()) {
        case FOREIGN ->
            throw new Outage(this + " is another server's; move it away, or name its own folder");
        case MISSING -> OutsideFile.replace(file, whole(List.of()));
        case DAMAGED -> {
          var aside = OutsideFile.setAside(file);
          LOG.log(Level.WARNING, "{0} was damaged; it is kept as {1} and made anew", this, aside);
          OutsideFile.replace(file, whole(contents.lines()));
        }
        case SOUND -> {}
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
    last = contents.last();
    started = true;
    flush();
  }

  /// Makes durable what has been committed by now. Throws [Outage] when it cannot be written; what
  /// is missing is then written the next time.
  public synchronized void flush() {
    if (!started) {
      return;
    }
    while (true) {
      long after = last;
      var batch =
          database.read(
              tx ->
                  new Batch(
                      Feed.changes(tx, after, CutOffs.KIND, Persons.KIND, BATCH_MAX),
                      Feed.head(tx)));
      var lines = batch.changes().stream().flatMap(one -> JournalLine.of(one).stream()).toList();
      if (!lines.isEmpty()) {
        append(lines);
      }
      if (batch.changes().size() < BATCH_MAX) {
        last = Math.max(last, batch.head());
        return;
      }
      last = batch.changes().getLast().number();
    }
  }

  private void append(List<JournalLine> lines) {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var _ = locked(channel)) {
      channel.position(sound(channel));
      OutsideFile.writeAll(channel, text(lines).getBytes(UTF_8));
      channel.force(true);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /// The end of the last line that was written to its end; cuts off what is behind it.
  private static long sound(FileChannel channel) throws IOException {
    long end = channel.size();
    var one = ByteBuffer.allocate(1);
    while (end > 0) {
      channel.read(one.clear(), end - 1);
      if (one.get(0) == '\n') {
        break;
      }
      end--;
    }
    channel.truncate(end);
    return end;
  }

  /// Another node of this machine may be writing.
  private FileLock locked(FileChannel channel) throws IOException {
    for (int i = 0; i < LOCK_TRIES; i++) {
      try {
        var lock = channel.tryLock();
        if (lock != null) {
          return lock;
        }
      } catch (OverlappingFileLockException e) {
        LOG.log(Level.DEBUG, "another node of this process writes the journal", e);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    throw new IOException(this + " is locked by another process");
  }

  private Outage unwritable(IOException e) {
    return new Outage("cannot write " + this, e);
  }

  private byte[] whole(List<JournalLine> lines) {
    return (HEADER + identity + "\n" + text(lines)).getBytes(UTF_8);
  }

  private String text(List<JournalLine> lines) {
    var text = new StringBuilder();
    lines.forEach(line -> text.append(line.text(identity)).append('\n'));
    return text.toString();
  }

  /// Reads the file as it is and changes nothing.
  Contents read() {
    try {
      if (!Files.exists(file)) {
        return new Contents(State.MISSING, List.of(), false);
      }
      if (Files.size(file) > BYTES_MAX) {
        throw new IOException(file + " is longer than " + BYTES_MAX + " bytes");
      }
      return parsed(new String(Files.readAllBytes(file), UTF_8));
    } catch (IOException e) {
      throw new Outage("cannot read " + this, e);
    }
  }

  private Contents parsed(String text) {
    int end = text.lastIndexOf('\n') + 1;
    boolean torn = end < text.length();
    var all = text.substring(0, end).lines().toList();
    if (all.isEmpty() || !all.getFirst().startsWith(HEADER)) {
      return new Contents(State.DAMAGED, List.of(), torn);
    }
    if (!all.getFirst().equals(HEADER + identity)) {
      return new Contents(State.FOREIGN, List.of(), torn);
    }
    var lines = new ArrayList<JournalLine>();
    all.stream().skip(1).forEach(one -> JournalLine.parse(one, identity).ifPresent(lines::add));
    var state = lines.size() == all.size() - 1 ? State.SOUND : State.DAMAGED;
    return new Contents(state, lines, torn);
  }

  /// Moves away a file that is of no use, so that a new one is begun.
  void setAside() {
    try {
      var aside = OutsideFile.setAside(file);
      LOG.log(Level.WARNING, "{0} is kept as {1}", this, aside);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }
}
