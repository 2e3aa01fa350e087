package io.prokura.decision;

import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.PolicySet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What the policies are asked, with everything that their answer depends on: the same question to
/// the same snapshot has the same answer at any time.
///
/// `permissions` are those of each participant that count, in the order of `grounds.chain()`;
/// `registers` finds entities of this server.
record Question(
    Instant at,
    AccessRequest request,
    Target target,
    Grounds grounds,
    Situation situation,
    List<PolicySet> permissions,
    Function<EntityUid, Optional<Entity>> registers) {

  Question {
    permissions = List.copyOf(permissions);
  }

  /// The same question in another situation.
  Question in(Situation other) {
    return new Question(at, request, target, grounds, other, permissions, registers);
  }
}
