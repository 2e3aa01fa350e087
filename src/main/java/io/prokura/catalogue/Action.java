package io.prokura.catalogue;

import io.prokura.kernel.Scopes;
import java.util.Set;

/// Something that can be done on a resource. Its name is an OAuth scope and the id of the action in
/// policies and decisions; `reversible` says whether what it does can be undone.
public record Action(String name, Sensitivity sensitivity, boolean reversible, String description) {
  /// Characters that the name of an action may have.
  public static final int NAME_MAX = 100;

  /// Scopes that mean something to every client (OpenID Connect Core §5.4 and §11).
  private static final Set<String> RESERVED =
      Set.of("openid", "profile", "email", "address", "phone", "offline_access");

  public Action {
    if (!isName(name)) {
      throw new IllegalArgumentException("not an action name: " + name);
    }
  }

  /// Whether `text` can be the name of an action: a scope-token of at most [#NAME_MAX] characters
  /// that holds no `*` and is no scope of OpenID Connect.
  public static boolean isName(String text) {
    return Scopes.isToken(text)
        && text.length() <= NAME_MAX
        && text.indexOf('*') < 0
        && !RESERVED.contains(text);
  }
}
