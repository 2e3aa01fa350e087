package io.prokura.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.SigningKey;
import io.prokura.json.JsonReader;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;

/// The SQL of [SigningKeys].
final class SigningKeyStore {
  private SigningKeyStore() {}

  static List<KeyRing.Timed> all(Tx tx, Crypto crypto, JsonReader json, Seal seal) {
    return tx.list(
        "SELECT kid, secret, active_from FROM signing_key ORDER BY active_from, kid",
        row ->
            new KeyRing.Timed(
                SigningKey.ofSecret(
                    crypto, json, seal.unwrap(row.bytes(2), row.text(1).getBytes(UTF_8))),
                row.instant(3)));
  }

  static boolean isEmpty(Tx tx, Algorithm algorithm) {
    return tx.list(
            "SELECT kid FROM signing_key WHERE algorithm = ? LIMIT 1",
            row -> row.text(1),
            algorithm.label())
        .isEmpty();
  }

  static void insert(Tx tx, Seal seal, KeyRing.Timed timed, Instant now) {
    var kid = timed.key().kid();
    tx.run(
        """
        INSERT INTO signing_key (kid, secret, created_at, active_from, algorithm)
        VALUES (?, ?, ?, ?, ?)
        """,
        kid,
        seal.wrap(timed.key().secret(), kid.getBytes(UTF_8)),
        now,
        timed.activeFrom(),
        timed.key().algorithm().label());
  }

  /// Wraps keys again that are under an older master key; there are few.
  static Rewrap.Step rewrap(Tx tx, Seal seal) {
    var all =
        tx.list(
            "SELECT kid, secret FROM signing_key",
            row ->
                new Rewrap.Item(List.of(row.text(1)), row.bytes(2), row.text(1).getBytes(UTF_8)));
    return Rewrap.again(
        seal,
        all,
        Integer.MAX_VALUE,
        (key, wrapped) ->
            tx.run("UPDATE signing_key SET secret = ? WHERE kid = ?", wrapped, key.getFirst()));
  }

  static int deleteBefore(Tx tx, Algorithm algorithm, Instant activeFrom) {
    return tx.run(
        "DELETE FROM signing_key WHERE algorithm = ? AND active_from < ?",
        algorithm.label(),
        activeFrom);
  }
}
