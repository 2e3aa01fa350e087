package io.prokura.directory;

import static io.prokura.directory.ManagementRole.ADMINISTRATOR;
import static io.prokura.directory.ManagementRole.AUDITOR;
import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.sql.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What the directory must do on every database. A subclass names the database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DirectoryContract {
  private final Registers all;

  DirectoryContract(Database database) {
    all = new Registers(database);
  }

  @AfterAll
  void close() {
    all.close();
  }

  @Test
  void findsAUserByIdAndByNameWhateverTheCase() {
    var dana = all.user(all.fresh("Dana"), AUDITOR);
    assertThat(all.directory.user(dana.id())).contains(dana);
    assertThat(all.directory.userNamed(dana.userName().toUpperCase(java.util.Locale.ROOT)))
        .contains(dana);
    assertThat(all.directory.userNamed("nobody")).isEmpty();
    assertThat(all.directory.userNamed("")).isEmpty();
    assertThat(all.directory.user(Id.User.random(all.world))).isEmpty();
  }

  @Test
  void refusesAUserNameThatDiffersInCaseOnly() {
    var name = all.fresh("alice");
    all.user(name);
    var again =
        User.fresh(Id.User.random(all.world), name.replace("al", "AL"), "Other", "", Set.of());
    assertThat(all.refusal(tx -> all.users.register(tx, all.admin, again))).isEqualTo(DUPLICATE);
    var other = all.user(all.fresh("bob"));
    var renamed =
        new User(other.id(), again.userName(), "Bob", "", true, Set.of(), other.version());
    assertThat(all.refusal(tx -> all.users.replace(tx, all.admin, renamed))).isEqualTo(DUPLICATE);
  }

  @Test
  void replacesAUserOnlyOverTheVersionThatWasRead() {
    var user = all.user(all.fresh("carol"));
    var next = new User(user.id(), all.fresh("carola"), "Carola", "", true, Set.of(AUDITOR), 1);
    var changed = all.done(tx -> all.users.replace(tx, all.admin, next));
    assertThat(changed.version()).isEqualTo(2);
    assertThat(all.directory.user(user.id())).contains(changed);
    assertThat(all.directory.userNamed(user.userName())).isEmpty();
    assertThat(all.refusal(tx -> all.users.replace(tx, all.admin, next)))
        .isEqualTo(PRECONDITION_STALE);
    var unknown = new User(Id.User.random(all.world), "x", "X", "", true, Set.of(), 1);
    assertThat(all.refusal(tx -> all.users.replace(tx, all.admin, unknown))).isEqualTo(NOT_FOUND);
  }

  @Test
  void countsADeactivatedUserNowhereUntilTheyAreActivated() {
    var user = all.user(all.fresh("dora"));
    var group = all.group(all.fresh("team"), user.id());
    assertThat(all.directory.owns(user.id(), user.id())).isTrue();
    assertThat(all.directory.owns(group.id(), user.id())).isTrue();
    all.done(tx -> all.users.deactivate(tx, all.admin, user.id(), "left"));
    assertThat(all.directory.user(user.id()).orElseThrow().active()).isFalse();
    assertThat(all.directory.owns(user.id(), user.id())).isFalse();
    assertThat(all.directory.owns(group.id(), user.id())).isFalse();
    assertThat(all.refusal(tx -> all.directory.existingOwner(tx, user.id())))
        .isEqualTo(REFERENCE_UNKNOWN);
    assertThat(all.refusal(tx -> all.users.deactivate(tx, all.admin, user.id(), "again")))
        .isEqualTo(STATE_CONFLICT);
    all.done(tx -> all.users.activate(tx, all.admin, user.id(), "back"));
    assertThat(all.directory.owns(group.id(), user.id())).isTrue();
  }

  @Test
  void keepsADeactivatedUserDeactivatedWhenTheyAreReplaced() {
    var user = all.user(all.fresh("emil"));
    all.done(tx -> all.users.deactivate(tx, all.admin, user.id(), "left"));
    var next = new User(user.id(), user.userName(), "Emil", "", true, Set.of(), 2);
    assertThat(all.done(tx -> all.users.replace(tx, all.admin, next)).active()).isFalse();
    assertThat(all.directory.user(user.id()).orElseThrow().active()).isFalse();
  }

  @Test
  void neverLosesTheLastActiveAdministrator() {
    var one = all.user(all.fresh("root"), ADMINISTRATOR);
    var two = all.user(all.fresh("root"), ADMINISTRATOR);
    all.done(tx -> all.users.deactivate(tx, all.admin, one.id(), "left"));
    assertThat(all.refusal(tx -> all.users.deactivate(tx, all.admin, two.id(), "left")))
        .isEqualTo(STATE_CONFLICT);
    var demoted = new User(two.id(), two.userName(), "Two", "", true, Set.of(AUDITOR), 1);
    assertThat(all.refusal(tx -> all.users.replace(tx, all.admin, demoted)))
        .isEqualTo(STATE_CONFLICT);
    all.done(tx -> all.users.activate(tx, all.admin, one.id(), "back"));
    all.done(tx -> all.users.replace(tx, all.admin, demoted));
    assertThat(all.refusal(tx -> all.users.deactivate(tx, all.admin, one.id(), "left")))
        .isEqualTo(STATE_CONFLICT);
  }

  @Test
  void tellsMembershipBothWaysAndForgetsItAtOnce() {
    var one = all.user(all.fresh("fred"));
    var two = all.user(all.fresh("fred"));
    assertThat(all.directory.groupsOf(one.id())).isEmpty();
    var group = all.group(all.fresh("team"), one.id());
    var wider = all.group(all.fresh("team"), two.id(), one.id());
    assertThat(all.directory.groupsOf(one.id())).containsExactlyInAnyOrder(group.id(), wider.id());
    assertThat(wider.members()).containsExactlyInAnyOrder(one.id(), two.id());
    var next = new Group(group.id(), group.name(), List.of(two.id()), 1);
    var changed = all.done(tx -> all.groups.replace(tx, all.admin, next));
    assertThat(all.database.<Group>read(tx -> all.groups.find(tx, group.id()).orElseThrow()))
        .isEqualTo(changed);
    assertThat(all.directory.groupsOf(one.id())).containsExactly(wider.id());
    assertThat(all.directory.owns(group.id(), one.id())).isFalse();
    all.done(tx -> all.groups.delete(tx, all.admin, group.id(), 2));
    assertThat(all.directory.groupsOf(two.id())).containsExactly(wider.id());
    assertThat(all.refusal(tx -> all.groups.delete(tx, all.admin, group.id(), 2)))
        .isEqualTo(NOT_FOUND);
  }

  @Test
  void refusesGroupsWithTakenNamesUnknownMembersOrStaleVersions() {
    var group = all.group(all.fresh("Group"));
    var id = Id.Group.random(all.world);
    var shouted = group.name().toUpperCase(java.util.Locale.ROOT);
    assertThat(
            all.refusal(
                tx -> all.groups.create(tx, all.admin, new Group(id, shouted, List.of(), 1))))
        .isEqualTo(DUPLICATE);
    var nobody = List.of(Id.User.random(all.world));
    var name = all.fresh("group");
    assertThat(all.refusal(tx -> all.groups.create(tx, all.admin, new Group(id, name, nobody, 1))))
        .isEqualTo(REFERENCE_UNKNOWN);
    assertThat(
            all.refusal(
                tx -> all.groups.replace(tx, all.admin, new Group(group.id(), name, nobody, 1))))
        .isEqualTo(REFERENCE_UNKNOWN);
    assertThat(
            all.refusal(
                tx -> all.groups.replace(tx, all.admin, new Group(group.id(), name, List.of(), 2))))
        .isEqualTo(PRECONDITION_STALE);
    assertThat(all.refusal(tx -> all.groups.delete(tx, all.admin, group.id(), 7)))
        .isEqualTo(PRECONDITION_STALE);
  }

  @Test
  void keepsAGroupThatOwnsSomething() {
    var group = all.group(all.fresh("owners"));
    var workload = all.workload(group.id());
    assertThat(all.refusal(tx -> all.groups.delete(tx, all.admin, group.id(), 1)))
        .isEqualTo(STATE_CONFLICT);
    var owner = all.user(all.fresh("owner"));
    var next =
        new Workload(workload.id(), "renamed", "does things", owner.id(), true, Set.of(), true, 1);
    all.done(tx -> all.workloads.replace(tx, all.admin, next));
    all.owningGroups.add(group.id());
    assertThat(all.refusal(tx -> all.groups.delete(tx, all.admin, group.id(), 1)))
        .isEqualTo(STATE_CONFLICT);
    all.owningGroups.clear();
    all.done(tx -> all.groups.delete(tx, all.admin, group.id(), 1));
    assertThat(all.directory.workload(workload.id()).orElseThrow().owner()).isEqualTo(owner.id());
    assertThat(workload.transactionTokens()).isFalse();
    assertThat(all.directory.workload(workload.id()).orElseThrow().transactionTokens()).isTrue();
  }

  @Test
  void givesEveryWorkloadAnOwnerThatExists() {
    Id nobody = Id.User.random(all.world);
    var orphan = Workload.fresh(Id.Workload.random(all.world), "w", "", nobody, Set.of());
    assertThat(all.refusal(tx -> all.workloads.register(tx, all.admin, orphan)))
        .isEqualTo(REFERENCE_UNKNOWN);
    var workload = all.workload(all.user(all.fresh("gina")).id());
    var moved =
        new Workload(workload.id(), "w", "", Id.Group.random(all.world), true, Set.of(), false, 1);
    assertThat(all.refusal(tx -> all.workloads.replace(tx, all.admin, moved)))
        .isEqualTo(REFERENCE_UNKNOWN);
    assertThat(all.directory.workload(workload.id())).contains(workload);
    all.done(tx -> all.workloads.deactivate(tx, all.admin, workload.id(), "compromised"));
    assertThat(all.directory.workload(workload.id()).orElseThrow().active()).isFalse();
    assertThat(all.refusal(tx -> all.workloads.deactivate(tx, all.admin, workload.id(), "again")))
        .isEqualTo(STATE_CONFLICT);
    all.done(tx -> all.workloads.activate(tx, all.admin, workload.id(), "cleaned"));
    assertThat(all.directory.workload(workload.id()).orElseThrow().version()).isEqualTo(3);
  }

  @Test
  void letsOneOfManyConcurrentRegistrationsHaveTheName() throws Exception {
    var name = all.fresh("race");
    var ids = new ArrayList<Id.User>();
    for (int i = 0; i < 12; i++) {
      ids.add(Id.User.random(all.world));
    }
    var results = new ArrayList<Future<Result<User>>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var id : ids) {
        var user = User.fresh(id, name, name, "", Set.of());
        results.add(
            threads.submit(
                () -> all.database.inTransaction(tx -> all.users.register(tx, all.admin, user))));
      }
    }
    int registered = 0;
    for (var result : results) {
      registered += result.get() instanceof Result.Ok ? 1 : 0;
    }
    assertThat(registered).isEqualTo(1);
  }

  @Test
  void pagesInTheOrderOfIds() {
    for (int i = 0; i < 5; i++) {
      all.user(all.fresh("page"));
      all.group(all.fresh("page"), all.user(all.fresh("page")).id());
      all.workload(all.user(all.fresh("page")).id());
    }
    var users = new ArrayList<String>();
    var after = "";
    for (var page = users(after); !page.isEmpty(); page = users(after)) {
      page.forEach(user -> users.add(user.id().text()));
      after = users.getLast();
    }
    assertThat(users).isSorted().doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(15);
    var groups = all.database.<List<Group>>read(tx -> all.groups.page(tx, "", 3));
    assertThat(groups).hasSize(3);
    var rest =
        all.database.<List<Group>>read(
            tx -> all.groups.page(tx, groups.getLast().id().text(), 100));
    assertThat(rest).doesNotContainAnyElementsOf(groups).isNotEmpty();
    assertThat(all.database.<List<Workload>>read(tx -> all.workloads.page(tx, "", 2))).hasSize(2);
  }

  private List<User> users(String after) {
    return all.database.read(tx -> all.users.page(tx, after, 4));
  }
}
