package io.prokura.decision;

import io.prokura.cedar.Entities;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The entities of one decision: the object asked about, the organisation's own, and those of the
/// registers, each read once so that the whole decision sees one state of it.
final class EntitySlice implements Entities {
  private final EntityLoader loader;
  private final Map<EntityUid, Entity> organisation;
  private final Map<EntityUid, Optional<Entity>> seen = new HashMap<>();

  EntitySlice(EntityLoader loader, Map<EntityUid, Entity> organisation) {
    this.loader = loader;
    this.organisation = organisation;
  }

  /// The same with `object` over whatever is stored under its name.
  EntitySlice with(Entity object) {
    seen.put(object.uid(), Optional.of(object));
    return this;
  }

  @Override
  public Optional<Entity> find(EntityUid uid) {
    var known = seen.get(uid);
    if (known == null) {
      known = Optional.ofNullable(organisation.get(uid)).or(() -> loader.load(uid));
      seen.put(uid, known);
    }
    return known;
  }
}
