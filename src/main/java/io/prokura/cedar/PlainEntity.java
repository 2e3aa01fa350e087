package io.prokura.cedar;

import java.util.Map;
import java.util.Set;

/// An entity as JSON data has it: only its parents, and values not yet read as Cedar values.
record PlainEntity(EntityUid uid, Set<EntityUid> parents, Map<?, ?> attributes, Map<?, ?> tags) {}
