package io.prokura.decision;

import static io.prokura.decision.Reason.ALLOWED;
import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Entries;
import io.prokura.audit.Facts;
import io.prokura.catalogue.Catalogue;
import io.prokura.cutoff.CutOffs;
import io.prokura.decision.Consequences.Settled;
import io.prokura.decision.DecisionLog.Answer;
import io.prokura.decision.Inquiries.Inquiry;
import io.prokura.decision.Step.Denied;
import io.prokura.decision.Step.Passed;
import io.prokura.delegation.Authority;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.policy.Policies;
import io.prokura.policy.PolicySnapshot;
import io.prokura.sql.Database;
import io.prokura.tokens.Tokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The policy decision point. Every answer is on record before it is given; whatever goes wrong on
/// the way to an allow is a deny or an outage.
public final class Pdp {
  /// Characters that the answers of one entry may come to, far below what a leaf can hold.
  private static final int ENTRY_CHARACTERS_MAX = 20_000;

  private static final int ITEM_CHARACTERS = 200;

  /// How often questions are answered again because somebody else was faster to spend.
  private static final int ATTEMPTS_MAX = 5;

  private final String managementApi;
  private final World world;
  private final Catalogue catalogue;
  private final Policies policies;
  private final Inquiries inquiries;
  private final DecisionLog log;
  private final Remedies remedies;
  private final RequestableDenials requestable;

  /// `managementApi` is the identifier of the management API as a resource.
  public Pdp(
      String managementApi,
      World world,
      Database database,
      AuditLog audit,
      Facts facts,
      Catalogue catalogue,
      Policies policies,
      Inquiries inquiries) {
    this.managementApi = managementApi;
    this.world = world;
    this.catalogue = catalogue;
    this.policies = policies;
    this.inquiries = inquiries;
    remedies = new Remedies(inquiries.roster(), catalogue);
    requestable = inquiries.requestable();
    log = new DecisionLog(database, audit, facts);
  }

  /// Decides what `enforcer`, which has proven who it is, asks. Returns when the decision is
  /// durable on record; throws `Outage` when it cannot be.
  public Decision decide(Id.Principal enforcer, AccessRequest request) {
    return decide(enforcer, List.of(ok(request)), Semantics.EXECUTE_ALL).getFirst();
  }

  /// Decides several questions in their order, all by the same policies, as far as `semantics`
  /// says. What is no question is denied, `REQUEST_INVALID`. Returns when all answers are durable
  /// on record; throws `Outage` when they cannot be.
  public List<Decision> decide(
      Id.Principal enforcer, List<Result<AccessRequest>> requests, Semantics semantics) {
    var snapshot = policies.current();
    var at = world.now();
    var effects = inquiries.consequences().together(false);
    for (int attempt = 1; ; attempt++) {
      var asking = new Asking(enforcer, snapshot, at, inquiries.together(effects), effects);
      for (var request : requests) {
        if (semantics.endsWith(asking.answer(request))) {
          break;
        }
      }
      if (log.record(enforcer, asking.answers, effects)) {
        return asking.answers.stream().map(Answer::decision).toList();
      }
      effects = effects.again(attempt >= ATTEMPTS_MAX);
    }
  }

  /// What would be decided now of a question whose token, where it has one, was checked and says
  /// `authority`. It is not on record, so it is no decision that anybody may act on.
  public Decision foresee(
      Id.Principal enforcer, AccessRequest request, Optional<Authority> authority) {
    var effects = inquiries.consequences().together(false);
    var together =
        authority.isPresent()
            ? inquiries.together(effects, authority.get())
            : inquiries.together(effects);
    var asking = new Asking(enforcer, policies.current(), world.now(), together, effects);
    asking.answer(ok(request));
    return asking.answers.getFirst().decision();
  }

  /// Questions that are asked together, while they are answered. Neighbours that rest on the same
  /// grounds share an id and an entry.
  private final class Asking {
    private final Id.Principal enforcer;
    private final PolicySnapshot snapshot;
    private final Instant at;
    private final Inquiries.Together inquiries;
    private final Consequences.Together effects;
    private final List<Answer> answers = new ArrayList<>();

    /// How many characters the entry of the last answer had left before it.
    private int room;

    Asking(
        Id.Principal enforcer,
        PolicySnapshot snapshot,
        Instant at,
        Inquiries.Together inquiries,
        Consequences.Together effects) {
      this.enforcer = enforcer;
      this.snapshot = snapshot;
      this.at = at;
      this.inquiries = inquiries;
      this.effects = effects;
    }

    /// Answers the next; true when it is a yes.
    boolean answer(Result<AccessRequest> asked) {
      var inquiry = inquiries.inquire(enforcer, asked, at);
      int left = answers.isEmpty() ? 0 : room - length(answers.getLast().decision());
      boolean joins = left > 0 && answers.getLast().isLike(inquiry);
      var id = joins ? answers.getLast().decision().id() : Id.Decision.next(world);
      int item = joins ? answers.getLast().decision().item() + 1 : 0;
      var settled =
          switch (inquiry.question()) {
            case Passed<Question>(var question) ->
                effects.settle(
                    enforcer, id, snapshot, inquiry, Evaluator.evaluate(snapshot, question));
            case Denied<Question> denied ->
                Settled.without(new Evaluated(denied.denial(), List.of()));
          };
      var evaluated = settled.evaluated();
      var decision = decision(id, item, evaluated, inquiry);
      answers.add(new Answer(inquiry, evaluated, decision, settled.effects()));
      room = joins ? left : ENTRY_CHARACTERS_MAX;
      return decision.allowed();
    }

    /// About how many characters of its entry a decision takes.
    private static int length(Decision decision) {
      return ITEM_CHARACTERS + decision.policies().stream().mapToInt(String::length).sum();
    }

    private Decision decision(Id.Decision id, int item, Evaluated evaluated, Inquiry inquiry) {
      var changes =
          evaluated.outcome() instanceof Denied<List<String>> denied
              ? remedies.of(snapshot, inquiry, denied)
              : List.<Remedy>of();
      return new Decision(
          id,
          item,
          evaluated.reason() == ALLOWED,
          evaluated.reason(),
          evaluated.detail(),
          evaluated.policies(),
          Obligations.of(snapshot, evaluated.own()),
          changes,
          snapshot.number(),
          snapshot.digest(),
          inquiry.grounds(),
          at,
          inquiry.approval(),
          requestable.until(snapshot, inquiry, changes));
    }
  }

  /// Explains decisions of this decision point. `entries` reads the record back; `recollections`
  /// gives new ones for each piece of work.
  public Explanations explanations(
      Database database, Entries entries, Supplier<Recollections> recollections) {
    return new Explanations(
        database, entries, recollections, catalogue, policies, inquiries, remedies);
  }

  /// The denials of this decision point that an approval would lift. `entries` reads the record
  /// back; `recollections` gives new ones for each piece of work.
  public AccessRequests accessRequests(
      Database database,
      Entries entries,
      Supplier<Recollections> recollections,
      CutOffs cutOffs,
      Tokens tokens) {
    return new AccessRequests(
        world, database, entries, recollections, cutOffs, tokens, policies, inquiries);
  }

  /// Whether policy lets a token with this authority be issued: `Prokura::Action::"obtain_token"`
  /// on its resource has to be allowed to everybody in the chain. Refuses `POLICY_FORBIDS`, also
  /// when a policy cannot be evaluated.
  public Result<Authority> mayIssue(Authority authority) {
    var resource = catalogue.resource(authority.resource());
    if (resource.isEmpty()) {
      return refused(RESOURCE_UNKNOWN, "no such resource is registered");
    }
    if (authority.audience().equals(managementApi)) {
      // No policy of an organisation reaches who may manage the server.
      return ok(authority);
    }
    var outcome =
        Evaluator.mayObtain(
            policies.current(), resource.get(), authority, world.now(), inquiries.loader()::load);
    return switch (outcome) {
      case Passed<List<String>> _ -> ok(authority);
      case Denied<List<String>>(_, var detail, _) -> refused(POLICY_FORBIDS, detail);
    };
  }
}
