package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Compares the verdicts on schemas and on schemas with changed tokens with cedar-java, which runs
/// the reference implementation. [CedarDifferentialTest] does so for policies. `-Dcases=N` sets the
/// number of schemas, `-Dseed=N` the first seed.
final class ValidatorCedarJavaTest {

  @Test
  void schemasAndTheirMutantsAreJudgedAlike() throws Exception {
    for (var seed : Seeds.of(20_261_124L, 1000)) {
      var random = new Random(seed);
      var text = new SchemaMaker(random).schema();
      for (int mutations = random.nextInt(3); mutations > 0; mutations--) {
        text = TokenChanger.changed(random, text);
      }
      compare(seed, text);
    }
  }

  private static void compare(long seed, String text) {
    List<SchemaProblem> problems = List.of();
    try {
      Schema.parse("schema", text);
    } catch (SchemaException refusal) {
      problems = refusal.problems();
    }
    if (!problems.isEmpty()
        && problems.stream().allMatch(problem -> problem.message().startsWith("the attribute"))) {
      // The reference takes the last declaration of an attribute that is declared twice.
      return;
    }
    var found = problems;
    var policy = Reference.policies(Map.of("p", "permit(principal, action, resource);"));
    assertThat(problems.isEmpty())
        .as(() -> "-Dseed=" + seed + "\n" + text + "\n" + found)
        .isEqualTo(Reference.refused(text, policy).isPresent());
  }
}
