package io.prokura.cedar;

import java.util.List;

/// The decision and what led to it.
///
/// A policy that fails is left out of the decision, as Cedar defines it. A `forbid` that fails thus
/// forbids nothing, so a caller that has to be safe denies whenever `errors` is not empty.
///
/// @param determining the policies that made the decision: the satisfied permits when it is allow;
/// the satisfied forbids when it is deny, none if it is deny because nothing permits @param ofFirst
/// how many of `determining` are of the first policy set; they come before the others @param errors
/// the policies that failed
public record Response(
    Decision decision, List<Policy> determining, int ofFirst, List<PolicyError> errors) {

  public Response {
    determining = List.copyOf(determining);
    errors = List.copyOf(errors);
  }

  /// Whether the decision is allow, whatever errors there were.
  public boolean allowed() {
    return decision == Decision.ALLOW;
  }

  /// The ids of the determining policies, in the order of the policy sets.
  public List<String> determiningIds() {
    var ids = new String[determining.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = determining.get(i).id();
    }
    return List.of(ids);
  }

  /// The ids of the policies that failed, in the order of the policy sets.
  public List<String> errorIds() {
    return errors.stream().map(error -> error.policy().id()).toList();
  }
}
