package io.prokura.agents;

import io.prokura.directory.Directory;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The SQL of [Agents].
final class AgentStore {
  private static final JsonReader READER = new JsonReader(Limits.standard());

  private AgentStore() {}

  static void insert(Tx tx, Agent agent) {
    tx.run(
        """
        INSERT INTO agent (id, name, description, owner_id, backup_owner_id, purposes,
                           capabilities, environment, risk, valid_until, bearer_tokens, state,
                           version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        agent.id(),
        agent.name(),
        agent.description(),
        agent.owner(),
        agent.backupOwner(),
        purposes(agent),
        Json.texts(agent.capabilities()).toText(),
        agent.environment().word(),
        agent.risk().word(),
        agent.validUntil(),
        agent.bearerTokens(),
        agent.state().word(),
        agent.version());
  }

  /// Writes everything of `agent` over its version; false when that is no longer the version.
  static boolean update(Tx tx, Agent agent) {
    return tx.run(
            """
            UPDATE agent
               SET name = ?, description = ?, owner_id = ?, backup_owner_id = ?, purposes = ?,
                   capabilities = ?, environment = ?, risk = ?, valid_until = ?,
                   bearer_tokens = ?, state = ?, version = version + 1
             WHERE id = ? AND version = ?
            """,
            agent.name(),
            agent.description(),
            agent.owner(),
            agent.backupOwner(),
            purposes(agent),
            Json.texts(agent.capabilities()).toText(),
            agent.environment().word(),
            agent.risk().word(),
            agent.validUntil(),
            agent.bearerTokens(),
            agent.state().word(),
            agent.id(),
            agent.version())
        == 1;
  }

  static Optional<Agent> find(Tx tx, Id.Agent id) {
    return tx.one(
        """
        SELECT id, name, description, owner_id, backup_owner_id, purposes, capabilities,
               environment, risk, valid_until, bearer_tokens, state, version
          FROM agent
         WHERE id = ?
        """,
        AgentStore::agent,
        id);
  }

  /// Agents in the order of their ids after the text `after`. An empty `state` or `owner` selects
  /// all; an owner selects what it answers for as owner or as backup.
  static List<Agent> page(Tx tx, String state, String owner, String after, int count) {
    return tx.list(
        """
        SELECT id, name, description, owner_id, backup_owner_id, purposes, capabilities,
               environment, risk, valid_until, bearer_tokens, state, version
          FROM agent
         WHERE id > ?
           AND (? = '' OR state = ?)
           AND (? = '' OR owner_id = ? OR backup_owner_id = ?)
         ORDER BY id
         LIMIT ?
        """,
        AgentStore::agent,
        after,
        state,
        state,
        owner,
        owner,
        owner,
        count);
  }

  /// Whether an agent that is not gone is owned by `owner`.
  static boolean hasOwner(Tx tx, Id owner) {
    return tx.one(
            """
            SELECT id
              FROM agent
             WHERE (owner_id = ? OR backup_owner_id = ?)
               AND state NOT IN ('retired', 'dismissed')
             ORDER BY id
             LIMIT 1
            """,
            row -> row.text(1),
            owner,
            owner)
        .isPresent();
  }

  private static Agent agent(Row row) {
    return new Agent(
        new Id.Agent(row.text(1)),
        row.text(2),
        row.text(3),
        Directory.parseOwner(row.text(4)).orElseThrow(),
        Directory.parseOwner(row.text(5)).orElseThrow(),
        texts(row.text(6)).stream().map(Id.Purpose::new).toList(),
        texts(row.text(7)),
        Environment.parse(row.text(8)).orElseThrow(),
        Risk.parse(row.text(9)).orElseThrow(),
        row.optionalInstant(10),
        row.flag(11),
        AgentState.parse(row.text(12)).orElseThrow(),
        row.number(13));
  }

  private static String purposes(Agent agent) {
    return Json.texts(agent.purposes().stream().map(Id.Purpose::text).toList()).toText();
  }

  private static List<String> texts(String column) {
    return switch (READER.read(column.getBytes(StandardCharsets.UTF_8))) {
      case Result.Ok<Json>(Json.Arr array) -> array.texts().orElseThrow();
      case Result.Ok<Json> other -> throw new IllegalStateException("no list: " + other);
      case Result.Refused<Json> refused -> throw new IllegalStateException("no JSON: " + refused);
    };
  }
}
