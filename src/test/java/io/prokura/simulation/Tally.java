package io.prokura.simulation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// How often what happened, over all runs: a simulation in which nothing is ever granted, lost or
/// cut off proves nothing.
final class Tally {

  /// What has to happen at all.
  static final List<String> EXPECTED =
      List.of(
          "given OWN",
          "given USE",
          "given HAND_OVER",
          "given TAKE",
          "given DOWNSTREAM",
          "active",
          "not active",
          "allowed",
          "denied",
          "outage",
          "done unheard",
          "forbidden",
          "policies.published",
          "policies.rolled-back",
          "spent",
          "exhausted",
          "disturbed",
          "stale",
          "refused again",
          "repeated",
          "receipt",
          "start",
          "start failed");

  private final Map<String, Integer> counts = new ConcurrentSkipListMap<>();

  void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  int of(String what) {
    return counts.getOrDefault(what, 0);
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
