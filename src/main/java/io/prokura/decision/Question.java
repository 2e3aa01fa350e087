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
/// `participants` are in the order of `grounds.chain()`;
/// `covering` is the policy of the purpose that covers the action, where there is a purpose;
/// `registers` finds entities of this server.
public record Question(
    Instant at,
    AccessRequest request,
    Target target,
    Grounds grounds,
    Situation situation,
    List<Participant> participants,
    Optional<Policy> covering,
    Function<EntityUid, Optional<Entity>> registers) {

  public Question {
    participants = List.copyOf(participants);
  }

  /// The same question in another situation.
  Question in(Situation other) {
    return new Question(at, request, target, grounds, other, participants, covering, registers);
  }

  /// The same question, the participant in that place holding `policies` and nothing else.
  Question withPermissions(int place, PolicySet policies) {
    var others = new ArrayList<>(participants);
    others.set(place, new Participant(participants.get(place).uid(), policies));
    return new Question(at, request, target, grounds, situation, others, covering, registers);
  }

  /// The same question for another purpose.
  Question withPurpose(Stated.Purpose purpose) {
    return new Question(
        at,
        request,
        target,
        grounds.withPurpose(purpose),
        situation,
        participants,
        Optional.empty(),
        registers);
  }

  /// The same question with other registers.
  Question withRegisters(Function<EntityUid, Optional<Entity>> others) {
    return new Question(at, request, target, grounds, situation, participants, covering, others);
  }
}
