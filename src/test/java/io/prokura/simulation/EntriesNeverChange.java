package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;

/// A leaf stays as it was written, to the last byte, and none goes away.
final class EntriesNeverChange implements Invariant {
  private static final int STEPS = 25;

  private final Stored stored;
  private final Map<Long, String> written = new HashMap<>();
  private int steps;

  EntriesNeverChange(Stored stored) {
    this.stored = stored;
  }

  @Override
  public void stepped() {
    if (++steps % STEPS == 0) {
      over();
    }
  }

  @Override
  public void over() {
    var before = Map.copyOf(written);
    written.clear();
    stored.leaves().forEach(leaf -> written.put(leaf.place(), leaf.text()));
    assertThat(written).as("the entries so far").containsAllEntriesOf(before);
  }
}
