package io.prokura.delegation;

import static io.prokura.kernel.Refusal.CHAIN_TOO_DEEP;
import static io.prokura.kernel.Refusal.DELEGATION_INACTIVE;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.SCOPE_NOT_DELEGATED;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Refusal.TARGET_NOT_DELEGATED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.cutoff.CutOffs;
import io.prokura.feed.Cached;
import io.prokura.feed.Feed;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The verbs over delegations: give, narrow, revoke, and what they reach.
public final class Delegations {
  private static final String KIND = "delegation";
  private static final int CACHED_MAX = 100_000;

  private final World world;
  private final Feed feed;
  private final AuditLog audit;
  private final CutOffs cutOffs;
  private final Database database;
  private final Cached<Delegation> cached;
  private final Budgets budgets;

  public Delegations(World world, Database database, Feed feed, AuditLog audit, CutOffs cutOffs) {
    this.world = world;
    this.feed = feed;
    this.audit = audit;
    this.cutOffs = cutOffs;
    this.database = database;
    cached =
        new Cached<>(
            feed,
            KIND,
            CACHED_MAX,
            id -> database.read(tx -> DelegationStore.find(tx, new Id.Delegation(id))));
    budgets = new Budgets(world, database, feed, audit);
  }

  /// What they may spend.
  public Budgets budgets() {
    return budgets;
  }

  /// The delegation with this id, from memory.
  public Optional<Delegation> find(Id.Delegation id) {
    return cached.get(id.text());
  }

  /// At most `count` delegations in the order of their ids, from the one after the text `after`: of
  /// all principals, or of the one with the id `principal`, whichever side it is on.
  public List<Delegation> list(String principal, String after, int count) {
    return database.read(tx -> DelegationStore.list(tx, principal, after, count));
  }

  /// What `work` reads in one consistent state of the database.
  <T> T inRead(Function<Tx, T> work) {
    return database.read(work);
  }

  /// Puts a delegation on record that `by` gives for its delegator.
  public Delegation give(Tx tx, Id.Principal by, Delegation given) {
    DelegationStore.insert(tx, given);
    audit.append(tx, event("delegation.given", given).by(by).build());
    return given;
  }

  /// Sets limits of what a delegation may spend; those that are not named stay. Refuses
  /// `NOT_FOUND`, `STATE_CONFLICT` when it is revoked, and `FIELD_INVALID` where more would be left
  /// than a delegation has that it was narrowed from.
  public Result<Delegation> limit(
      Tx tx, Id.Principal by, Id.Delegation id, Map<String, Long> limits, Optional<String> reason) {
    var found = DelegationStore.find(tx, id);
    if (found.isEmpty()) {
      return refused(NOT_FOUND, "there is no such delegation");
    }
    return found.get().revoked()
        ? refused(STATE_CONFLICT, "the delegation is revoked")
        : budgets.limit(tx, by, found.get(), limits, reason).map(_ -> found.get());
  }

  /// The narrower delegation that records a hand-over of `offered` from its current actor to
  /// `delegate`. It reaches what was handed over and nothing else, lets the chain grow as far as
  /// the delegations it is narrowed from do, and ends with it.
  public Delegation narrow(Authority offered, Id.Principal from, Id.Agent delegate) {
    var purpose = (Stated.Purpose) offered.purpose();
    return new Delegation(
        Id.Delegation.random(world),
        offered.delegations(),
        from,
        delegate,
        purpose.id(),
        Map.of(offered.resource(), offered.scopes()),
        depthMax(offered),
        new Delegation.Given(from, Delegation.How.HAND_OVER, world.now()),
        offered.notAfter(),
        false);
  }

  private int depthMax(Authority offered) {
    return offered.delegations().stream()
        .map(this::find)
        .flatMap(Optional::stream)
        .mapToInt(Delegation::depthMax)
        .min()
        .orElse(offered.actors().size());
  }

  /// Withdraws a delegation and ends everything that rests on it. Refuses `NOT_FOUND` and
  /// `STATE_CONFLICT`.
  public Result<Delegation> revoke(Tx tx, Id.Principal by, Id.Delegation id, String reason) {
    var found = DelegationStore.find(tx, id);
    if (found.isEmpty()) {
      return refused(NOT_FOUND, "there is no such delegation");
    }
    if (!DelegationStore.revoke(tx, id, world.now())) {
      return refused(STATE_CONFLICT, "the delegation is revoked already");
    }
    feed.publish(tx, KIND, id.text());
    cutOffs.write(tx, id, by, reason);
    audit.append(tx, Event.about("delegation.revoked", id).by(by).free("reason", reason).build());
    return ok(DelegationStore.find(tx, id).orElseThrow());
  }

  /// Whether all of these delegations are active now.
  public boolean areActive(List<Id.Delegation> ids) {
    var now = world.now();
    return ids.stream().allMatch(id -> find(id).filter(one -> one.isActiveAt(now)).isPresent());
  }

  /// The time until which a delegation and all it was narrowed from last; refuses
  /// `DELEGATION_INACTIVE`.
  Result<Instant> usable(Delegation delegation) {
    var lack = new Spendings(budgets).lack(delegation.line());
    if (lack.isPresent()) {
      return refused(
          DELEGATION_INACTIVE,
          "the budget %s of %s is used up; ask whoever gave the delegation to raise it"
              .formatted(lack.get().name(), lack.get().delegation().text()));
    }
    var until = delegation.expiresAt();
    for (var id : delegation.line()) {
      var one = find(id).filter(found -> found.isActiveAt(world.now()));
      if (one.isEmpty()) {
        return refused(DELEGATION_INACTIVE, "the delegation has ended");
      }
      until = one.get().expiresAt().isBefore(until) ? one.get().expiresAt() : until;
    }
    return ok(until);
  }

  /// What each delegation of a chain with `depth` actors reaches on `resource`.
  Result<List<Operand>> reach(List<Id.Delegation> ids, int depth, Id.Resource resource) {
    var operands = new ArrayList<Operand>();
    for (var id : ids) {
      var found = find(id).filter(one -> one.isActiveAt(world.now()));
      if (found.isEmpty()) {
        return refused(DELEGATION_INACTIVE, "a delegation of the chain has ended");
      }
      var delegation = found.get();
      if (depth > delegation.depthMax()) {
        return refused(
            CHAIN_TOO_DEEP,
            "the delegation allows no chain longer than %d".formatted(delegation.depthMax()));
      }
      operands.add(operand(delegation, resource));
    }
    return ok(operands);
  }

  /// What one delegation reaches on `resource`.
  static Operand operand(Delegation delegation, Id.Resource resource) {
    var actions = delegation.on(resource);
    var lacking = actions.isEmpty() ? TARGET_NOT_DELEGATED : SCOPE_NOT_DELEGATED;
    return new Operand.Actions(delegation.id().text(), actions, lacking);
  }

  /// The actions on each resource, between spaces.
  private static Json covers(Delegation delegation) {
    var covers = Json.object();
    delegation
        .covers()
        .forEach((resource, actions) -> covers.put(resource.text(), actions.toString()));
    return covers.build();
  }

  private static Event.Builder event(String type, Delegation delegation) {
    return Event.about(type, delegation.id())
        .reference("delegator", delegation.delegator())
        .reference("delegate", delegation.delegate())
        .reference("purpose", delegation.purpose())
        .references("ancestors", delegation.ancestors())
        .value("covers", covers(delegation))
        .number("depthMax", delegation.depthMax())
        .word("how", delegation.given().how().name())
        .number("expiresAt", delegation.expiresAt().toEpochMilli());
  }
}
