package io.prokura.decision;

import static io.prokura.decision.Reason.FORBIDDEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.Result;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Changes are tried for a denial only where the policy in the way looks at what they change.
final class RemediesTest {
  /// What is proposed for a denial by such a policy, and how many evaluations that took.
  private record Proposed(List<Remedy> remedies, int evaluations) {
    List<Remedy.Kind> kinds() {
      return remedies.stream().map(Remedy::kind).toList();
    }
  }

  private static Proposed proposed(String conditions) {
    var forbids =
        """
        @id("desk.in-the-way")
        forbid (principal, action == Action::"close", resource) %s;
        """
            .formatted(conditions);
    try (var desk = new Desk(forbids, List.of())) {
      var chain = desk.chain();
      assertThat(chain.ask("close").reason()).isEqualTo(FORBIDDEN);
      var organisation = desk.organisation;
      var together = organisation.inquiries.together();
      var at = organisation.registers.now.get();
      var asked = Result.ok(chain.question("close"));
      var inquiry = together.inquire(desk.enforcer.id(), asked, at);
      var question = ((Step.Passed<Question>) inquiry.question()).value();
      // Each evaluation reads each entity once.
      var reads = new AtomicInteger();
      var counted =
          question.withRegisters(
              uid -> {
                reads.addAndGet(uid.id().equals(chain.current.id().text()) ? 1 : 0);
                return question.registers().apply(uid);
              });
      var remedies = new Remedies(organisation.inquiries.roster(), organisation.catalogue);
      return new Proposed(remedies.of(organisation.policies.current(), counted), reads.get());
    }
  }

  @Test
  void nothingIsTriedForAPolicyThatLooksAtNothingThatAChangeChanges() {
    var proposed = proposed("when { principal has state }");
    assertThat(proposed.kinds()).containsExactly(Remedy.Kind.POLICY);
    assertThat(proposed.evaluations()).isEqualTo(1);
  }

  @Test
  void aPolicyThatLooksAtOneIsLifted() {
    var proposed = proposed("when { principal has state } unless { context.attended }");
    assertThat(proposed.kinds()).containsExactly(Remedy.Kind.ATTENDANCE);
    assertThat(proposed.evaluations()).isGreaterThan(1);
    assertThat(proposed("when { !context[\"\\u{61}ttended\"] }").kinds())
        .containsExactly(Remedy.Kind.ATTENDANCE);
  }

  @Test
  void triesAreWorthNothingWhereAnotherPolicyStaysInTheWay() {
    var proposed =
        proposed(
            """
            unless { context.attended };
            @id("desk.whatever")
            forbid (principal, action == Action::"close", resource)""");
    assertThat(proposed.kinds()).containsExactly(Remedy.Kind.POLICY);
  }
}
