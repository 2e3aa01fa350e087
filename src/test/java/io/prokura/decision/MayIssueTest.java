package io.prokura.decision;

import static io.prokura.catalogue.PermissionMode.ON_BEHALF;
import static io.prokura.catalogue.PermissionMode.OWN;
import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Resource;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.delegation.Authority;
import io.prokura.directory.ManagementRole;
import io.prokura.kernel.Id;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import io.prokura.policy.Policies;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Policies of the organisation can forbid that a token is issued, to anybody in its chain, by what
/// the registers know; and nothing is decided that cannot be recorded.
final class MayIssueTest {
  private static final String POLICIES =
      """
      @id("org.danger")
      forbid (principal is Prokura::Agent, action == Prokura::Action::"obtain_token", resource)
      when { context.scopes.contains("danger") };

      @id("org.auditors")
      forbid (
        principal in Prokura::ManagementRole::"auditor",
        action == Prokura::Action::"obtain_token",
        resource is Prokura::Resource
      )
      when { context.onBehalf };

      @id("org.team")
      forbid (
        principal is Prokura::Agent,
        action == Prokura::Action::"obtain_token",
        resource == Prokura::Resource::"https://team.example.org"
      )
      unless { context has delegator && context.delegator in principal.ownerGroups };

      @id("org.errs")
      forbid (principal, action == Prokura::Action::"obtain_token", resource)
      when { resource.identifier like "https://errs.*" && context.depth + 9223372036854775807 < 0 };

      @id("org.purposes")
      forbid (principal is Prokura::Workload, action == Prokura::Action::"obtain_token", resource)
      when { resource.agentFacing && !(context has purpose) };
      """;

  private static Organisation organisation;

  @BeforeAll
  static void open() {
    organisation = new Organisation(Policies.of(Desk.folder("", POLICIES)));
  }

  @AfterAll
  static void close() {
    organisation.close();
  }

  private static Resource resource(String name, boolean agentFacing) {
    return organisation.resource(
        "https://" + name + ".example.org",
        List.of(),
        List.of("read", "danger"),
        agentFacing,
        PersonRights.CHECKED,
        List.of(),
        List.of());
  }

  private static void forbids(String policy, Authority authority) {
    assertThat(organisation.pdp.mayIssue(authority))
        .isInstanceOfSatisfying(
            Result.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(POLICY_FORBIDS);
              assertThat(refused.detail()).contains(policy);
            });
  }

  private static void allows(Authority authority) {
    assertThat(organisation.pdp.mayIssue(authority)).isEqualTo(Result.ok(authority));
  }

  /// The authority of a fresh agent of `owner` that acts for `person`.
  private static Authority delegated(Id.User person, Id owner, Resource resource, String action) {
    var registers = organisation.registers;
    var backup = organisation.user(registers.fresh("backup")).id();
    var purpose = organisation.purpose(registers.fresh("purpose"), backup, resource, action);
    var agent = organisation.agent(owner, backup, purpose.id()).id();
    organisation.permit(person, resource, OWN, action);
    organisation.permit(agent, resource, ON_BEHALF, action);
    var delegation = organisation.delegate(person, agent, purpose, resource, action);
    return organisation.use(delegation, resource.identifier(), action);
  }

  @Test
  void everybodyInTheChainIsAskedAbout() {
    var resource = resource("plain", false);
    var owner = organisation.user("owner").id();
    var dana = organisation.user("dana").id();
    var auditor = organisation.user("auditor", ManagementRole.AUDITOR).id();
    allows(delegated(dana, owner, resource, "read"));
    forbids("org.danger", delegated(dana, owner, resource, "danger"));
    forbids("org.auditors", delegated(auditor, owner, resource, "read"));
    organisation.permit(auditor, resource, OWN, "danger");
    allows(organisation.own(auditor, resource.identifier(), "danger"));
  }

  @Test
  void groupsAndOwnersAreKnownToPolicies() {
    var resource = resource("team", false);
    var member = organisation.user("member").id();
    var team = organisation.registers.group("team", member).id();
    allows(delegated(member, team, resource, "read"));
    var stranger = organisation.user("stranger").id();
    forbids("org.team", delegated(stranger, team, resource, "read"));
  }

  @Test
  void aPolicyThatFailsForbids() {
    var resource = resource("errs", false);
    var person = organisation.user("person").id();
    organisation.permit(person, resource, OWN, "read");
    allows(organisation.own(person, resource.identifier(), "read"));
    var owner = organisation.user("another").id();
    forbids("org.errs", delegated(person, owner, resource, "read"));
  }

  @Test
  void whatIsNotThereIsLeftOutOfTheContext() {
    for (boolean agentFacing : new boolean[] {true, false}) {
      var resource = resource(agentFacing ? "facing" : "turned", agentFacing);
      var workload = organisation.workload().id();
      organisation.permit(workload, resource, OWN, "read");
      var authority = organisation.own(workload, resource.identifier(), "read");
      if (agentFacing) {
        forbids("org.purposes", authority);
      } else {
        allows(authority);
      }
    }
  }

  @Test
  void aDecisionIsRecordedWhateverTheNumberOfItsPolicies() {
    var many = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      many.append("@id(\"").append("x".repeat(190)).append(i).append("\")\n");
      many.append("permit (principal, action, resource);\n");
    }
    try (var open = new Organisation(Policies.of(Desk.folder("", many.toString())))) {
      var decision = open.pdp.decide(notes(open), about(open.user("alice").id()));
      assertThat(decision.allowed()).isTrue();
      assertThat(decision.policies()).hasSize(Decision.POLICIES_MAX);
    }
  }

  @Test
  void nothingIsDecidedThatCannotBeRecorded() {
    try (var failing = new Organisation(Policies.builtIn())) {
      var enforcer = notes(failing);
      var request = about(failing.user("alice").id());
      int before = failing.registers.leaves().size();
      assertThat(failing.pdp.decide(enforcer, request).allowed()).isTrue();
      assertThat(failing.registers.leaves()).hasSize(before + 1);
      failing.registers.database.close();
      assertThatThrownBy(() -> failing.pdp.decide(enforcer, request)).isInstanceOf(Outage.class);
    }
  }

  /// The enforcer of an API that knows itself what persons may do.
  private static Id.Workload notes(Organisation organisation) {
    var enforcer = organisation.workload().id();
    organisation.resource(
        "https://notes.example.org",
        List.of("note"),
        List.of("read"),
        false,
        PersonRights.HELD,
        List.of(enforcer),
        List.of());
    return enforcer;
  }

  private static AccessRequest about(Id.User user) {
    return new AccessRequest(new Named("user", user.text()), "read", new Named("note", "1"), "");
  }

  @Test
  void aQuestionShowsNoTokenWhenItIsPrinted() {
    var request = new AccessRequest(new Named("user", "a"), "read", new Named("n", "1"), "ey.J.x");
    assertThat(request.toString()).contains("read").doesNotContain("ey.J.x");
  }
}
