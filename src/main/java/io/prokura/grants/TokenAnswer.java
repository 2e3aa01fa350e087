package io.prokura.grants;

import io.prokura.authorize.Grant;
import io.prokura.tokens.Issuance.Issued;
import java.util.LinkedHashSet;
import java.util.Optional;

/// What the token endpoint gives for something that was granted: an access token, and what goes
/// along with it. `scope` is all that was granted, of the person and on the resource.
public record TokenAnswer(
    Issued issued, String scope, Optional<String> refreshToken, Optional<String> idToken) {

  TokenAnswer(Grant grant, Issued issued, Optional<String> refreshToken, Optional<String> idToken) {
    this(issued, scope(grant, issued), refreshToken, idToken);
  }

  private static String scope(Grant grant, Issued issued) {
    var all = new LinkedHashSet<>(grant.identity().values());
    all.addAll(issued.authority().scopes().values());
    return String.join(" ", all);
  }
}
