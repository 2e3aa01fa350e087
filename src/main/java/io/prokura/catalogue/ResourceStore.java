package io.prokura.catalogue;

import io.prokura.jose.Algorithm;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The SQL of [Resources].
final class ResourceStore {
  private ResourceStore() {}

  /// False when the identifier is taken. Types are claimed apart.
  static boolean insert(Tx tx, Resource resource) {
    return tx.run(
            """
            INSERT INTO resource (id, identifier, name, types, actions, agent_facing,
                                  person_rights, token_algorithm, enforcers, asserts, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (identifier) DO NOTHING
            """,
            resource.id(),
            resource.identifier(),
            resource.name(),
            Json.texts(resource.types()).toText(),
            Columns.actions(resource.actions()).toText(),
            resource.agentFacing(),
            resource.personRights().word(),
            resource.tokenAlgorithm().label(),
            enforcers(resource),
            Json.texts(resource.asserts()).toText(),
            resource.version())
        == 1;
  }

  /// Writes everything but the identifier over the version of `resource`; false when that is no
  /// longer the version.
  static boolean update(Tx tx, Resource resource) {
    return tx.run(
            """
            UPDATE resource
               SET name = ?, types = ?, actions = ?, agent_facing = ?, person_rights = ?,
                   token_algorithm = ?, enforcers = ?, asserts = ?, version = version + 1
             WHERE id = ? AND version = ?
            """,
            resource.name(),
            Json.texts(resource.types()).toText(),
            Columns.actions(resource.actions()).toText(),
            resource.agentFacing(),
            resource.personRights().word(),
            resource.tokenAlgorithm().label(),
            enforcers(resource),
            Json.texts(resource.asserts()).toText(),
            resource.id(),
            resource.version())
        == 1;
  }

  /// False when the type belongs to another resource.
  static boolean claim(Tx tx, Id.Resource resource, String type) {
    return tx.run(
            """
            INSERT INTO resource_type (type, resource_id)
            VALUES (?, ?)
                ON CONFLICT (type) DO NOTHING
            """,
            type,
            resource)
        == 1;
  }

  static void releaseTypes(Tx tx, Id.Resource resource) {
    tx.run("DELETE FROM resource_type WHERE resource_id = ?", resource);
  }

  static Optional<Resource> find(Tx tx, Id.Resource id) {
    return tx.one(
        """
        SELECT id, identifier, name, types, actions, agent_facing, person_rights,
               token_algorithm, enforcers, asserts, version
          FROM resource
         WHERE id = ?
        """,
        ResourceStore::resource,
        id);
  }

  static Optional<Resource> findAt(Tx tx, String identifier) {
    return tx.one(
        """
        SELECT id, identifier, name, types, actions, agent_facing, person_rights,
               token_algorithm, enforcers, asserts, version
          FROM resource
         WHERE identifier = ?
        """,
        ResourceStore::resource,
        identifier);
  }

  static List<Resource> page(Tx tx, String after, int count) {
    return tx.list(
        """
        SELECT id, identifier, name, types, actions, agent_facing, person_rights,
               token_algorithm, enforcers, asserts, version
          FROM resource
         WHERE id > ?
         ORDER BY id
         LIMIT ?
        """,
        ResourceStore::resource,
        after,
        count);
  }

  private static String enforcers(Resource resource) {
    return Json.texts(resource.enforcers().stream().map(Id.Workload::text).toList()).toText();
  }

  private static Resource resource(Row row) {
    return new Resource(
        new Id.Resource(row.text(1)),
        row.text(2),
        row.text(3),
        Columns.texts(row.text(4)),
        Columns.actions(row.text(5)),
        row.flag(6),
        PersonRights.parse(row.text(7)).orElseThrow(),
        Algorithm.labelled(row.text(8)).orElseThrow(),
        Columns.texts(row.text(9)).stream().map(Id.Workload::new).toList(),
        Columns.texts(row.text(10)),
        row.number(11));
  }
}
