package io.prokura.tokens;

import io.prokura.kernel.Id;
import java.time.Instant;

/// A token that has been signed and not yet handed out.
public record Minted(String compact, Id.Token id, Instant issuedAt, Instant expiresAt) {

  /// Whole seconds until it expires.
  public long expiresIn() {
    return expiresAt.getEpochSecond() - issuedAt.getEpochSecond();
  }
}
