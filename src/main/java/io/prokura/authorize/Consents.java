package io.prokura.authorize;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.cutoff.CutOffs;
import io.prokura.delegation.Delegations;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// Remembers what people allowed, so that they are asked once, and lets them take it back.
public final class Consents {
  /// How many of one person are looked at.
  private static final int LOOKED_AT_MAX = 500;

  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final CutOffs cutOffs;
  private final Delegations delegations;

  public Consents(
      World world, Database database, AuditLog audit, CutOffs cutOffs, Delegations delegations) {
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.cutOffs = cutOffs;
    this.delegations = delegations;
  }

  /// What a person allowed that is still in force, newest first.
  public List<Consent> of(Id.User user) {
    return database.read(tx -> ConsentStore.active(tx, user, world.now(), LOOKED_AT_MAX));
  }

  /// The consent that a request needs no other than: to the same application at the same address,
  /// the same agent and purpose on the same resource, and at least what is asked for.
  Optional<Consent> covering(Id.User user, ConsentQuestion question) {
    return of(user).stream()
        .filter(one -> question.isAnsweredBy(one))
        .filter(
            one ->
                one.actor()
                    .map(acting -> delegations.areActive(List.of(acting.delegation())))
                    .orElse(true))
        .findFirst();
  }

  Consent give(Tx tx, Consent consent) {
    ConsentStore.insert(tx, consent);
    var event =
        Event.about("consent.given", consent.id())
            .by(consent.user())
            .word("client", consent.clientId())
            .reference("actor", consent.actor().map(Consent.Acting::agent))
            .reference("purpose", consent.actor().map(Consent.Acting::purpose))
            .reference("delegation", consent.actor().map(Consent.Acting::delegation))
            .word("resource", consent.resource())
            .scopes(consent.scopes())
            .word("identity", consent.identity().toString())
            .number("expiresAt", consent.expiresAt().toEpochMilli());
    audit.append(tx, event.build());
    return consent;
  }

  /// Takes a consent of the user's own back, and ends the delegation that came of it and whatever
  /// rests on either; refuses `NOT_FOUND` for everybody else's and `STATE_CONFLICT`.
  public Result<Consent> withdraw(Tx tx, Id.User user, Id.Consent id, String reason) {
    var found = ConsentStore.find(tx, id).filter(one -> one.user().equals(user));
    if (found.isEmpty()) {
      return refused(NOT_FOUND, "there is no such consent");
    }
    if (!ConsentStore.withdraw(tx, id, world.now())) {
      return refused(STATE_CONFLICT, "the consent is withdrawn already");
    }
    found
        .get()
        .actor()
        .ifPresent(acting -> delegations.revoke(tx, user, acting.delegation(), reason));
    cutOffs.write(tx, id, user, reason);
    audit.append(tx, Event.about("consent.withdrawn", id).by(user).free("reason", reason).build());
    return ok(found.get());
  }
}
