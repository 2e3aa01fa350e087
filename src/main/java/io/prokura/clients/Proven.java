package io.prokura.clients;

import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.Optional;

/// A holder that has proved itself by a credential, which is good until `until`, or a public
/// application, which can't; nothing is said about its being active. `confirmation` is what its
/// tokens are bound to.
record Proven(
    Holder holder,
    Optional<Id.Credential> credential,
    Instant until,
    AuthenticationMethod method,
    Confirmation confirmation) {

  static Proven by(Credential credential, AuthenticationMethod method) {
    return new Proven(
        credential.holder(),
        Optional.of(credential.id()),
        credential.expiresAt().orElse(Instant.MAX),
        method,
        Confirmation.none());
  }

  /// The same, whose tokens are bound so.
  Proven bound(Confirmation to) {
    return new Proven(holder, credential, until, method, to);
  }

  /// An agent that is there by somebody's word, good until then.
  static Proven vouchedFor(Id.Agent agent, Instant until) {
    return new Proven(
        new Holder.Agent(agent),
        Optional.empty(),
        until,
        AuthenticationMethod.NONE,
        Confirmation.none());
  }

  /// An application that has nothing to prove itself by.
  static Proven unproven(Holder application) {
    return new Proven(
        application, Optional.empty(), Instant.MAX, AuthenticationMethod.NONE, Confirmation.none());
  }
}
