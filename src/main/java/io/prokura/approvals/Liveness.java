package io.prokura.approvals;

import io.prokura.catalogue.Catalogue;
import io.prokura.cutoff.CutOffs;
import io.prokura.delegation.Delegations;
import io.prokura.delegation.Standing;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import java.util.Optional;

/// Whether what an approval rests on is still good: the cut-offs over its lineage, the standing of
/// everybody in the chain, the delegations and the purpose.
final class Liveness {
  private final World world;
  private final CutOffs cutOffs;
  private final Catalogue catalogue;
  private final Standing standing;
  private final Delegations delegations;

  Liveness(
      World world,
      CutOffs cutOffs,
      Catalogue catalogue,
      Standing standing,
      Delegations delegations) {
    this.world = world;
    this.cutOffs = cutOffs;
    this.catalogue = catalogue;
    this.standing = standing;
    this.delegations = delegations;
  }

  /// Throws `Outage` where this node does not know the newest cut-offs.
  void requireCurrent() {
    if (!cutOffs.isCurrent()) {
      throw new Outage("this node does not know the newest cut-offs");
    }
  }

  /// Whether a cut-off has killed it, for good.
  boolean isCutOff(Approval approval) {
    return cutOffs.killer(approval.lineage(), approval.checked()).isPresent();
  }

  /// Why what it rests on is no good at this moment. May have to read the database, so not inside a
  /// transaction where many come at once.
  Optional<String> ended(Approval approval) {
    var action = approval.action();
    if (isCutOff(approval)) {
      return Optional.of("what the approval rests on has been cut off");
    }
    if (standing.of(action.chain()) instanceof Refused<?>(_, var detail)) {
      return Optional.of(detail);
    }
    if (!delegations.areActive(action.delegations())) {
      return Optional.of("a delegation that the approval rests on has ended");
    }
    boolean isOver =
        action.purpose().isPresent()
            && action
                .purpose()
                .flatMap(catalogue::purpose)
                .filter(one -> one.isInForce(world.now()))
                .isEmpty();
    return isOver ? Optional.of("the purpose is over") : Optional.empty();
  }
}
