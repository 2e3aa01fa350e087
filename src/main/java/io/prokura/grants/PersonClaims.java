package io.prokura.grants;

import io.prokura.directory.User;
import io.prokura.json.Json;
import io.prokura.kernel.Scopes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What is known of a person, under the names that claims have for it (OpenID Connect Core §5.1).
final class PersonClaims {
  private PersonClaims() {}

  /// The claims that `scopes` cover, and those that were asked for by name and have one of the
  /// values that were named, or any.
  static SequencedMap<String, Json> of(User user, Scopes scopes, Map<String, List<Json>> asked) {
    var claims = new LinkedHashMap<String, Json>();
    known(user)
        .forEach(
            (scope, all) ->
                all.members()
                    .forEach(
                        (name, value) -> {
                          var values = asked.get(name);
                          boolean isAsked =
                              values != null && (values.isEmpty() || values.contains(value));
                          if (isAsked || scopes.contains(scope)) {
                            claims.put(name, value);
                          }
                        }));
    return claims;
  }

  private static SequencedMap<String, Json.Obj> known(User user) {
    var profile = Json.object();
    if (!user.displayName().isEmpty()) {
      profile.put("name", user.displayName());
    }
    var email = Json.object();
    if (!user.email().isEmpty()) {
      // Nobody has shown that mail to it arrives.
      email.put("email", user.email()).put("email_verified", false);
    }
    var known = new LinkedHashMap<String, Json.Obj>();
    known.put("profile", profile.put("preferred_username", user.userName()).build());
    known.put("email", email.build());
    return known;
  }
}
