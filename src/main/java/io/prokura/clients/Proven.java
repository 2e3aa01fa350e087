package io.prokura.clients;

import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import java.time.Instant;

/// A holder that has proved itself by a credential, which is good until `until`; nothing is said
/// about its being active. `confirmation` is what its tokens are bound to.
record Proven(
    Holder holder,
    Id.Credential credential,
    Instant until,
    AuthenticationMethod method,
    Confirmation confirmation) {

  static Proven by(Credential credential, AuthenticationMethod method) {
    return new Proven(
        credential.holder(),
        credential.id(),
        credential.expiresAt().orElse(Instant.MAX),
        method,
        Confirmation.none());
  }
}
