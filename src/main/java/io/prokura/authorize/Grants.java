package io.prokura.authorize;

import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.cutoff.CutOffs;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// Keeps what came of authorization requests, and ends it.
public final class Grants {
  private static final int SWEEP_MAX = 5_000;

  private final String issuer;
  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final CutOffs cutOffs;

  public Grants(String issuer, World world, Database database, AuditLog audit, CutOffs cutOffs) {
    this.issuer = issuer;
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.cutOffs = cutOffs;
  }

  /// The newest cut-off this node knows; to be read before a grant is looked at.
  public long checked() {
    return cutOffs.applied();
  }

  public Optional<Grant> find(Id.Grant id) {
    return database.read(tx -> GrantStore.find(tx, id));
  }

  /// The grant that something rests on.
  public Optional<Grant> find(Lineage lineage) {
    return lineage.ids().stream()
        .flatMap(id -> Id.Grant.parse(id).stream())
        .findFirst()
        .flatMap(this::find);
  }

  /// Puts a grant on record.
  Grant start(Tx tx, Grant grant) {
    GrantStore.insert(tx, grant);
    audit.append(
        tx,
        Event.about("grant.started", grant.id())
            .by(grant.user())
            .word("client", grant.clientId())
            .reference("consent", grant.consent())
            .reference("session", grant.session())
            .reference("actor", grant.actor())
            .reference("delegation", grant.delegation())
            .word("resource", grant.resource())
            .scopes(grant.scopes())
            .word("identity", grant.identity().toString())
            .flag("offline", grant.offline())
            .words("amr", grant.amr())
            .build());
    return grant;
  }

  /// The ids of the clients that got a token in a session, as far as its grants still stand.
  public List<String> clientsIn(Tx tx, Id.Session session) {
    return GrantStore.redeemedIn(tx, session).stream()
        .map(GrantStore.Redeemed::clientId)
        .distinct()
        .toList();
  }

  /// The ids of the clients that got an ID token in a session, as far as its grants still stand.
  public List<String> clientsOf(Tx tx, Id.Session session) {
    return GrantStore.redeemedIn(tx, session).stream()
        .filter(one -> one.identity().contains("openid"))
        .map(GrantStore.Redeemed::clientId)
        .distinct()
        .toList();
  }

  /// Whether nothing that the grant rests on has ended; refuses `reason`.
  public Result<Grant> alive(Grant grant, Refusal reason) {
    if (!world.now().isBefore(grant.expiresAt())) {
      return refused(reason, "what it was granted for is over; ask the person again");
    }
    return cutOffs.killer(grant.lineage(issuer), grant.checked()).isEmpty()
        ? ok(grant)
        : refused(reason, "what it was granted on was withdrawn or ended");
  }

  /// Ends a grant with all tokens that came of it, in a transaction of its own.
  public void end(Grant grant, String reason) {
    database.inTransaction(
        tx -> {
          tx.makeUrgent();
          cutOffs.write(tx, grant.id(), grant.user(), reason);
          var event = Event.about("grant.ended", grant.id()).by(grant.user());
          audit.append(tx, event.free("reason", reason).build());
          return grant;
        });
  }

  /// Forgets codes and grants that nothing can come of any more, called now and then.
  public void tick() {
    var now = world.now();
    database.inTransaction(
        tx -> {
          GrantStore.sweepCodes(tx, now.minus(Codes.KEPT), SWEEP_MAX);
          GrantStore.sweepGrants(tx, now, SWEEP_MAX);
          return RequestStore.sweep(tx, now, SWEEP_MAX);
        });
  }
}
