package io.prokura.clients;

import io.prokura.kernel.Id;

/// An application that people use. It is never the actor; its ceiling bounds what may be done
/// through it.
public record Client(Id.Client id, String name, boolean active, Ceiling ceiling, long version) {

  Client withActive(boolean now) {
    return new Client(id, name, now, ceiling, version);
  }

  Client withVersion(long next) {
    return new Client(id, name, active, ceiling, next);
  }
}
