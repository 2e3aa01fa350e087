package io.prokura.decision;

import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.Policy;
import io.prokura.cedar.PolicySet;
import io.prokura.delegation.Stated;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What the policies are asked, with everything that their answer depends on: the same question to
/// the same snapshot has the same answer at any time.
///
/// `permissions` are those of each participant that count, in the order of `grounds.chain()`;
/// `covering` is the policy of the purpose that covers the action, where there is a purpose;
/// `registers` finds entities of this server.
public record Question(
    Instant at,
    AccessRequest request,
    Target target,
    Grounds grounds,
    Situation situation,
    List<PolicySet> permissions,
    Optional<Policy> covering,
    Function<EntityUid, Optional<Entity>> registers) {

  public Question {
    permissions = List.copyOf(permissions);
  }

  /// The same question in another situation.
  Question in(Situation other) {
    return new Question(at, request, target, grounds, other, permissions, covering, registers);
  }

  /// The same question, the participant in that place holding `policies` and nothing else.
  Question withPermissions(int place, PolicySet policies) {
    var held = new ArrayList<>(permissions);
    held.set(place, policies);
    return new Question(at, request, target, grounds, situation, held, covering, registers);
  }

  /// The same question for another purpose.
  Question withPurpose(Stated.Purpose purpose) {
    return new Question(
        at,
        request,
        target,
        grounds.withPurpose(purpose),
        situation,
        permissions,
        Optional.empty(),
        registers);
  }

  /// The same question with other registers.
  Question withRegisters(Function<EntityUid, Optional<Entity>> others) {
    return new Question(at, request, target, grounds, situation, permissions, covering, others);
  }
}
