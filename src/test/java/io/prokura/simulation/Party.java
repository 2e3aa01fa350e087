package io.prokura.simulation;

import java.time.Instant;
import java.util.List;

/// A person, workload or agent, as the model knows it.
record Party(String id, Kind kind, History<Life> life) {

  enum Kind {
    USER("user", "users"),
    WORKLOAD("workload", "workloads"),
    AGENT("agent", "agents");

    /// Its name as the type of a subject, and its folder in the management API.
    final String word;

    final String path;

    Kind(String word, String path) {
      this.word = word;
      this.path = path;
    }
  }

  /// The state it is in, until when it may act, and for what it says that it acts by itself.
  record Life(String state, Instant validUntil, List<Purpose> declared) {
    static final String ACTIVE = "active";

    static Life active() {
      return new Life(ACTIVE, Instant.MAX, List.of());
    }

    Life moved(String to) {
      return new Life(to, validUntil, declared);
    }
  }

  /// Whether it may act.
  Good active(View view) {
    return Good.of(
            life.believable(view.applied()),
            one -> one.state().equals(Life.ACTIVE) && view.now().isBefore(one.validUntil()))
        .atBest(view.knows(life.since()));
  }

  /// Where it stands in the management API.
  String path() {
    return kind.path + "/" + id;
  }

  String state() {
    return life.now().state();
  }

  boolean isActive() {
    return state().equals(Life.ACTIVE);
  }

  boolean isAgent() {
    return kind == Kind.AGENT;
  }

  void moves(long place, String state) {
    life.set(place, life.now().moved(state));
  }
}
