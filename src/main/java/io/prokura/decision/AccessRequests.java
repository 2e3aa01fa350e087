package io.prokura.decision;

import static io.prokura.kernel.Refusal.DENIAL_EXPIRED;
import static io.prokura.kernel.Refusal.DENIAL_MISMATCH;
import static io.prokura.kernel.Refusal.DENIAL_NOT_REQUESTABLE;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.approvals.Approvers;
import io.prokura.approvals.ExactAction;
import io.prokura.approvals.Wanted;
import io.prokura.audit.Entries;
import io.prokura.cutoff.CutOffs;
import io.prokura.decision.Step.Denied;
import io.prokura.decision.Step.Passed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.policy.Policies;
import io.prokura.sql.Database;
import io.prokura.tokens.Tokens;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// What an enforcer may ask approval for that was denied.
///
/// Nothing is taken from the text of who asks: the question is asked again with the access token
/// that is presented, and has to come to the same action as the denial on record.
public final class AccessRequests {
  private final World world;
  private final Database database;
  private final Entries entries;
  private final Supplier<Recollections> recollections;
  private final CutOffs cutOffs;
  private final Tokens tokens;
  private final Policies policies;
  private final Inquiries inquiries;

  AccessRequests(
      World world,
      Database database,
      Entries entries,
      Supplier<Recollections> recollections,
      CutOffs cutOffs,
      Tokens tokens,
      Policies policies,
      Inquiries inquiries) {
    this.world = world;
    this.database = database;
    this.entries = entries;
    this.recollections = recollections;
    this.cutOffs = cutOffs;
    this.tokens = tokens;
    this.policies = policies;
    this.inquiries = inquiries;
  }

  /// What an enforcer submits: its question again, with the access token, and the denial that it
  /// got. `until` is how long it wants the approval for at most.
  public record Submission(
      Id.Principal enforcer,
      AccessRequest question,
      Id.Decision denial,
      int item,
      String justification,
      Optional<Instant> until) {}

  /// What may be asked for. Refuses `DENIAL_MISMATCH` when there is no such denial of this action
  /// to this enforcer, `DENIAL_EXPIRED` when it is older than [RequestableDenials#WINDOW], and
  /// `DENIAL_NOT_REQUESTABLE` when an approval would not lift it or its action cannot be told from
  /// others.
  public Result<Wanted> wanted(Submission submission) {
    long checked = cutOffs.applied();
    var recalled = denial(submission);
    if (recalled.isEmpty()) {
      return refused(DENIAL_MISMATCH, "there is no such denial of yours");
    }
    if (!world.now().isBefore(recalled.get().at().plus(RequestableDenials.WINDOW))) {
      return refused(DENIAL_EXPIRED, "the denial is too old; ask the question again");
    }
    var inquiry =
        inquiries.together().inquire(submission.enforcer(), ok(submission.question()), world.now());
    if (!(inquiry.question() instanceof Passed(var question))) {
      var detail = ((Denied<Question>) inquiry.question()).detail();
      return refused(DENIAL_NOT_REQUESTABLE, detail);
    }
    var action = RequestableDenials.exactAction(question);
    if (action.isEmpty()) {
      return refused(
          DENIAL_NOT_REQUESTABLE, "no arguments tell this call from others, so none is approved");
    }
    var before = recalled.flatMap(Recalled::question).flatMap(RequestableDenials::exactAction);
    if (!before.equals(action)) {
      return refused(DENIAL_MISMATCH, "the denial was of another action");
    }
    var approvers = RequestableDenials.approvers(policies.current(), question);
    return approvers instanceof Ok(var anyOf)
        ? rested(submission, question, checked)
            .map(on -> wanted(submission, action.get(), anyOf, on))
        : approvers.refusal();
  }

  private static Wanted wanted(
      Submission submission, ExactAction action, Approvers approvers, Rested on) {
    return new Wanted(
        submission.enforcer(),
        action,
        approvers,
        submission.denial(),
        on.lineage,
        on.checked,
        submission.justification(),
        submission.until());
  }

  private Optional<Recalled> denial(Submission submission) {
    return database.read(
        tx ->
            entries.about(tx, submission.denial()).stream()
                .flatMap(entry -> recollections.get().of(tx, entry).stream())
                .filter(one -> one.item() == submission.item())
                .filter(one -> !one.allowed() && one.question().isPresent())
                .filter(one -> one.enforcer().equals(submission.enforcer().text()))
                .findFirst());
  }

  /// What the authority rests on, and what had been applied when that was checked.
  private record Rested(Lineage lineage, long checked) {}

  private Result<Rested> rested(Submission submission, Question question, long checked) {
    var compact = submission.question().token();
    if (compact.isEmpty()) {
      var chain = question.grounds().chain();
      return ok(new Rested(new Lineage(chain.stream().map(Id::text).toList()), checked));
    }
    return tokens
        .verify(compact, Refusal.DENIAL_NOT_REQUESTABLE)
        .map(token -> new Rested(token.authority().lineage(), checked));
  }
}
