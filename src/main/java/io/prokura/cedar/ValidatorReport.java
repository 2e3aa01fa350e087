package io.prokura.cedar;

import io.prokura.cedar.ValidationFinding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.Supplier;

/// Collects what is found about one policy, over all environments. A finding that is the same in
/// several environments counts once.
final class ValidatorReport {
  private static final int FINDINGS_MAX = 50;
  private static final int ERRORS_MAX = 1000;
  private static final long STEPS_MAX = 5_000_000;
  private static final int EXPRESSION_LENGTH_MAX = 60;

  /// Thrown when the work on a policy exceeds its limit.
  static final class TooMuchWork extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// What a test comes out as in the environments where it is reached.
  private static final class Test {
    private final Expr expr;
    private final Supplier<String> reason;
    private boolean everTrue;

    private Test(Expr expr, Supplier<String> reason) {
      this.expr = expr;
      this.reason = reason;
    }
  }

  private final Policy policy;
  private final SequencedSet<ValidationFinding> findings = new LinkedHashSet<>();
  private final IdentityHashMap<Expr, Test> tests = new IdentityHashMap<>();
  private final List<Test> testsInOrder = new ArrayList<>();
  private final IdentityHashMap<Expr, Position> positions = new IdentityHashMap<>();
  private int errors;
  private long steps;
  private boolean applies;

  ValidatorReport(Policy policy) {
    this.policy = policy;
  }

  /// Counts a unit of work.
  void step() {
    if (++steps > STEPS_MAX) {
      throw new TooMuchWork();
    }
  }

  void error(Expr expr, String message) {
    error(positions.computeIfAbsent(expr, policy.source()::positionOf), message);
  }

  void error(Position position, String message) {
    add(Severity.ERROR, position, message);
    if (++errors == ERRORS_MAX) {
      throw new TooMuchWork();
    }
  }

  void warning(Position position, String message) {
    add(Severity.WARNING, position, message);
  }

  private void add(Severity severity, Position position, String message) {
    // The first error counts whatever came before it: without one the policy would be accepted.
    if (findings.size() < FINDINGS_MAX || (severity == Severity.ERROR && errors == 0)) {
      findings.add(new ValidationFinding(policy.id(), severity, position, message));
    }
  }

  /// Reports that the policy was not checked to the end.
  void tooMuchWork() {
    findings.add(
        new ValidationFinding(
            policy.id(),
            Severity.ERROR,
            policy.source().position(),
            "the policy is too large, or has too many errors, to be checked in every request that"
                + " the schema allows"));
  }

  /// How many errors were reported so far, repetitions included.
  int errors() {
    return errors;
  }

  /// Notes that the policy can hold in an environment.
  void applies() {
    applies = true;
  }

  /// Whether the policy can hold in any environment.
  boolean mayApply() {
    return applies;
  }

  /// Notes how a test comes out in an environment: always false, and why, or perhaps true.
  void note(Expr expr, boolean mayBeTrue, Supplier<String> whyFalse) {
    var test = tests.get(expr);
    if (test == null) {
      test = new Test(expr, whyFalse);
      tests.put(expr, test);
      testsInOrder.add(test);
    }
    test.everTrue |= mayBeTrue;
  }

  /// Warns of every test that is false wherever it is reached.
  void warnOfFalseTests() {
    for (var test : testsInOrder) {
      if (!test.everTrue && findings.size() < FINDINGS_MAX) {
        warning(
            policy.source().positionOf(test.expr),
            shown(test.expr) + " is always false: " + test.reason.get());
      }
    }
  }

  /// Warns of characters that make a text look different from what it says.
  void warnOfInvisibleCharacters() {
    var text = policy.source().text();
    for (int i = 0; i < text.length(); i++) {
      boolean directs =
          switch (Character.getDirectionality(text.charAt(i))) {
            case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
                Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
                Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
                Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
                Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
                Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
                Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE,
                Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
                Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE ->
                true;
            default -> false;
          };
      if (directs) {
        warning(
            policy.source().at(i),
            "a character that changes the direction of the text makes it look different");
        return;
      }
    }
  }

  /// The findings by position, errors first where two are at one place.
  List<ValidationFinding> findings() {
    var sorted = new ArrayList<>(findings);
    sorted.sort(
        Comparator.<ValidationFinding>comparingInt(finding -> finding.position().line())
            .thenComparingInt(finding -> finding.position().column())
            .thenComparing(ValidationFinding::severity)
            .thenComparing(ValidationFinding::message));
    return sorted;
  }

  /// The expression in backquotes, cut short if it is long.
  static String shown(Expr expr) {
    var text = PolicyPrinter.start(expr, EXPRESSION_LENGTH_MAX);
    return text.length() <= EXPRESSION_LENGTH_MAX
        ? "`" + text + "`"
        : "`" + text.substring(0, EXPRESSION_LENGTH_MAX - 3) + "...`";
  }
}
