package io.prokura.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.audit.Entries;
import io.prokura.catalogue.PermissionMode;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.decision.Voice.Verdict;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Why decisions came out as they did, and what would change them.
final class ExplanationTest {
  private final Desk desk = new Desk();
  private final Explanations explanations = explanations();

  private Explanations explanations() {
    var registers = desk.organisation.registers;
    var json = new JsonReader(registers.limits);
    return desk.organisation.pdp.explanations(
        registers.database,
        new Entries(registers.world, registers.seal, json),
        () ->
            new Recollections(
                registers.facts, registers.persons, desk.organisation.catalogue, json));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void everyParticipantAndItsPoliciesAreNamed() {
    var chain = desk.chain();
    var explanation = explain(chain.ask("read"));
    assertThat(explanation.operands())
        .extracting(Voice::principal)
        .containsExactly(chain.current.id(), chain.first.id(), chain.person);
    assertThat(explanation.operands()).extracting(Voice::verdict).containsOnly(Verdict.ALLOWS);
    assertThat(explanation.policies())
        .extracting(policy -> policy.id())
        .contains(chain.ofPerson.id().text(), chain.ofCurrent.id().text());
    assertThat(explanation.purposeCovers()).contains(true);
    assertThat(explanation.covering().orElseThrow().source().text()).contains("read");
    assertThat(explanation.policies()).contains(explanation.covering().get());
    assertThat(explanation.unknown()).isEmpty();
    assertThat(explanation.sentences().getFirst()).contains(", acting for ").contains("read");
  }

  @Test
  void itIsExplainedOnWhatWasSeenAndNotOnWhatIsNow() {
    var chain = desk.chain();
    var allowed = chain.ask("read");
    desk.revoke(chain.ofCurrent);
    desk.deactivate(chain.person);
    var denied = chain.ask("read");
    assertThat(denied.allowed()).isFalse();
    var explanation = explain(allowed);
    assertThat(explanation.operands()).extracting(Voice::verdict).containsOnly(Verdict.ALLOWS);
    assertThat(explanation.policies())
        .extracting(policy -> policy.id())
        .contains(chain.ofCurrent.id().text());
  }

  @Test
  void thePolicyThatForbidsIsShownWithItsText() {
    var chain = desk.chain();
    var request = desk.about("{}", "{}", "read", "{'status':'frozen'}", "{}");
    var explanation = explain(desk.ask(desk.enforcer.id(), request));
    assertThat(chain.person).isNotNull();
    assertThat(explanation.operands()).extracting(Voice::verdict).containsOnly(Verdict.FORBIDS);
    assertThat(explanation.policies())
        .singleElement()
        .satisfies(
            policy -> {
              assertThat(policy.id()).isEqualTo("desk.frozen");
              assertThat(policy.source().text()).contains("resource.status == \"frozen\"");
            });
    assertThat(kinds(explanation.remedies())).containsExactly(Remedy.Kind.POLICY);
  }

  @Test
  void theSmallestChangeIsOneThatWasTried() {
    var request =
        new AccessRequest(new Named("user", desk.alice.text()), "scan", new Named("note", "n"), "");
    var denied = desk.ask(desk.enforcer.id(), request);
    assertThat(denied.reason()).isEqualTo(Reason.NOT_PERMITTED);
    assertThat(kinds(denied.remedies())).containsExactly(Remedy.Kind.PERMISSION);
    assertThat(denied.remedies().getFirst().parameters())
        .containsEntry("action", "scan")
        .containsEntry("resource", Desk.NOTES);
    desk.organisation.permit(desk.alice, desk.notes, PermissionMode.OWN, "scan");
    assertThat(desk.ask(desk.enforcer.id(), request).allowed()).isTrue();
  }

  @Test
  void severalMissingPermissionsAreNamedTogether() {
    var chain = desk.chain();
    desk.revoke(chain.ofFirst);
    desk.revoke(chain.ofPerson);
    var supposition =
        new Supposition(
            List.of(chain.current.id(), chain.first.id(), chain.person),
            desk.tickets,
            "scan",
            Desk.TICKET,
            Optional.of(desk.support),
            Situation.PLAIN);
    var explanation = explanations.of(supposition);
    assertThat(explanation.outline().allowed()).isFalse();
    assertThat(kinds(explanation.remedies()))
        .containsExactly(Remedy.Kind.PERMISSION, Remedy.Kind.PERMISSION);
  }

  @Test
  void aDenialBeforeThePoliciesSaysWhatToAskFor() {
    var chain = desk.chain();
    var other =
        new AccessRequest(
            new Named("user", chain.person.text()), "read", new Named("ticket", "1"), "");
    var denied = desk.ask(desk.enforcer.id(), other);
    assertThat(kinds(denied.remedies())).containsExactly(Remedy.Kind.TOKEN);
    assertThat(explain(denied).remedies()).isEqualTo(denied.remedies());
  }

  @Test
  void anErasedPersonLeavesAnExplanationWithAGap() {
    var chain = desk.chain();
    var decision = chain.ask("read");
    desk.organisation.registers.database.inTransaction(
        tx -> desk.organisation.registers.persons.erase(tx, chain.person));
    var explanation = explain(decision);
    assertThat(explanation.unknown()).isNotEmpty();
    assertThat(explanation.operands()).isEmpty();
    assertThat(String.join(" ", explanation.sentences())).doesNotContain(chain.person.text());
  }

  @Test
  void questionsAskedTogetherAreToldApart() {
    var chain = desk.chain();
    var decisions =
        desk.organisation.pdp.decide(
            desk.enforcer.id(),
            List.of(Result.ok(question(chain, "read")), Result.ok(question(chain, "sign"))),
            Semantics.EXECUTE_ALL);
    assertThat(explain(decisions.getFirst()).outline().allowed()).isTrue();
    var second = explain(decisions.getLast());
    assertThat(second.outline().reason()).isEqualTo("not_applicable");
    assertThat(explanations.of(decisions.getFirst().id(), 2)).isEmpty();
    assertThat(explanations.of(Id.Decision.next(desk.organisation.registers.world), 0)).isEmpty();
  }

  private static AccessRequest question(Desk.Chain chain, String action) {
    return new AccessRequest(
        new Named("user", chain.person.text()), action, new Named("ticket", "1"), chain.token);
  }

  private Explanation explain(Decision decision) {
    return explanations.of(decision.id(), decision.item()).orElseThrow();
  }

  private static List<Remedy.Kind> kinds(List<Remedy> remedies) {
    return remedies.stream().map(Remedy::kind).toList();
  }
}
