package io.prokura.grants;

import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Result.refused;

import io.prokura.delegation.Wanted;
import io.prokura.http.Form;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import java.util.HashSet;
import java.util.Set;

/// Reads what a token request aims at: the parameters every grant has in common.
final class Target {
  /// The parameters that may stand more than once (RFC 8707 §2, RFC 8693 §2.1).
  static final Set<String> REPEATABLE = Set.of("resource", "audience");

  private Target() {}

  /// `resource` or `audience` (both name a resource here, and all that are given the same one),
  /// `scope` and `purpose`. Refuses `RESOURCE_UNKNOWN` when several resources are named: a token
  /// has one audience.
  static Result<Wanted> of(Form form, Limits limits) {
    var named = new HashSet<>(form.all("resource"));
    named.addAll(form.all("audience"));
    if (named.size() > 1) {
      return refused(RESOURCE_UNKNOWN, "a token is for one resource; ask for one at a time");
    }
    var resource = named.stream().findFirst().orElse("");
    return Scopes.parse(form.get("scope").orElse(""), limits)
        .map(scopes -> new Wanted(resource, scopes, form.get("purpose").orElse("")));
  }
}
