package io.prokura.asgardeo;

import io.prokura.http.Form;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The scope `internal_login`, which Asgardeo's SDKs ask for whatever they are told to. It is for
/// an API of Asgardeo's own, so here it is left out of what is asked.
public final class LoginScope {
  private static final String SCOPE = "scope";
  private static final String NAME = "internal_login";

  private LoginScope() {}

  /// The parameters without it. Where nothing else is asked they stay as they are, to be refused:
  /// asking for nothing is asking for all that is possible.
  public static Form without(Form form) {
    var named = List.of(form.get(SCOPE).orElse("").split(" ", -1));
    var others = named.stream().filter(one -> !one.equals(NAME)).collect(Collectors.joining(" "));
    return others.isEmpty() || !named.contains(NAME)
        ? form
        : Parameters.of(form, Set.of(), Map.of(SCOPE, others));
  }
}
