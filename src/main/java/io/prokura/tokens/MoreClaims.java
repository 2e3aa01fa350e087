package io.prokura.tokens;

import io.prokura.json.Json;
import io.prokura.kernel.Id;

/// What access tokens and ID tokens say besides, for clients that were written for another server.
@FunctionalInterface
public interface MoreClaims {
  /// Nothing.
  MoreClaims NONE = _ -> Json.object().build();

  /// The claims about the subject of a token.
  Json.Obj of(Id.Principal subject);
}
