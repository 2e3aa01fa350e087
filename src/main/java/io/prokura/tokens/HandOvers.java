package io.prokura.tokens;

import io.prokura.delegation.Authority;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;

/// The short-lived token by which the holder of a delegated token lets one named agent take part of
/// its work: `typ` `hand-over+jwt`, for this server only, good once.
public final class HandOvers {
  private final Tokens tokens;

  public HandOvers(Tokens tokens) {
    this.tokens = tokens;
  }

  /// Signs a hand-over of `offered`, whose current actor is the agent that may take it.
  public Result<Minted> mint(Authority offered) {
    return tokens.mintHandOver(offered);
  }

  /// Checks a hand-over as it was presented; refuses `reason`. That it is good once is for the
  /// transaction that takes it to see to.
  public Result<VerifiedToken> verify(String compact, Refusal reason) {
    return tokens.verifyHandOver(compact, reason);
  }
}
