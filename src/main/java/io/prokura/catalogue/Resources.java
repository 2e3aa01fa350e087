package io.prokura.catalogue;

import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.directory.Directory;
import io.prokura.feed.Feed;
import io.prokura.jose.Algorithm;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Registers resources and changes what is known of them. An identifier never changes: tokens name
/// it as their audience. An action that something in force names stays.
public final class Resources {
  private final World world;
  private final Feed feed;
  private final AuditLog audit;
  private final Directory directory;
  private final BiConsumer<Tx, Algorithm> signing;

  /// `signing` sees to it that there is a key of an algorithm.
  public Resources(
      World world,
      Feed feed,
      AuditLog audit,
      Directory directory,
      BiConsumer<Tx, Algorithm> signing) {
    this.world = world;
    this.feed = feed;
    this.audit = audit;
    this.directory = directory;
    this.signing = signing;
  }

  /// Registers `resource`; refuses `DUPLICATE` when its identifier or one of its types is taken and
  /// `REFERENCE_UNKNOWN` for an enforcer that is not a workload.
  public Result<Resource> register(Tx tx, Id.Principal by, Resource resource) {
    var enforcers = existing(tx, resource.enforcers());
    if (!(enforcers instanceof Ok)) {
      return enforcers.refusal();
    }
    if (!ResourceStore.insert(tx, resource)) {
      return refused(DUPLICATE, "the identifier is registered already");
    }
    return claimed(tx, by, "resource.registered", resource);
  }

  /// Writes `resource` over the version it names; refuses `NOT_FOUND`, `PRECONDITION_STALE`,
  /// `FIELD_INVALID` for another identifier, `DUPLICATE` for a type of another resource,
  /// `REFERENCE_UNKNOWN` for an enforcer that is not a workload, and `STATE_CONFLICT` when it drops
  /// an action that a purpose, a role or a permission in force names.
  public Result<Resource> replace(Tx tx, Id.Principal by, Resource resource) {
    var found = ResourceStore.find(tx, resource.id());
    if (found.isEmpty()) {
      return refused(NOT_FOUND, "there is no such resource");
    }
    var current = found.get();
    if (current.version() != resource.version()) {
      return refused(PRECONDITION_STALE, "the resource has changed since that version");
    }
    if (!current.identifier().equals(resource.identifier())) {
      return refused(FIELD_INVALID, "identifier never changes; register another resource");
    }
    var added =
        resource.enforcers().stream().filter(one -> !current.enforcers().contains(one)).toList();
    var enforcers = existing(tx, added);
    if (!(enforcers instanceof Ok)) {
      return enforcers.refusal();
    }
    var needed = droppedButNeeded(tx, current, resource);
    if (needed.isPresent()) {
      return refused(
          STATE_CONFLICT,
          "a purpose, a role or a permission in force names the action " + needed.get());
    }
    if (!ResourceStore.update(tx, resource)) {
      return refused(PRECONDITION_STALE, "the resource has changed since that version");
    }
    ResourceStore.releaseTypes(tx, resource.id());
    return claimed(tx, by, "resource.changed", resource.withVersion(resource.version() + 1));
  }

  public Optional<Resource> find(Tx tx, Id.Resource id) {
    return ResourceStore.find(tx, id);
  }

  /// The resource registered under exactly this identifier.
  public Optional<Resource> findAt(Tx tx, String identifier) {
    return ResourceStore.findAt(tx, identifier);
  }

  /// At most `count` resources in the order of their ids, from the one after the text `after`.
  public List<Resource> page(Tx tx, String after, int count) {
    return ResourceStore.page(tx, after, count);
  }

  /// An action that `before` has and `after` has not, but that is still needed.
  private Optional<String> droppedButNeeded(Tx tx, Resource before, Resource after) {
    var dropped =
        before.scopes().values().stream().filter(name -> !after.scopes().contains(name)).toList();
    if (dropped.isEmpty()) {
      return Optional.empty();
    }
    var purposes = PurposeStore.page(tx, "", Integer.MAX_VALUE);
    var roles = RoleStore.page(tx, "", Integer.MAX_VALUE);
    return dropped.stream()
        .filter(
            name ->
                purposes.stream().anyMatch(purpose -> purpose.covers(before.id(), name))
                    || roles.stream().anyMatch(role -> role.names(before.id(), name))
                    || PermissionStore.names(tx, before.id(), name, world.now()))
        .findFirst();
  }

  private Result<Resource> claimed(Tx tx, Id.Principal by, String type, Resource resource) {
    for (var owned : resource.ownTypes()) {
      if (!ResourceStore.claim(tx, resource.id(), owned)) {
        return refused(DUPLICATE, "the type " + owned + " belongs to another resource");
      }
    }
    signing.accept(tx, resource.tokenAlgorithm());
    feed.publish(tx, Catalogue.RESOURCE, resource.id().text());
    audit.append(
        tx,
        Event.about(type, resource.id())
            .by(by)
            .word("identifier", resource.identifier())
            .words("types", resource.types())
            .value("actions", facts(resource.actions()))
            .flag("agentFacing", resource.agentFacing())
            .word("personRights", resource.personRights().word())
            .word("tokenAlgorithm", resource.tokenAlgorithm().label())
            .references("enforcers", resource.enforcers())
            .words("asserts", resource.asserts())
            .number("version", resource.version())
            .free("name", resource.name())
            .free("actionTexts", Columns.actions(resource.actions()).toText())
            .build());
    return ok(resource);
  }

  /// What of the actions is a closed vocabulary: everything but their descriptions.
  static Json.Arr facts(List<Action> actions) {
    return Json.array(actions.stream().map(Action::facts).toList());
  }

  private Result<List<Id.Workload>> existing(Tx tx, List<Id.Workload> enforcers) {
    for (var enforcer : enforcers) {
      var known = directory.existingWorkload(tx, enforcer);
      if (!(known instanceof Ok)) {
        return known.refusal();
      }
    }
    return ok(enforcers);
  }
}
