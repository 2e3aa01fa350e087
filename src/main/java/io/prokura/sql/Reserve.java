package io.prokura.sql;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

/// Room on the disk that is kept back from ordinary transactions, so that what ends something still
/// gets through when nothing else does.
///
/// A file holds that room against everybody who writes to the same disk; it is deleted when little
/// is left, and written again when there is plenty. The pages below a bound on the database's own
/// size are watched alike. For the writer's thread only.
final class Reserve {
  /// The size of the file.
  static final int BYTES = 4 * 1024 * 1024;

  /// The file is deleted when so little is left besides it.
  private static final long SCARCE = 8L * 1024 * 1024;

  /// The file is written again when so much is left.
  private static final long PLENTY = SCARCE + 4L * BYTES;

  /// The pages kept back below the bound on the size, and their greatest part of all pages.
  private static final long PAGES = 1_000;

  private static final int PART = 10;

  /// How many transactions of the database pass between two looks at the disk.
  private static final int LOOK_EVERY = 8;

  private static final System.Logger LOG = System.getLogger("prokura.sql");

  private final Path file;
  private boolean held;
  private boolean scarce;
  private int unseen;

  Reserve(Path file) {
    this.file = file;
    held = Files.exists(file);
  }

  /// Has the next question answered by a look at the disk.
  void lookAgain() {
    unseen = 0;
  }

  /// Whether nothing but what is urgent may be written now.
  boolean isScarce(Statements writer) throws SQLException {
    if (scarce || unseen == 0) {
      unseen = LOOK_EVERY;
      boolean before = scarce;
      scarce = !hold() || fewPages(writer);
      if (scarce != before) {
        LOG.log(
            scarce ? Level.ERROR : Level.INFO,
            scarce
                ? "little room is left for the database: only what is urgent is written"
                : "there is room for the database again");
      }
    }
    unseen--;
    return scarce;
  }

  /// Whether the file is there after this.
  private boolean hold() {
    try {
      long usable = Files.getFileStore(file.getParent()).getUsableSpace();
      if (held && usable < SCARCE) {
        Files.deleteIfExists(file);
        held = false;
      } else if (!held && usable >= PLENTY) {
        write();
        held = true;
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the reserve is out of reach", e);
      held = false;
    }
    return held;
  }

  /// Zeros that are really written: a hole in a file holds no room.
  private void write() throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      var zeros = ByteBuffer.allocate(BYTES);
      while (zeros.hasRemaining()) {
        channel.write(zeros);
      }
    }
  }

  private static boolean fewPages(Statements writer) throws SQLException {
    long bound = pragma(writer, "PRAGMA max_page_count");
    long used = pragma(writer, "PRAGMA page_count") - pragma(writer, "PRAGMA freelist_count");
    return bound - used < Math.min(PAGES, bound / PART);
  }

  private static long pragma(Statements writer, String pragma) throws SQLException {
    try (var result = writer.prepared(pragma).executeQuery()) {
      result.next();
      return result.getLong(1);
    }
  }
}
