package io.prokura.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.Leaf;
import io.prokura.bench.LoadPlan.Kind;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.LogProof;
import io.prokura.tlog.NoteVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How the rates of appending and of receipts depend on how many entries the record has.
final class GrowEntriesBench {
  private static final List<Integer> SIZES = List.of(0, 1_000_000, 10_000_000);

  /// What the database takes for an entry, with some to spare.
  private static final long BYTES_EACH = 2_200;

  private static final long BYTES_MORE = 3_000_000_000L;

  /// Entries that receipts are asked for.
  private static final int SAMPLE_MAX = 20_000;

  /// Entries appended in one transaction where nothing is measured.
  private static final int TOGETHER = 32;

  private static final int THREADS = 32;

  private final World world;
  private final Settings settings;
  private final Events events;
  private final Sample<Id.Entry> sample;

  GrowEntriesBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
    events = Events.drawn(world);
    sample = new Sample<>(SAMPLE_MAX, settings.seed());
  }

  Measured measure() {
    var sizes = settings.sizesOr(SIZES);
    // This process compiles what appends first, so the first size would come off worse.
    new AppendBench(world, settings).measure();
    try (var workspace = Workspace.open()) {
      workspace.require(sizes.getLast() * BYTES_EACH + BYTES_MORE);
      var all = Measured.NOTHING;
      for (int size : sizes) {
        all = all.and(at(workspace, size));
      }
      return all.concluded(Growth.verdict("grow-entries", "entries", "append", sizes, all))
          .concluded(Growth.verdict("grow-entries", "entries", "receipts", sizes, all));
    }
  }

  private Measured at(Workspace workspace, int size) {
    long since = System.nanoTime();
    Measured appended;
    String vkey;
    long before;
    double filled;
    try (var record = LocalRecord.open(workspace, world)) {
      vkey = record.vkey();
      fill(record, size - record.treeSize());
      filled = (System.nanoTime() - since) / 1e9;
      before = record.treeSize();
      appended = AppendBench.measure("append_at_" + size, record, events, settings);
      // Of a record that was empty, receipts are asked for what has just been appended.
      fill(record, size == 0 ? SAMPLE_MAX : 0);
    }
    var more =
        List.of(
            new Figure("append_at_" + size + "_before", before, "entries"),
            new Figure("append_at_" + size + "_filled_in", filled, "s"),
            new Figure("append_at_" + size + "_stored", workspace.stored() / 1e6, "MB"));
    return appended.and(receipts(workspace, size, vkey)).and(more);
  }

  private void fill(LocalRecord record, long missing) {
    long before = record.treeSize();
    Crew.all(
        THREADS,
        (missing + TOGETHER - 1) / TOGETHER,
        piece -> {
          long count = Math.min(TOGETHER, missing - piece * TOGETHER);
          var leaves = new ArrayList<Leaf>();
          for (int i = 0; i < count; i++) {
            leaves.add(record.log().leaf(events.issued((int) (piece * TOGETHER + i))));
          }
          record
              .database()
              .inTransaction(
                  tx -> {
                    leaves.forEach(leaf -> record.log().append(tx, leaf));
                    return leaves.size();
                  });
          leaves.forEach(leaf -> sample.offer(leaf.id()));
        });
    record.await(before + Math.max(0, missing));
  }

  private Measured receipts(Workspace workspace, int size, String vkey) {
    var name = "receipts_at_" + size;
    var entries = sample.shuffled();
    long since = System.nanoTime();
    try (var stage = Stage.resume(workspace, Organisation.NOTHING, settings)) {
      double started = (System.nanoTime() - since) / 1e6;
      double idle = stage.server().residentMb();
      var bearer = stage.api().bearer();
      var measured =
          stage.unrecorded(
              name,
              Kind.REPEAT,
              "\"status\":\"integrated\"",
              entries.stream().map(entry -> Requests.receipt(bearer, entry)).iterator());
      check(stage, entries, vkey);
      return measured.and(
          List.of(
              new Figure(name + "_proven", entries.size(), "receipts_against_the_log's_key"),
              new Figure(name + "_start", started, "ms"),
              new Figure(name + "_resident_after_start", idle, "MB")));
    }
  }

  /// Checks one receipt of every entry: that it proves this very entry to be in a tree which the
  /// log has signed and which is no smaller than it was.
  private void check(Stage stage, List<Id.Entry> entries, String vkey) {
    long least = stage.api().treeSize();
    // The load may have lasted for most of a token's life.
    try (var api = new ApiClient(stage.server())) {
      var policy = LogPolicy.of(NoteVerifier.parse(vkey));
      Crew.all(
          settings.connections(),
          entries.size(),
          number -> {
            var entry = entries.get((int) number);
            if (!proves(api.receipt(entry), entry, policy, least)) {
              throw new BenchmarkFailure("a receipt does not prove its entry " + entry.text());
            }
          });
    } catch (InvalidException e) {
      throw new BenchmarkFailure("not the key of a log: " + vkey, e);
    }
  }

  private static boolean proves(Json.Obj receipt, Id.Entry entry, LogPolicy policy, long least) {
    var leaf = ApiClient.text(receipt, "leaf");
    var proof = ApiClient.text(receipt, "proof").getBytes(UTF_8);
    try {
      var signed = LogProof.parse(proof).verify(leaf.getBytes(UTF_8), policy);
      return signed.head().size() >= least
          && ApiClient.object(leaf).text("id").equals(Optional.of(entry.text()));
    } catch (InvalidException e) {
      throw new BenchmarkFailure("a receipt that proves nothing: " + entry.text(), e);
    }
  }
}
