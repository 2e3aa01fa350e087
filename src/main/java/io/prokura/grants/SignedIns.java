package io.prokura.grants;

import io.prokura.authorize.Grant;
import io.prokura.directory.Directory;
import io.prokura.tokens.IdTokens;
import io.prokura.tokens.UserAuthentication;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Tells applications who signed in, where they asked for it by the scope `openid`.
public final class SignedIns {
  private final IdTokens idTokens;
  private final Directory directory;
  private final PersonClaims claims;

  public SignedIns(IdTokens idTokens, Directory directory) {
    this.idTokens = idTokens;
    this.directory = directory;
    claims = new PersonClaims(directory);
  }

  /// The ID token that goes along with `accessToken`; nothing where it was not asked for.
  Optional<String> idToken(Grant grant, Optional<String> nonce, String accessToken) {
    if (!grant.identity().contains("openid")) {
      return Optional.empty();
    }
    var asked = grant.claims().idToken();
    var more =
        directory
            .user(grant.user())
            .map(user -> claims.inIdToken(user, grant.identity(), asked))
            .orElseGet(LinkedHashMap::new);
    var who =
        new IdTokens.SignedIn(grant.user(), grant.session(), authentication(grant), nonce, more);
    return Optional.of(idTokens.mint(grant.clientId(), who, accessToken));
  }

  /// How the person signed in whose grant it is.
  static UserAuthentication authentication(Grant grant) {
    return new UserAuthentication(grant.authTime(), grant.acr(), grant.amr());
  }
}
