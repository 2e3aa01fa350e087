package io.prokura.decision;

import io.prokura.cedar.Entities;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.policy.Uids;
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
  private final List<Entity> registered = new ArrayList<>(4);
  private Optional<Entity> object = Optional.empty();

  /// What the registers had nothing to tell about.
  private Map<EntityUid, Optional<Entity>> bare = Map.of();

  EntitySlice(
      Function<EntityUid, Optional<Entity>> registers, Map<EntityUid, Entity> organisation) {
    this.registers = registers;
    this.organisation = organisation;
  }

  /// The same with `object` over whatever is stored under its name.
  EntitySlice with(Entity one) {
    object = Optional.of(one);
    return this;
  }

  @Override
  public Optional<Entity> find(EntityUid uid) {
    if (object.isPresent() && object.get().uid().equals(uid)) {
      return object;
    }
    for (int i = 0; i < registered.size(); i++) {
      if (registered.get(i).uid().equals(uid)) {
        return Optional.of(registered.get(i));
      }
    }
    if (Uids.isRegistered(uid.type())) {
      return inRegisters(uid);
    }
    var stored = organisation.get(uid);
    return stored == null ? inRegisters(uid) : Optional.of(stored);
  }

  private Optional<Entity> inRegisters(EntityUid uid) {
    var known = bare.get(uid);
    if (known != null) {
      return known;
    }
    var found = registers.apply(uid);
    if (found.isPresent() && !found.get().attributes().isEmpty()) {
      registered.add(found.get());
    } else {
      bare = bare.isEmpty() ? new HashMap<>() : bare;
      bare.put(uid, found);
    }
    return found;
  }

  /// What the registers were asked for and had something to say about.
  List<Entity> registered() {
    return List.copyOf(registered);
  }
}
