package io.prokura.authenticators;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.kernel.Id;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [Authenticators].
final class AuthenticatorStore {
  private static final int REWRAP_MAX = 200;

  private AuthenticatorStore() {}

  static Optional<PasswordHash> password(Tx tx, Id.User user) {
    return tx.one(
        "SELECT memory, passes, lanes, salt, hash FROM user_password WHERE user_id = ?",
        row ->
            new PasswordHash(
                new PasswordHash.Cost(row.integer(1), row.integer(2), row.integer(3)),
                row.bytes(4),
                row.bytes(5)),
        user);
  }

  static void putPassword(Tx tx, Id.User user, PasswordHash hash, Instant at) {
    tx.run(
        """
        INSERT INTO user_password (user_id, memory, passes, lanes, salt, hash, changed_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (user_id) DO UPDATE
           SET memory = excluded.memory, passes = excluded.passes, lanes = excluded.lanes,
               salt = excluded.salt, hash = excluded.hash, changed_at = excluded.changed_at
        """,
        user,
        hash.cost().memory(),
        hash.cost().passes(),
        hash.cost().lanes(),
        hash.salt(),
        hash.hash(),
        at);
  }

  /// Puts the same password's new hash in the place of the one that has `salt`; false when it is
  /// not there any more.
  static boolean rehash(Tx tx, Id.User user, byte[] salt, PasswordHash hash) {
    return tx.run(
            """
            UPDATE user_password
               SET memory = ?, passes = ?, lanes = ?, salt = ?, hash = ?
             WHERE user_id = ? AND salt = ?
            """,
            hash.cost().memory(),
            hash.cost().passes(),
            hash.cost().lanes(),
            hash.salt(),
            hash.hash(),
            user,
            salt)
        == 1;
  }

  static boolean anyPassword(Tx tx) {
    return tx.one("SELECT user_id FROM user_password ORDER BY user_id LIMIT 1", row -> row.text(1))
        .isPresent();
  }

  /// A secret for one-time codes as it is stored, and the newest step that was used.
  static final class Secret {
    final byte[] sealed;
    final long used;

    Secret(byte[] sealed, long used) {
      this.sealed = sealed.clone();
      this.used = used;
    }
  }

  static Optional<Secret> secret(Tx tx, Id.User user) {
    return tx.one(
        "SELECT secret, used_step FROM user_totp WHERE user_id = ?",
        row -> new Secret(row.bytes(1), row.number(2)),
        user);
  }

  static void putSecret(Tx tx, Id.User user, byte[] sealed, long used) {
    tx.run(
        """
        INSERT INTO user_totp (user_id, secret, used_step) VALUES (?, ?, ?)
            ON CONFLICT (user_id) DO UPDATE
           SET secret = excluded.secret, used_step = excluded.used_step
        """,
        user,
        sealed,
        used);
  }

  /// False when this step or a later one was used already.
  static boolean useStep(Tx tx, Id.User user, long step) {
    return tx.run(
            "UPDATE user_totp SET used_step = ? WHERE user_id = ? AND used_step < ?",
            step,
            user,
            step)
        == 1;
  }

  static void putRecoveryCodes(Tx tx, Id.User user, List<String> digests) {
    tx.run("DELETE FROM user_recovery_code WHERE user_id = ?", user);
    for (var digest : digests) {
      tx.run("INSERT INTO user_recovery_code (user_id, digest) VALUES (?, ?)", user, digest);
    }
  }

  /// False when there is no such code or it was used already.
  static boolean useRecoveryCode(Tx tx, Id.User user, String digest, Instant at) {
    return tx.run(
            """
            UPDATE user_recovery_code SET used_at = ?
             WHERE user_id = ? AND digest = ? AND used_at IS NULL
            """,
            at,
            user,
            digest)
        == 1;
  }

  static int recoveryCodesLeft(Tx tx, Id.User user) {
    return tx.list(
            "SELECT digest FROM user_recovery_code WHERE user_id = ? AND used_at IS NULL",
            row -> row.text(1),
            user)
        .size();
  }

  static void putInvitation(Tx tx, String user, String digest, Instant expires) {
    tx.run(
        """
        INSERT INTO user_invitation (user_id, digest, expires_at) VALUES (?, ?, ?)
            ON CONFLICT (user_id) DO UPDATE
           SET digest = excluded.digest, expires_at = excluded.expires_at
        """,
        user,
        digest,
        expires);
  }

  /// The user whom an invitation is for, or the empty text; nothing when it has expired.
  static Optional<String> invited(Tx tx, String digest, Instant now) {
    return tx.one(
        "SELECT user_id FROM user_invitation WHERE digest = ? AND expires_at > ?",
        row -> row.text(1),
        digest,
        now);
  }

  static boolean removeInvitation(Tx tx, String digest) {
    return tx.run("DELETE FROM user_invitation WHERE digest = ?", digest) == 1;
  }

  static Rewrap.Step rewrap(Tx tx, Seal seal, List<String> after) {
    var some =
        tx.list(
            "SELECT user_id, secret FROM user_totp WHERE user_id > ? ORDER BY user_id LIMIT ?",
            row -> new Rewrap.Item(List.of(row.text(1)), row.bytes(2), row.text(1).getBytes(UTF_8)),
            after.getFirst(),
            REWRAP_MAX);
    return Rewrap.again(
        seal,
        some,
        REWRAP_MAX,
        (key, secret) ->
            tx.run("UPDATE user_totp SET secret = ? WHERE user_id = ?", secret, key.getFirst()));
  }
}
