package io.prokura.grants;

import io.prokura.authorize.Grant;
import io.prokura.tokens.Issuance.Issued;
import java.util.LinkedHashSet;
import java.util.Optional;

/// What the token endpoint gives for something that was granted: an access token, and what goes
/// along with it.
record TokenAnswer(
    Grant grant, Issued issued, Optional<String> refreshToken, Optional<String> idToken) {

  /// All that was granted, of the person and on the resource.
  String scope() {
    var all = new LinkedHashSet<>(grant.identity().values());
    all.addAll(issued.authority().scopes().values());
    return String.join(" ", all);
  }
}
