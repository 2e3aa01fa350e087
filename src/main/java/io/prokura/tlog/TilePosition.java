package io.prokura.tlog;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a tile or an entry bundle lies within its level, and how wide it is: the part
/// `x001/x234/067.p/5` of its path (C2SP tlog-tiles, Merkle Tree).
record TilePosition(long index, int width) {
  /// The width of a full tile or bundle.
  static final int FULL = 256;

  /// Above every index that a tree with fewer than 2^63 leaves has.
  static final long INDEX_END = 1L << 55;

  // Six groups of three digits hold every index below INDEX_END.
  private static final Pattern PATH =
      Pattern.compile("((?:x[0-9]{3}/){0,5})([0-9]{3})(?:\\.p/([0-9]{1,3}))?");

  TilePosition {
    if (index < 0 || index >= INDEX_END) {
      throw new IllegalArgumentException("a tile index is at least 0 and below 2^55");
    }
    if (width < 1 || width > FULL) {
      throw new IllegalArgumentException("a tile is 1 to 256 wide");
    }
  }

  static TilePosition parse(String path) throws InvalidException {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      throw new InvalidException("the path does not end as a tile path does");
    }
    var digits = matcher.group(1).replaceAll("[x/]", "") + matcher.group(2);
    var index = Long.parseLong(digits);
    var suffix = matcher.group(3);
    var width = suffix == null ? FULL : Integer.parseInt(suffix);
    if (index >= INDEX_END || width < 1 || width > FULL) {
      throw new InvalidException("the tile path has a number out of range");
    }
    var position = new TilePosition(index, width);
    // A path has one spelling: no leading groups of zeros, no .p/256, no .p/05.
    if (!position.path().equals(path)) {
      throw new InvalidException("the tile path is not in canonical form");
    }
    return position;
  }

  String path() {
    var path = String.format(Locale.ROOT, "%03d", index % 1000);
    for (var rest = index / 1000; rest > 0; rest /= 1000) {
      path = String.format(Locale.ROOT, "x%03d/", rest % 1000) + path;
    }
    return width == FULL ? path : path + ".p/" + width;
  }
}
