package io.prokura.catalogue;

import static io.prokura.catalogue.PermissionMode.ON_BEHALF;
import static io.prokura.catalogue.PermissionMode.OWN;
import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.ROLES_EXCLUSIVE;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.directory.Group;
import io.prokura.directory.Groups;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What roles must do on every database. A subclass names the database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RoleContract {
  private final Catalogued it;
  private final Roles roles;
  private final RoleAssignments assignments;
  private final Groups groups;

  RoleContract(Database database) {
    it = new Catalogued(database);
    roles = new Roles(it.all.world, it.all.feed, it.all.audit);
    assignments =
        new RoleAssignments(
            it.all.world,
            it.all.feed,
            it.all.audit,
            it.all.directory,
            (_, agent) -> it.agents.contains(agent));
    groups =
        new Groups(
            it.all.feed, it.all.audit, List.of(assignments::areOf), List.of(assignments::admit));
  }

  @AfterAll
  void close() {
    it.close();
  }

  private Role draft(List<Role.Allowed> permissions, Role... excludes) {
    return new Role(
        Id.Role.random(it.all.world),
        it.all.fresh("role"),
        "",
        permissions,
        List.of(excludes).stream().map(Role::id).toList(),
        1);
  }

  private Role role(Resource resource, PermissionMode mode, String... actions) {
    var draft = draft(List.of(allowed(resource, mode, actions)));
    return it.all.done(tx -> roles.create(tx, it.all.admin, draft));
  }

  private Role excluding(Role... others) {
    var draft = draft(List.of(), others);
    return it.all.done(tx -> roles.create(tx, it.all.admin, draft));
  }

  private static Role.Allowed allowed(Resource resource, PermissionMode mode, String... actions) {
    return new Role.Allowed(resource.id(), new Scopes(List.of(actions)), mode);
  }

  private static Role changed(Role role, List<Role.Allowed> permissions, Role... excludes) {
    var ids = List.of(excludes).stream().map(Role::id).toList();
    return new Role(role.id(), role.name(), "", permissions, ids, role.version());
  }

  private RoleAssignments.Wanted wanted(Role role, Id holder) {
    return new RoleAssignments.Wanted(role.id(), holder, Optional.empty());
  }

  private RoleAssignment assign(Role role, Id holder) {
    return it.all.done(tx -> assignments.give(tx, it.all.admin, wanted(role, holder)));
  }

  private Refusal refused(Role role, Id holder) {
    return it.all.refusal(tx -> assignments.give(tx, it.all.admin, wanted(role, holder)));
  }

  private void revoke(RoleAssignment assignment) {
    it.all.done(tx -> assignments.revoke(tx, it.all.admin, assignment.id(), "over"));
  }

  private Group group(Id.User... members) {
    var group = new Group(Id.Group.random(it.all.world), it.all.fresh("g"), List.of(members), 1);
    return it.all.done(tx -> groups.create(tx, it.all.admin, group));
  }

  private static Group with(Group group, Id.User... members) {
    return new Group(group.id(), group.name(), List.of(members), group.version());
  }

  private Id.User user() {
    return it.all.user(it.all.fresh("user")).id();
  }

  private List<String> permitted(Id.Principal who, Resource on, boolean delegated) {
    return it.catalogue.permitted(who, on.id(), it.all.now.get(), delegated).values();
  }

  @Test
  void aRoleCountsForWhoeverHoldsItLikePermissionsAndForAPersonAlways() {
    var resource = it.resource("read", "write");
    var role = role(resource, ON_BEHALF, "read");
    var agent = it.agent();
    var alice = user();
    var workload = it.all.workload(it.owner).id();
    it.permission(agent, resource, OWN, "write");
    for (var holder : List.of(agent, alice, workload)) {
      assign(role, holder);
    }
    assertThat(permitted(agent, resource, true)).containsExactly("read", "write");
    assertThat(permitted(agent, resource, false)).containsExactly("write");
    assertThat(permitted(workload, resource, false)).isEmpty();
    assertThat(permitted(alice, resource, false)).containsExactly("read");
    var same = it.catalogue.entitlementsOf(agent);
    assertThat(it.catalogue.entitlementsOf(agent)).isSameAs(same).hasSize(2);
    var wider = changed(role, List.of(allowed(resource, ON_BEHALF, "read", "write")));
    it.all.done(tx -> roles.replace(tx, it.all.admin, wider));
    assertThat(permitted(alice, resource, false)).containsExactly("read", "write");
    assertThat(it.all.refusal(tx -> roles.replace(tx, it.all.admin, wider)))
        .isEqualTo(PRECONDITION_STALE);
  }

  @Test
  void anAssignmentEndsAtItsExpiryAndAtOnceWhenItIsRevoked() {
    var resource = it.resource("read");
    var role = role(resource, OWN, "read");
    var agent = it.agent();
    var end = it.all.now.get().plusSeconds(60);
    var brief = new RoleAssignments.Wanted(role.id(), agent, Optional.of(end));
    it.all.done(tx -> assignments.give(tx, it.all.admin, brief));
    assertThat(it.catalogue.permitted(agent, resource.id(), end.minusMillis(1), false).values())
        .containsExactly("read");
    assertThat(it.catalogue.permitted(agent, resource.id(), end, false).values()).isEmpty();
    assertThat(it.catalogue.rolesOf(agent, end)).isEmpty();
    assertThat(until(agent, resource)).isEqualTo(end);
    var longer = assign(role, agent);
    assertThat(until(agent, resource)).isEqualTo(Instant.MAX);
    revoke(longer);
    assertThat(until(agent, resource)).isEqualTo(end);
    assertThat(it.all.refusal(tx -> assignments.revoke(tx, it.owner, longer.id(), "again")))
        .isEqualTo(STATE_CONFLICT);
    var past = new RoleAssignments.Wanted(role.id(), agent, Optional.of(it.all.now.get()));
    assertThat(it.all.refusal(tx -> assignments.give(tx, it.all.admin, past)))
        .isEqualTo(FIELD_INVALID);
  }

  private Instant until(Id.Principal who, Resource on) {
    var read = new Scopes(List.of("read"));
    return it.catalogue.permittedUntil(who, on.id(), it.all.now.get(), false, read);
  }

  @Test
  void usersHoldTheRolesOfTheirGroupsAsLongAsTheyAreInThem() {
    var resource = it.resource("read");
    var role = role(resource, OWN, "read");
    var alice = user();
    var bob = user();
    var team = group(alice);
    assertThat(permitted(alice, resource, false)).isEmpty();
    assertThat(permitted(bob, resource, false)).isEmpty();
    var assigned = assign(role, team.id());
    assertThat(permitted(alice, resource, false)).containsExactly("read");
    var next = it.all.done(tx -> groups.replace(tx, it.all.admin, with(team, bob)));
    assertThat(permitted(alice, resource, false)).isEmpty();
    assertThat(permitted(bob, resource, false)).containsExactly("read");
    assertThat(it.all.refusal(tx -> groups.delete(tx, it.all.admin, team.id(), next.version())))
        .isEqualTo(STATE_CONFLICT);
    revoke(assigned);
    assertThat(permitted(bob, resource, false)).isEmpty();
    it.all.done(tx -> groups.delete(tx, it.all.admin, team.id(), next.version()));
  }

  @Test
  void anotherNodeFollowsRolesAssignmentsAndGroups() {
    var feed = new Feed(it.all.database, it.all.world, Duration.ofSeconds(2));
    var other = new Catalogue(it.all.database, feed);
    var resource = it.resource("read");
    var alice = user();
    assertThat(other.entitlementsOf(alice)).isEmpty();
    var role = role(resource, OWN, "read");
    var team = group();
    assign(role, team.id());
    it.all.done(tx -> groups.replace(tx, it.all.admin, with(team, alice)));
    feed.catchUp();
    assertThat(other.entitlementsOf(alice)).hasSize(1);
    it.all.done(tx -> roles.replace(tx, it.all.admin, changed(role, List.of())));
    feed.catchUp();
    assertThat(other.entitlementsOf(alice)).isEmpty();
  }

  @Test
  void nobodyHoldsTwoRolesThatExcludeEachOtherByAnyWay() {
    var pay = excluding();
    var approve = excluding(pay);
    var alice = user();
    var held = assign(pay, alice);
    assertThat(refused(approve, alice)).isEqualTo(ROLES_EXCLUSIVE);
    var team = group(alice);
    assertThat(refused(approve, team.id())).isEqualTo(ROLES_EXCLUSIVE);
    var approvers = group(user());
    assign(approve, approvers.id());
    assertThat(it.all.refusal(tx -> groups.replace(tx, it.all.admin, with(approvers, alice))))
        .isEqualTo(ROLES_EXCLUSIVE);
    assertThat(it.catalogue.rolesOf(alice, it.all.now.get())).containsExactly(pay);
    var other = excluding();
    assign(other, group(alice).id());
    assertThat(
            it.all.refusal(tx -> roles.replace(tx, it.all.admin, changed(pay, List.of(), other))))
        .isEqualTo(ROLES_EXCLUSIVE);
    assertThat(
            it.all.refusal(tx -> roles.replace(tx, it.all.admin, changed(other, List.of(), pay))))
        .isEqualTo(ROLES_EXCLUSIVE);
    revoke(held);
    it.all.done(tx -> groups.replace(tx, it.all.admin, with(approvers, alice)));
    assertThat(refused(pay, alice)).isEqualTo(ROLES_EXCLUSIVE);
  }

  @Test
  void ofTwoAssignmentsAtOnceThatExcludeEachOtherOneIsRefused() throws Exception {
    var pay = excluding();
    var approve = excluding(pay);
    for (int i = 0; i < 10; i++) {
      var alice = user();
      var team = group();
      assign(approve, team.id());
      var results =
          together(
              () ->
                  it.all.database.inTransaction(
                      tx -> assignments.give(tx, it.all.admin, wanted(pay, alice))),
              i % 2 == 0
                  ? () ->
                      it.all.database.inTransaction(
                          tx -> assignments.give(tx, it.all.admin, wanted(approve, alice)))
                  : () ->
                      it.all.database.inTransaction(
                          tx -> groups.replace(tx, it.all.admin, with(team, alice))));
      assertThat(results).filteredOn(one -> one instanceof Result.Ok).hasSize(1);
      assertThat(it.catalogue.rolesOf(alice, it.all.now.get())).hasSize(1);
    }
  }

  private static List<Result<?>> together(Callable<Result<?>> one, Callable<Result<?>> other)
      throws Exception {
    var barrier = new CyclicBarrier(2);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var both = List.of(one, other).stream().map(it -> waiting(barrier, it)).toList();
      return threads.invokeAll(both).stream().<Result<?>>map(Future::resultNow).toList();
    }
  }

  private static Callable<Result<?>> waiting(CyclicBarrier barrier, Callable<Result<?>> then) {
    return () -> {
      barrier.await();
      return then.call();
    };
  }

  @Test
  void rolesNameOnlyWhatThereIsAndGoOnlyWhenNobodyNeedsThem() {
    var resource = it.resource("read", "write");
    var role = role(resource, OWN, "read");
    var none = draft(List.of(allowed(resource, OWN, "erase")));
    assertThat(it.all.refusal(tx -> roles.create(tx, it.all.admin, none)))
        .isEqualTo(REFERENCE_UNKNOWN);
    var unknown = draft(List.of(), draft(List.of()));
    assertThat(it.all.refusal(tx -> roles.create(tx, it.all.admin, unknown)))
        .isEqualTo(REFERENCE_UNKNOWN);
    var twin = new Role(Id.Role.random(it.all.world), role.name(), "", List.of(), List.of(), 1);
    assertThat(it.all.refusal(tx -> roles.create(tx, it.all.admin, twin))).isEqualTo(DUPLICATE);
    assertThat(
            it.all.refusal(tx -> roles.replace(tx, it.all.admin, changed(role, List.of(), role))))
        .isEqualTo(FIELD_INVALID);
    assertThat(refused(role, Id.Agent.random(it.all.world))).isEqualTo(REFERENCE_UNKNOWN);
    assertThat(refused(role, Id.Group.random(it.all.world))).isEqualTo(REFERENCE_UNKNOWN);
    assertThat(refused(draft(List.of()), it.owner)).isEqualTo(REFERENCE_UNKNOWN);
    assertThat(
            it.all.refusal(
                tx ->
                    it.resources.replace(
                        tx, it.all.admin, Catalogued.withActions(resource, "write"))))
        .isEqualTo(STATE_CONFLICT);
    var held = assign(role, it.agent());
    assertThat(deleted(role)).isEqualTo(STATE_CONFLICT);
    revoke(held);
    var other = excluding(role);
    assertThat(deleted(role)).isEqualTo(STATE_CONFLICT);
    it.all.done(tx -> roles.delete(tx, it.all.admin, other.id(), 1));
    it.all.done(tx -> roles.delete(tx, it.all.admin, role.id(), 1));
    assertThat(it.catalogue.role(role.id())).isEmpty();
  }

  private Refusal deleted(Role role) {
    return it.all.refusal(tx -> roles.delete(tx, it.all.admin, role.id(), 1));
  }
}
