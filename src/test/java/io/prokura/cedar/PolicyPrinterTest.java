package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class PolicyPrinterTest {

  @Test
  void parsingWhatWasPrintedGivesThePolicyBack() throws CedarSyntaxException {
    var first = System.getProperty("seed", "");
    long seed = first.isEmpty() ? 20_261_123L : Long.parseLong(first);
    for (int i = 0; i < 5000; i++) {
      var policy = new PolicyGenerator(new Random(seed)).policy("p");
      var text = policy.print();
      var parsed = Policy.parse("p", text);
      assertThat(withSource(parsed, policy.source())).as("-Dseed=" + seed).isEqualTo(policy);
      assertThat(parsed.print()).as("-Dseed=" + seed).isEqualTo(text);
      seed++;
    }
  }

  private static Policy withSource(Policy policy, Source source) {
    return new Policy(
        policy.id(),
        policy.annotations(),
        policy.effect(),
        policy.principal(),
        policy.action(),
        policy.resource(),
        policy.conditions(),
        source);
  }

  @Test
  void theLayoutIsFixed() throws CedarSyntaxException {
    var policy =
        Policy.parse(
            "p",
            "@a@b(\"c\")permit(principal is A in B::\"\\u{0}\",action in[Action::\"x\"],resource)"
                + "when{(1+2)*-3==-(4)&&!(context.a)||context[\"a b\"]has c.d}unless{!!!!!true};"
                    .replace("!!!!!", "!!!!(!")
                    .replace("true}", "true)}"));
    assertThat(policy.print())
        .isEqualTo(
            """
            @a
            @b("c")
            permit(
              principal is A in B::"\\0",
              action in [Action::"x"],
              resource
            )
            when { (1 + 2) * -3 == -(4) && !context.a || context["a b"] has c.d }
            unless { !!!!(!true) };
            """);
  }

  @Test
  void charactersThatCannotBeSeenAreEscaped() {
    assertThat(new StringValue("a\u202e\u200b\u00a0\n\u00e9\uD83D\uDE00").toString())
        .isEqualTo("\"a\\u{202e}\\u{200b}\\u{a0}\\n\u00e9\uD83D\uDE00\"");
  }
}
