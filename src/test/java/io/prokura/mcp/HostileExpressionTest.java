package io.prokura.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Expressions of a mapping that mean harm end at a bound that is counted, whatever machine counts.
final class HostileExpressionTest {
  private static final String COST = "the mapping costs too much to evaluate";

  private static final String ITERATIONS = "Iteration budget exceeded";

  private final Expressions expressions = new Expressions();

  private static List<Object> many(int count) {
    return new ArrayList<>(Collections.nCopies(count, 0L));
  }

  /// Evaluates over a list `params.l` of that many numbers.
  private Json evaluated(String source, int count) {
    var params = Map.<String, Object>of("l", many(count));
    var token = Map.<String, Object>of();
    var variables = Map.<String, Object>of("params", params, "token", token);
    return expressions.evaluate(source, variables, new Budget(params, token)).orElseThrow();
  }

  private void ends(String source, int count, String why) {
    assertThatThrownBy(() -> evaluated(source, count))
        .as("%.60s", source)
        .isInstanceOf(MappingFault.class)
        .hasMessageContaining(why);
  }

  private static String twentyTimes(String seed, String step) {
    return seed + step.repeat(20);
  }

  @Test
  void whatDoublesItselfCostsTooMuch() {
    ends(twentyTimes("['" + "x".repeat(100) + "']", ".map(a,a+a)"), 0, COST);
    var lists = twentyTimes("[[1,1]]", ".map(a,[a,a])");
    ends(lists, 0, COST);
    ends(lists + "==" + lists, 0, COST);
  }

  @Test
  void whatComparesTheSameOverAndOverCostsTooMuch() {
    ends("params.l.all(a," + "params.l==params.l&&".repeat(4) + "true)", 400, COST);
    assertThat(evaluated("params.l==params.l", 500)).isEqualTo(Json.flag(true));
  }

  @Test
  void whatIteratesOverAndOverIsCountedTogether() {
    ends("params.l.all(a,params.l.all(b,params.l.all(c,a+b+c>=0)))", 400, ITERATIONS);
    ends("params.l.all(a,a==0)", 501, ITERATIONS);
    assertThat(evaluated("params.l.all(a,a==0)", 400)).isEqualTo(Json.flag(true));
  }

  @Test
  void whatIsLongOrNestedIsNotCompiled() {
    ends("(".repeat(400) + "1" + ")".repeat(400), 0, "recursion limit exceeded");
    ends("[".repeat(500), 0, "failed: ");
    ends("'" + "x".repeat(100_000) + "'", 0, "more than 1000 characters");
  }

  /// Only an engine that tries again and again knows back-references; this one walks a text once.
  @Test
  void regularExpressionsAreThoseThatTakeLinearTime() {
    var text = "a".repeat(30_000) + "b";
    var params = Map.<String, Object>of("t", text);
    var variables = Map.<String, Object>of("params", params, "token", Map.of());
    var source = "params.t.matches('^(a+)+$')";
    assertThat(expressions.evaluate(source, variables, new Budget(params, Map.of())))
        .contains(Json.flag(false));
    ends("'aa'.matches('(a)\\\\1')", 0, "error parsing regexp");
  }
}
