package io.prokura.grants;

import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static io.prokura.kernel.Result.refused;

import io.prokura.catalogue.Catalogue;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Presenter;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.tokens.Tokens;
import io.prokura.tokens.VerifiedToken;

/// The access tokens that resource servers are sent by their callers: who enforces the resource a
/// token is for may go on with it, and whoever else has come by it may not.
public final class SentTokens {
  private final Tokens tokens;
  private final Catalogue catalogue;

  public SentTokens(Tokens tokens, Catalogue catalogue) {
    this.tokens = tokens;
    this.catalogue = catalogue;
  }

  /// The token that `who` was sent; refuses `SUBJECT_TOKEN_INVALID`.
  Result<VerifiedToken> to(Presenter who, String compact) {
    var verified = tokens.verify(compact, SUBJECT_TOKEN_INVALID);
    return verified instanceof Ok(var token) && !isFor(who, token.authority())
        ? refused(
            SUBJECT_TOKEN_INVALID, "only the workload that the token was sent to may go on with it")
        : verified;
  }

  private boolean isFor(Presenter who, Authority authority) {
    return who.principal() instanceof Id.Workload workload
        && catalogue
            .resource(authority.resource())
            .filter(resource -> resource.enforcers().contains(workload))
            .isPresent();
  }
}
