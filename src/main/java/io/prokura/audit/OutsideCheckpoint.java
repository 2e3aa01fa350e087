package io.prokura.audit;

import io.prokura.kernel.Outage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// The highest signed checkpoint, kept in a file away from the database, so that a database put
/// back from an old copy is noticed.
public final class OutsideCheckpoint {
  private final Path file;

  public OutsideCheckpoint(Path file) {
    this.file = file;
  }

  @Override
  public String toString() {
    return "the checkpoint file " + file;
  }

  Optional<byte[]> read() {
    try {
      return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (IOException e) {
      throw new Outage("cannot read the checkpoint kept outside the database", e);
    }
  }

  /// Replaces the file as a whole; when this returns it is durable. Nodes on one machine may share
  /// the file, so each writes a file of its own first.
  void write(byte[] note) {
    try {
      var folder = file.toAbsolutePath().getParent();
      if (folder == null) {
        throw new IOException("the file has no folder");
      }
      Files.createDirectories(folder);
      var next = Files.createTempFile(folder, file.getFileName().toString(), ".next");
      try {
        force(next, note);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(next);
      }
      try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new Outage("cannot write the checkpoint kept outside the database", e);
    }
  }

  private static void force(Path next, byte[] note) throws IOException {
    try (var channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.wrap(note);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
