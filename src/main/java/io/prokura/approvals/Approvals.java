package io.prokura.approvals;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.agents.Agents;
import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.catalogue.Catalogue;
import io.prokura.cutoff.CutOffs;
import io.prokura.delegation.Delegations;
import io.prokura.delegation.Standing;
import io.prokura.directory.Directory;
import io.prokura.jose.Crypto;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The verbs over approvals: request, decide, cancel, present and consume.
///
/// What an approval rests on is looked at when it is requested, decided, presented and consumed: a
/// cut-off of anything in its lineage kills it for good, a suspension while it lasts.
public final class Approvals {
  /// How long a request waits for a decision.
  public static final Duration PENDING = Duration.ofHours(24);

  /// How long an approval can be used where nothing else was wanted.
  public static final Duration USABLE = Duration.ofMinutes(15);

  /// How long it can be used at most.
  public static final Duration USABLE_MAX = Duration.ofHours(8);

  /// How many requests of one actor may wait at the same time, so that nobody is buried under them.
  public static final int PENDING_MAX = 20;

  /// How long what has ended can be looked at, since it was requested.
  private static final Duration KEPT = Duration.ofDays(30);

  private static final int SWEEP_MAX = 500;
  private static final String NONE = "there is no such approval";

  private final String issuer;
  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final Catalogue catalogue;
  private final Liveness liveness;
  private final Eligibility eligibility;
  private final ApprovalStore store;

  /// `seal` encrypts what tells of arguments and opinions; `issuer` is what a cut-off of everything
  /// names.
  public Approvals(
      String issuer,
      World world,
      Database database,
      AuditLog audit,
      Seal seal,
      JsonReader reader,
      CutOffs cutOffs,
      Directory directory,
      Catalogue catalogue,
      Agents agents,
      Standing standing,
      Delegations delegations) {
    this.issuer = issuer;
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.catalogue = catalogue;
    liveness = new Liveness(world, cutOffs, catalogue, standing, delegations);
    eligibility = new Eligibility(directory, agents);
    store = new ApprovalStore(seal, reader);
  }

  /// Whether somebody could approve this action, so that it makes sense to offer it.
  public boolean canBeApproved(ExactAction action, Approvers approvers) {
    return !eligibility.resolve(approvers, action).isEmpty();
  }

  /// Puts a wish on record, or finds the one that waits for the same action and enforcer. Refuses
  /// `POLICY_FORBIDS` when nobody could approve it and `STATE_CONFLICT` when what it rests on has
  /// ended or [#PENDING_MAX] of the actor wait.
  public Result<Approval> request(Wanted wanted) {
    liveness.requireCurrent();
    var approval = pending(wanted, world.now());
    if (approval.approvers().isEmpty()) {
      return refused(POLICY_FORBIDS, "there is nobody who could approve this action");
    }
    var ended = liveness.ended(approval);
    return ended.isPresent()
        ? refused(STATE_CONFLICT, ended.get())
        : database.inTransaction(tx -> request(tx, approval));
  }

  private Result<Approval> request(Tx tx, Approval approval) {
    var now = approval.requestedAt();
    var waiting = store.pending(tx, approval.digest(), approval.enforcer());
    if (waiting.isPresent()) {
      if (waiting.get().stateAt(now) == ApprovalState.PENDING
          && !liveness.isCutOff(waiting.get())) {
        return ok(waiting.get());
      }
      expire(tx, waiting.get());
    }
    if (ApprovalStore.pending(tx, approval.action().actor(), now) >= PENDING_MAX) {
      return refused(
          STATE_CONFLICT,
          "%d requests of this actor wait for a decision already".formatted(PENDING_MAX));
    }
    if (!store.insert(tx, approval)) {
      throw new Outage("the same approval was requested at the same time; ask again");
    }
    audit.append(tx, requested(approval));
    return ok(approval);
  }

  private Approval pending(Wanted wanted, Instant now) {
    var action = wanted.action();
    return new Approval(
        Id.Approval.random(world),
        ApprovalState.PENDING,
        wanted.enforcer(),
        action,
        action.digest(),
        eligibility.resolve(wanted.approvers(), action),
        wanted.approvers().named(),
        wanted.decision(),
        wanted
            .lineage()
            .with(action.chain())
            .with(action.delegations())
            .with(action.purpose().stream().toList())
            .withWord(issuer),
        wanted.checked(),
        wanted.justification(),
        now,
        now.plus(PENDING),
        wanted.until(),
        Optional.empty(),
        Optional.empty());
  }

  /// The approval with this id, as it is on record.
  public Optional<Approval> find(Tx tx, Id.Approval id) {
    return store.find(tx, id);
  }

  /// The same in a transaction of its own.
  public Optional<Approval> find(Id.Approval id) {
    return database.read(tx -> store.find(tx, id));
  }

  List<Approval> page(Tx tx, String state, String after, int count) {
    return store.page(tx, state, after, count);
  }

  List<Approval> pageFor(Tx tx, Id.User user, String state, String after, int count) {
    return store.pageFor(tx, user, state, after, count);
  }

  /// Reads into memory what it takes to decide, so that the transaction of the decision need not
  /// wait for a second connection while it holds one.
  void prepare(Id.Principal by, Id.Approval id) {
    find(id)
        .ifPresent(
            approval -> {
              eligibility.check(approval, by);
              liveness.ended(approval);
            });
  }

  /// Lets the action through, once. Refuses `NOT_FOUND`, `POLICY_FORBIDS` when `by` is not one of
  /// those who may decide, and `STATE_CONFLICT` when it does not wait any more or what it rests on
  /// has ended.
  public Result<Approval> approve(Tx tx, Id.Principal by, Id.Approval id, String reason) {
    liveness.requireCurrent();
    var found = decidable(tx, by, id);
    if (!(found instanceof Ok(var approval))) {
      return found;
    }
    var ended = liveness.ended(approval);
    if (ended.isPresent()) {
      return refused(STATE_CONFLICT, ended.get());
    }
    var now = world.now();
    var latest = now.plus(USABLE_MAX);
    var until =
        approval
            .wantedUntil()
            .map(wish -> wish.isBefore(latest) ? wish : latest)
            .orElse(now.plus(USABLE));
    return until.isAfter(now)
        ? decide(tx, approval, ApprovalState.APPROVED, by, reason, Optional.of(until))
        : refused(STATE_CONFLICT, "it was wanted until a time that has passed");
  }

  /// Refuses the action. Refuses to as [#approve], except that what it rests on may have ended.
  public Result<Approval> deny(Tx tx, Id.Principal by, Id.Approval id, String reason) {
    var found = decidable(tx, by, id);
    return found instanceof Ok(var approval)
        ? decide(tx, approval, ApprovalState.DENIED, by, reason, Optional.empty())
        : found;
  }

  /// Takes a request back, for an enforcer of its resource. Refuses `NOT_FOUND` for anybody else
  /// and `STATE_CONFLICT` when it does not wait any more.
  public Result<Approval> cancel(Tx tx, Id.Principal by, Id.Approval id, String reason) {
    var found = store.find(tx, id).filter(one -> isOpenTo(one, by));
    if (found.isEmpty()) {
      return refused(NOT_FOUND, NONE);
    }
    return isPending(found.get()) instanceof Refused<Approval> over
        ? over
        : decide(tx, found.get(), ApprovalState.CANCELLED, by, reason, Optional.empty());
  }

  /// Whether an enforcer may ask after it and take it back: it enforces the resource.
  public boolean isOpenTo(Approval approval, Id.Principal enforcer) {
    return catalogue.enforcedBy(enforcer).stream()
        .anyMatch(one -> one.id().equals(approval.action().resource()));
  }

  private Result<Approval> decidable(Tx tx, Id.Principal by, Id.Approval id) {
    var found = store.find(tx, id);
    if (found.isEmpty()) {
      return refused(NOT_FOUND, NONE);
    }
    var may = eligibility.check(found.get(), by);
    return may instanceof Ok ? isPending(found.get()) : may.refusal();
  }

  private Result<Approval> isPending(Approval approval) {
    var state = approval.stateAt(world.now());
    return state == ApprovalState.PENDING
        ? ok(approval)
        : refused(STATE_CONFLICT, "the approval is " + state.word() + " already");
  }

  private Result<Approval> decide(
      Tx tx,
      Approval approval,
      ApprovalState state,
      Id.Principal by,
      String reason,
      Optional<Instant> until) {
    var decided = approval.decided(state, new Approval.Ending(by, world.now(), reason), until);
    if (!store.decide(tx, decided)) {
      return refused(STATE_CONFLICT, "the approval was decided in the meantime");
    }
    var event =
        Event.about("approval." + state.word(), approval.id())
            .by(by)
            .reference("decision", approval.decision())
            .free("reason", reason);
    until.ifPresent(time -> event.number("approvedUntil", time.toEpochMilli()));
    audit.append(tx, event.build());
    return ok(decided);
  }

  /// What the approval `id` comes to that `enforcer` presents with a question about the action of
  /// `digest`. Nothing is used up by that. `request` names the request of the enforcer;
  /// one without a name is like no other.
  public Presented present(
      ActionDigest digest, Id.Approval id, Id.Principal enforcer, Optional<String> request) {
    var key = request.map(name -> key(enforcer, name));
    var presented = database.<Presented>read(tx -> onRecord(tx, digest, id, key));
    return presented instanceof Presented.Usable(var approval, _)
            && liveness.ended(approval).isPresent()
        ? new Presented.Useless(Unusable.CUT_OFF)
        : presented;
  }

  /// What it comes to by what is on record and the cut-offs.
  private Presented onRecord(Tx tx, ActionDigest digest, Id.Approval id, Optional<String> key) {
    var found = store.find(tx, id);
    if (found.isEmpty()) {
      return new Presented.Useless(Unusable.UNKNOWN);
    }
    var approval = found.get();
    if (!approval.digest().equals(digest)) {
      return new Presented.Useless(Unusable.OTHER_ACTION);
    }
    if (liveness.isCutOff(approval)) {
      return new Presented.Useless(Unusable.CUT_OFF);
    }
    var now = world.now();
    return switch (approval.stateAt(now)) {
      case PENDING -> new Presented.Useless(Unusable.PENDING);
      case APPROVED -> new Presented.Usable(approval, false);
      case DENIED -> new Presented.Useless(Unusable.DENIED);
      case EXPIRED -> new Presented.Useless(Unusable.EXPIRED);
      case CANCELLED -> new Presented.Useless(Unusable.CANCELLED);
      case CONSUMED ->
          now.isBefore(approval.expiresAt())
                  && key.isPresent()
                  && ApprovalStore.wasConsumedFor(tx, id, key.get())
              ? new Presented.Usable(approval, true)
              : new Presented.Useless(Unusable.CONSUMED);
    };
  }

  /// Uses what [#present] found usable for `request` of `enforcer`, in the transaction of the
  /// decision that it makes an allow, `decision`. The same request may use it again until it
  /// expires; any other finds it consumed. Where it does not come out usable, the transaction has
  /// to be undone and the question answered again.
  public Presented consume(
      Tx tx,
      Presented.Usable usable,
      Id.Principal enforcer,
      Optional<String> request,
      Id.Decision decision) {
    liveness.requireCurrent();
    var id = usable.approval().id();
    var key = request.map(name -> key(enforcer, name));
    var presented = onRecord(tx, usable.approval().digest(), id, key);
    if (!(presented instanceof Presented.Usable(_, var repeated)) || repeated) {
      return presented;
    }
    if (!ApprovalStore.consume(tx, id, key, world.now())) {
      return new Presented.Useless(Unusable.CONSUMED);
    }
    audit.append(
        tx,
        Event.about("approval.consumed", id).by(enforcer).reference("decision", decision).build());
    return presented;
  }

  private static String key(Id.Principal enforcer, String request) {
    var hash = Crypto.sha256((enforcer.text() + " " + request).getBytes(UTF_8));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  /// Writes down what has expired and forgets what ended long ago.
  public void tick() {
    database.inTransaction(
        tx -> {
          tx.makeUrgent();
          store.overdue(tx, world.now(), SWEEP_MAX).forEach(one -> expire(tx, one));
          return ApprovalStore.sweep(tx, world.now().minus(KEPT), SWEEP_MAX);
        });
  }

  private void expire(Tx tx, Approval overdue) {
    if (ApprovalStore.expire(tx, overdue)) {
      audit.append(
          tx,
          Event.about("approval.expired", overdue.id())
              .reference("decision", overdue.decision())
              .build());
    }
  }

  /// Wraps what is sealed again under the newest master key.
  public Rewrap rewrap() {
    return store.rewrap();
  }

  private static Event requested(Approval approval) {
    var action = approval.action();
    var event =
        Event.about("approval.requested", approval.id())
            .by(approval.enforcer())
            .references("principals", action.chain())
            .references("approvers", approval.approvers())
            .reference("decision", approval.decision())
            .reference("resource", action.resource())
            .word("action", action.action())
            .reference("purpose", action.purpose())
            .number("expiresAt", approval.expiresAt().toEpochMilli())
            .free("digest", approval.digest().text())
            .free("object", action.objectType() + " " + action.objectId())
            .free("arguments", action.arguments().toText());
    if (!action.delegations().isEmpty()) {
      event.references("delegations", action.delegations());
    }
    if (!approval.justification().isEmpty()) {
      event.free("justification", approval.justification());
    }
    return event.build();
  }
}
