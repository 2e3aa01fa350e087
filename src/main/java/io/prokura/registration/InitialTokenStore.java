package io.prokura.registration;

import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [InitialTokens].
final class InitialTokenStore {
  private InitialTokenStore() {}

  static void insert(Tx tx, InitialToken token, String digest) {
    tx.run(
        """
        INSERT INTO registration_token (id, digest, name, uses_max, uses, pkce_optional, created_at,
                                        expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        token.id(),
        digest,
        token.name(),
        token.usesMax(),
        token.uses(),
        token.pkceOptional(),
        token.createdAt(),
        token.expiresAt());
  }

  static Optional<InitialToken> withDigest(Tx tx, String digest) {
    return tx.one(
        """
        SELECT id, name, uses_max, uses, pkce_optional, created_at, expires_at, revoked_at
          FROM registration_token
         WHERE digest = ?
        """,
        InitialTokenStore::token,
        digest);
  }

  static Optional<InitialToken> find(Tx tx, Id.RegistrationToken id) {
    return tx.one(
        """
        SELECT id, name, uses_max, uses, pkce_optional, created_at, expires_at, revoked_at
          FROM registration_token
         WHERE id = ?
        """,
        InitialTokenStore::token,
        id);
  }

  static List<InitialToken> page(Tx tx, String after, int count) {
    return tx.list(
        """
        SELECT id, name, uses_max, uses, pkce_optional, created_at, expires_at, revoked_at
          FROM registration_token
         WHERE id > ?
         ORDER BY id
         LIMIT ?
        """,
        InitialTokenStore::token,
        after,
        count);
  }

  /// Counts one use; false when the token is not good any more.
  static boolean spend(Tx tx, Id.RegistrationToken id, Instant now) {
    return tx.run(
            """
            UPDATE registration_token
               SET uses = uses + 1
             WHERE id = ? AND uses < uses_max AND expires_at > ? AND revoked_at IS NULL
            """,
            id,
            now)
        == 1;
  }

  static boolean revoke(Tx tx, Id.RegistrationToken id, Instant now) {
    return tx.run(
            "UPDATE registration_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
            now,
            id)
        == 1;
  }

  private static InitialToken token(Row row) {
    return new InitialToken(
        new Id.RegistrationToken(row.text(1)),
        row.text(2),
        row.number(3),
        row.number(4),
        row.flag(5),
        row.instant(6),
        row.instant(7),
        row.optionalInstant(8));
  }
}
