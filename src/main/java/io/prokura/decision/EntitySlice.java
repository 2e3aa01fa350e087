package io.prokura.decision;

import io.prokura.cedar.Entities;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The entities of one decision: the object asked about, the organisation's own, and those of the
/// registers, each read once so that the whole decision sees one state of it.
final class EntitySlice implements Entities {
  private final Function<EntityUid, Optional<Entity>> registers;
  private final Map<EntityUid, Entity> organisation;
  private final Map<EntityUid, Optional<Entity>> seen = new HashMap<>();
  private final List<Entity> registered = new ArrayList<>(4);

  EntitySlice(
      Function<EntityUid, Optional<Entity>> registers, Map<EntityUid, Entity> organisation) {
    this.registers = registers;
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
      known = Optional.ofNullable(organisation.get(uid));
      if (known.isEmpty()) {
        known = registers.apply(uid);
        known.filter(EntitySlice::tellsSomething).ifPresent(registered::add);
      }
      seen.put(uid, known);
    }
    return known;
  }

  /// What the registers were asked for and had something to say about.
  List<Entity> registered() {
    return List.copyOf(registered);
  }

  private static boolean tellsSomething(Entity entity) {
    return !entity.attributes().isEmpty();
  }
}
