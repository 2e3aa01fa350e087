package io.prokura.clients;

import io.prokura.kernel.Id;

/// An application that people use. It is never the actor; its ceiling bounds what may be done
/// through it, its registration says how it asks people.
public record Client(
    Id.Client id,
    String name,
    boolean active,
    Ceiling ceiling,
    Registration registration,
    long version) {

  /// Whether people are asked before it gets anything.
  public boolean isAsking() {
    return registration.consent() == Registration.Consent.ASKED;
  }

  /// What it calls itself: the URL by which it is known, or its id.
  public String calledItself() {
    return registration.document().orElseGet(id::text);
  }

  Client withActive(boolean now) {
    return new Client(id, name, now, ceiling, registration, version);
  }

  /// The same with the origin of `other`, and the document.
  Client withOriginOf(Client other) {
    var as = registration.withOriginOf(other.registration);
    return new Client(id, name, active, ceiling, as, version);
  }

  Client withVersion(long next) {
    return new Client(id, name, active, ceiling, registration, next);
  }
}
