package io.prokura.sql;

import io.prokura.kernel.Outage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The files that a database was opened with. SQLite goes on writing to them when somebody has
/// moved, deleted or replaced them, and whatever it writes then is gone with the process.
final class OpenFiles {
  private final List<Path> files;
  private final Map<Path, String> known = new HashMap<>();

  OpenFiles(Path database) {
    files = List.of(database, database.resolveSibling(database.getFileName() + "-wal"));
  }

  /// Throws [Outage] when a file is not where and what it was at the first call.
  void requireInPlace() {
    for (var file : files) {
      var found = identity(file);
      if (!found.equals(known.computeIfAbsent(file, _ -> found))) {
        throw new Outage(file + " was moved, deleted or replaced");
      }
    }
  }

  private static String identity(Path file) {
    try {
      return String.valueOf(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    } catch (IOException e) {
      throw new Outage(file + " is out of reach", e);
    }
  }
}
