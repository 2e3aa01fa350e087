package io.prokura.decision;

import static io.prokura.decision.Reason.OBLIGATION_UNSUPPORTED;
import static io.prokura.decision.Reason.PROPERTY_INVALID;

import io.prokura.policy.Obligation;
import io.prokura.policy.PolicySnapshot;
import java.util.ArrayList;
import java.util.List;

/// The obligations of policies that decided.
final class Obligations {
  private static final String SUPPORTED = "supported_obligations";

  private Obligations() {}

  /// All policies by which something is allowed, unless those of the snapshot among them oblige the
  /// enforcer to what it says in `context.supported_obligations` that it cannot do (AuthZEN Profile
  /// for Obligations, Draft 1: negotiation). Types that are not served are passed over; without
  /// that member it can do all.
  static Step<List<String>> within(
      AccessRequest request, PolicySnapshot snapshot, List<String> own, List<String> all) {
    var said = request.context().get(SUPPORTED);
    if (said.isEmpty()) {
      return Step.passed(all);
    }
    var supported = request.context().texts(SUPPORTED);
    if (supported.isEmpty()) {
      return Step.denied(
          PROPERTY_INVALID, "context.supported_obligations is a list of types of obligations");
    }
    var lacking =
        of(snapshot, own).stream()
            .map(Obligation::type)
            .filter(type -> !supported.get().contains(type))
            .distinct()
            .toList();
    return lacking.isEmpty()
        ? Step.passed(all)
        : Step.denied(
            OBLIGATION_UNSUPPORTED,
            "it would be allowed to whoever can do this: " + String.join(", ", lacking),
            all);
  }

  /// What the policies of a snapshot with these ids oblige an enforcer to. To look for one that is
  /// a permission is in vain and takes longest.
  static List<Obligation> of(PolicySnapshot snapshot, List<String> ids) {
    var obliging = snapshot.annotations().obligations();
    List<Obligation> all = List.of();
    for (var id : obliging.isEmpty() ? List.<String>of() : ids) {
      var some = obliging.get(id);
      if (some != null) {
        all = all.isEmpty() ? new ArrayList<>() : all;
        all.addAll(some);
      }
    }
    return all;
  }
}
