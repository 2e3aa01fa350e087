package io.prokura.tlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A log that lies in a directory, with the files named as the log's resources are
/// (`checkpoint`, `tile/0/x001/234`).
///
/// Reading fails with an `UncheckedIOException`. No file is read beyond the length it may have.
///
/// @param root the directory that has the file `checkpoint` in it
public record LogDirectory(Path root) implements LogReader {
  private static final int BUNDLE_BYTES_MAX = Bundle.FULL * (2 + Bundle.ENTRY_MAX);

  @Override
  public Optional<byte[]> checkpoint() {
    return read("checkpoint", Note.BYTES_MAX);
  }

  @Override
  public Optional<byte[]> tile(Tile tile) {
    return read(tile.path(), tile.width() * Hash.SIZE);
  }

  @Override
  public Optional<byte[]> entries(Bundle bundle) {
    return read(bundle.path(), BUNDLE_BYTES_MAX);
  }

  // One byte more than a file may have is read, so that a longer file is seen to be too long.
  private Optional<byte[]> read(String path, int bytesMax) {
    var file = root.resolve(path);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (var bytes = Files.newInputStream(file)) {
      return Optional.of(bytes.readNBytes(bytesMax + 1));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
