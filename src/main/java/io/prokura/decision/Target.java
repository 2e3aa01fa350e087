package io.prokura.decision;

import io.prokura.catalogue.Action;
import io.prokura.catalogue.Resource;
import io.prokura.cedar.EntityType;
import io.prokura.cedar.EntityUid;
import io.prokura.policy.Uids;

/// What is asked about: an action on an object of a registered resource.
public record Target(Resource resource, Action action, EntityUid object) {

  static Target of(Resource resource, Action action, AccessRequest.Named object) {
    return new Target(resource, action, EntityUid.of(object.type(), object.id()));
  }

  EntityType type() {
    return object.type();
  }

  EntityUid actionUid() {
    return Uids.action(object.type(), action.name());
  }
}
