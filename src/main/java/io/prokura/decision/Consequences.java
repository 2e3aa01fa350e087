package io.prokura.decision;

import static io.prokura.decision.Reason.BUDGET_EXHAUSTED;
import static io.prokura.decision.Reason.PROPERTY_INVALID;
import static io.prokura.decision.Reason.TASK_FACTS_FULL;

import io.prokura.approvals.Approvals;
import io.prokura.approvals.Presented;
import io.prokura.decision.Inquiries.Inquiry;
import io.prokura.decision.Step.Passed;
import io.prokura.delegation.Budget;
import io.prokura.delegation.Budgets;
import io.prokura.delegation.Spendings;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.policy.PolicySnapshot;
import io.prokura.sql.Tx;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What answers bring about for those that come later: amounts spent of budgets, approvals
/// consumed, facts recorded of tasks. All are planned while questions are answered, so that an item
/// sees what those before it will have done, and happen in the transaction of the entry.
final class Consequences {
  /// Stands for whatever lacks when others keep being faster.
  private static final Spendings.Lack CONTENDED =
      new Spendings.Lack(new Id.Delegation(""), "", 0, 0);

  private static final String ATTENDED = "attended";
  private static final String TRUST_ATTENDED = "context.attended";

  private final Budgets budgets;
  private final TaskFacts tasks;
  private final Approvals approvals;

  Consequences(Budgets budgets, TaskFacts tasks, Approvals approvals) {
    this.budgets = budgets;
    this.tasks = tasks;
    this.approvals = approvals;
  }

  /// What an answer comes to when it is settled what it brings about, and that in the form of the
  /// record.
  record Settled(Evaluated evaluated, Json.Obj effects) {
    private static final Json.Obj NONE = Json.object().build();

    static Settled without(Evaluated evaluated) {
      return new Settled(evaluated, NONE);
    }

    private static Settled denied(Evaluated evaluated, Reason reason, String detail) {
      return without(new Evaluated(Step.denied(reason, detail), evaluated.registered()));
    }
  }

  /// Those of questions that are answered together. When `contended`, nothing is brought about: an
  /// answer that would spend or record something new is a no.
  Together together(boolean contended) {
    return new Together(contended, new Spendings(budgets));
  }

  /// The consequences of questions that are answered together.
  final class Together {
    private final boolean contended;
    private final Spendings spendings;
    private final PresentedApprovals presented;
    private final Map<Id.Task, SortedSet<String>> facts = new HashMap<>(1);

    private Together(boolean contended, Spendings spendings) {
      this.contended = contended;
      this.spendings = spendings;
      presented = new PresentedApprovals(approvals, contended);
    }

    /// Those of the same questions answered again, after they could not be brought about.
    Together again(boolean isContended) {
      return new Together(isContended, spendings.again());
    }

    /// What the approval comes to that a request presents; empty where it presents none.
    Optional<Presented> presented(
        Id.Principal enforcer, AccessRequest request, Target target, Grounds grounds) {
      return presented.presented(enforcer, request, target, grounds);
    }

    /// In which situation something is asked; `approved` where exactly this was approved.
    Step<Situation> situation(
        AccessRequest request, Target target, Grounds grounds, boolean approved) {
      var attended = attended(request, target);
      if (!(attended instanceof Passed(var isAttended))) {
        return attended.denial();
      }
      var left =
          grounds.delegations().isEmpty()
              ? Collections.<String, Long>emptySortedMap()
              : spendings.left(grounds.delegations());
      var known = grounds.task().map(this::known).orElse(Collections.emptySortedSet());
      return Step.passed(
          approved || isAttended || !left.isEmpty() || !known.isEmpty()
              ? new Situation(approved, isAttended, left, known)
              : Situation.PLAIN);
    }

    private SortedSet<String> known(Id.Task task) {
      var stored = tasks.of(task);
      var planned = facts.get(task);
      if (planned == null) {
        return stored;
      }
      var all = new TreeSet<>(stored);
      all.addAll(planned);
      return all;
    }

    /// Settles what the policies answered: a yes stays one when what it spends is there and what it
    /// records has room.
    Settled settle(
        Id.Principal enforcer,
        Id.Decision decision,
        PolicySnapshot snapshot,
        Inquiry inquiry,
        Evaluated evaluated) {
      if (!(inquiry.question() instanceof Passed(var question))
          || !(evaluated.outcome() instanceof Passed)) {
        return Settled.without(evaluated);
      }
      var words = words(snapshot, evaluated.own(), question.grounds().task());
      if (!words.isEmpty() && !fits(question.grounds().task().orElseThrow(), words)) {
        return Settled.denied(
            evaluated,
            TASK_FACTS_FULL,
            "no more can be recorded of this task, and what is allowed here would have to be");
      }
      var consumption = Consumption.of(enforcer, question);
      if (!(consumption instanceof Passed(var spent))) {
        return Settled.without(new Evaluated(consumption.denial(), evaluated.registered()));
      }
      var plan = plan(question.grounds(), spent);
      if (plan.lack().isPresent()) {
        return Settled.denied(evaluated, BUDGET_EXHAUSTED, text(plan.lack().get()));
      }
      if (!words.isEmpty()) {
        facts
            .computeIfAbsent(question.grounds().task().orElseThrow(), _ -> new TreeSet<>())
            .addAll(words);
      }
      if (inquiry.approval().orElse(null) instanceof Presented.Usable usable) {
        presented.use(usable, enforcer, inquiry.request(), decision);
      }
      return new Settled(
          evaluated, effects(spent.filter(_ -> plan.spends()), words, inquiry.approval()));
    }

    private boolean fits(Id.Task task, SortedSet<String> words) {
      var all = new TreeSet<>(known(task));
      all.addAll(words);
      return !contended && all.size() <= TaskFacts.FACTS_MAX;
    }

    private Spendings.Plan plan(Grounds grounds, Optional<Consumption> spent) {
      var line = grounds.delegations();
      if (spent.isEmpty() || line.isEmpty()) {
        return new Spendings.Plan(spendings.lack(line), false);
      }
      var plan = spendings.plan(spent.get().key(), line, spent.get().amounts());
      return plan.spends() && contended ? new Spendings.Plan(Optional.of(CONTENDED), false) : plan;
    }

    private static String text(Spendings.Lack lack) {
      if (lack.equals(CONTENDED)) {
        return "too many spend of the same budget at once; ask again";
      }
      return lack.left() == 0
          ? "the budget %s of %s is used up; whoever gave it can raise it"
              .formatted(lack.name(), lack.delegation().text())
          : "the budget %s of %s has %d left, and %d are asked"
              .formatted(lack.name(), lack.delegation().text(), lack.left(), lack.asked());
    }

    /// The words that the policies record of the task and that are not known for long enough yet.
    private SortedSet<String> words(
        PolicySnapshot snapshot, List<String> own, Optional<Id.Task> task) {
      SortedSet<String> words = Collections.emptySortedSet();
      var recording = snapshot.annotations().records();
      if (task.isPresent() && !recording.isEmpty()) {
        for (var id : own) {
          var some = recording.get(id);
          if (some != null) {
            words = words.isEmpty() ? new TreeSet<>() : words;
            words.addAll(some);
          }
        }
      }
      return words.isEmpty() || tasks.has(task.orElseThrow(), words)
          ? Collections.emptySortedSet()
          : words;
    }

    /// What it brings about, for the record: what is spent, what was not known of the task, and the
    /// approval that let it through.
    private static Json.Obj effects(
        Optional<Consumption> spent, SortedSet<String> words, Optional<Presented> approval) {
      if (words.isEmpty() && spent.isEmpty() && approval.isEmpty()) {
        return Settled.NONE;
      }
      var json = Json.object();
      if (spent.isPresent()) {
        var amounts = Json.object().put(Budget.CALLS, 1);
        spent.get().amounts().forEach(amounts::put);
        json.put("spends", amounts.build());
      }
      if (!words.isEmpty()) {
        json.put("records", words);
      }
      if (approval.orElse(null) instanceof Presented.Usable(var used, _)) {
        json.put("approval", used.id().text());
      }
      return json.build();
    }

    /// Brings it about in `tx`. False when something does not fit any more; then `tx` has to be
    /// undone.
    boolean bringAbout(Tx tx) {
      if (!spendings.isEmpty() && !spendings.spend(tx)) {
        return false;
      }
      for (var one : facts.entrySet()) {
        if (!tasks.record(tx, one.getKey(), one.getValue())) {
          return false;
        }
      }
      return presented.consume(tx);
    }
  }

  private static Step<Boolean> attended(AccessRequest request, Target target) {
    var stated =
        target.resource().asserts().contains(TRUST_ATTENDED)
            ? request.context().get(ATTENDED)
            : Optional.<Json>empty();
    if (stated.isEmpty()) {
      return Step.passed(false);
    }
    return stated.get() instanceof Json.Bool(var flag)
        ? Step.passed(flag)
        : Step.denied(PROPERTY_INVALID, "context.attended is true or false");
  }
}
