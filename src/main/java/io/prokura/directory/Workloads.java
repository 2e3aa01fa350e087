package io.prokura.directory;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// Registers workloads and changes what is known of them. None is deleted: one that is gone is
/// deactivated.
public final class Workloads {
  private final Feed feed;
  private final AuditLog audit;
  private final Directory directory;

  public Workloads(Feed feed, AuditLog audit, Directory directory) {
    this.feed = feed;
    this.audit = audit;
    this.directory = directory;
  }

  /// Registers `workload`; refuses `REFERENCE_UNKNOWN` when its owner is not one.
  public Result<Workload> register(Tx tx, Id.Principal by, Workload workload) {
    var owner = directory.existingOwner(tx, workload.owner());
    if (!(owner instanceof Ok)) {
      return owner.refusal();
    }
    WorkloadStore.insert(tx, workload);
    return ok(changed(tx, workload, described("workload.registered", by, workload)));
  }

  /// Writes `workload` over the version it names, but for whether it is active; refuses
  /// `NOT_FOUND`, `PRECONDITION_STALE`, and `REFERENCE_UNKNOWN` when a new owner is not one.
  public Result<Workload> replace(Tx tx, Id.Principal by, Workload workload) {
    var found = existing(tx, workload.id());
    if (!(found instanceof Ok(var current))) {
      return found.refusal();
    }
    if (current.version() != workload.version()) {
      return stale();
    }
    if (!current.owner().equals(workload.owner())) {
      var owner = directory.existingOwner(tx, workload.owner());
      if (!(owner instanceof Ok)) {
        return owner.refusal();
      }
    }
    var next = workload.withActive(current.active());
    return written(tx, next, described("workload.changed", by, next));
  }

  /// Makes the workload one that counts nowhere any more; refuses `NOT_FOUND`, and `STATE_CONFLICT`
  /// for one that is not active.
  public Result<Workload> deactivate(Tx tx, Id.Principal by, Id.Workload id, String reason) {
    return setActive(tx, by, id, false, reason);
  }

  /// Makes a deactivated workload count again; refuses `NOT_FOUND`, and `STATE_CONFLICT` for one
  /// that is active.
  public Result<Workload> activate(Tx tx, Id.Principal by, Id.Workload id, String reason) {
    return setActive(tx, by, id, true, reason);
  }

  public Optional<Workload> find(Tx tx, Id.Workload id) {
    return WorkloadStore.find(tx, id);
  }

  /// At most `count` workloads in the order of their ids, from the one after the text `after`.
  public List<Workload> page(Tx tx, String after, int count) {
    return WorkloadStore.page(tx, after, count);
  }

  private Result<Workload> setActive(
      Tx tx, Id.Principal by, Id.Workload id, boolean active, String reason) {
    var found = existing(tx, id);
    if (!(found instanceof Ok(var current))) {
      return found.refusal();
    }
    if (current.active() == active) {
      return refused(
          STATE_CONFLICT, "the workload is " + (active ? "" : "not ") + "active already");
    }
    var type = active ? "workload.activated" : "workload.deactivated";
    return written(
        tx, current.withActive(active), Event.about(type, id).by(by).free("reason", reason));
  }

  private Result<Workload> written(Tx tx, Workload next, Event.Builder event) {
    return WorkloadStore.update(tx, next)
        ? ok(changed(tx, next.withVersion(next.version() + 1), event))
        : stale();
  }

  private Workload changed(Tx tx, Workload workload, Event.Builder event) {
    feed.publish(tx, Directory.WORKLOAD, workload.id().text());
    audit.append(tx, event.number("version", workload.version()).build());
    return workload;
  }

  private static Event.Builder described(String type, Id.Principal by, Workload workload) {
    var event =
        Event.about(type, workload.id())
            .by(by)
            .reference("owner", workload.owner())
            .words("roles", ManagementRole.words(workload.roles()))
            .flag("transactionTokens", workload.transactionTokens())
            .personal("name", workload.name(), workload.owner());
    return workload.description().isEmpty()
        ? event
        : event.free("description", workload.description());
  }

  private static Result<Workload> existing(Tx tx, Id.Workload id) {
    return WorkloadStore.find(tx, id)
        .map(Result::ok)
        .orElseGet(() -> refused(NOT_FOUND, "there is no such workload"));
  }

  private static Result<Workload> stale() {
    return refused(PRECONDITION_STALE, "the workload has changed since that version");
  }
}
