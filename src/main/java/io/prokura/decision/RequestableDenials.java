package io.prokura.decision;

import static io.prokura.kernel.Refusal.DENIAL_NOT_REQUESTABLE;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.approvals.Approvals;
import io.prokura.approvals.Approvers;
import io.prokura.approvals.ExactAction;
import io.prokura.decision.Inquiries.Inquiry;
import io.prokura.decision.Remedy.Kind;
import io.prokura.decision.Step.Denied;
import io.prokura.decision.Step.Passed;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.policy.NamedApprovers;
import io.prokura.policy.PolicySnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Denials that an approval of exactly that action would lift.
final class RequestableDenials {
  /// How long after a denial its approval can be asked for.
  static final Duration WINDOW = Duration.ofMinutes(10);

  private final Approvals approvals;

  RequestableDenials(Approvals approvals) {
    this.approvals = approvals;
  }

  /// Until when an approval can be asked for; never where `remedies`, what would make the denial a
  /// yes, are anything but an approval, or nobody could approve it.
  Optional<Instant> until(PolicySnapshot snapshot, Inquiry inquiry, List<Remedy> remedies) {
    boolean alone = remedies.size() == 1 && remedies.getFirst().kind() == Kind.APPROVAL;
    if (!alone || !(inquiry.question() instanceof Passed(var question))) {
      return Optional.empty();
    }
    var action = exactAction(question);
    boolean canBe =
        action.isPresent()
            && named(snapshot, question) instanceof Ok(var approvers)
            && approvals.canBeApproved(action.get(), approvers);
    return canBe ? Optional.of(question.at().plus(WINDOW)) : Optional.empty();
  }

  /// The exact action that a question is about; empty when its arguments don't tell it from others.
  static Optional<ExactAction> exactAction(Question question) {
    return PresentedApprovals.exactAction(
        question.request(), question.target(), question.grounds());
  }

  /// Who may approve what these policies deny. Refuses `DENIAL_NOT_REQUESTABLE` when it is not
  /// denied, when an approval alone would not lift it, and when the policies that forbid it name
  /// different people, none of whom can speak for the others.
  static Result<Approvers> approvers(PolicySnapshot snapshot, Question question) {
    var now = Evaluator.evaluate(snapshot, question).outcome();
    var approved = question.in(question.situation().withApproval());
    boolean isLifted =
        now instanceof Denied && Evaluator.evaluate(snapshot, approved).outcome() instanceof Passed;
    return isLifted ? named(snapshot, question) : unchanged();
  }

  private static Result<Approvers> unchanged() {
    return refused(DENIAL_NOT_REQUESTABLE, "an approval would not change the answer");
  }

  /// The same for a denial of which it is known that an approval alone lifts it.
  private static Result<Approvers> named(PolicySnapshot snapshot, Question question) {
    if (!(Evaluator.voices(snapshot, question) instanceof Passed(var voices))) {
      return unchanged();
    }
    var named = new HashSet<Optional<Approvers>>();
    for (var voice : voices) {
      if (!voice.isYes()) {
        forbidding(snapshot, voice).forEach(named::add);
      }
    }
    if (named.size() > 1) {
      return refused(DENIAL_NOT_REQUESTABLE, "several policies name different approvers");
    }
    return ok(named.stream().flatMap(Optional::stream).findFirst().orElse(Approvers.byDefault()));
  }

  /// What each policy of the organisation that made this a no says of approvers.
  private static List<Optional<Approvers>> forbidding(PolicySnapshot snapshot, Voice voice) {
    return voice.policies().stream()
        .map(id -> snapshot.policies().find(id))
        .flatMap(Optional::stream)
        .map(NamedApprovers::of)
        .toList();
  }
}
