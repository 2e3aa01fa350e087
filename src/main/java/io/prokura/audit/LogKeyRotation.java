package io.prokura.audit;

import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Database;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.Note;
import io.prokura.tlog.NoteVerifier;
import java.util.List;

/// Replaces the key that signs checkpoints in two steps, so that whoever verifies the log with the
/// old key has time to learn of the new one: first both sign, and an entry under the old key's
/// signature names the new key; then the old one goes.
public final class LogKeyRotation {
  private static final String KIND = "log-key";

  private final Database database;
  private final Feed feed;
  private final AuditLog audit;
  private final LogKey key;

  public LogKeyRotation(Database database, Feed feed, AuditLog audit, LogKey key) {
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    this.key = key;
    feed.follow(KIND, _ -> key.reload());
  }

  /// Has a new key sign beside the old one. Returns the texts of both, the old one first. Refuses
  /// `STATE_CONFLICT` while two sign.
  public Result<List<String>> begin(Id.Principal by) {
    var begun =
        database.<Result<String>>inTransaction(
            tx -> {
              if (LogKeyStore.all(tx).stream().filter(one -> one.wrapped().isPresent()).count()
                  > 1) {
                return refused(
                    STATE_CONFLICT, "two keys of the log sign already; let the old one go first");
              }
              var added = key.add(tx);
              feed.publish(tx, KIND, added);
              audit.append(
                  tx,
                  Event.about("log-key.introduced", added)
                      .by(by)
                      .word("beside", key.vkey())
                      .build());
              return ok(added);
            });
    return begun.map(_ -> key.vkeys());
  }

  /// Has the old key sign no more and forgets its private half. Returns the text of the new one.
  /// Refuses `STATE_CONFLICT` when no other key signs, or none of its signatures is stored yet.
  public Result<List<String>> finish(Id.Principal by) {
    var finished =
        database.<Result<String>>inTransaction(
            tx -> {
              var vkeys = key.vkeys();
              if (vkeys.size() < 2) {
                return refused(STATE_CONFLICT, "there is no new key of the log; add one first");
              }
              var head = LogStore.head(tx).orElseThrow();
              if (!isSigned(head.note(), vkeys.getLast())) {
                return refused(
                    STATE_CONFLICT, "the new key has not signed a checkpoint yet; ask again");
              }
              var retired = key.retireOlder(tx);
              feed.publish(tx, KIND, vkeys.getLast());
              audit.append(
                  tx,
                  Event.about("log-key.retired", retired.getFirst())
                      .by(by)
                      .word("now", vkeys.getLast())
                      .build());
              return ok(vkeys.getLast());
            });
    return finished instanceof Ok(var vkey) ? ok(List.of(vkey)) : finished.refusal();
  }

  private static boolean isSigned(String note, String vkey) {
    try {
      LogPolicy.of(NoteVerifier.parse(vkey)).open(Note.parse(note.getBytes(UTF_8)));
      return true;
    } catch (InvalidException _) {
      return false;
    }
  }
}
