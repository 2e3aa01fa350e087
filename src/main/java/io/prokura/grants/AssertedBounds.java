package io.prokura.grants;

import static io.prokura.kernel.Refusal.ASSERTION_INVALID;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.delegation.Operand;
import io.prokura.delegation.Wanted;
import io.prokura.http.Form;
import io.prokura.jose.Confirmation;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import java.util.List;
import java.util.Optional;

/// What an assertion narrows of what is asked for with it: `resource`, `scope` and `cnf`. It gives
/// nothing.
final class AssertedBounds {
  private AssertedBounds() {}

  /// What is asked for, which is for the resource that the assertion names if it names any.
  static Result<Wanted> aim(Json.Obj claims, Form form, Limits limits) {
    var named = resources(claims);
    var target = Target.of(form, limits);
    if (named.isEmpty() || !(target instanceof Ok(var asked))) {
      return named.isEmpty()
          ? refused(ASSERTION_INVALID, "the claim resource is not one or more URIs")
          : target;
    }
    var among = named.get();
    if (among.isEmpty() || among.contains(asked.resource())) {
      return target;
    }
    return asked.resource().isEmpty() && among.size() == 1
        ? ok(new Wanted(among.getFirst(), asked.scopes(), asked.purpose()))
        : refused(RESOURCE_UNKNOWN, "the assertion is for: " + String.join(", ", among));
  }

  private static Optional<List<String>> resources(Json.Obj claims) {
    return switch (claims.get("resource").orElse(new Json.Arr(List.of()))) {
      case Json.Str(var one) -> Optional.of(List.of(one));
      case Json.Arr list -> list.texts();
      case Json.Obj _, Json.Whole _, Json.Fraction _, Json.Bool _, Json.Null _ -> Optional.empty();
    };
  }

  /// The scopes that the assertion of `issuer` names if it names any.
  static Result<List<Operand>> scopes(Json.Obj claims, Id.Issuer issuer, Limits limits) {
    if (claims.get("scope").isEmpty()) {
      return ok(List.of());
    }
    var named = claims.text("scope").map(text -> Scopes.parse(text, limits));
    return named.isPresent() && named.get() instanceof Ok(var scopes)
        ? ok(List.of(new Operand.Actions(issuer.text(), scopes, SCOPE_NOT_PERMITTED)))
        : refused(ASSERTION_INVALID, "the claim scope is not a list of scopes");
  }

  /// Whether the assertion is bound to a key.
  static boolean isBound(Json.Obj claims) {
    return Confirmation.read(claims).filter(Confirmation.Key.class::isInstance).isPresent();
  }

  /// Whether what the assertion is bound to, if anything, has been proven.
  static boolean isConfirmed(Json.Obj claims, Confirmation proven) {
    return Confirmation.read(claims)
        .filter(cnf -> cnf instanceof Confirmation.None || cnf.equals(proven))
        .isPresent();
  }
}
