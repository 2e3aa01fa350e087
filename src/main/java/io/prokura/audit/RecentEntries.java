package io.prokura.audit;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.sql.Database;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Reads back what was put on record a short while ago.
public final class RecentEntries {
  private static final int BATCH = 2_000;
  private static final int BATCHES_MAX = 2_000;

  private final Database database;
  private final JsonReader json;

  public RecentEntries(Database database, JsonReader json) {
    this.database = database;
    this.json = json;
  }

  /// Looks at one entry: its type, when it was made, and its facts.
  @FunctionalInterface
  public interface Reader {
    void read(String type, Instant at, Json.Obj facts);
  }

  /// Shows `reader` every entry of one of `types`, put on record since `from`, whose leaf has the
  /// text `word` in it, newest first. False when there are so many entries that the oldest were not
  /// looked at.
  public boolean read(Set<String> types, String word, Instant from, Reader reader) {
    long before = Long.MAX_VALUE;
    for (int i = 0; i < BATCHES_MAX; i++) {
      long last = before;
      List<Entry.Dated> batch = database.read(tx -> EntryStore.dated(tx, last, BATCH));
      for (var entry : batch) {
        if (!entry.at().isBefore(from) && entry.leaf().contains(word)) {
          var leaf = Leaf.read(json, entry.leaf());
          var type = leaf.text("type").orElse("");
          if (types.contains(type)) {
            reader.read(type, entry.at(), leaf.object("facts").orElseThrow());
          }
        }
      }
      // Nodes' clocks are a little apart, so one older entry is not yet the end; a whole batch is.
      if (batch.size() < BATCH || batch.stream().allMatch(entry -> entry.at().isBefore(from))) {
        return true;
      }
      before = batch.getLast().seq();
    }
    return false;
  }
}
