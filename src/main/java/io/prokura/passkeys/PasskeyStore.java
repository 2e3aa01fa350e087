package io.prokura.passkeys;

import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The SQL of [Passkeys].
final class PasskeyStore {
  private PasskeyStore() {}

  /// A passkey as it is checked.
  static final class Stored {
    final Id.Credential id;
    final Id.User user;
    final String handle;
    final byte[] attested;
    final long signCount;
    final boolean backupEligible;

    private Stored(Row row) {
      id = new Id.Credential(row.text(1));
      user = new Id.User(row.text(2));
      handle = row.text(3);
      attested = row.bytes(4);
      signCount = row.number(5);
      backupEligible = row.flag(6);
    }
  }

  static Optional<String> handle(Tx tx, Id.User user) {
    return tx.one("SELECT handle FROM passkey_user WHERE user_id = ?", row -> row.text(1), user);
  }

  /// Gives the user this handle unless there is one; false when it is another.
  static boolean isHandle(Tx tx, Id.User user, String handle) {
    tx.run(
        "INSERT INTO passkey_user (user_id, handle) VALUES (?, ?) ON CONFLICT DO NOTHING",
        user,
        handle);
    return handle(tx, user).filter(handle::equals).isPresent();
  }

  /// False when somebody has this credential already.
  static boolean insert(
      Tx tx,
      Id.User user,
      Passkey passkey,
      String credential,
      byte[] attested,
      long signCount,
      boolean backupEligible) {
    return tx.run(
            """
            INSERT INTO passkey (id, user_id, credential, attested, sign_count, backup_eligible,
                                 name, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
            """,
            passkey.id(),
            user,
            credential,
            attested,
            signCount,
            backupEligible,
            passkey.name(),
            passkey.createdAt())
        == 1;
  }

  static List<Passkey> of(Tx tx, Id.User user) {
    return tx.list(
        "SELECT id, name, created_at, used_at FROM passkey WHERE user_id = ? ORDER BY id",
        row ->
            new Passkey(
                new Id.Credential(row.text(1)),
                row.text(2),
                row.instant(3),
                row.optionalInstant(4)),
        user);
  }

  static List<String> credentials(Tx tx, Id.User user) {
    return tx.list(
        "SELECT credential FROM passkey WHERE user_id = ? ORDER BY id", row -> row.text(1), user);
  }

  static Optional<Stored> find(Tx tx, String credential) {
    return tx.one(
        """
        SELECT p.id, p.user_id, u.handle, p.attested, p.sign_count, p.backup_eligible
          FROM passkey p
          JOIN passkey_user u ON u.user_id = p.user_id
         WHERE p.credential = ?
        """,
        Stored::new,
        credential);
  }

  /// False when it was used or removed since `before` was read.
  static boolean use(Tx tx, Stored before, long signCount, Instant at) {
    return tx.run(
            "UPDATE passkey SET sign_count = ?, used_at = ? WHERE id = ? AND sign_count = ?",
            signCount,
            at,
            before.id,
            before.signCount)
        == 1;
  }

  static boolean delete(Tx tx, Id.User user, Id.Credential id) {
    return tx.run("DELETE FROM passkey WHERE user_id = ? AND id = ?", user, id) == 1;
  }

  /// False when the challenge was used before. Forgets those that have expired.
  static boolean useChallenge(Tx tx, String challenge, Instant expires, Instant now) {
    tx.run("DELETE FROM passkey_challenge WHERE expires_at <= ?", now);
    return tx.run(
            """
            INSERT INTO passkey_challenge (challenge, expires_at) VALUES (?, ?)
                ON CONFLICT DO NOTHING
            """,
            challenge,
            expires)
        == 1;
  }
}
