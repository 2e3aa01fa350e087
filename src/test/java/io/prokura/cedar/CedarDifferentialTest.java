package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Made-up schemas, policies, templates, entities and requests, each put before this engine and the
/// reference implementation. Equal have to be: what is a policy, what is valid, which requests and
/// entities fit the schema, the decision, the determining and the failing policies; of policies in
/// text and in the JSON that is written here. A case is a policy in its world.
///
/// `-Dseed=N` is one world, as a failure prints it; `-Dcases=N` so many policies, in worlds from
/// there on.
final class CedarDifferentialTest {
  private static final int CASES = 10_000;
  private static final int POLICIES = 24;
  private static final long SEED = 1_000_000;

  @Test
  void everyCaseIsJudgedAlike() {
    var tally = new Differential.Tally();
    long last = 0;
    for (var seed : Seeds.of(SEED, CASES / POLICIES + 1, POLICIES)) {
      compare(seed, tally);
      last = seed;
    }
    System.out.printf(
        "%,d cases up to seed %d judged alike: %,d policies, %,d of them valid;"
            + " %,d satisfied, %,d failing; %,d requests that do not fit%n",
        tally.policies,
        last,
        tally.parsed,
        tally.valid,
        tally.satisfied,
        tally.failed,
        tally.requestsRefused);
    if (tally.policies >= CASES) {
      assertThat(tally.parsed).isGreaterThan(tally.policies / 2).isLessThan(tally.policies);
      assertThat(tally.valid).isGreaterThan(tally.policies / 4).isLessThan(tally.parsed);
      assertThat(tally.satisfied).isPositive();
      assertThat(tally.failed).isPositive();
      assertThat(tally.requestsRefused).isPositive();
    }
  }

  private static void compare(long seed, Differential.Tally tally) {
    var world = CedarWorld.of(seed, POLICIES);
    var difference = Differential.disagreement(world, tally);
    if (difference.isPresent()) {
      var smallest =
          Shrinker.shrunk(
              world,
              smaller -> Differential.disagreement(smaller, new Differential.Tally()).isPresent());
      var said = Differential.disagreement(smallest, new Differential.Tally());
      throw new AssertionError("-Dseed=" + seed + ": " + said + "\n" + smallest);
    }
  }
}
