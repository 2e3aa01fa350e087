package io.prokura.asgardeo;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The SQL of [DirectFlows].
final class DirectStore {
  private static final int SWEEP_MAX = 100;

  private DirectStore() {}

  static void insert(Tx tx, DirectFlow flow) {
    tx.run(
        """
        INSERT INTO asgardeo_flow (digest, client_id, redirect_uri, state, source, challenge, nonce,
                                   jkt, resource, scopes, identity, purpose, tries, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
        """,
        flow.digest(),
        flow.clientId(),
        flow.redirectUri(),
        flow.state(),
        flow.source(),
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
        SELECT digest, client_id, redirect_uri, state, source, challenge, nonce, jkt, resource,
               scopes, identity, purpose, expires_at, grant_id, agent, credential, checked,
               signed_in_at, spent_at IS NOT NULL
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
        row.optionalText(5),
        row.text(6),
        row.optionalText(7),
        row.optionalText(8),
        row.text(9),
        scopes(row.text(10)),
        scopes(row.text(11)),
        row.text(12),
        row.instant(13),
        row.optionalText(14)
            .map(
                grant ->
                    new DirectFlow.SignedIn(
                        new Id.Grant(grant),
                        new Id.Agent(row.text(15)),
                        new Id.Credential(row.text(16)),
                        row.number(17),
                        row.instant(18),
                        row.flag(19))));
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

  /// How many flows wait that this application began with proof of who it is.
  static int waitingProven(Tx tx, String clientId, Instant now) {
    return count(tx, "client_id = ? AND source IS NULL", now, clientId);
  }

  /// How many wait that were begun for this application without proof.
  static int waitingUnproven(Tx tx, String clientId, Instant now) {
    return count(tx, "client_id = ? AND source IS NOT NULL", now, clientId);
  }

  /// How many of those came from one network.
  static int waitingFrom(Tx tx, String clientId, String source, Instant now) {
    return count(tx, "client_id = ? AND source = ?", now, clientId, source);
  }

  /// How many wait that were begun without proof for whichever application.
  static int waitingUnproven(Tx tx, Instant now) {
    return count(tx, "source IS NOT NULL", now);
  }

  private static int count(Tx tx, String which, Instant now, Object... values) {
    var all = Stream.concat(Arrays.stream(values), Stream.of(now)).toArray();
    return tx.one(
            """
            SELECT COUNT(*)
              FROM asgardeo_flow
             WHERE code IS NULL AND %s AND expires_at > ?
            """
                .formatted(which),
            row -> row.integer(1),
            all)
        .orElse(0);
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
