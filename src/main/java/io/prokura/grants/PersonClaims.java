package io.prokura.grants;

import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.json.Json;
import io.prokura.kernel.Scopes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What is known of a person, under the names that claims have for it (OpenID Connect Core §5.1;
/// `groups` as in RFC 9068 §2.2.3.1).
record PersonClaims(Directory directory) {
  private static final String GROUPS = "groups";

  /// How many groups an ID token names. Of who is in more it names none, as some would be missing;
  /// userinfo names all.
  static final int GROUPS_MAX = 100;

  /// The claims that `scopes` cover, and those that were asked for by name and have one of the
  /// values that were named, or any.
  SequencedMap<String, Json> of(User user, Scopes scopes, Map<String, List<Json>> asked) {
    var claims = new LinkedHashMap<String, Json>();
    known(user, scopes.contains(GROUPS) || asked.containsKey(GROUPS))
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

  /// Those of an ID token: what was asked for by name, and groups where `scopes` cover them, as
  /// many applications look for them nowhere else.
  SequencedMap<String, Json> inIdToken(User user, Scopes scopes, Map<String, List<Json>> asked) {
    var claims = of(user, scopes.intersect(Scopes.of(List.of(GROUPS))), asked);
    if (claims.get(GROUPS) instanceof Json.Arr(var items) && items.size() > GROUPS_MAX) {
      claims.remove(GROUPS);
    }
    return claims;
  }

  private SequencedMap<String, Json.Obj> known(User user, boolean withGroups) {
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
    if (withGroups) {
      var names = directory.groupNamesOf(user.id());
      known.put(GROUPS, Json.object().put(GROUPS, names).build());
    }
    return known;
  }
}
