package io.prokura.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The SQL of [LogKey].
final class LogKeyStore {
  private LogKeyStore() {}

  /// A key at rest. `publicKey` is the raw key in base64url, empty where it has not been read yet;
  /// `wrapped` is empty for a key that signs no more.
  record Stored(long number, String bound, String publicKey, Optional<byte[]> wrapped) {}

  static List<Stored> all(Tx tx) {
    return tx.list(
        "SELECT number, bound, public, secret FROM log_key ORDER BY number",
        row -> new Stored(row.number(1), row.text(2), row.text(3), row.optionalBytes(4)));
  }

  static void insert(Tx tx, Stored key) {
    tx.run(
        "INSERT INTO log_key (number, bound, public, secret) VALUES (?, ?, ?, ?)",
        key.number(),
        key.bound(),
        key.publicKey(),
        key.wrapped());
  }

  static void publish(Tx tx, long number, String publicKey) {
    tx.run("UPDATE log_key SET public = ? WHERE number = ?", publicKey, number);
  }

  /// Forgets the private halves of all keys before `number`.
  static int retireBefore(Tx tx, long number) {
    return tx.run(
        "UPDATE log_key SET secret = NULL WHERE number < ? AND secret IS NOT NULL", number);
  }

  /// Wraps keys again that are wrapped under an older master key; there are few.
  static Rewrap.Step rewrap(Tx tx, Seal seal) {
    var all =
        all(tx).stream()
            .flatMap(
                key ->
                    key.wrapped().stream()
                        .map(
                            bytes ->
                                new Rewrap.Item(
                                    List.of(String.valueOf(key.number())),
                                    bytes,
                                    key.bound().getBytes(UTF_8))))
            .toList();
    return Rewrap.again(
        seal,
        all,
        Integer.MAX_VALUE,
        (key, wrapped) ->
            tx.run(
                "UPDATE log_key SET secret = ? WHERE number = ?",
                wrapped,
                Long.parseLong(key.getFirst())));
  }
}
