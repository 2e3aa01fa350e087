package io.prokura.policy;

import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.PolicySet;
import io.prokura.cedar.Schema;
import java.util.List;
import java.util.Map;

/// The policies that decide at one time, the schema they were validated against, and the objects
/// they speak of. Immutable, so that one decision sees one state.
///
/// `number` counts the snapshots of this process from 1; `digest` is the SHA-256 of all sources in
/// hexadecimal and is what a decision records. `entities` holds the organisation's objects and the
/// declared actions. `warnings` are findings that do not keep a policy from being used.
public record PolicySnapshot(
    long number,
    String digest,
    Schema schema,
    PolicySet policies,
    Map<EntityUid, Entity> entities,
    List<String> warnings) {

  public PolicySnapshot {
    entities = Map.copyOf(entities);
    warnings = List.copyOf(warnings);
  }
}
