package io.prokura.decision;

import static io.prokura.catalogue.PermissionMode.ON_BEHALF;
import static io.prokura.catalogue.PermissionMode.OWN;
import static io.prokura.decision.Reason.ALLOWED;
import static io.prokura.decision.Reason.ENFORCER_NOT_ACTIVE;
import static io.prokura.decision.Reason.FORBIDDEN;
import static io.prokura.decision.Reason.NOT_PERMITTED;
import static io.prokura.decision.Reason.NOT_YOUR_RESOURCE;
import static io.prokura.decision.Reason.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.decision.Reason.PROPERTY_INVALID;
import static io.prokura.decision.Reason.PURPOSE_NOT_COVERING;
import static io.prokura.decision.Reason.PURPOSE_REQUIRED;
import static io.prokura.decision.Reason.SUBJECT_MISMATCH;
import static io.prokura.decision.Reason.TOKEN_AUDIENCE;
import static io.prokura.decision.Reason.TOKEN_INVALID;
import static io.prokura.decision.Reason.TOKEN_REQUIRED;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.agents.AgentTransition;
import io.prokura.decision.AccessRequest.Asked;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.kernel.Id;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Who is asked about when a decision is made, on what that rests, and that each of them has to be
/// allowed at this moment. Tokens, registers and policies are the real ones.
final class PdpTest {
  private static Desk desk;
  private static Organisation organisation;

  @BeforeAll
  static void open() {
    desk = new Desk();
    organisation = desk.organisation;
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private static void denies(Reason reason, Decision decision) {
    assertThat(decision.reason()).as(decision.detail()).isEqualTo(reason);
    assertThat(decision.allowed()).isFalse();
  }

  private static void allows(Decision decision) {
    assertThat(decision.reason()).as(decision.detail()).isEqualTo(ALLOWED);
    assertThat(decision.allowed()).isTrue();
  }

  private static Named named(Id.Principal principal) {
    return switch (principal) {
      case Id.User user -> new Named("user", user.text());
      case Id.Agent agent -> new Named("agent", agent.text());
      case Id.Workload workload -> new Named("workload", workload.text());
    };
  }

  @Test
  void anAgentFacingResourceNeedsTheTokenWhateverElseWouldAllow() {
    organisation.permit(desk.alice, desk.tickets, OWN, Desk.ACTIONS);
    denies(TOKEN_REQUIRED, desk.ask(named(desk.alice), "read", Desk.TICKET, ""));
    denies(TOKEN_REQUIRED, desk.ask(named(desk.alice), "read", Desk.LETTER, ""));
  }

  @Test
  void theWholeChainOfTheTokenIsDecidedWhicheverOfItsEndsIsNamed() {
    var chain = desk.chain();
    for (var end : List.of(chain.person, chain.current.id())) {
      var decision = desk.ask(named(end), "read", Desk.TICKET, chain.token);
      allows(decision);
      assertThat(decision.grounds().chain())
          .containsExactly(chain.current.id(), chain.first.id(), chain.person);
      assertThat(decision.grounds().verified()).isTrue();
      assertThat(decision.policies())
          .containsExactlyInAnyOrder(
              chain.ofPerson.id().text(), chain.ofFirst.id().text(), chain.ofCurrent.id().text());
    }
    denies(SUBJECT_MISMATCH, desk.ask(named(chain.first.id()), "read", Desk.TICKET, chain.token));
    denies(SUBJECT_MISMATCH, desk.ask(named(desk.alice), "read", Desk.TICKET, chain.token));
    denies(SUBJECT_MISMATCH, desk.ask(new Named("user", ""), "read", Desk.TICKET, chain.token));
  }

  @Test
  void aTokenCountsAlsoWhereNoneIsNeeded() {
    var chain = desk.new Chain(desk.notes, desk.support);
    allows(chain.ask("read"));
    desk.revoke(chain.ofCurrent);
    denies(NOT_PERMITTED, chain.ask("read"));
    allows(desk.ask(named(chain.person), "read", Desk.NOTE, ""));
  }

  @Test
  void thePurposeOfTheTokenIsNotTheEnforcersToSay() {
    var writing = desk.purpose("desk.writing", "close");
    var chain = desk.new Chain(desk.notes, desk.support);
    desk.changed(desk.purpose("desk.all", Desk.ACTIONS), Optional.empty(), Desk.ACTIONS);
    var context = organisation.registers.json("{'purpose':'" + writing.name() + "'}");
    var request =
        new AccessRequest(named(chain.person), new Asked("read"), Desk.NOTE, context, chain.token);
    var decision = desk.ask(desk.enforcer.id(), request);
    allows(decision);
    assertThat(decision.grounds().purpose()).isEqualTo(chain.authority.purpose());
  }

  @Test
  void everybodyInTheChainHasToBePermitted() {
    for (int i = 0; i < 3; i++) {
      var chain = desk.chain();
      allows(chain.ask("read"));
      var withdrawn = List.of(chain.ofPerson, chain.ofFirst, chain.ofCurrent).get(i);
      desk.revoke(withdrawn);
      var decision = chain.ask("read");
      denies(NOT_PERMITTED, decision);
      assertThat(decision.policies()).isEmpty();
      assertThat(decision.detail())
          .contains(
              withdrawn.principal() instanceof Id.User
                  ? "the person"
                  : withdrawn.principal().text())
          .doesNotContain(chain.person.text());
    }
  }

  @Test
  void aPolicyThatForbidsOneOfTheChainForbidsIt() {
    var chain = desk.new Chain(desk.letters, desk.support);
    var decision = chain.ask("reopen");
    denies(FORBIDDEN, decision);
    assertThat(decision.policies()).containsExactly("desk.persons-reopen-no-letters");
    allows(chain.ask("read"));
  }

  @Test
  void aPermissionEndsAtItsTime() {
    var agent = desk.agent(desk.support.id());
    var until = organisation.registers.now.get().plusSeconds(60);
    organisation.permit(agent.id(), desk.tickets, OWN, Optional.of(until), "read");
    organisation.permit(agent.id(), desk.notes, OWN, Optional.of(until), "read");
    var token = organisation.token(organisation.own(agent.id(), Desk.TICKETS, "read"));
    desk.pass(Duration.ofSeconds(59));
    allows(desk.ask(named(agent.id()), "read", Desk.TICKET, token));
    allows(desk.ask(named(agent.id()), "read", Desk.NOTE, ""));
    desk.pass(Duration.ofSeconds(1));
    denies(NOT_PERMITTED, desk.ask(named(agent.id()), "read", Desk.NOTE, ""));
    denies(TOKEN_INVALID, desk.ask(named(agent.id()), "read", Desk.TICKET, token));
  }

  @Test
  void byItselfAnAgentHasOnlyItsOwnPermissions() {
    var agent = desk.agent(desk.support.id());
    var own = organisation.permit(agent.id(), desk.tickets, OWN, "read");
    organisation.permit(agent.id(), desk.tickets, ON_BEHALF, "read");
    var token = organisation.token(organisation.own(agent.id(), Desk.TICKETS, "read"));
    allows(desk.ask(named(agent.id()), "read", Desk.TICKET, token));
    desk.revoke(own);
    denies(NOT_PERMITTED, desk.ask(named(agent.id()), "read", Desk.TICKET, token));
    var noted = desk.agent(desk.support.id());
    organisation.permit(noted.id(), desk.notes, ON_BEHALF, "read");
    denies(NOT_PERMITTED, desk.ask(named(noted.id()), "read", Desk.NOTE, ""));
  }

  @Test
  void onBehalfOfSomebodyItsOwnPermissionsCountToo() {
    var chain = desk.chain();
    desk.revoke(chain.ofFirst);
    organisation.permit(chain.first.id(), desk.tickets, OWN, "read");
    allows(chain.ask("read"));
    denies(NOT_PERMITTED, chain.ask("close"));
  }

  @Test
  void whereTheResourceHoldsThePersonsRightsOnlyTheOthersAreChecked() {
    var chain = desk.new Chain(desk.letters, desk.support);
    desk.revoke(chain.ofPerson);
    var decision = chain.ask("read");
    allows(decision);
    assertThat(decision.policies()).hasSize(2).doesNotContain(chain.ofPerson.id().text());
    desk.revoke(chain.ofFirst);
    denies(NOT_PERMITTED, chain.ask("read"));
  }

  @Test
  void thePurposeHasToCoverTheActionAtTheDecisionToo() {
    var purpose = desk.purpose("desk.shrinking", Desk.ACTIONS);
    var chain = desk.new Chain(desk.tickets, purpose);
    allows(chain.ask("read"));
    var narrower = desk.changed(purposeOf(purpose.id()), Optional.empty(), "close");
    denies(PURPOSE_NOT_COVERING, chain.ask("read"));
    allows(chain.ask("close"));
    var end = organisation.registers.now.get().plusSeconds(30);
    desk.changed(narrower, Optional.of(end), "close");
    allows(chain.ask("close"));
    desk.pass(Duration.ofSeconds(30));
    var over = chain.ask("close");
    denies(TOKEN_INVALID, over);
    assertThat(over.detail()).contains("purpose");
  }

  private static io.prokura.catalogue.Purpose purposeOf(Id.Purpose id) {
    return organisation.catalogue.purpose(id).orElseThrow();
  }

  @Test
  void anAgentWithoutATokenActsForTheOnePurposeThatIsSaid() {
    var wide = desk.purpose("desk.wide", Desk.ACTIONS);
    var narrow = desk.purpose("desk.narrow", "close");
    var one = desk.agent(wide.id()).id();
    var two = desk.agent(wide.id(), narrow.id()).id();
    organisation.permit(one, desk.notes, OWN, Desk.ACTIONS);
    organisation.permit(two, desk.notes, OWN, Desk.ACTIONS);
    allows(claimed(one, "read", "{}"));
    denies(PURPOSE_REQUIRED, claimed(two, "read", "{}"));
    allows(claimed(two, "read", "{'purpose':'desk.wide'}"));
    denies(PURPOSE_NOT_COVERING, claimed(two, "read", "{'purpose':'desk.narrow'}"));
    denies(PURPOSE_REQUIRED, claimed(two, "read", "{'purpose':'support'}"));
    denies(PURPOSE_REQUIRED, claimed(one, "read", "{'purpose':'desk.narrow'}"));
    denies(PROPERTY_INVALID, claimed(one, "read", "{'purpose':7}"));
    var end = organisation.registers.now.get().plusSeconds(1);
    desk.changed(purposeOf(wide.id()), Optional.of(end), Desk.ACTIONS);
    desk.pass(Duration.ofSeconds(1));
    denies(PURPOSE_NOT_COVERING, claimed(one, "read", "{}"));
  }

  private static Decision claimed(Id.Agent agent, String action, String context) {
    return desk.ask(
        desk.enforcer.id(),
        new AccessRequest(
            named(agent), new Asked(action), Desk.NOTE, organisation.registers.json(context), ""));
  }

  @Test
  void whoIsStoppedIsDeniedWhereverInTheChain() {
    for (boolean current : new boolean[] {true, false}) {
      var chain = desk.chain();
      var agent = (current ? chain.current : chain.first).id();
      organisation.step(agent, AgentTransition.SUSPEND);
      var decision = chain.ask("read");
      denies(TOKEN_INVALID, decision);
      assertThat(decision.detail()).contains("suspended");
      organisation.step(agent, AgentTransition.RESUME);
      allows(chain.ask("read"));
      organisation.step(agent, AgentTransition.QUARANTINE);
      denies(TOKEN_INVALID, chain.ask("read"));
    }
    var left = desk.chain();
    desk.deactivate(left.person);
    denies(TOKEN_INVALID, left.ask("read"));
  }

  @Test
  void whoIsStoppedIsDeniedWithoutATokenToo() {
    var agent = desk.agent(desk.support.id()).id();
    organisation.permit(agent, desk.notes, OWN, "read");
    allows(desk.ask(named(agent), "read", Desk.NOTE, ""));
    organisation.step(agent, AgentTransition.SUSPEND);
    denies(PRINCIPAL_NOT_ACTIVE, desk.ask(named(agent), "read", Desk.NOTE, ""));
  }

  @Test
  void aCutOffAnywhereInTheLineageEndsTheToken() {
    for (int i = 0; i < 5; i++) {
      var chain = desk.chain();
      var targets =
          List.<Id>of(
              chain.person,
              chain.first.id(),
              chain.current.id(),
              chain.delegation.id(),
              chain.authority.delegations().getLast());
      allows(chain.ask("read"));
      desk.cutOff(targets.get(i));
      var decision = chain.ask("read");
      denies(TOKEN_INVALID, decision);
      assertThat(decision.detail()).contains("cut off");
      if (i < 3) {
        var fresh =
            organisation.token(
                organisation.handOver(
                    organisation.use(chain.delegation, Desk.TICKETS, Desk.ACTIONS),
                    chain.current.id()));
        allows(desk.ask(named(chain.person), "read", Desk.TICKET, fresh));
      }
    }
  }

  @Test
  void aRevokedDelegationEndsWhatRestsOnIt() {
    var chain = desk.chain();
    organisation.registers.done(
        tx ->
            organisation.delegations.revoke(
                tx, organisation.registers.admin, chain.delegation.id(), "test"));
    denies(TOKEN_INVALID, chain.ask("read"));
  }

  @Test
  void onlyAnActiveWorkloadThatEnforcesTheResourceIsAnswered() {
    var chain = desk.chain();
    var request = new AccessRequest(named(chain.person), "read", Desk.TICKET, chain.token);
    allows(desk.ask(desk.enforcer.id(), request));
    denies(NOT_YOUR_RESOURCE, desk.ask(organisation.workload().id(), request));
    denies(ENFORCER_NOT_ACTIVE, desk.ask(desk.alice, request));
    denies(ENFORCER_NOT_ACTIVE, desk.ask(chain.current.id(), request));
    var unknown = Id.Workload.random(organisation.registers.world);
    denies(ENFORCER_NOT_ACTIVE, desk.ask(unknown, request));
  }

  @Test
  void theTokenOfAnotherResourceTellsNothing() {
    var other = organisation.workload();
    organisation.resource(
        "https://other.example.org",
        List.of("thing"),
        List.of("read"),
        true,
        io.prokura.catalogue.PersonRights.CHECKED,
        List.of(other.id()),
        List.of());
    var chain = desk.chain();
    var request =
        new AccessRequest(named(chain.person), "read", new Named("thing", "1"), chain.token);
    var good = desk.ask(other.id(), request);
    organisation.step(chain.current.id(), AgentTransition.SUSPEND);
    var suspended = desk.ask(other.id(), request);
    desk.cutOff(chain.person);
    var dead = desk.ask(other.id(), request);
    for (var decision : List.of(good, suspended, dead)) {
      denies(TOKEN_AUDIENCE, decision);
      assertThat(decision.detail()).isEqualTo("the token is for another resource");
    }
  }
}
