package io.prokura.decision;

import io.prokura.agents.Agent;
import io.prokura.agents.Agents;
import io.prokura.catalogue.Catalogue;
import io.prokura.cedar.Entity;
import io.prokura.decision.Registered.Besides;
import io.prokura.decision.Registered.Sources;
import io.prokura.delegation.Standing;
import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.directory.Workload;
import io.prokura.feed.Cached;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.policy.PermissionPolicies;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Who is registered, in bounded memory. What changes of a principal itself has it forgotten; a
/// change of a user or a role, which may show in others, has everybody looked at again when they
/// are next asked for.
final class Roster {
  private static final int CACHED_MAX = 100_000;

  private final World world;
  private final Directory directory;
  private final Agents agents;
  private final Catalogue catalogue;
  private final Standing standing;
  private final PrincipalEntities entities;
  private final PermissionPolicies policies = new PermissionPolicies();
  private final AtomicLong turn = new AtomicLong();
  private final Cached<Registered> cached;

  /// The feed has to tell the registers of a change before it tells this, so they must follow it
  /// already.
  Roster(
      World world,
      Feed feed,
      Directory directory,
      Agents agents,
      Catalogue catalogue,
      Standing standing) {
    this.world = world;
    this.directory = directory;
    this.agents = agents;
    this.catalogue = catalogue;
    this.standing = standing;
    entities = new PrincipalEntities(catalogue);
    cached =
        new Cached<>(
            feed,
            Agents.KIND,
            CACHED_MAX,
            id -> Id.Principal.parse(id).flatMap(one -> load(one, Optional.empty())));
    List.of(
            Directory.USER,
            Directory.WORKLOAD,
            Directory.MEMBERSHIP,
            Catalogue.PERMISSION,
            Catalogue.ASSIGNMENT)
        .forEach(kind -> cached.forgetAlsoOn(feed, kind));
    feed.follow(Directory.USER, _ -> turn.incrementAndGet());
    feed.follow(Catalogue.ROLE, _ -> turn.incrementAndGet());
  }

  /// The principal of that id as of now, if it is registered, active or not.
  Optional<Registered> find(Id.Principal id) {
    return find(id, world.now());
  }

  Optional<Registered> find(Id.Principal id, Instant now) {
    var found = cached.get(id.text());
    if (found.isEmpty() || found.get().isOf(turn.get(), now)) {
      return found;
    }
    var renewed = load(id, found);
    cached.renew(id.text(), found.get(), renewed);
    return renewed;
  }

  /// Why somebody may not act who was found not to be active, in words.
  String refusal(Id.Principal id) {
    return standing.of(id) instanceof Result.Refused<Instant>(_, var detail)
        ? detail
        : "it was not active a moment ago";
  }

  private Optional<Registered> load(Id.Principal id, Optional<Registered> before) {
    long current = turn.get();
    return switch (id) {
      case Id.User user -> directory.user(user).map(one -> made(id, one, true, current, before));
      case Id.Workload workload ->
          directory
              .workload(workload)
              .map(one -> made(id, one, isActive(one.owner()), current, before));
      case Id.Agent agent -> agents.find(agent).map(one -> made(one, current, before));
    };
  }

  private Registered made(Agent agent, long current, Optional<Registered> before) {
    boolean answered = isActive(agent.owner()) || isActive(agent.backupOwner());
    return made(agent.id(), agent, answered, current, before);
  }

  /// Whether somebody answers: a group does as long as it exists.
  private boolean isActive(Id owner) {
    return !(owner instanceof Id.User user)
        || directory.user(user).filter(User::active).isPresent();
  }

  private Registered made(
      Id.Principal id,
      Object state,
      boolean ownerActive,
      long current,
      Optional<Registered> before) {
    var now = world.now();
    var groups = id instanceof Id.User user ? directory.groupsOf(user) : List.<Id.Group>of();
    var besides = new Besides(catalogue.rolesOf(id, now), groups, ownerActive);
    var sources = new Sources(state, besides, catalogue.entitlementsOf(id));
    var until = catalogue.rolesUntil(id, now);
    return before
        .filter(one -> one.sources().equals(sources))
        .map(one -> one.at(current, until))
        .orElseGet(
            () ->
                new Registered(
                    id,
                    standing.of(id) instanceof Result.Ok(var end) ? end : Instant.MIN,
                    entity(sources),
                    sources,
                    policies,
                    current,
                    until));
  }

  private Entity entity(Sources sources) {
    return switch (sources.state()) {
      case User user -> entities.of(user, sources.besides());
      case Workload workload -> entities.of(workload, sources.besides());
      case Agent agent -> entities.of(agent, sources.besides());
      default -> throw new IllegalStateException("no principal: " + sources.state());
    };
  }
}
