package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.ValidationRequest;
import com.cedarpolicy.model.exception.InternalException;
import com.cedarpolicy.model.schema.Schema.JsonOrCedar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Compares the verdicts on schemas and policies with cedar-java, which runs the reference
/// implementation. `-Dcedar.validations=N` sets the number of policies, `-Dseed=N` the first seed.
final class ValidatorCedarJavaTest {
  private static final int POLICIES = 10;

  private final BasicAuthorizationEngine reference = new BasicAuthorizationEngine();
  private int accepted;
  private int compared;

  @Test
  void policiesAndTheirMutantsAreJudgedAlike() throws Exception {
    int wanted = Integer.getInteger("cedar.validations", 1000);
    for (long seed = seed(); compared < wanted; seed++) {
      compare(seed);
    }
    assertThat(accepted).as("policies that both accept").isBetween(compared / 5, compared);
  }

  @Test
  void schemasAndTheirMutantsAreJudgedAlike() throws Exception {
    int wanted = Integer.getInteger("cedar.validations", 1000) / 5;
    long seed = seed();
    for (int i = 0; i < wanted; i++) {
      var random = new Random(seed + i);
      var text = new SchemaMaker(random).schema();
      for (int mutations = random.nextInt(3); mutations > 0; mutations--) {
        text = mutant(random, text);
      }
      compareSchema(seed + i, text);
    }
  }

  private static long seed() {
    var first = System.getProperty("seed", "");
    return first.isEmpty() ? 20_261_124L : Long.parseLong(first);
  }

  private void compare(long seed) throws Exception {
    var random = new Random(seed);
    var schemaText = new SchemaMaker(random).schema();
    var schema = Schema.parse("schema", schemaText);
    var maker = new TypedPolicyMaker(random, schema);
    var texts = new LinkedHashMap<String, String>();
    while (texts.size() < POLICIES) {
      var text = maker.policy();
      texts.put("p" + texts.size(), text);
      var mutant = mutant(random, text);
      if (parses(mutant)) {
        texts.put("p" + texts.size(), mutant);
      }
    }
    var refused = refusedByReference(schemaText, texts);
    var validator = new Validator(schema);
    for (var entry : texts.entrySet()) {
      var findings = validator.validate(Policy.parse(entry.getKey(), entry.getValue()));
      assertThat(Validator.accepts(findings))
          .as(() -> "-Dseed=" + seed + "\n" + schemaText + entry + "\n" + findings)
          .isEqualTo(!refused.contains(entry.getKey()));
      accepted += refused.contains(entry.getKey()) ? 0 : 1;
      compared++;
    }
  }

  private static boolean parses(String text) {
    try {
      Policy.parse("mutant", text);
      return true;
    } catch (CedarSyntaxException _) {
      return false;
    }
  }

  /// The text with one token replaced by another of the text, repeated, or left out.
  private static String mutant(Random random, String text) throws CedarSyntaxException {
    var tokens = new ArrayList<>(Lexer.tokens(text));
    tokens.removeLast();
    int at = random.nextInt(tokens.size());
    var victim = tokens.get(at);
    var alike = tokens.stream().filter(token -> token.kind() == victim.kind()).toList();
    var replacement =
        switch (random.nextInt(8)) {
          case 0 -> "";
          case 1 -> victim.text() + " " + victim.text();
          case 2 -> tokens.get(random.nextInt(tokens.size())).text();
          case 3 -> "1";
          default -> alike.get(random.nextInt(alike.size())).text();
        };
    return text.substring(0, victim.start()) + replacement + text.substring(victim.end());
  }

  private Set<String> refusedByReference(String schema, Map<String, String> texts)
      throws Exception {
    var policies = new HashSet<com.cedarpolicy.model.policy.Policy>();
    texts.forEach((id, text) -> policies.add(new com.cedarpolicy.model.policy.Policy(text, id)));
    var response =
        reference.validate(
            new ValidationRequest(
                com.cedarpolicy.model.schema.Schema.parse(JsonOrCedar.Cedar, schema),
                new com.cedarpolicy.model.policy.PolicySet(policies)));
    var success =
        response.success.orElseThrow(
            () -> new AssertionError("the reference refused: " + response.errors + texts));
    var refused = new HashSet<String>();
    success.validationErrors.forEach(error -> refused.add(error.getPolicyId()));
    return refused;
  }

  private void compareSchema(long seed, String text) {
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
    assertThat(problems.isEmpty())
        .as(() -> "-Dseed=" + seed + "\n" + text + "\n" + found)
        .isEqualTo(acceptedByReference(text));
  }

  private boolean acceptedByReference(String schema) {
    try {
      refusedByReference(schema, Map.of("p", "permit(principal, action, resource);"));
      return true;
    } catch (InternalException refusal) {
      return false;
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
