package io.prokura.delegation;

import io.prokura.kernel.Refusal;
import io.prokura.kernel.Scopes;

/// One term of the arithmetic of authority: what a principal, the purpose, a delegation or the
/// parent token allows on the resource at hand.
public sealed interface Operand {

  /// What this is the term of: a principal's or delegation's id, `purpose`, `parent`, `client`.
  /// What a platform says of its agent is `assertion about` its id.
  String of();

  /// This term as far as it bears on `wanted`.
  default Operand on(Scopes wanted) {
    return switch (this) {
      case Actions(var of, var actions, var lacking) ->
          new Actions(of, actions.intersect(wanted), lacking);
      case HeldByResource held -> held;
    };
  }

  /// A set of actions; `lacking` is the refusal when a needed one is missing.
  record Actions(String of, Scopes actions, Refusal lacking) implements Operand {}

  /// The resource itself knows what this person may do, so nothing is taken away here.
  record HeldByResource(String of) implements Operand {}
}
