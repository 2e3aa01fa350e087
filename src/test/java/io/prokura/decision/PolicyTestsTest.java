package io.prokura.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.policy.Policies;
import io.prokura.policy.PolicySnapshot;
import io.prokura.policy.StarterPolicies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyTestsTest {
  @TempDir private Path folder;

  private static String shipped(String name) {
    return StarterPolicies.files().stream()
        .filter(file -> file.name().equals(name))
        .findFirst()
        .orElseThrow()
        .text();
  }

  private PolicySnapshot snapshot(String cedar, String tests) throws IOException {
    Files.writeString(folder.resolve("schema.cedarschema"), shipped("schema.cedarschema"));
    Files.writeString(folder.resolve("starter.cedar"), cedar);
    Files.writeString(folder.resolve("tests.yaml"), tests);
    return Policies.of(folder).current();
  }

  private List<String> findings(String tests) throws IOException {
    return new PolicyTests().findings(snapshot(shipped("starter.cedar"), tests));
  }

  @Test
  void theStarterSetPassesItsOwnCases() throws IOException {
    var tests = new PolicyTests();
    var snapshot = snapshot(shipped("starter.cedar"), shipped("tests.yaml"));
    assertThat(tests.findings(snapshot)).isEmpty();
    assertThat(tests.run(snapshot)).hasSize(10).allMatch(PolicyTests.Outcome::passed);
    assertThat(snapshot.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "starter.sensitive",
        "starter.irreversible",
        "starter.purpose",
        "starter.ownerless"
      })
  void aStarterPolicyLeftOutFailsACase(String id) throws IOException {
    var all = shipped("starter.cedar");
    int start = all.indexOf("@id(\"" + id + "\")");
    int end = all.indexOf("};", start) + 2;
    var without = all.substring(0, start) + all.substring(end);
    var findings = new PolicyTests().findings(snapshot(without, shipped("tests.yaml")));
    assertThat(findings).anySatisfy(one -> assertThat(one).contains("there is no policy " + id));
    assertThat(findings).anySatisfy(one -> assertThat(one).contains("expected deny, was allow"));
  }

  @Test
  void whatIsExpectedAndDoesNotComeIsNamed() throws IOException {
    var start = "cases: [{name: x, subject: 'agent:a', action: read, object: 'item:1', ";
    assertThat(findings(start + "expect: allow}]"))
        .containsExactly(
            "tests.yaml: x: expected allow, was deny (forbidden: a policy forbids it to the agent"
                + " a) by [starter.purpose]");
    assertThat(findings(start + "expect: deny, reason: not_permitted}]"))
        .containsExactly("tests.yaml: x: expected the reason not_permitted, was forbidden");
    assertThat(findings(start + "expect: deny, policies: [nowhere]}]").getFirst())
        .contains("there is no policy nowhere");
    assertThat(findings(start + "expect: deny, obligations: [step-up]}]").getFirst())
        .contains("expected the obligations [step-up], were []");
  }

  @Test
  void whatIsNoCaseIsAFinding() throws IOException {
    var start = "cases: [{name: x, subject: 'agent:a', action: read, object: 'item:1', ";
    assertThat(findings(start + "expect: deny, aproved: true}]").getFirst())
        .contains("x: nothing is called aproved");
    assertThat(findings(start + "expect: maybe}]").getFirst()).contains("allow or deny");
    assertThat(findings(start + "expect: deny, reason: because}]").getFirst())
        .contains("no reason is called because");
    assertThat(findings(start + "expect: deny, at: today}]").getFirst()).contains("at is a time");
    assertThat(findings(start + "expect: deny, facts: {'agent:a': {risky: 1}}}]").getFirst())
        .contains("facts of");
    assertThat(findings("tests: []").getFirst()).contains("nothing is called tests");
    assertThat(findings("cases: [{name: x, expect: deny}]").getFirst()).contains("a principal is");
    assertThat(findings("cases: [{name: x, expect: deny, chain: agent}]").getFirst())
        .contains("x: chain is a list of texts");
    var many = "- {name: x, expect: deny}\n".repeat(PolicyTests.CASES_MAX + 1);
    assertThat(findings("cases:\n" + many).getFirst()).contains("more than 1000 cases");
  }

  /// A slip of the pen must not pass for a rule that forbids.
  @Test
  void whatPoliciesAreNeverAskedIsNoDenialOfTheirs() throws IOException {
    var start = "cases: [{name: x, subject: 'agent:a', purpose: p, permitted: true, ";
    var slip = start + "action: read, object: 'itm:1', expect: deny";
    assertThat(findings(slip + "}]").getFirst())
        .startsWith("tests.yaml: x: expected that policies answer, was (not_applicable");
    assertThat(findings(slip + ", reason: not_applicable}]")).isEmpty();
  }

  @Test
  void casesThatWouldTakeTooLongAreNotRun() throws IOException {
    var cedar = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      cedar.append("@id(\"p%d\") forbid (principal, action, resource);\n".formatted(i));
    }
    var tests = new StringBuilder("cases:\n");
    for (int i = 0; i < 501; i++) {
      tests.append("- {name: c%d, subject: 'agent:a', expect: deny}\n".formatted(i));
    }
    assertThat(new PolicyTests().findings(snapshot(cedar.toString(), tests.toString())))
        .containsExactly("tests.yaml: the cases ask more than 1000000 policies together");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "action: '', object: 'item:1'",
        "action: read, object: 'it em:1'",
        "action: read, object: '::'",
        "action: read, object: 'Prokura::Agent:a'",
        "action: other, object: 'item:1', at: '+1000000000-12-31T23:59:59Z'",
        "action: read, object: 'item:1', budgetLeft: {calls: 1.5}",
        "action: other, object: 'item:1', at: '-999999999-01-01T00:00:00Z'",
        "action: other, object: 'item:1', budgetLeft: {pigs: 1}",
        "action: read, object: 'item:1', properties: {a: {b: [1, {c: 2.5}]}}",
        "action: read, object: 'item:1', resource: ''",
        "action: read, object: 'item:1', facts: {'agent:a': {in: [role]}}",
        "action: read, object: 'item:1', facts: {'agent:a': {in: 7}}",
        "action: read, object: 'item:1', facts: {'agent:a': 7}",
        "action: read, object: 'item:1', chain: ['agent:a', 'agent:a', 'user:']",
        "action: read, object: 'item:1', taskFacts: [1]"
      })
  void whateverIsWrittenIsAFindingAndNoError(String odd) throws IOException {
    var subject = odd.contains("chain") ? "" : "subject: 'agent:a', ";
    var tests = "cases: [{name: x, expect: allow, " + subject + odd + "}]";
    assertThat(findings(tests)).hasSize(1).first().asString().startsWith("tests.yaml: ");
  }
}
