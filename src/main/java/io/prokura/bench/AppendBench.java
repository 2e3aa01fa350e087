package io.prokura.bench;

import io.prokura.kernel.World;
import java.util.ArrayList;
import java.util.List;

/// How many entries a second the record takes from many writers at once, each durable before its
/// writer goes on, while the sequencer builds and signs the tree.
final class AppendBench {
  private final World world;
  private final Settings settings;

  AppendBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  Measured measure() {
    try (var workspace = Workspace.open();
        var record = LocalRecord.open(workspace, world)) {
      var measured = measure("append", record, Events.drawn(world), settings);
      double each = workspace.stored() / (double) record.treeSize();
      return measured.and(List.of(new Figure("append_stored", each, "bytes/entry")));
    }
  }

  /// Appends to `record`, which nobody else writes to, as the figure `name`.
  static Measured measure(String name, LocalRecord record, Events events, Settings settings) {
    long before = record.treeSize();
    var done =
        Crew.run(
            settings.appenders(),
            settings,
            number -> {
              var leaf = record.log().leaf(events.issued(number));
              record.database().inTransaction(tx -> record.log().append(tx, leaf));
            });
    double behind = record.await(before + done.all());
    if (record.treeSize() != before + done.all()) {
      throw new BenchmarkFailure("the tree has entries that nobody appended");
    }
    double seconds = settings.duration().toNanos() / 1e9;
    var details = new ArrayList<>(done.latencies().figures());
    details.add(new Figure("errors", 0, "entries"));
    details.add(new Figure("verified", done.all(), "entries_in_the_signed_tree"));
    details.add(new Figure("sequenced_after", behind, "ms"));
    details.add(new Figure("appenders", settings.appenders(), "threads"));
    details.add(new Figure("duration", seconds, "s"));
    return Measured.of(new Figure(name, done.latencies().count() / seconds, "entries/s"), details);
  }
}
