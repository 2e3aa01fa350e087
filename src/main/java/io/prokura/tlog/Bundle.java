package io.prokura.tlog;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The coordinates of an entry bundle: up to 256 consecutive log entries, which hash to the level 0
/// tile of the same index and width (C2SP tlog-tiles, Log entries).
///
/// The bytes of a bundle are its entries, each after its length as a big-endian uint16.
///
/// @param index the place of the bundle, below 2^55
/// @param width how many entries the bundle holds, 1 to 256
public record Bundle(long index, int width) {
  /// The width of a full bundle.
  public static final int FULL = TilePosition.FULL;

  /// The length of the longest entry in bytes.
  public static final int ENTRY_MAX = 65_535;

  private static final String PREFIX = "tile/entries/";

  /// Refuses, as a mistake of the caller, coordinates out of range.
  public Bundle {
    new TilePosition(index, width);
  }

  /// Parses a path relative to the log's prefix, such as `tile/entries/x001/234.p/5`, as [#path]
  /// prints it.
  ///
  /// @throws InvalidException for any other text, also for other spellings of the same numbers
  public static Bundle parse(String path) throws InvalidException {
    if (!path.startsWith(PREFIX)) {
      throw new InvalidException("the path is not that of an entry bundle");
    }
    var position = TilePosition.parse(path.substring(PREFIX.length()));
    return new Bundle(position.index(), position.width());
  }

  /// The bundles of a log with `size` entries, in order.
  public static Stream<Bundle> of(long size) {
    return between(0, size);
  }

  /// The bundles that a log has after it grew from `older` to `newer` entries and had not before,
  /// in order. The stream is computed as it is read.
  public static Stream<Bundle> between(long older, long newer) {
    if (older < 0 || older > newer) {
      throw new IllegalArgumentException("a log grows from a size to one that is not smaller");
    }
    if (older == newer) {
      return Stream.empty();
    }
    return LongStream.rangeClosed(older / FULL, (newer - 1) / FULL)
        .mapToObj(index -> new Bundle(index, (int) Math.min(FULL, newer - index * FULL)));
  }

  /// The bundles to write when `entries` are appended to a log of `size` entries, with their bytes,
  /// in order: those of [#between].
  ///
  /// @param size how many entries the log has
  /// @param last the bytes of the log's last bundle if that is partial, else no bytes
  /// @param entries what is appended, each at most [#ENTRY_MAX] bytes
  /// @throws InvalidException if `last` does not hold `size % 256` entries
  public static SequencedMap<Bundle, byte[]> append(long size, byte[] last, List<byte[]> entries)
      throws InvalidException {
    decode(last, (int) (size % FULL));
    var bundles = new LinkedHashMap<Bundle, byte[]>();
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(last);
    var end = size;
    for (var entry : entries) {
      write(entry, bytes);
      end++;
      if (end % FULL == 0) {
        bundles.put(new Bundle(end / FULL - 1, FULL), bytes.toByteArray());
        bytes.reset();
      }
    }
    if (end != size && end % FULL != 0) {
      bundles.put(new Bundle(end / FULL, (int) (end % FULL)), bytes.toByteArray());
    }
    return Collections.unmodifiableSequencedMap(bundles);
  }

  /// The bytes of a bundle with these entries, each at most [#ENTRY_MAX] bytes.
  public static byte[] encode(List<byte[]> entries) {
    var bytes = new ByteArrayOutputStream();
    entries.forEach(entry -> write(entry, bytes));
    return bytes.toByteArray();
  }

  private static void write(byte[] entry, ByteArrayOutputStream bytes) {
    if (entry.length > ENTRY_MAX) {
      throw new IllegalArgumentException("an entry has at most 65535 bytes, not " + entry.length);
    }
    bytes.write(entry.length >>> 8);
    bytes.write(entry.length);
    bytes.writeBytes(entry);
  }

  /// The entries in the bytes of this bundle.
  ///
  /// @throws InvalidException if the bytes do not hold exactly [#width] entries
  public List<byte[]> decode(byte[] bytes) throws InvalidException {
    return decode(bytes, width);
  }

  private static List<byte[]> decode(byte[] bytes, int count) throws InvalidException {
    var entries = new ArrayList<byte[]>(count);
    var offset = 0;
    for (var i = 0; i < count; i++) {
      if (bytes.length - offset < 2) {
        throw new InvalidException("the bundle has " + i + " entries, not " + count);
      }
      var length = (bytes[offset] & 0xFF) << 8 | (bytes[offset + 1] & 0xFF);
      offset += 2;
      if (bytes.length - offset < length) {
        throw new InvalidException("entry " + i + " of the bundle is cut off");
      }
      entries.add(Arrays.copyOfRange(bytes, offset, offset + length));
      offset += length;
    }
    if (offset != bytes.length) {
      throw new InvalidException("bytes follow the last of the bundle's " + count + " entries");
    }
    return Collections.unmodifiableList(entries);
  }

  /// Whether the bundle holds 256 entries and so never changes.
  public boolean isFull() {
    return width == FULL;
  }

  /// The full bundle at the same place.
  public Bundle full() {
    return new Bundle(index, FULL);
  }

  /// The index of the first entry in the bundle.
  public long start() {
    return index * FULL;
  }

  /// The path relative to the log's prefix, such as `tile/entries/x001/234.p/5`.
  public String path() {
    return PREFIX + new TilePosition(index, width).path();
  }

  @Override
  public String toString() {
    return path();
  }
}
