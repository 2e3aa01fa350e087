package io.prokura.authorize;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.time.Instant;

/// What people have allowed an application, seen from the application.
public final class ClientConsents {
  private final World world;
  private final AuditLog audit;

  public ClientConsents(World world, AuditLog audit) {
    this.world = world;
    this.audit = audit;
  }

  /// Whether anybody ever allowed the client something.
  public boolean areEver(Tx tx, Id.Client client) {
    return ConsentStore.hasClient(tx, client.text(), Instant.EPOCH);
  }

  /// Whether anybody has allowed the client something that is still in force.
  public boolean areNow(Tx tx, Id.Client client) {
    return ConsentStore.hasClient(tx, client.text(), world.now());
  }

  /// Has everybody asked again, as the client is no longer what they were told of.
  public void withdraw(Tx tx, Id.Client client, String reason) {
    int count = ConsentStore.withdrawOf(tx, client.text(), world.now());
    if (count > 0) {
      audit.append(
          tx,
          Event.about("consents.withdrawn", client)
              .number("count", count)
              .free("reason", reason)
              .build());
    }
  }
}
