package io.prokura.upstream;

import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.issuers.IdToken;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.util.Optional;

/// Which user somebody is whom an issuer calls `sub`. Nothing else makes anybody a user here: not a
/// name, and not an address, verified or not.
public final class Links {
  private final World world;
  private final AuditLog audit;

  public Links(World world, AuditLog audit) {
    this.world = world;
    this.audit = audit;
  }

  Optional<Id.User> find(Tx tx, IdToken token) {
    return LinkStore.find(tx, token.issuer(), token.sub());
  }

  /// Links who `token` is about to `user`, who is `by` themselves or whom `by` administers; refuses
  /// `DUPLICATE` for who is linked already.
  public Result<Id.User> link(Tx tx, Id.Principal by, IdToken token, Id.User user) {
    if (!LinkStore.insert(tx, token.issuer(), token.sub(), user, world.now())) {
      return refused(DUPLICATE, "whom the issuer names is linked already");
    }
    audit.append(
        tx,
        Event.about("user.linked", user)
            .by(by)
            .reference("issuer", token.issuer())
            .personal("sub", token.sub(), user)
            .build());
    return ok(user);
  }
}
