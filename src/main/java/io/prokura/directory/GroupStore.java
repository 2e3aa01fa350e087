package io.prokura.directory;

import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// The SQL of [Groups].
final class GroupStore {
  private GroupStore() {}

  /// False when the name is taken. The members are added apart.
  static boolean insert(Tx tx, Group group) {
    return tx.run(
            """
            INSERT INTO directory_group (id, name, name_key, version)
            VALUES (?, ?, ?, ?)
                ON CONFLICT (name_key) DO NOTHING
            """,
            group.id(),
            group.name(),
            Names.key(group.name()),
            group.version())
        == 1;
  }

  /// Writes the name over the version of `group`; false when that is no longer the version.
  static boolean update(Tx tx, Group group) {
    return tx.run(
            """
            UPDATE directory_group
               SET name = ?, name_key = ?, version = version + 1
             WHERE id = ? AND version = ?
            """,
            group.name(),
            Names.key(group.name()),
            group.id(),
            group.version())
        == 1;
  }

  static boolean delete(Tx tx, Id.Group id, long version) {
    return tx.run("DELETE FROM directory_group WHERE id = ? AND version = ?", id, version) == 1;
  }

  static void add(Tx tx, Id.Group group, Collection<Id.User> users) {
    for (var user : users) {
      tx.run("INSERT INTO directory_member (group_id, user_id) VALUES (?, ?)", group, user);
    }
  }

  static void remove(Tx tx, Id.Group group, Collection<Id.User> users) {
    for (var user : users) {
      tx.run("DELETE FROM directory_member WHERE group_id = ? AND user_id = ?", group, user);
    }
  }

  static boolean exists(Tx tx, Id.Group id) {
    return tx.one("SELECT 1 FROM directory_group WHERE id = ?", row -> row.number(1), id)
        .isPresent();
  }

  static Optional<Id.Group> findNamed(Tx tx, String name) {
    return tx.one(
        "SELECT id FROM directory_group WHERE name_key = ?",
        row -> new Id.Group(row.text(1)),
        Names.key(name));
  }

  static Optional<Group> find(Tx tx, Id.Group id) {
    return groups(
            tx.list(
                """
                SELECT g.id, g.name, g.version, m.user_id
                  FROM directory_group g
                  LEFT JOIN directory_member m ON m.group_id = g.id
                 WHERE g.id = ?
                 ORDER BY m.user_id
                """,
                MemberRow::of,
                id))
        .stream()
        .findFirst();
  }

  static List<Group> page(Tx tx, String after, int count) {
    return groups(
        tx.list(
            """
            SELECT g.id, g.name, g.version, m.user_id
              FROM (SELECT id, name, version
                      FROM directory_group
                     WHERE id > ?
                     ORDER BY id
                     LIMIT ?) g
              LEFT JOIN directory_member m ON m.group_id = g.id
             ORDER BY g.id, m.user_id
            """,
            MemberRow::of,
            after,
            count));
  }

  static List<Id.Group> groupsOf(Tx tx, String user) {
    return tx.list(
        "SELECT group_id FROM directory_member WHERE user_id = ? ORDER BY group_id",
        row -> new Id.Group(row.text(1)),
        user);
  }

  static List<String> namesOf(Tx tx, Id.User user) {
    return tx.list(
        """
        SELECT g.name
          FROM directory_member m
          JOIN directory_group g ON g.id = m.group_id
         WHERE m.user_id = ?
         ORDER BY g.name_key
        """,
        row -> row.text(1),
        user);
  }

  /// A group beside one of its members, or beside none when it has none.
  private record MemberRow(Id.Group id, String name, long version, List<Id.User> member) {
    static MemberRow of(Row row) {
      return new MemberRow(
          new Id.Group(row.text(1)),
          row.text(2),
          row.number(3),
          row.optionalText(4).map(Id.User::new).stream().toList());
    }
  }

  private static List<Group> groups(List<MemberRow> rows) {
    var byGroup = new LinkedHashMap<Id.Group, List<MemberRow>>();
    rows.forEach(row -> byGroup.computeIfAbsent(row.id, _ -> new ArrayList<>()).add(row));
    return byGroup.values().stream().map(GroupStore::group).toList();
  }

  private static Group group(List<MemberRow> rows) {
    var first = rows.getFirst();
    var members = rows.stream().flatMap(row -> row.member.stream()).toList();
    return new Group(first.id, first.name, members, first.version);
  }
}
