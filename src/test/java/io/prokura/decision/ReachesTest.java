package io.prokura.decision;

import static io.prokura.catalogue.PermissionMode.ON_BEHALF;
import static io.prokura.catalogue.PermissionMode.OWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.agents.AgentTransition;
import io.prokura.catalogue.Resource;
import io.prokura.decision.AccessRequest.Asked;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.decision.Reach.Access;
import io.prokura.kernel.Id;
import io.prokura.policy.PolicySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// How far principals get is what decisions say, whatever the object is and whatever the enforcer
/// asserts of it.
final class ReachesTest {
  private static Desk desk;
  private static Organisation organisation;
  private static Reaches reaches;
  private static PolicySnapshot snapshot;

  @BeforeAll
  static void start() {
    desk = new Desk();
    organisation = desk.organisation;
    reaches =
        new Reaches(
            organisation.registers.world,
            organisation.registers.database,
            organisation.catalogue,
            organisation.registers.directory,
            organisation.agents,
            organisation.standing,
            organisation.policies,
            organisation.inquiries);
    snapshot = reaches.begin();
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private static Reach reach(
      Id.Principal principal, Resource resource, String action, boolean onBehalf) {
    return reaches.of(snapshot, principal, resource).stream()
        .filter(one -> one.action().name().equals(action) && one.onBehalf() == onBehalf)
        .findFirst()
        .orElseThrow();
  }

  private static void says(Reach reach, Access access, Optional<Reason> reason) {
    assertThat(reach.access()).as(reach.toString()).isEqualTo(access);
    assertThat(reach.reason()).as(reach.toString()).isEqualTo(reason);
  }

  @Test
  void anAgentsPermissionsCountInTheirModeAndWithinItsPurposes() {
    var agent = desk.agent(desk.support.id()).id();
    var own = organisation.permit(agent, desk.notes, OWN, "scan");
    var behalf = organisation.permit(agent, desk.notes, ON_BEHALF, "charge");
    says(reach(agent, desk.notes, "scan", false), Access.ALLOWED, Optional.empty());
    assertThat(reach(agent, desk.notes, "scan", false).policies()).containsExactly(own.id().text());
    says(reach(agent, desk.notes, "scan", true), Access.ALLOWED, Optional.empty());
    assertThat(reach(agent, desk.notes, "scan", true).purposes()).containsExactly("support");
    says(reach(agent, desk.notes, "charge", true), Access.ALLOWED, Optional.empty());
    assertThat(reach(agent, desk.notes, "charge", true).policies())
        .containsExactly(behalf.id().text());
    says(
        reach(agent, desk.notes, "charge", false),
        Access.DENIED,
        Optional.of(Reason.NOT_PERMITTED));
    says(reach(agent, desk.notes, "sign", true), Access.DENIED, Optional.of(Reason.NOT_APPLICABLE));
    var narrow = desk.agent(desk.purpose("narrow", "scan").id()).id();
    organisation.permit(narrow, desk.notes, OWN, Desk.ACTIONS);
    says(reach(narrow, desk.notes, "scan", false), Access.ALLOWED, Optional.empty());
    says(
        reach(narrow, desk.notes, "charge", false),
        Access.DENIED,
        Optional.of(Reason.PURPOSE_NOT_COVERING));
  }

  @Test
  void whatAPolicyMakesOfTheObjectDepends() {
    var person = organisation.user("reader").id();
    var permission = organisation.permit(person, desk.notes, OWN, "read", "close", "charge");
    var read = reach(person, desk.notes, "read", false);
    says(read, Access.DEPENDS, Optional.empty());
    assertThat(read.policies()).containsExactly(permission.id().text());
    assertThat(read.open()).containsExactlyInAnyOrder("desk.frozen", "desk.outside");
    var close = reach(person, desk.notes, "close", false);
    assertThat(close.open()).containsExactlyInAnyOrder("desk.frozen", "desk.poor");
    says(reach(person, desk.notes, "charge", false), Access.ALLOWED, Optional.empty());
    says(reach(person, desk.notes, "reopen", false), Access.DEPENDS, Optional.empty());
    assertThat(reach(person, desk.notes, "reopen", false).open()).containsExactly("desk.sales");
    says(
        reach(person, desk.notes, "sign", false), Access.DENIED, Optional.of(Reason.NOT_PERMITTED));
  }

  @Test
  void aPersonsRightsThatTheResourceHoldsAreNotGuessed() {
    var person = organisation.user("writer").id();
    says(reach(person, desk.letters, "charge", false), Access.HELD, Optional.empty());
    var reopen = reach(person, desk.letters, "reopen", false);
    says(reopen, Access.DENIED, Optional.of(Reason.FORBIDDEN));
    assertThat(reopen.policies()).containsExactly("desk.persons-reopen-no-letters");
  }

  @Test
  void whoIsNotActiveGetsNowhere() {
    var agent = desk.agent(desk.support.id()).id();
    organisation.permit(agent, desk.notes, OWN, Desk.ACTIONS);
    organisation.step(agent, AgentTransition.SUSPEND);
    assertThat(reaches.of(snapshot, agent, desk.notes))
        .isNotEmpty()
        .allSatisfy(one -> says(one, Access.DENIED, Optional.of(Reason.PRINCIPAL_NOT_ACTIVE)));
  }

  /// Questions about one note that differ in everything an enforcer of notes can say.
  private static List<AccessRequest> questions(Named subject, String action) {
    var json = organisation.registers;
    var questions = new ArrayList<AccessRequest>();
    for (var said : List.of("{}", "{'department':'sales'}")) {
      for (var amount :
          List.of("{}", "{'amount':1}", "{'amount':-9}", "{'amount':9223372036854775807}")) {
        for (var note : List.of("{}", "{'status':'frozen'}", "{'status':'open'}")) {
          for (var context : List.of("{}", "{'ip':'10.1.1.1'}", "{'ip':'192.0.2.1'}")) {
            questions.add(
                new AccessRequest(
                    new Named(subject.type(), subject.id(), json.json(said)),
                    new Asked(action, json.json(amount)),
                    new Named("note", "n-1", json.json(note)),
                    json.json(context),
                    ""));
          }
        }
      }
    }
    return questions;
  }

  @Test
  void whatIsCertainIsWhatEveryDecisionSays() {
    var person = organisation.user("certain").id();
    organisation.permit(person, desk.notes, OWN, "read", "refund", "scan", "sign");
    var agent = desk.agent(desk.support.id()).id();
    organisation.permit(agent, desk.notes, OWN, "close", "charge", "scan");
    organisation.permit(agent, desk.notes, ON_BEHALF, "read");
    int certain = 0;
    int open = 0;
    for (var principal : List.<Id.Principal>of(person, agent)) {
      var subject = new Named(principal instanceof Id.User ? "user" : "agent", principal.text());
      for (var action : Desk.ACTIONS) {
        var reach = reach(principal, desk.notes, action, false);
        var decisions =
            questions(subject, action).stream()
                .map(one -> desk.ask(desk.enforcer.id(), one))
                // What does not fit the schema is no question to the policies.
                .filter(one -> one.reason() != Reason.PROPERTY_INVALID)
                .toList();
        assertThat(decisions).isNotEmpty();
        switch (reach.access()) {
          case ALLOWED -> assertThat(decisions).as(action).allMatch(Decision::allowed);
          case DENIED -> assertThat(decisions).as(action).noneMatch(Decision::allowed);
          case DEPENDS -> open++;
          case HELD -> throw new AssertionError(reach);
        }
        certain += reach.access() == Access.DEPENDS ? 0 : 1;
      }
    }
    assertThat(certain).isGreaterThan(5);
    assertThat(open).isGreaterThan(2);
  }

  @Test
  void everybodyIsListedOnceAndInOrder() {
    var found = new ArrayList<String>();
    var after = "";
    for (var page = reaches.principals(after, 3);
        !page.isEmpty();
        page = reaches.principals(after, 3)) {
      page.forEach(one -> found.add(one.text()));
      after = found.getLast();
    }
    assertThat(found).doesNotHaveDuplicates().isSorted().contains(desk.alice.text());
    assertThat(found).contains(desk.enforcer.id().text()).hasSizeGreaterThan(3);
  }
}
