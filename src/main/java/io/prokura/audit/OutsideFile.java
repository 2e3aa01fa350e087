package io.prokura.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Files that are kept outside the database and have to be durable before anything rests on them.
public final class OutsideFile {
  private OutsideFile() {}

  /// Replaces `file` as a whole; when this returns it is durable. Each writes a file of its own
  /// first, so that several may replace the same.
  public static void replace(Path file, byte[] content) throws IOException {
    var folder = folder(file);
    Files.createDirectories(folder);
    var next = Files.createTempFile(folder, file.getFileName().toString(), ".next");
    try {
      try (var channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
        writeAll(channel, content);
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
    sync(folder);
  }

  /// Moves `file` to a name that is free, beside where it was.
  public static Path setAside(Path file) throws IOException {
    var folder = folder(file);
    for (int i = 1; ; i++) {
      var aside = folder.resolve(file.getFileName() + ".aside-" + i);
      if (!Files.exists(aside)) {
        Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
        return aside;
      }
    }
  }

  /// Writes the whole content where the channel stands.
  public static void writeAll(FileChannel channel, byte[] content) throws IOException {
    var bytes = ByteBuffer.wrap(content);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static Path folder(Path file) throws IOException {
    var folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("the file has no folder");
    }
    return folder;
  }

  private static void sync(Path folder) throws IOException {
    try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
