package io.prokura.decision;

import io.prokura.catalogue.Action;
import io.prokura.catalogue.Resource;
import io.prokura.cedar.EntityType;
import io.prokura.cedar.EntityUid;
import io.prokura.policy.Uids;

/// What is asked about: an action on an object of a registered resource. `actionUid` is the name
/// that the action has in policies.
public record Target(Resource resource, Action action, EntityUid object, EntityUid actionUid) {

  static Target of(Resource resource, Action action, AccessRequest.Named object) {
    var uid = new EntityUid(type(resource, object.type()), object.id());
    return new Target(resource, action, uid, Uids.action(uid.type(), action.name()));
  }

  /// The type as the resource has it, which is found faster among those of policies.
  private static EntityType type(Resource resource, String name) {
    for (var known : resource.types()) {
      if (known.equals(name)) {
        return new EntityType(known);
      }
    }
    return new EntityType(name);
  }

  EntityType type() {
    return object.type();
  }
}
