package io.prokura.grants;

import io.prokura.authorize.Grant;
import io.prokura.tokens.IdTokens;
import java.util.Optional;

/// Tells applications who signed in, where they asked for it by the scope `openid`.
public final class SignedIns {
  private final IdTokens idTokens;

  public SignedIns(IdTokens idTokens) {
    this.idTokens = idTokens;
  }

  /// The ID token that goes along with `accessToken`; nothing where it was not asked for.
  Optional<String> idToken(Grant grant, Optional<String> nonce, String accessToken) {
    if (!grant.identity().contains("openid")) {
      return Optional.empty();
    }
    var who =
        new IdTokens.SignedIn(
            grant.user(), grant.session(), grant.authTime(), grant.acr(), grant.amr(), nonce);
    return Optional.of(idTokens.mint(grant.clientId(), who, accessToken));
  }
}
