package io.prokura.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.agents.AgentTransition;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.Role;
import io.prokura.catalogue.RoleAssignments;
import io.prokura.catalogue.Roles;
import io.prokura.cedar.BoolValue;
import io.prokura.directory.Registers;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What is kept of a principal is never older than the registers, whatever it is that changes.
final class RosterTest {
  private static Desk desk;
  private static Registers registers;
  private static Roster roster;
  private static Roles roles;
  private static RoleAssignments assignments;

  @BeforeAll
  static void open() {
    desk = new Desk();
    registers = desk.organisation.registers;
    roster = desk.organisation.inquiries.roster();
    roles = new Roles(registers.world, registers.feed, registers.audit);
    assignments =
        new RoleAssignments(
            registers.world,
            registers.feed,
            registers.audit,
            registers.directory,
            (tx, id) -> desk.organisation.agents.find(tx, id).isPresent());
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private static Registered find(Id.Principal id) {
    return roster.find(id).orElseThrow();
  }

  private static int permissions(Id.Principal id) {
    var held = find(id).permissions(desk.tickets, false, registers.now.get());
    return held.policies().size();
  }

  @Test
  void anotherPersonsEndShowsInWhatTheyOwn() {
    var owner = registers.user(registers.fresh("owner")).id();
    var workload = registers.workload(owner).id();
    var before = find(workload);
    assertThat(before.entity().orElseThrow().attributes())
        .containsEntry("ownerActive", BoolValue.TRUE);
    registers.user(registers.fresh("somebody"));
    assertThat(find(workload).entity().orElseThrow()).isSameAs(before.entity().orElseThrow());
    registers.done(tx -> registers.users.deactivate(tx, registers.admin, owner, "left"));
    assertThat(find(workload).entity().orElseThrow().attributes())
        .containsEntry("ownerActive", BoolValue.FALSE);
    assertThat(find(owner).isActive(registers.now.get())).isFalse();
  }

  @Test
  void aSuspendedAgentIsNotActive() {
    var backup = registers.user(registers.fresh("backup")).id();
    var agent = desk.organisation.agent(desk.owner, backup, desk.support.id()).id();
    desk.organisation.permit(agent, desk.tickets, PermissionMode.OWN, "read");
    assertThat(permissions(agent)).isEqualTo(1);
    desk.organisation.step(agent, AgentTransition.SUSPEND);
    assertThat(find(agent).isActive(registers.now.get())).isFalse();
  }

  @Test
  void whatARoleGivesChangesAndExpires() {
    var user = registers.user(registers.fresh("holder")).id();
    var allowed =
        new Role.Allowed(desk.tickets.id(), Scopes.of(List.of("read")), PermissionMode.OWN);
    var made =
        new Role(
            Id.Role.random(registers.world),
            registers.fresh("clerk"),
            "",
            List.of(allowed),
            List.of(),
            1);
    var role = registers.done(tx -> roles.create(tx, registers.admin, made));
    var end = registers.now.get().plus(Duration.ofHours(1));
    var wanted = new RoleAssignments.Wanted(role.id(), user, Optional.of(end));
    assertThat(permissions(user)).isZero();
    registers.done(tx -> assignments.give(tx, registers.admin, wanted));
    assertThat(permissions(user)).isEqualTo(1);
    assertThat(find(user).entity().orElseThrow().ancestors()).hasSize(1);
    var without = new Role(role.id(), role.name(), "", List.of(), List.of(), role.version());
    registers.done(tx -> roles.replace(tx, registers.admin, without));
    assertThat(permissions(user)).isZero();
    assertThat(find(user).entity().orElseThrow().ancestors()).hasSize(1);
    registers.now.set(end);
    assertThat(find(user).entity().orElseThrow().ancestors()).isEmpty();
  }
}
