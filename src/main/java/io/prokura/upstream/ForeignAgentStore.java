package io.prokura.upstream;

import io.prokura.kernel.Id;
import io.prokura.sql.Tx;
import java.time.Instant;

/// The SQL of [ForeignAgents].
final class ForeignAgentStore {
  private ForeignAgentStore() {}

  static void insert(Tx tx, Id.Agent agent, Id.Issuer issuer, Instant metAt) {
    tx.run(
        "INSERT INTO foreign_agent (agent_id, issuer_id, met_at) VALUES (?, ?, ?)",
        agent,
        issuer,
        metAt);
  }

  static boolean isOne(Tx tx, Id.Agent agent) {
    return tx.one(
            "SELECT agent_id FROM foreign_agent WHERE agent_id = ?", row -> row.text(1), agent)
        .isPresent();
  }

  /// How many an issuer has made, whatever became of them.
  static long count(Tx tx, Id.Issuer issuer) {
    return tx.one(
            "SELECT COUNT(*) FROM foreign_agent WHERE issuer_id = ?", row -> row.number(1), issuer)
        .orElseThrow();
  }
}
