package io.prokura.decision;

import io.prokura.approvals.Approvals;
import io.prokura.approvals.ExactAction;
import io.prokura.approvals.Presented;
import io.prokura.approvals.Unusable;
import io.prokura.delegation.Stated;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.sql.Tx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The approvals that an enforcer presents with questions that are asked together. Each lets one of
/// them through; the next that presents it finds it consumed.
final class PresentedApprovals {
  private static final String APPROVAL = "approval";

  private final Approvals approvals;
  private final boolean contended;
  private final Map<Id.Approval, Use> uses = new LinkedHashMap<>(1);

  /// When `contended`, none is of use: others keep being faster.
  PresentedApprovals(Approvals approvals, boolean contended) {
    this.approvals = approvals;
    this.contended = contended;
  }

  /// What is used by which decision of whom, for which request.
  private record Use(
      Presented.Usable usable,
      Id.Principal enforcer,
      Optional<String> request,
      Id.Decision decision) {}

  /// What `context.approval` of a request comes to; empty where it presents none.
  Optional<Presented> presented(
      Id.Principal enforcer, AccessRequest request, Target target, Grounds grounds) {
    var stated = request.context().get(APPROVAL);
    if (stated.isEmpty()) {
      return Optional.empty();
    }
    var id = id(stated.get());
    if (id.isEmpty()) {
      return useless(Unusable.UNKNOWN);
    }
    var action = exactAction(request, target, grounds);
    if (action.isEmpty()) {
      return useless(Unusable.OTHER_ACTION);
    }
    if (uses.containsKey(id.get())) {
      return useless(Unusable.CONSUMED);
    }
    var presented =
        approvals.present(
            action.get().digest(), id.get(), enforcer, Consumption.requestId(request.context()));
    return contended && presented instanceof Presented.Usable(_, var repeated) && !repeated
        ? useless(Unusable.CONTENDED)
        : Optional.of(presented);
  }

  private static Optional<Presented> useless(Unusable why) {
    return Optional.of(new Presented.Useless(why));
  }

  private static Optional<Id.Approval> id(Json stated) {
    return stated instanceof Json.Obj object
        ? object.text("id").flatMap(Id.Approval::parse)
        : Optional.empty();
  }

  /// The one call that a question is about; empty when its arguments don't tell it from others.
  static Optional<ExactAction> exactAction(AccessRequest request, Target target, Grounds grounds) {
    return ExactAction.identifying(target.action().identifiedBy(), request.action().properties())
        .map(
            arguments ->
                new ExactAction(
                    grounds.chain(),
                    grounds.delegations(),
                    grounds.purpose() instanceof Stated.Purpose(var id, _)
                        ? Optional.of(id)
                        : Optional.empty(),
                    target.resource().id(),
                    request.object().type(),
                    request.object().id(),
                    target.action().name(),
                    arguments));
  }

  /// Plans that `usable` lets the request of `decision` through.
  void use(
      Presented.Usable usable, Id.Principal enforcer, AccessRequest request, Id.Decision decision) {
    uses.put(
        usable.approval().id(),
        new Use(usable, enforcer, Consumption.requestId(request.context()), decision));
  }

  /// Consumes in `tx` what is planned. False when somebody else was faster; then `tx` has to be
  /// undone.
  boolean consume(Tx tx) {
    for (var use : uses.values()) {
      var consumed = approvals.consume(tx, use.usable, use.enforcer, use.request, use.decision);
      if (!(consumed instanceof Presented.Usable)) {
        return false;
      }
    }
    return true;
  }
}
