package io.prokura.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Tells which entries a piece of work left in the record. Where one runs in the middle of another,
/// those of the inner one are not the outer one's.
final class Attribution {
  private final Stored stored;
  private final Set<Long> attributed = new HashSet<>();
  private long place;

  Attribution(Stored stored) {
    this.stored = stored;
  }

  /// The place of the newest entry that was seen.
  long place() {
    return place;
  }

  /// The place before a piece of work that begins now.
  long begin() {
    place = Math.max(place, stored.newest());
    return place;
  }

  /// The entries of the piece of work that began at `begun`.
  List<Entry> end(long begun) {
    var mine = new ArrayList<Entry>();
    for (var entry : stored.entriesAfter(begun)) {
      place = Math.max(place, entry.place());
      if (attributed.add(entry.place())) {
        mine.add(entry);
      }
    }
    return List.copyOf(mine);
  }
}
