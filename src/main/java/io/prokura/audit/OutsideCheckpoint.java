package io.prokura.audit;

import io.prokura.kernel.Outage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
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
  /// the file.
  void write(byte[] note) {
    try {
      OutsideFile.replace(file, note);
    } catch (IOException e) {
      throw new Outage("cannot write the checkpoint kept outside the database", e);
    }
  }

  /// Keeps `note`, which ends here, in a file of its own beside this one, for auditors.
  void keepAside(byte[] note) {
    var name = HexFormat.of().formatHex(Leaf.sha256(note), 0, 6);
    new OutsideCheckpoint(file.resolveSibling(file.getFileName() + ".ended-" + name)).write(note);
  }

  /// When the file was last written; nothing when it is not there.
  public Optional<Instant> writtenAt() {
    try {
      return Files.exists(file)
          ? Optional.of(Files.getLastModifiedTime(file).toInstant())
          : Optional.empty();
    } catch (IOException e) {
      throw new Outage("cannot read the checkpoint kept outside the database", e);
    }
  }
}
