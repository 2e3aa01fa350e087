package io.prokura.directory;

import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The SQL of [Users].
final class UserStore {
  private UserStore() {}

  /// False when the name is taken.
  static boolean insert(Tx tx, User user) {
    return tx.run(
            """
            INSERT INTO directory_user (id, user_name, user_name_key, display_name, email, active,
                                        roles, administrator, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (user_name_key) DO NOTHING
            """,
            user.id(),
            user.userName(),
            Names.key(user.userName()),
            user.displayName(),
            user.email(),
            user.active(),
            ManagementRole.column(user.roles()),
            user.roles().contains(ManagementRole.ADMINISTRATOR),
            user.version())
        == 1;
  }

  /// Writes everything of `user` over its version; false when that is no longer the version.
  static boolean update(Tx tx, User user) {
    return tx.run(
            """
            UPDATE directory_user
               SET user_name = ?, user_name_key = ?, display_name = ?, email = ?, active = ?,
                   roles = ?, administrator = ?, version = version + 1
             WHERE id = ? AND version = ?
            """,
            user.userName(),
            Names.key(user.userName()),
            user.displayName(),
            user.email(),
            user.active(),
            ManagementRole.column(user.roles()),
            user.roles().contains(ManagementRole.ADMINISTRATOR),
            user.id(),
            user.version())
        == 1;
  }

  static Optional<User> find(Tx tx, Id.User id) {
    return tx.one(
        """
        SELECT id, user_name, display_name, email, active, roles, version
          FROM directory_user
         WHERE id = ?
        """,
        UserStore::user,
        id);
  }

  static Optional<User> findNamed(Tx tx, String userName) {
    return tx.one(
        """
        SELECT id, user_name, display_name, email, active, roles, version
          FROM directory_user
         WHERE user_name_key = ?
        """,
        UserStore::user,
        Names.key(userName));
  }

  /// Those with this address, two at most.
  static List<User> findAt(Tx tx, String email) {
    return tx.list(
        """
        SELECT id, user_name, display_name, email, active, roles, version
          FROM directory_user
         WHERE email = ?
         ORDER BY id
         LIMIT 2
        """,
        UserStore::user,
        email);
  }

  static List<User> page(Tx tx, String after, int count) {
    return tx.list(
        """
        SELECT id, user_name, display_name, email, active, roles, version
          FROM directory_user
         WHERE id > ?
         ORDER BY id
         LIMIT ?
        """,
        UserStore::user,
        after,
        count);
  }

  static List<Id.User> administrators(Tx tx) {
    return tx.list(
        "SELECT id FROM directory_user WHERE active AND administrator ORDER BY id",
        row -> new Id.User(row.text(1)));
  }

  /// Whether there is an active administrator besides `user`.
  static boolean hasOtherAdministrator(Tx tx, Id.User user) {
    return tx.one(
            """
            SELECT id FROM directory_user
             WHERE active AND administrator AND id <> ?
             ORDER BY id
             LIMIT 1
            """,
            row -> row.text(1),
            user)
        .isPresent();
  }

  private static User user(Row row) {
    return new User(
        new Id.User(row.text(1)),
        row.text(2),
        row.text(3),
        row.text(4),
        row.flag(5),
        ManagementRole.ofColumn(row.text(6)),
        row.number(7));
  }
}
