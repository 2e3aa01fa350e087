package io.prokura.policy;

import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.PolicySet;
import io.prokura.cedar.Schema;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The policies that decide at one time, the schema they were validated against, and the objects
/// they speak of. Immutable, so that one decision sees one state.
///
/// `number` is the one it was published under, 0 for what decides while nothing is published;
/// `digest` is the SHA-256 of all sources in hexadecimal and is what a decision records. `entities`
/// holds the organisation's objects and the declared actions. `warnings` are findings that do not
/// keep a policy from being used. `annotations` are those of the policies. `files` has the name of
/// the file that each policy, by its id, stands in.
public record PolicySnapshot(
    long number,
    String digest,
    Schema schema,
    PolicySet policies,
    Annotations annotations,
    Map<EntityUid, Entity> entities,
    List<String> warnings,
    PolicySources sources,
    Map<String, String> files) {

  public PolicySnapshot {
    // Map.copyOf probes linearly by unmixed hashes, and those of object1, object2, … are
    // neighbours.
    entities = Collections.unmodifiableMap(new HashMap<>(entities));
    warnings = List.copyOf(warnings);
    files = Map.copyOf(files);
  }

  /// The same policies under another number.
  PolicySnapshot withNumber(long next) {
    return new PolicySnapshot(
        next, digest, schema, policies, annotations, entities, warnings, sources, files);
  }
}
