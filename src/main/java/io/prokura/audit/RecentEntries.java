package io.prokura.audit;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Database;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

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

  /// Shows `reader` the facts of every entry of `type`, put on record since `from`, whose leaf has
  /// the text `word` in it, newest first. False when there are so many entries that the oldest were
  /// not looked at.
  public boolean read(String type, String word, Instant from, Consumer<Json.Obj> reader) {
    long before = Long.MAX_VALUE;
    for (int i = 0; i < BATCHES_MAX; i++) {
      long last = before;
      List<Entry.Dated> batch = database.read(tx -> EntryStore.dated(tx, last, BATCH));
      batch.stream()
          .filter(entry -> !entry.at().isBefore(from) && entry.leaf().contains(word))
          .map(this::leaf)
          .filter(leaf -> leaf.text("type").filter(type::equals).isPresent())
          .forEach(leaf -> reader.accept(leaf.object("facts").orElseThrow()));
      // Nodes' clocks are a little apart, so one older entry is not yet the end; a whole batch is.
      if (batch.size() < BATCH || batch.stream().allMatch(entry -> entry.at().isBefore(from))) {
        return true;
      }
      before = batch.getLast().seq();
    }
    return false;
  }

  private Json.Obj leaf(Entry.Dated entry) {
    if (json.readObject(entry.leaf().getBytes(StandardCharsets.UTF_8)) instanceof Ok(var leaf)) {
      return leaf;
    }
    throw new IllegalStateException("a stored leaf is not JSON");
  }
}
