package io.prokura.tlog;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;

/// A log that keeps its resources in a map, by path.
public final class MemoryLog implements LogReader {
  static final String ORIGIN = "log.example/audit";

  final Map<String, byte[]> resources = new HashMap<>();
  private Tree tree = Tree.empty();

  public static MemoryLog of(long size) throws InvalidException {
    var log = new MemoryLog();
    log.grow(size);
    return log;
  }

  /// Appends entries until there are `size`, and publishes.
  public void grow(long size) throws InvalidException {
    var older = tree.head().size();
    append(LongStream.range(older, size).mapToObj(Naive::entry).toList());
  }

  public void append(List<byte[]> entries) throws InvalidException {
    var size = tree.head().size();
    var partial = (int) (size % Bundle.FULL);
    var last = partial == 0 ? new byte[0] : bytes(new Bundle(size / Bundle.FULL, partial).path());
    Bundle.append(size, last, entries)
        .forEach((bundle, bytes) -> resources.put(bundle.path(), bytes));
    var hasher = new Hasher();
    var appended = tree.append(entries.stream().map(hasher::leaf).toList());
    appended.tiles().forEach((tile, bytes) -> resources.put(tile.path(), bytes));
    tree = appended.tree();
    resources.put("checkpoint", note().bytes());
  }

  /// What is served under this path, if anything is.
  public Optional<byte[]> resource(String path) {
    return Optional.ofNullable(resources.get(path));
  }

  /// The public key of all these logs: two with different entries are forks of each other.
  public static String vkey() {
    return Keys.verifier(ORIGIN, 1).toString();
  }

  Note note() {
    return new Checkpoint(ORIGIN, head()).sign(List.of(Keys.signer(ORIGIN, 1)));
  }

  TreeHead head() {
    return tree.head();
  }

  byte[] bytes(String path) {
    return Objects.requireNonNull(resources.get(path));
  }

  public void flip(String path, int bit) {
    var bytes = bytes(path).clone();
    bytes[bit / 8] ^= (byte) (1 << (bit % 8));
    resources.put(path, bytes);
  }

  @Override
  public Optional<byte[]> checkpoint() {
    return Optional.ofNullable(resources.get("checkpoint"));
  }

  @Override
  public Optional<byte[]> tile(Tile tile) {
    return Optional.ofNullable(resources.get(tile.path()));
  }

  @Override
  public Optional<byte[]> entries(Bundle bundle) {
    return Optional.ofNullable(resources.get(bundle.path()));
  }
}
