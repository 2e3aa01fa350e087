package io.prokura.approvals;

import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A request that exactly one action be approved, and what became of it.
///
/// `approvers` are the users and groups who may decide; `named` says that a policy names them.
/// `decision` is the denial that it is to lift. `lineage` and `checked` say what it rests on and
/// the highest cut-off that had been applied when that was checked. `justification` is what whoever
/// asked says about it, or empty: nobody has checked that. `expiresAt` is until when it has to be
/// decided, and once it is approved the same as `approvedUntil`: until when it has to be used.
public record Approval(
    Id.Approval id,
    ApprovalState state,
    Id.Principal enforcer,
    ExactAction action,
    ActionDigest digest,
    List<Id> approvers,
    boolean named,
    Id.Decision decision,
    Lineage lineage,
    long checked,
    String justification,
    Instant requestedAt,
    Instant expiresAt,
    Optional<Instant> wantedUntil,
    Optional<Ending> ending,
    Optional<Instant> approvedUntil) {

  /// Who decided or cancelled it, when, and what they said about it, which may be empty.
  public record Ending(Id.Principal by, Instant at, String reason) {}

  public Approval {
    approvers = List.copyOf(approvers);
  }

  /// Everybody the action goes through and who therefore has no say in it: all of the chain but
  /// the one whose authority is exercised, and whoever acts now even when that is the same.
  List<Id.Principal> goesThrough() {
    var chain = action.chain();
    var through = new ArrayList<>(chain.subList(0, chain.size() - 1));
    through.add(action.actor());
    through.add(enforcer);
    return List.copyOf(through);
  }

  /// Where it is in its life at that moment, whether or not that is written down already.
  public ApprovalState stateAt(Instant now) {
    return switch (state) {
      case PENDING, APPROVED -> now.isBefore(expiresAt) ? state : ApprovalState.EXPIRED;
      case DENIED, EXPIRED, CANCELLED, CONSUMED -> state;
    };
  }

  /// The same once it is decided or taken back; `until` is given when it is approved.
  Approval decided(ApprovalState now, Ending how, Optional<Instant> until) {
    return new Approval(
        id,
        now,
        enforcer,
        action,
        digest,
        approvers,
        named,
        decision,
        lineage,
        checked,
        justification,
        requestedAt,
        until.orElse(expiresAt),
        wantedUntil,
        Optional.of(how),
        until);
  }

  /// Whether it was approved, whatever came of that.
  public boolean wasApproved() {
    return approvedUntil.isPresent();
  }
}
