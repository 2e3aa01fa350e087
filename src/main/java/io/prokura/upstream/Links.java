package io.prokura.upstream;

import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.cutoff.CutOffs;
import io.prokura.issuers.IdToken;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// Who somebody is whom an issuer calls `sub`. Nothing else makes anybody a user, agent or workload
/// here: not a name, and not an address, verified or not.
public final class Links {
  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final CutOffs cutOffs;

  public Links(World world, Database database, AuditLog audit, CutOffs cutOffs) {
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.cutOffs = cutOffs;
  }

  /// Whom the issuer means by `sub`.
  public Optional<Link> find(Id.Issuer issuer, String sub) {
    return database.read(tx -> LinkStore.find(tx, issuer, sub));
  }

  Optional<Link> find(Tx tx, Id.Issuer issuer, String sub) {
    return LinkStore.find(tx, issuer, sub);
  }

  /// The names by which issuers mean `principal`, in the order of the links' ids.
  List<Link> of(Tx tx, Id.Principal principal) {
    return LinkStore.of(tx, principal);
  }

  /// At most `count` links of an issuer's names, in the order of their ids, from the one after
  /// `after`.
  List<Link> page(Tx tx, Id.Issuer issuer, String after, int count) {
    return LinkStore.page(tx, issuer, after, count);
  }

  Optional<Link> find(Tx tx, IdToken token) {
    return LinkStore.find(tx, token.issuer(), token.sub());
  }

  /// Links whom `issuer` calls `sub` to `principal`; refuses `DUPLICATE` for who is linked already.
  Result<Link> link(Tx tx, Id by, Id.Issuer issuer, String sub, Id.Principal principal) {
    var link = new Link(Id.Link.random(world), issuer, sub, principal, world.now());
    if (!LinkStore.insert(tx, link)) {
      return refused(DUPLICATE, "whom the issuer names is linked already");
    }
    audit.append(tx, event("linked", by, link).build());
    return ok(link);
  }

  /// Takes a link away and ends what rests on it; refuses `NOT_FOUND`.
  Result<Link> unlink(Tx tx, Id.Principal by, Id.Issuer issuer, String sub, String reason) {
    var found = LinkStore.find(tx, issuer, sub);
    if (found.isEmpty()) {
      return refused(NOT_FOUND, "the issuer's name is linked to nobody");
    }
    var link = found.get();
    LinkStore.delete(tx, link);
    cutOffs.write(tx, link.id(), by, reason);
    audit.append(tx, event("unlinked", by, link).free("reason", reason).build());
    return ok(link);
  }

  private static Event.Builder event(String done, Id by, Link link) {
    return switch (link.principal()) {
      case Id.User user -> about("user." + done, by, link).personal("sub", link.sub(), user);
      case Id.Agent _ -> about("agent." + done, by, link).free("sub", link.sub());
      case Id.Workload _ -> about("workload." + done, by, link).free("sub", link.sub());
    };
  }

  private static Event.Builder about(String type, Id by, Link link) {
    return Event.about(type, link.principal())
        .by(by)
        .reference("issuer", link.issuer())
        .reference("link", link.id());
  }
}
