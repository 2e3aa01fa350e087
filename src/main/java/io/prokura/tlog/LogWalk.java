package io.prokura.tlog;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// One pass over a log, entry by entry, that rebuilds every hash tile and compares it.
final class LogWalk {
  private final LogReader log;
  private final TreeHead head;
  private final TreeHead older;
  private final Hasher hasher = new Hasher();
  private final Edge edge = Edge.empty();
  private final List<Rebuilt> filled = new ArrayList<>();

  /// A tile as the entries make it.
  private record Rebuilt(Tile tile, List<Hash> hashes) {}

  LogWalk(LogReader log, TreeHead head, TreeHead older) {
    this.log = log;
    this.head = head;
    this.older = older;
  }

  void verify() throws BrokenLogException {
    for (Iterator<Bundle> bundles = Bundle.of(head.size()).iterator(); bundles.hasNext(); ) {
      verify(bundles.next());
    }
    for (var level = 1; level < Tile.LEVELS; level++) {
      if (edge.width(level) > 0) {
        verify(rebuilt(edge.partial(level), edge.bytes(level)));
      }
    }
    if (!edge.root().equals(head.root())) {
      throw new BrokenLogException(
          "the entries and tiles agree, but have another root than the checkpoint", "checkpoint");
    }
  }

  private void verify(Bundle bundle) throws BrokenLogException {
    var entries = entries(bundle);
    var tile = new Tile(0, bundle.index(), bundle.width());
    var hashes = stored(tile);
    for (var i = 0; i < bundle.width(); i++) {
      var leaf = hasher.leaf(entries.get(i));
      var index = bundle.start() + i;
      if (!leaf.isAt(hashes, i * Hash.SIZE)) {
        throw new BrokenLogException(
            "the entry does not have the leaf hash that " + tile + " has for it", "entry " + index);
      }
      edge.add(leaf, this::keep);
      if (edge.size() == older.size() && !edge.root().equals(older.root())) {
        throw new BrokenLogException(
            "the first " + older.size() + " entries have another root", "older checkpoint");
      }
    }
    for (var full : filled) {
      verify(full);
    }
    filled.clear();
  }

  private List<byte[]> entries(Bundle bundle) throws BrokenLogException {
    var bytes = log.entries(bundle);
    var found = bundle;
    if (bytes.isEmpty() && !bundle.isFull()) {
      // A log may delete a partial bundle once the full one is there.
      found = bundle.full();
      bytes = log.entries(found);
    }
    if (bytes.isEmpty()) {
      throw new BrokenLogException("the entry bundle is missing", bundle.path());
    }
    try {
      return found.decode(bytes.get());
    } catch (InvalidException e) {
      throw new BrokenLogException(e.reason(), found.path());
    }
  }

  // The leaf hashes have been compared one by one.
  private void keep(Tile tile, byte[] hashes) {
    if (tile.level() > 0) {
      filled.add(rebuilt(tile, hashes));
    }
  }

  private static Rebuilt rebuilt(Tile tile, byte[] bytes) {
    var hashes = new ArrayList<Hash>(tile.width());
    for (var i = 0; i < tile.width(); i++) {
      hashes.add(Hash.at(bytes, i * Hash.SIZE));
    }
    return new Rebuilt(tile, hashes);
  }

  private void verify(Rebuilt rebuilt) throws BrokenLogException {
    var tile = rebuilt.tile();
    var hashes = stored(tile);
    for (var i = 0; i < tile.width(); i++) {
      if (!rebuilt.hashes().get(i).isAt(hashes, i * Hash.SIZE)) {
        var below = new Tile(tile.level() - 1, tile.index() * Tile.FULL + i, Tile.FULL);
        throw new BrokenLogException("hash " + i + " is not the root of " + below, tile.path());
      }
    }
  }

  private byte[] stored(Tile tile) throws BrokenLogException {
    try {
      TileReader tiles = log::tile;
      return tiles.require(tile);
    } catch (InvalidException e) {
      throw new BrokenLogException(e.reason(), tile.path());
    }
  }
}
