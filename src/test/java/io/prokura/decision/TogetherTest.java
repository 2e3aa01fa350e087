package io.prokura.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.decision.AccessRequest.Named;
import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Questions that are asked together.
final class TogetherTest {
  private final Desk desk = new Desk();

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void everyQuestionHasItsAnswerInItsPlace() {
    var chain = desk.chain();
    var decisions =
        ask(
            Semantics.EXECUTE_ALL,
            List.of(
                question(chain, "read"),
                question(chain, "burn"),
                Result.refused(Refusal.FIELD_INVALID, "resource is required and is an object"),
                question(chain, "close")));
    assertThat(decisions)
        .extracting(Decision::reason)
        .containsExactly(
            Reason.ALLOWED, Reason.UNKNOWN_ACTION, Reason.REQUEST_INVALID, Reason.ALLOWED);
  }

  @Test
  void theFirstNoOrYesEndsIt() {
    var chain = desk.chain();
    assertThat(
            ask(
                Semantics.DENY_ON_FIRST_DENY,
                List.of(question(chain, "read"), question(chain, "sign"), question(chain, "read"))))
        .extracting(Decision::allowed)
        .containsExactly(true, false);
    assertThat(
            ask(
                Semantics.PERMIT_ON_FIRST_PERMIT,
                List.of(question(chain, "sign"), question(chain, "read"), question(chain, "sign"))))
        .extracting(Decision::allowed)
        .containsExactly(false, true);
  }

  @Test
  void answersOnTheSameGroundsShareAnEntry() {
    var chain = desk.chain();
    int before = desk.organisation.registers.leaves().size();
    var decisions =
        ask(Semantics.EXECUTE_ALL, List.of(question(chain, "read"), question(chain, "sign")));
    assertThat(desk.organisation.registers.leaves()).hasSize(before + 1);
    assertThat(decisions.getFirst().id()).isEqualTo(decisions.getLast().id());
    assertThat(decisions).extracting(Decision::item).containsExactly(0, 1);
    var items = (Json.Arr) desk.leaf().object("facts").orElseThrow().get("items").orElseThrow();
    assertThat(items.items())
        .extracting(item -> ((Json.Obj) item).text("reason").orElseThrow())
        .containsExactly("allowed", "not_applicable");
  }

  @Test
  void anotherSubjectHasAnEntryOfItsOwn() {
    int before = desk.organisation.registers.leaves().size();
    var decisions =
        ask(
            Semantics.EXECUTE_ALL,
            List.of(question(desk.chain(), "read"), question(desk.chain(), "read")));
    assertThat(decisions).extracting(Decision::item).containsExactly(0, 0);
    assertThat(decisions.getFirst().id()).isNotEqualTo(decisions.getLast().id());
    assertThat(desk.organisation.registers.leaves().size() - before).isGreaterThanOrEqualTo(2);
  }

  @Test
  void aTokenForOneQuestionIsNoneForAnother() {
    var chain = desk.chain();
    var bare =
        new AccessRequest(
            new Named("user", chain.person.text()), "read", new Named("ticket", "1"), "");
    assertThat(ask(Semantics.EXECUTE_ALL, List.of(question(chain, "read"), Result.ok(bare))))
        .extracting(Decision::reason)
        .containsExactly(Reason.ALLOWED, Reason.TOKEN_REQUIRED);
  }

  @Test
  void aPolicyThatFailsRaisesOneAlert() {
    var failing = desk.about("{}", "{'amount':1}", "refund", "{}", "{}");
    ask(Semantics.EXECUTE_ALL, List.of(Result.ok(failing), Result.ok(failing)));
    var alerts =
        desk.organisation.registers.leaves().stream()
            .filter(leaf -> leaf.contains("alert.policy-failed"))
            .toList();
    assertThat(alerts).singleElement().asString().contains("\"about\":\"desk.rich\"");
  }

  @Test
  void thousandsOfQuestionsFitIntoTheRecord() {
    var chain = desk.chain();
    var many = new ArrayList<Result<AccessRequest>>();
    for (int i = 0; i < 1_000; i++) {
      many.add(question(chain, "read"));
    }
    var decisions = desk.organisation.pdp.decide(desk.enforcer.id(), many, Semantics.EXECUTE_ALL);
    assertThat(decisions).hasSize(1_000).allMatch(Decision::allowed);
    assertThat(decisions).extracting(one -> one.id() + " " + one.item()).doesNotHaveDuplicates();
  }

  private List<Decision> ask(Semantics semantics, List<Result<AccessRequest>> questions) {
    return desk.organisation.pdp.decide(desk.enforcer.id(), questions, semantics);
  }

  private static Result<AccessRequest> question(Desk.Chain chain, String action) {
    return Result.ok(
        new AccessRequest(
            new Named("user", chain.person.text()),
            action,
            new Named(chain.api.types().getFirst(), "1"),
            chain.token));
  }
}
