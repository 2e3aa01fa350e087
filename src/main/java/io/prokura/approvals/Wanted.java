package io.prokura.approvals;

import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import java.time.Instant;
import java.util.Optional;

/// A wish that an action be approved, by an enforcer that was denied it. All but `justification`
/// and `until` has to come from what the server verified itself.
///
/// `lineage` and `checked` are those of the authority that was presented; where none was, the chain
/// and the highest cut-off applied before the chain was looked at. `until` is how long the approval
/// is wanted for at most.
public record Wanted(
    Id.Principal enforcer,
    ExactAction action,
    Approvers approvers,
    Id.Decision decision,
    Lineage lineage,
    long checked,
    String justification,
    Optional<Instant> until) {}
