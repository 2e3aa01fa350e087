package io.prokura.cutoff;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// Writes cut-offs and tells, from memory, what they have killed.
///
/// Whoever issues something reads [#applied()] first, then checks the chain, and writes the number
/// into what it issues. A cut-off that this node had not seen by then has a greater number, so what
/// was issued is dead wherever that cut-off is known.
public final class CutOffs {
  /// The kind of change that a cut-off is in the feed.
  public static final String KIND = "cutoff";

  /// Cut-offs of tokens kept in memory, at about 160 bytes each.
  private static final int TOKENS_MAX = 200_000;

  private final Feed feed;
  private final AuditLog audit;
  private final World world;
  private final Database database;
  private final Newest newest;

  /// Reads the cut-offs there are and follows the feed for more.
  public CutOffs(Feed feed, Database database, AuditLog audit, World world) {
    this(feed, database, audit, world, TOKENS_MAX);
  }

  CutOffs(Feed feed, Database database, AuditLog audit, World world, int tokensMax) {
    this.feed = feed;
    this.database = database;
    this.audit = audit;
    this.world = world;
    newest = new Newest(tokensMax);
    feed.follow(KIND, change -> newest.told(change.id(), change.number()));
    long unread = database.read(tx -> CutOffStore.tokensBefore(tx, tokensMax));
    newest.unread(unread);
    database
        .<List<CutOff>>read(tx -> CutOffStore.newest(tx, unread))
        .forEach(one -> newest.told(one.target(), one.number()));
  }

  /// The highest cut-off number this node knows to be applied.
  public long applied() {
    return feed.applied();
  }

  /// Whether this node may trust its memory of cut-offs.
  public boolean isCurrent() {
    return feed.isCurrent();
  }

  /// Ends everything that rests on `target` and was checked before this transaction's place in the
  /// commit order. Returns the cut-off's number.
  public long write(Tx tx, Id target, Id by, String reason) {
    return write(tx, target.text(), Event.about("cutoff.written", target), by, reason);
  }

  /// Ends everything that `issuer` has issued: ours, or a trusted foreign one.
  public long writeForIssuer(Tx tx, String issuer, Id by, String reason) {
    return write(tx, issuer, Event.about("cutoff.written", issuer), by, reason);
  }

  private long write(Tx tx, String target, Event.Builder event, Id by, String reason) {
    // Not what a client repeats that revokes the same token again and again.
    if (!Newest.isToken(target) || newest.of(target).isEmpty()) {
      tx.makeUrgent();
    }
    long number = feed.publish(tx, KIND, target);
    CutOffStore.insert(tx, new CutOff(number, target, by, world.now()));
    audit.append(tx, event.by(by).number("number", number).free("reason", reason).build());
    return number;
  }

  /// The id of the lineage that a cut-off has killed, if there is one: it has a greater number than
  /// what was known when the lineage was last checked.
  public Optional<String> killer(Lineage lineage, long checkedAt) {
    for (var id : lineage.ids()) {
      if (newest.of(id).filter(number -> number > checkedAt).isPresent()) {
        return Optional.of(id);
      }
    }
    return checkedAt < newest.forgotten() ? forgottenKiller(lineage, checkedAt) : Optional.empty();
  }

  /// Looks in the database for cut-offs of tokens that are too many to keep.
  private Optional<String> forgottenKiller(Lineage lineage, long checkedAt) {
    return database.read(
        tx ->
            lineage.ids().stream()
                .filter(Newest::isToken)
                .filter(id -> CutOffStore.isCutOff(tx, id, checkedAt))
                .findFirst());
  }

  /// The newest cut-offs, newest first.
  List<CutOff> list(long before, int count) {
    return database.read(tx -> CutOffStore.list(tx, before, count));
  }
}
