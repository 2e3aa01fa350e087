package io.prokura.delegation;

import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Refusal.SCOPE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import java.util.List;

/// How an effective authority came about: what was asked, what every operand allows of that, and
/// what is left.
///
/// Effective authority = what every principal of the chain may do ∩ the client's ceiling ∩ the
/// purpose ∩ the parent's authority ∩ what was asked.
public record Arithmetic(Scopes asked, List<Operand> operands, Scopes effective) {

  public Arithmetic {
    operands = List.copyOf(operands);
  }

  /// Computes the effective authority on a resource that has the actions `offered`.
  ///
  /// Who asks for nothing gets all that is left; who asks for something gets exactly that or a
  /// refusal that names the operand in the way: `SCOPE_UNKNOWN` or the operand's own.
  static Result<Arithmetic> compute(Scopes asked, Scopes offered, List<Operand> operands) {
    if (!asked.within(offered)) {
      return refused(SCOPE_UNKNOWN, "the resource has no such action; it has: " + offered);
    }
    var wanted = asked.isEmpty() ? offered : asked;
    var left = wanted;
    for (var operand : operands) {
      if (operand instanceof Operand.Actions(var of, var actions, var lacking)) {
        if (!asked.isEmpty() && !wanted.within(actions)) {
          return refused(lacking, "%s does not allow: %s".formatted(of, missing(wanted, actions)));
        }
        left = left.intersect(actions);
        if (left.isEmpty()) {
          return refused(lacking, of + " leaves nothing of what the others allow");
        }
      }
    }
    return left.isEmpty()
        ? refused(SCOPE_NOT_PERMITTED, "nothing is allowed on this resource")
        : ok(new Arithmetic(asked, operands.stream().map(one -> one.on(wanted)).toList(), left));
  }

  /// How many characters its terms take on record.
  int length() {
    int length = effective.toString().length();
    for (var operand : operands) {
      if (operand instanceof Operand.Actions(var of, var actions, _)) {
        length += of.length() + actions.toString().length();
      }
    }
    return length;
  }

  private static Scopes missing(Scopes wanted, Scopes allowed) {
    return new Scopes(wanted.values().stream().filter(value -> !allowed.contains(value)).toList());
  }
}
