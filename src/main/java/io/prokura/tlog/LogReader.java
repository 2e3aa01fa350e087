package io.prokura.tlog;

import java.util.Optional;

/// Reads the resources of a tiled log, wherever they lie (C2SP tlog-tiles, APIs).
///
/// A failure to read is the reader's own unchecked exception, which the verifier passes on: it says
/// nothing about the log. Bytes that are too long should be cut off soon after the length that a
/// resource can have; they are refused then.
public interface LogReader {
  /// The current checkpoint, or nothing if there is none.
  Optional<byte[]> checkpoint();

  /// The bytes of a hash tile, or nothing if there is no such tile.
  Optional<byte[]> tile(Tile tile);

  /// The bytes of an entry bundle, or nothing if there is no such bundle.
  Optional<byte[]> entries(Bundle bundle);
}
