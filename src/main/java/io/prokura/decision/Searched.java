package io.prokura.decision;

import io.prokura.policy.PolicySnapshot;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// The snapshots that searches go on in: the one in force and the last few before it, so that a
/// search that has begun is not cut short by every publication.
final class Searched {
  private static final int KEPT_MAX = 3;

  private final Map<String, Snapshot> kept = new LinkedHashMap<>();

  /// A snapshot with the ids of its objects by type, in order.
  record Snapshot(PolicySnapshot policies, Map<String, NavigableSet<String>> objects) {

    private static Snapshot of(PolicySnapshot policies) {
      var objects = new HashMap<String, NavigableSet<String>>();
      for (var uid : policies.entities().keySet()) {
        objects.computeIfAbsent(uid.type().name(), _ -> new TreeSet<>()).add(uid.id());
      }
      return new Snapshot(policies, objects);
    }

    /// At most `count` ids of objects of a type, from the one after `after`.
    List<String> objects(String type, String after, int count) {
      var all = objects.getOrDefault(type, new TreeSet<>());
      return all.tailSet(after, false).stream().limit(count).toList();
    }
  }

  /// The snapshot to begin a search in.
  synchronized Snapshot begin(PolicySnapshot current) {
    var known = kept.remove(current.digest());
    var newest = known == null ? Snapshot.of(current) : known;
    kept.put(current.digest(), newest);
    if (kept.size() > KEPT_MAX) {
      kept.remove(kept.keySet().iterator().next());
    }
    return newest;
  }

  /// The snapshot with that digest to go on in, as long as it is kept here.
  synchronized Optional<Snapshot> resume(String digest, PolicySnapshot current) {
    return current.digest().equals(digest)
        ? Optional.of(begin(current))
        : Optional.ofNullable(kept.get(digest));
  }
}
