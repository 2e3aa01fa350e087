package io.prokura.tlog;

import java.util.Arrays;
import java.util.Optional;

/// Reads the bytes of stored tiles; a function, so that tiles may lie anywhere.
@FunctionalInterface
public interface TileReader {
  /// The bytes of the tile, 32 for each of its hashes, or nothing if there is no such tile.
  ///
  /// A partial tile that is gone is looked for in the full tile at the same place, so a store may
  /// delete it. A failure to read is the reader's own unchecked exception, which is passed on.
  Optional<byte[]> read(Tile tile);

  /// The bytes of the tile, or of the beginning of the full tile if the partial one is gone.
  default byte[] require(Tile tile) throws InvalidException {
    var found = read(tile);
    if (found.isEmpty() && !tile.isFull()) {
      var full = read(tile.full());
      if (full.isPresent()) {
        return Arrays.copyOf(checked(full.get(), tile.full()), tile.width() * Hash.SIZE);
      }
    }
    if (found.isEmpty()) {
      throw new InvalidException(tile + " is missing");
    }
    return checked(found.get(), tile);
  }

  private static byte[] checked(byte[] bytes, Tile tile) throws InvalidException {
    var expected = tile.width() * Hash.SIZE;
    if (bytes.length != expected) {
      throw new InvalidException(
          tile + " has " + bytes.length + " bytes where " + expected + " are expected");
    }
    return bytes;
  }
}
