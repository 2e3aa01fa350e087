package io.prokura.authorize;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [Consents].
final class ConsentStore {
  private ConsentStore() {}

  static void insert(Tx tx, Consent consent) {
    var acting = consent.actor();
    tx.run(
        """
        INSERT INTO consent (id, user_id, client_id, actor, resource, scopes, identity, purpose,
                             delegation, redirect_uri, given_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        consent.id(),
        consent.user(),
        consent.clientId(),
        acting.map(Consent.Acting::agent),
        consent.resource(),
        consent.scopes().toString(),
        consent.identity().toString(),
        acting.map(Consent.Acting::purpose),
        acting.map(Consent.Acting::delegation),
        consent.redirectUri(),
        consent.givenAt(),
        consent.expiresAt());
  }

  static boolean withdraw(Tx tx, Id.Consent id, Instant now) {
    return tx.run(
            "UPDATE consent SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL", now, id)
        == 1;
  }

  /// How many of the consents to a client were withdrawn by this.
  static int withdrawOf(Tx tx, String clientId, Instant now) {
    return tx.run(
        """
        UPDATE consent
           SET withdrawn_at = ?
         WHERE client_id = ? AND withdrawn_at IS NULL AND expires_at > ?
        """,
        now,
        clientId,
        now);
  }

  static Optional<Consent> find(Tx tx, Id.Consent id) {
    return tx.one(
        """
        SELECT id, user_id, client_id, actor, purpose, delegation, resource, scopes, identity,
               redirect_uri, given_at, expires_at, withdrawn_at IS NOT NULL
          FROM consent
         WHERE id = ?
        """,
        ConsentStore::consent,
        id);
  }

  /// Those of a user that are in force, newest first.
  static List<Consent> active(Tx tx, Id.User user, Instant now, int count) {
    return tx.list(
        """
        SELECT id, user_id, client_id, actor, purpose, delegation, resource, scopes, identity,
               redirect_uri, given_at, expires_at, withdrawn_at IS NOT NULL
          FROM consent
         WHERE user_id = ? AND withdrawn_at IS NULL AND expires_at > ?
         ORDER BY given_at DESC, id
         LIMIT ?
        """,
        ConsentStore::consent,
        user,
        now,
        count);
  }

  /// Whether a consent to the client is there that lasts beyond `now`.
  static boolean hasClient(Tx tx, String clientId, Instant now) {
    return tx.one(
            """
            SELECT id
              FROM consent
             WHERE client_id = ? AND (? = 0 OR (withdrawn_at IS NULL AND expires_at > ?))
             LIMIT 1
            """,
            row -> row.text(1),
            clientId,
            now,
            now)
        .isPresent();
  }

  private static Consent consent(Row row) {
    var actor =
        row.optionalText(4)
            .map(
                agent ->
                    new Consent.Acting(
                        new Id.Agent(agent),
                        new Id.Purpose(row.text(5)),
                        new Id.Delegation(row.text(6))));
    return new Consent(
        new Id.Consent(row.text(1)),
        new Id.User(row.text(2)),
        row.text(3),
        actor,
        row.text(7),
        scopes(row.text(8)),
        scopes(row.text(9)),
        row.text(10),
        row.instant(11),
        row.instant(12),
        row.flag(13));
  }

  static Scopes scopes(String text) {
    return text.isEmpty() ? Scopes.NONE : Scopes.of(List.of(text.split(" ", -1)));
  }
}
