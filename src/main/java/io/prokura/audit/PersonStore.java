package io.prokura.audit;

import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.seal.DataKey;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Tx;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The SQL of [Persons].
final class PersonStore {
  private static final int REWRAP_MAX = 500;

  private PersonStore() {}

  static Optional<Person> find(Tx tx, World world, Seal seal, Id.User user) {
    return tx.one(
        "SELECT pseudonym, key FROM person WHERE user_id = ?",
        row ->
            new Person(
                user,
                new Id.Pseudonym(row.text(1)),
                DataKey.unwrap(world, seal, row.bytes(2), binding(user))),
        user);
  }

  /// The key of the fields about the person behind a pseudonym; empty once they are erased.
  static Optional<DataKey> key(Tx tx, World world, Seal seal, String pseudonym) {
    return tx.one(
        "SELECT user_id, key FROM person WHERE pseudonym = ?",
        row -> DataKey.unwrap(world, seal, row.bytes(2), binding(new Id.User(row.text(1)))),
        pseudonym);
  }

  /// The pseudonym of a person who appears in the record.
  static Optional<String> pseudonym(Tx tx, Id.User user) {
    return tx.one("SELECT pseudonym FROM person WHERE user_id = ?", row -> row.text(1), user);
  }

  /// The person behind a pseudonym; empty once they are erased.
  static Optional<Id.User> user(Tx tx, Id.Pseudonym pseudonym) {
    return tx.one(
        "SELECT user_id FROM person WHERE pseudonym = ?",
        row -> new Id.User(row.text(1)),
        pseudonym);
  }

  /// Two nodes may meet the same person at once; the first one's pseudonym holds.
  static void insert(Tx tx, Seal seal, World world, Id.User user) {
    tx.run(
        """
        INSERT INTO person (user_id, pseudonym, key)
        VALUES (?, ?, ?)
            ON CONFLICT (user_id) DO NOTHING
        """,
        user,
        Id.Pseudonym.random(world),
        DataKey.random(world, seal).wrap(seal, binding(user)));
  }

  static boolean delete(Tx tx, Id.User user) {
    return tx.run("DELETE FROM person WHERE user_id = ?", user) == 1;
  }

  static List<Id.User> all(Tx tx) {
    return tx.list("SELECT user_id FROM person", row -> new Id.User(row.text(1)));
  }

  /// Wraps the keys behind the user `after` again that are under an older master key.
  static Rewrap.Step rewrap(Tx tx, Seal seal, String after) {
    var some =
        tx.list(
            "SELECT user_id, key FROM person WHERE user_id > ? ORDER BY user_id LIMIT ?",
            row ->
                new Rewrap.Item(
                    List.of(row.text(1)), row.bytes(2), binding(new Id.User(row.text(1)))),
            after,
            REWRAP_MAX);
    return Rewrap.again(
        seal,
        some,
        REWRAP_MAX,
        (key, wrapped) ->
            tx.run("UPDATE person SET key = ? WHERE user_id = ?", wrapped, key.getFirst()));
  }

  private static byte[] binding(Id.User user) {
    return user.text().getBytes(StandardCharsets.UTF_8);
  }
}
