package io.prokura.audit;

import io.prokura.kernel.Id;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result.Refused;
import io.prokura.sql.Database;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Puts refusals on record. One that an authenticated caller got is an entry of its own. Those of
/// callers who proved nothing are counted by route, reason and source and become one entry each
/// now and then, so that nobody can fill the disk with garbage.
public final class Refusals {
  private static final int SOURCES_MAX = 10_000;

  /// What an entry costs and how much can be saved up for entries, in calls of [#tick()].
  private static final int ENTRY = 10;

  private static final int ALLOWANCE_MAX = 60 * ENTRY;
  private static final String MANY = "many";

  private final Database database;
  private final AuditLog audit;
  private final Map<Source, Long> counts = new ConcurrentHashMap<>();
  private int allowance = ALLOWANCE_MAX;

  private record Source(String route, Refusal reason, String peer) {}

  public Refusals(Database database, AuditLog audit) {
    this.database = database;
    this.audit = audit;
  }

  /// Records that `who` was refused on `route`. Durable when this returns.
  public void record(Id who, String route, Refused<?> refused, String peer) {
    var leaf =
        audit.leaf(
            Event.about("request.refused", who)
                .by(who)
                .word("route", route)
                .word("reason", refused.reason().slug())
                .free("detail", refused.detail())
                .free("source", peer)
                .build());
    database.inTransaction(tx -> audit.append(tx, leaf));
  }

  /// Counts a refusal of a caller who proved nothing.
  public void count(String route, Refusal reason, String peer) {
    var source = new Source(route, reason, counts.size() < SOURCES_MAX ? peer : MANY);
    counts.merge(source, 1L, Long::sum);
  }

  /// Records what has been counted, called once a second. Sixty entries at once are recorded, and
  /// one every ten seconds on and on; what goes beyond is counted further.
  public void tick() {
    allowance = Math.min(allowance + 1, ALLOWANCE_MAX);
    for (var source : List.copyOf(counts.keySet())) {
      if (allowance < ENTRY) {
        return;
      }
      var count = counts.remove(source);
      if (count != null) {
        try {
          flush(source, count);
          allowance -= ENTRY;
        } catch (Outage e) {
          counts.merge(source, count, Long::sum);
          throw e;
        }
      }
    }
  }

  private void flush(Source source, long count) {
    var leaf =
        audit.leaf(
            Event.about("requests.refused", source.reason().slug())
                .word("route", source.route())
                .number("count", count)
                .free("source", source.peer())
                .build());
    database.inTransaction(tx -> audit.append(tx, leaf));
  }
}
