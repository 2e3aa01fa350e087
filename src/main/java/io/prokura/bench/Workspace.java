package io.prokura.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A temporary folder for one benchmark, gone when it ends.
final class Workspace implements AutoCloseable {
  private final Path folder;

  private Workspace(Path folder) {
    this.folder = folder;
  }

  static Workspace open() {
    try {
      return new Workspace(Files.createTempDirectory("prokura-bench"));
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot make a temporary folder", e);
    }
  }

  Path folder() {
    return folder;
  }

  /// The folder of the database.
  Path data() {
    return folder.resolve("data");
  }

  Path masterKey() {
    return folder.resolve("key").resolve("master.key");
  }

  Path checkpoint() {
    return folder.resolve("state").resolve("checkpoint");
  }

  @Override
  public void close() {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot delete " + folder, e);
    }
  }
}
