package io.prokura.tokens;

import io.prokura.delegation.Authority;
import io.prokura.jose.Confirmation;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.time.Instant;

/// A token of ours, of the kind that was asked for, that is valid at this moment: signature, type,
/// issuer, time, cut-offs and the standing of everybody and everything it rests on were checked.
/// Only [Tokens] makes one.
public final class VerifiedToken {
  private final Id.Token id;
  private final Authority authority;
  private final Confirmation confirmation;
  private final Json.Obj claims;

  VerifiedToken(Id.Token id, Authority authority, Confirmation confirmation, Json.Obj claims) {
    this.id = id;
    this.authority = authority;
    this.confirmation = confirmation;
    this.claims = claims;
  }

  public Id.Token id() {
    return id;
  }

  /// What the token lets its bearer do. Its lineage includes the token itself, so that whatever is
  /// made from it ends with it.
  public Authority authority() {
    return authority;
  }

  /// What whoever presents the token has to prove besides.
  public Confirmation confirmation() {
    return confirmation;
  }

  /// Whether somebody who has proven `proven` may present the token.
  public boolean isConfirmedBy(Confirmation proven) {
    return confirmation instanceof Confirmation.None || confirmation.equals(proven);
  }

  public Instant expiresAt() {
    return Instant.ofEpochSecond(claims.number("exp").orElseThrow());
  }

  /// The claims as they stand in the token.
  public Json.Obj claims() {
    return claims;
  }
}
