package io.prokura.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The policies of the organisation: drafts, and what was published under which number. All that
/// they say is which agents are kept from everything.
final class PublishedPolicies {
  final List<Draft> drafts = new ArrayList<>();
  private final Map<Long, Set<Party>> published = new HashMap<>(Map.of(0L, Set.of()));
  private long newest;

  record Draft(String id, Set<Party> banned) {}

  /// That it was published; false when the number stands for something already.
  boolean publish(long number, Set<Party> banned) {
    newest = Math.max(newest, number);
    return published.putIfAbsent(number, banned) == null;
  }

  long newest() {
    return newest;
  }

  List<Long> numbers() {
    return published.keySet().stream().sorted().toList();
  }

  /// Whom the snapshot of that number keeps from everything, if there is one.
  Optional<Set<Party>> banned(long number) {
    return Optional.ofNullable(published.get(number));
  }

  /// Whether some snapshot from `number` on keeps nobody of a chain from anything.
  boolean mayLetAct(List<Party> chain, long number) {
    return published.entrySet().stream()
        .filter(one -> one.getKey() >= number)
        .anyMatch(one -> chain.stream().noneMatch(one.getValue()::contains));
  }
}
