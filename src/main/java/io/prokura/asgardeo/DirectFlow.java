package io.prokura.asgardeo;

import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Scopes;
import java.time.Instant;
import java.util.Optional;

/// An agent's sign-in through an application: what the application asked, and, once there is a
/// code, who has signed in.
///
/// @param source the digest of the network that began it; nothing where the application had proven
/// who it is
/// @param challenge the S256 challenge that the verifier of the code has to answer
/// @param keyThumbprint the key that the code is bound to (RFC 9449 §10)
/// @param resource the identifier of the resource
/// @param scopes those on the resource; empty for all that are possible
/// @param purpose the name of the purpose the agent acts for; empty for its only one
/// @param expiresAt of the flow, and then of the code
record DirectFlow(
    String digest,
    String clientId,
    String redirectUri,
    Optional<String> state,
    Optional<String> source,
    String challenge,
    Optional<String> nonce,
    Optional<String> keyThumbprint,
    String resource,
    Scopes scopes,
    Scopes identity,
    String purpose,
    Instant expiresAt,
    Optional<SignedIn> signedIn) {

  /// An agent that has signed in by a credential.
  ///
  /// @param grant what all that comes of it rests on
  /// @param checked the newest cut-off that was known before
  /// @param spent whether the code was redeemed
  record SignedIn(
      Id.Grant grant,
      Id.Agent agent,
      Id.Credential credential,
      long checked,
      Instant at,
      boolean spent) {}

  /// Everything whose end ends what comes of the code that `who` got.
  Lineage lineage(SignedIn who, String issuer) {
    return Lineage.of(who.grant(), who.agent(), who.credential())
        .withWord(clientId)
        .withWord(issuer);
  }
}
