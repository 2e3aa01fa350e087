package io.prokura.approvals;

import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// One concrete call: who does what to which object, for whom, why, and with which arguments.
///
/// `chain` has the current actor first and whose authority is exercised last. `arguments` are those
/// that tell this call from another, and no others.
public record ExactAction(
    List<Id.Principal> chain,
    List<Id.Delegation> delegations,
    Optional<Id.Purpose> purpose,
    Id.Resource resource,
    String objectType,
    String objectId,
    String action,
    Json.Obj arguments) {
  /// Bytes that the identifying arguments may have as canonical JSON, so that a person can read
  /// them.
  public static final int ARGUMENTS_MAX = 4_000;

  /// Beyond this, two different whole numbers are one number of RFC 8785.
  private static final double EXACT_MAX = 9_007_199_254_740_991d;

  public ExactAction {
    chain = List.copyOf(chain);
    delegations = List.copyOf(delegations);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("nobody acts");
    }
  }

  /// The members `identifiedBy` of `sent`. Empty when they don't tell this call from every other,
  /// so that it can't be approved: none are declared, one is missing, a number is too great to be
  /// exact, or they are more than [#ARGUMENTS_MAX].
  public static Optional<Json.Obj> identifying(List<String> identifiedBy, Json.Obj sent) {
    var arguments = new LinkedHashMap<String, Json>();
    for (var name : identifiedBy) {
      var value = sent.get(name);
      if (value.isEmpty() || !isExact(value.get())) {
        return Optional.empty();
      }
      arguments.put(name, value.get());
    }
    var identifying = new Json.Obj(arguments);
    return arguments.isEmpty() || identifying.canonical().length > ARGUMENTS_MAX
        ? Optional.empty()
        : Optional.of(identifying);
  }

  /// Whether no other value has the same canonical form.
  private static boolean isExact(Json value) {
    return switch (value) {
      case Json.Whole(var number) -> Math.abs((double) number) <= EXACT_MAX;
      case Json.Fraction(var number) -> Math.abs(number) <= EXACT_MAX;
      case Json.Arr(var items) -> items.stream().allMatch(ExactAction::isExact);
      case Json.Obj(var members) -> members.values().stream().allMatch(ExactAction::isExact);
      case Json.Str _, Json.Bool _, Json.Null _ -> true;
    };
  }

  /// Whoever acts now.
  public Id.Principal actor() {
    return chain.getFirst();
  }

  /// What an approval of this action, and of no other, is bound to.
  public ActionDigest digest() {
    return ActionDigest.of(this);
  }
}
