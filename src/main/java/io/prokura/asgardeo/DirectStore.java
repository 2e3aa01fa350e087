package io.prokura.asgardeo;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [DirectFlows].
final class DirectStore {
  private static final int SWEEP_MAX = 100;

  private DirectStore() {}

  static void insert(Tx tx, DirectFlow flow) {
    tx.run(
        """
        INSERT INTO asgardeo_flow (digest, client_id, redirect_uri, state, challenge, nonce, jkt,
                                   resource, scopes, identity, purpose, tries, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
        """,
        flow.digest(),
        flow.clientId(),
        flow.redirectUri(),
        flow.state(),
        flow.challenge(),
        flow.nonce(),
        flow.keyThumbprint(),
        flow.resource(),
        flow.scopes().toString(),
        flow.identity().toString(),
        flow.purpose(),
        flow.expiresAt());
  }

  /// Counts a try to sign in; false when the flow is over, has come to a code, or was tried too
  /// often.
  static boolean tried(Tx tx, String digest, int max, Instant now) {
    return tx.run(
            """
            UPDATE asgardeo_flow SET tries = tries + 1
             WHERE digest = ? AND tries < ? AND expires_at > ? AND code IS NULL
            """,
            digest,
            max,
            now)
        == 1;
  }

  /// Puts a code on record; false when the flow is over or has come to one.
  static boolean signedIn(
      Tx tx, String digest, String code, DirectFlow.SignedIn who, Instant now, Instant until) {
    return tx.run(
            """
            UPDATE asgardeo_flow
               SET code = ?, grant_id = ?, agent = ?, credential = ?, checked = ?,
                   signed_in_at = ?, expires_at = ?
             WHERE digest = ? AND expires_at > ? AND code IS NULL
            """,
            code,
            who.grant(),
            who.agent(),
            who.credential(),
            who.checked(),
            who.at(),
            until,
            digest,
            now)
        == 1;
  }

  static Optional<DirectFlow> find(Tx tx, String digest) {
    return one(tx, "digest", digest);
  }

  static Optional<DirectFlow> ofCode(Tx tx, String code) {
    return one(tx, "code", code);
  }

  private static Optional<DirectFlow> one(Tx tx, String column, String value) {
    return tx.one(
        """
        SELECT digest, client_id, redirect_uri, state, challenge, nonce, jkt, resource, scopes,
               identity, purpose, expires_at, grant_id, agent, credential, checked, signed_in_at,
               spent_at IS NOT NULL
          FROM asgardeo_flow
         WHERE %s = ?
        """
            .formatted(column),
        DirectStore::flow,
        value);
  }

  private static DirectFlow flow(Row row) {
    return new DirectFlow(
        row.text(1),
        row.text(2),
        row.text(3),
        row.optionalText(4),
        row.text(5),
        row.optionalText(6),
        row.optionalText(7),
        row.text(8),
        scopes(row.text(9)),
        scopes(row.text(10)),
        row.text(11),
        row.instant(12),
        row.optionalText(13)
            .map(
                grant ->
                    new DirectFlow.SignedIn(
                        new Id.Grant(grant),
                        new Id.Agent(row.text(14)),
                        new Id.Credential(row.text(15)),
                        row.number(16),
                        row.instant(17),
                        row.flag(18))));
  }

  private static Scopes scopes(String text) {
    return text.isEmpty() ? Scopes.NONE : new Scopes(List.of(text.split(" ", -1)));
  }

  /// False when it was spent before.
  static boolean spend(Tx tx, String digest, Instant now) {
    return tx.run(
            "UPDATE asgardeo_flow SET spent_at = ? WHERE digest = ? AND spent_at IS NULL",
            now,
            digest)
        == 1;
  }

  /// Forgets some flows that are over, and some whose code expired before `kept`.
  static void sweep(Tx tx, Instant now, Instant kept) {
    tx.run(
        """
        DELETE FROM asgardeo_flow
         WHERE digest IN (
           SELECT digest FROM asgardeo_flow
            WHERE expires_at < ? AND (code IS NULL OR expires_at < ?)
            ORDER BY expires_at
            LIMIT ?)
        """,
        now,
        kept,
        SWEEP_MAX);
  }
}
