package io.prokura.audit;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.seal.Seal;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads entries back, sealed fields opened.
public final class Entries {
  private final Opening opening;
  private final JsonReader json;

  public Entries(World world, Seal seal, JsonReader json) {
    this.opening = new Opening(world, seal, json);
    this.json = json;
  }

  /// The newest entry about a thing.
  public Optional<Recorded> about(Tx tx, Id thing) {
    return EntryStore.newestAbout(tx, thing.text()).map(entry -> read(tx, entry));
  }

  /// Entries of one type in the order of their serial numbers.
  ///
  /// `next` is the serial number that the next part begins after, and `more` whether there may be
  /// one; entries of other types are passed over, so a part may be empty before the end.
  public record Part(List<Recorded> entries, long next, boolean more) {}

  /// The entries of `type` among the next `count` after the serial number `after`.
  public Part after(Tx tx, String type, long after, int count) {
    var all = EntryStore.after(tx, after, count);
    var mark = "\"type\":\"" + type + "\"";
    var found = new ArrayList<Recorded>();
    for (var entry : all) {
      if (entry.leaf().contains(mark)) {
        var read = read(tx, entry);
        if (read.type().equals(type)) {
          found.add(read);
        }
      }
    }
    long next = all.isEmpty() ? after : all.getLast().seq();
    return new Part(found, next, all.size() == count);
  }

  /// The serial number before the first entry that is not older than `from`, as far as entries
  /// stand in the order of their times.
  public long before(Tx tx, Instant from) {
    return EntryStore.firstSince(tx, from).map(seq -> seq - 1).orElse(Long.MAX_VALUE);
  }

  private Recorded read(Tx tx, Entry entry) {
    var leaf = Leaf.read(json, entry.leaf());
    var opened = Json.object();
    opening
        .open(tx, entry)
        .members()
        .forEach((name, field) -> opened.put(name, ((Json.Obj) field).text("value").orElseThrow()));
    return new Recorded(
        entry.seq(),
        entry.id(),
        Instant.ofEpochMilli(leaf.number("at").orElseThrow()),
        leaf.text("type").orElseThrow(),
        leaf.text("about").orElseThrow(),
        leaf.object("facts").orElseThrow(),
        opened.build());
  }
}
