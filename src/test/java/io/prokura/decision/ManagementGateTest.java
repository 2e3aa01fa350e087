package io.prokura.decision;

import static io.prokura.catalogue.PermissionMode.ON_BEHALF;
import static io.prokura.catalogue.PermissionMode.OWN;
import static io.prokura.directory.ManagementRole.ADMINISTRATOR;
import static io.prokura.directory.ManagementRole.REGISTRAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.agents.AgentState;
import io.prokura.agents.AgentTransition;
import io.prokura.catalogue.PersonRights;
import io.prokura.delegation.Wanted;
import io.prokura.directory.User;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Ways to manage more than one may, each of which has to end at the door; what each role may do at
/// all is in the golden file of roles.
final class ManagementGateTest {
  private static Managed managed;
  private static Organisation organisation;

  @BeforeAll
  static void open() {
    managed = new Managed();
    organisation = managed.organisation;
  }

  @AfterAll
  static void close() {
    managed.close();
  }

  @Test
  void anAdministratorIsLetThroughUnderTheirOwnName() {
    var token = managed.token(managed.person(ADMINISTRATOR));
    assertThat(managed.status(token, "user.list")).isEqualTo(200);
    assertThat(managed.status("", "user.list")).isEqualTo(401);
    assertThat(managed.status("a.b.c", "user.list")).isEqualTo(401);
  }

  @Test
  void noActionIsRoutedThatThePoliciesDoNotKnow() {
    assertThatThrownBy(() -> managed.status("", "user.invent"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("user.invent");
  }

  @Test
  void aRegistrarBecomesNoAdministrator() {
    var registrar = managed.person(REGISTRAR);
    var powerful = managed.workload(ADMINISTRATOR);
    var token = managed.token(registrar);
    assertThat(managed.status(token, "user.replace", registrar)).isEqualTo(403);
    assertThat(managed.status(token, "user.create")).isEqualTo(403);
    assertThat(managed.status(token, "group.replace", Id.Group.random(world()))).isEqualTo(403);
    assertThat(managed.status(token, "workload.create")).isEqualTo(403);
    assertThat(managed.status(token, "workload.replace", powerful)).isEqualTo(403);
    assertThat(managed.status(token, "credential.create", powerful)).isEqualTo(403);
    assertThat(managed.status(token, "delegation.create")).isEqualTo(403);
    assertThat(managed.status(token, "credential.create", managed.agent.id())).isEqualTo(200);
  }

  @Test
  void aWorkloadWithARoleDoesNoMoreThanAPersonWithIt() {
    var token = managed.token(managed.workload(REGISTRAR));
    var powerful = managed.workload(ADMINISTRATOR);
    assertThat(managed.status(token, "agent.create")).isEqualTo(200);
    assertThat(managed.status(token, "credential.create", powerful)).isEqualTo(403);
    assertThat(managed.status(token, "workload.create")).isEqualTo(403);
  }

  @Test
  void anOwnerLiftsNoQuarantine() {
    var agent = managed.agent.id();
    organisation.permit(managed.owner, managed.api, OWN, "manage");
    var token = managed.token(managed.owner);
    assertThat(managed.status(token, "agent.suspend", agent)).isEqualTo(200);
    assertThat(managed.status(token, "agent.kill", agent)).isEqualTo(200);
    for (var action : List.of("agent.release", "agent.quarantine", "agent.activate")) {
      assertThat(managed.status(token, action, agent)).as(action).isEqualTo(403);
    }
    // What an owner may do does not lead out of quarantine.
    assertThat(AgentTransition.RESUME.isLegalFrom(AgentState.QUARANTINED)).isFalse();
  }

  @Test
  void whoeverIsInTheOwningGroupIsAnOwnerAndNobodyElseIs() {
    var member = managed.person();
    var group = organisation.registers.group(organisation.registers.fresh("group"), member);
    var agent = organisation.agent(group.id(), managed.owner, managed.purpose.id()).id();
    assertThat(managed.status(managed.token(member), "agent.suspend", agent)).isEqualTo(200);
    var stranger = managed.token(managed.person());
    assertThat(managed.status(stranger, "agent.suspend", agent)).isEqualTo(404);
  }

  @Test
  void anAgentManagesNothingNotEvenItself() {
    var agent = organisation.agent(managed.owner, managed.person(), managed.purpose.id()).id();
    organisation.permit(agent, managed.api, OWN, "manage");
    var token = managed.token(agent);
    assertThat(managed.status(token, "agent.get", agent)).isEqualTo(404);
    assertThat(managed.status(token, "credential.create", agent)).isEqualTo(404);
    assertThat(managed.status(token, "agent.list")).isEqualTo(403);
  }

  @Test
  void nobodyManagesThroughAnAgent() {
    var administrator = managed.person(ADMINISTRATOR);
    var agent = organisation.agent(administrator, managed.owner, managed.purpose.id()).id();
    organisation.permit(agent, managed.api, ON_BEHALF, "manage");
    var delegation =
        organisation.delegate(administrator, agent, managed.purpose, managed.api, "manage");
    var token = managed.token(organisation.use(delegation, Managed.API, "manage"));
    assertThat(managed.status(token, "user.list")).isEqualTo(403);
    assertThat(managed.status(token, "agent.get", agent)).isEqualTo(404);
  }

  @Test
  void anApiManagesForItsCallerNoMoreThanBothMay() {
    var administrator = managed.person(ADMINISTRATOR);
    var registrar = managed.person(REGISTRAR);
    // Each API was sent a person's token and calls the management API for that person.
    var weak = forCaller(managed.workload(), administrator);
    assertThat(managed.status(weak, "user.create")).isEqualTo(403);
    assertThat(managed.status(weak, "agent.create")).isEqualTo(403);
    var both = forCaller(managed.workload(REGISTRAR), administrator);
    assertThat(managed.status(both, "user.create")).isEqualTo(403);
    assertThat(managed.status(both, "agent.create")).isEqualTo(200);
    var strong = forCaller(managed.workload(ADMINISTRATOR), registrar);
    assertThat(managed.status(strong, "user.create")).isEqualTo(403);
    assertThat(managed.status(strong, "agent.create")).isEqualTo(200);
  }

  private static String forCaller(Id.Workload workload, Id.User caller) {
    var name = organisation.registers.fresh("crm");
    var crm =
        organisation.resource(
            "https://" + name + ".example.org",
            List.of(),
            List.of("read"),
            false,
            PersonRights.CHECKED,
            List.of(workload),
            List.of());
    organisation.permit(caller, crm, OWN, "read");
    var sent = organisation.own(caller, crm.identifier(), "read");
    var wanted = new Wanted(Managed.API, Scopes.of(List.of("manage")), "");
    var presenter = organisation.presenter(workload);
    return managed.token(
        Organisation.value(organisation.authorities.downstream(presenter, sent, wanted))
            .authority());
  }

  @Test
  void aTokenForSomethingElseOpensNothing() {
    var administrator = managed.person(ADMINISTRATOR);
    var other =
        organisation.resource(
            "https://other.example.org",
            List.of(),
            List.of("manage"),
            false,
            PersonRights.CHECKED,
            List.of(),
            List.of());
    organisation.permit(administrator, other, OWN, "manage");
    var foreign = organisation.token(organisation.own(administrator, other.identifier(), "manage"));
    assertThat(managed.status(foreign, "user.list")).isEqualTo(401);
    assertThat(managed.facts().text("reason")).hasValue("token-invalid");
    var looking = organisation.token(organisation.own(administrator, Managed.API, "look"));
    var refused = managed.call(looking, "user.list", "none");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(code(refused)).hasValue("scope-insufficient");
  }

  private static Optional<String> code(Response response) {
    return organisation.registers.body(response).text("code");
  }

  @Test
  void aTokenEndsWithItsHolder() {
    var administrator = managed.person(ADMINISTRATOR);
    var token = managed.token(administrator);
    assertThat(managed.status(token, "user.list")).isEqualTo(200);
    organisation.registers.done(
        tx -> organisation.registers.users.register(tx, administrator, spare()));
    organisation.registers.done(
        tx ->
            organisation.registers.users.deactivate(
                tx, organisation.registers.admin, administrator, "left"));
    assertThat(managed.status(token, "user.list")).isEqualTo(401);
  }

  private static User spare() {
    return User.fresh(Id.User.random(world()), "spare", "", "", List.of(ADMINISTRATOR));
  }

  @Test
  void aRoleThatIsTakenAwayIsGoneAtOnce() {
    var registrar = managed.person(REGISTRAR);
    var token = managed.token(registrar);
    assertThat(managed.status(token, "agent.create")).isEqualTo(200);
    var user = organisation.registers.directory.user(registrar).orElseThrow();
    var without = new User(registrar, user.userName(), "", "", true, Set.of(), user.version());
    organisation.registers.done(
        tx -> organisation.registers.users.replace(tx, organisation.registers.admin, without));
    assertThat(managed.status(token, "agent.create")).isEqualTo(403);
  }

  @Test
  void aPermissionThatIsTakenAwayIsGoneAtOnce() {
    var administrator = organisation.user("permitted", ADMINISTRATOR).id();
    var permission = organisation.permit(administrator, managed.api, OWN, "manage");
    var token = managed.token(administrator);
    assertThat(managed.status(token, "user.list")).isEqualTo(200);
    organisation.registers.done(
        tx ->
            organisation.permissions.revoke(
                tx, organisation.registers.admin, permission.id(), "test"));
    var refused = managed.call(token, "user.list", "none");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(code(refused)).hasValue("policy-forbids");
  }

  @Test
  void aNodeThatMayHaveMissedAChangeLetsNobodyThrough() {
    var token = managed.token(managed.person(ADMINISTRATOR));
    var now = organisation.registers.now;
    var before = now.getAndUpdate(time -> time.plus(Duration.ofSeconds(3)));
    try {
      assertThatThrownBy(() -> managed.status(token, "user.list")).isInstanceOf(Outage.class);
    } finally {
      now.set(before);
    }
  }

  @Test
  void whoMayNotKnowAThingIsToldThatThereIsNoneAndTheRecordSaysWhy() {
    var nobody = managed.person();
    var hidden = managed.call(managed.token(nobody), "agent.kill", managed.agent.id().text());
    assertThat(hidden.status()).isEqualTo(404);
    assertThat(code(hidden)).hasValue("not-found");
    var facts = managed.facts();
    assertThat(facts.text("reason")).hasValue("policy-forbids");
    assertThat(facts.text("route")).hasValue("agent.kill");
    assertThat(facts.text("by").orElseThrow()).startsWith("psn_");
    var missing =
        managed.call(managed.token(nobody), "agent.kill", Id.Agent.random(world()).text());
    assertThat(body(missing)).isEqualTo(body(hidden));
  }

  private static Json.Obj body(Response response) {
    return organisation.registers.body(response);
  }

  private static World world() {
    return organisation.registers.world;
  }
}
