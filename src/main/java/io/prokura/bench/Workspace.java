package io.prokura.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A temporary folder for one benchmark, gone when it ends, however that is.
final class Workspace implements AutoCloseable {
  private static final int ATTEMPTS = 100;
  private static final long PAUSE_MILLIS = 100;

  private final Path folder;
  private final Thread end;

  private Workspace(Path folder) {
    this.folder = folder;
    end = new Thread(this::leave, "end-workspace");
  }

  static Workspace open() {
    try {
      var workspace = new Workspace(Files.createTempDirectory("prokura-bench"));
      Runtime.getRuntime().addShutdownHook(workspace.end);
      return workspace;
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot make a temporary folder", e);
    }
  }

  /// Fails when the disk has less than `bytes` to give, rather than when it is full.
  void require(long bytes) {
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      if (free < bytes) {
        throw new BenchmarkFailure(
            "this needs %.1f GB of disk, and where %s lies there are %.1f GB"
                .formatted(bytes / 1e9, folder, free / 1e9));
      }
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot tell how much disk there is", e);
    }
  }

  Path folder() {
    return folder;
  }

  /// The folder of the database.
  Path data() {
    return folder.resolve("data");
  }

  /// The size of the database file in bytes.
  long stored() {
    try {
      return Files.size(data().resolve("prokura.db"));
    } catch (IOException e) {
      throw new BenchmarkFailure("no database was written", e);
    }
  }

  Path masterKey() {
    return folder.resolve("key").resolve("master.key");
  }

  Path checkpoint() {
    return folder.resolve("state").resolve("checkpoint");
  }

  private void delete() throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw new IOException("the folder changed meanwhile", e);
    }
  }

  /// For when the program is told to end. The processes that write here are ending at the same
  /// time, so that one attempt may not be enough.
  private void leave() {
    try {
      for (int i = 0; i < ATTEMPTS && !isDeleted(); i++) {
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isDeleted() {
    try {
      if (Files.exists(folder)) {
        delete();
      }
      return true;
    } catch (IOException e) {
      System.getLogger("prokura.bench").log(System.Logger.Level.DEBUG, "not deleted yet", e);
      return false;
    }
  }

  @Override
  public void close() {
    try {
      delete();
      Runtime.getRuntime().removeShutdownHook(end);
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot delete " + folder, e);
    } catch (IllegalStateException e) {
      System.getLogger("prokura.bench").log(System.Logger.Level.DEBUG, "ending already", e);
    }
  }
}
