package io.prokura.decision;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.policy.CandidateCheck;
import io.prokura.policy.Obligation;
import io.prokura.policy.PolicySnapshot;
import io.prokura.policy.SourceFile;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Runs an organisation's own test cases, the file `tests.yaml` of a policy set, on a snapshot:
/// nothing of them rests on what is registered, so that their answers change with policies alone.
/// A set without the file has no cases.
///
/// A case that expects `deny` and names no reason means that policies say no: a question that they
/// are never asked, since it fits no schema, or whose answer is an error, fails it.
public final class PolicyTests implements CandidateCheck {
  /// How many cases a set may have.
  public static final int CASES_MAX = 1_000;

  /// How many policies the cases may ask together: each participant of a case asks every policy.
  public static final int ASKED_MAX = 1_000_000;

  private static final int FINDINGS_MAX = 100;
  private static final Set<Reason> BY_POLICIES =
      EnumSet.of(Reason.ALLOWED, Reason.FORBIDDEN, Reason.NOT_PERMITTED);

  private final JsonReader yaml = new JsonReader(Limits.standard());

  /// What became of one case: `wrong` says what was expected and what was answered, and is empty
  /// when they are the same.
  public record Outcome(String name, List<String> wrong) {
    public Outcome {
      wrong = List.copyOf(wrong);
    }

    /// Whether everything that was expected came.
    public boolean passed() {
      return wrong.isEmpty();
    }
  }

  /// The outcome of every case in the order of the file. What is wrong with the file itself is an
  /// outcome of the name `tests.yaml`.
  public List<Outcome> run(PolicySnapshot snapshot) {
    var file = snapshot.sources().own(SourceFile.TESTS);
    if (file.isEmpty()) {
      return List.of();
    }
    if (!(yaml.readYaml(file.get().text().getBytes(UTF_8)) instanceof Result.Ok(var read))) {
      return List.of(unreadable("not a YAML mapping"));
    }
    List<PolicyTestCase> cases;
    try {
      cases = PolicyTestCase.all(read, CASES_MAX);
    } catch (IllegalArgumentException e) {
      return List.of(unreadable(String.valueOf(e.getMessage())));
    }
    long participants = cases.stream().mapToInt(PolicyTestCase::participants).sum();
    if (participants * snapshot.policies().policies().size() > ASKED_MAX) {
      return List.of(unreadable("the cases ask more than " + ASKED_MAX + " policies together"));
    }
    return cases.stream().map(one -> run(snapshot, one)).toList();
  }

  @Override
  public List<String> findings(PolicySnapshot candidate) {
    return run(candidate).stream()
        .filter(one -> !one.passed())
        .limit(FINDINGS_MAX)
        .map(
            one ->
                one.name().equals(SourceFile.TESTS)
                    ? one.name() + ": " + one.wrong().getFirst()
                    : "%s: %s: %s"
                        .formatted(SourceFile.TESTS, one.name(), String.join("; ", one.wrong())))
        .toList();
  }

  private static Outcome unreadable(String why) {
    return new Outcome(SourceFile.TESTS, List.of(why));
  }

  private Outcome run(PolicySnapshot snapshot, PolicyTestCase test) {
    var wrong = new ArrayList<String>();
    for (var id : test.policies()) {
      if (snapshot.policies().find(id).isEmpty()) {
        wrong.add("there is no policy " + id);
      }
    }
    try {
      compare(test, Evaluator.evaluate(snapshot, test.question(snapshot)), snapshot, wrong);
    } catch (IllegalArgumentException e) {
      wrong.add(String.valueOf(e.getMessage()));
    }
    return new Outcome(test.name(), wrong);
  }

  private void compare(
      PolicyTestCase test, Evaluated answer, PolicySnapshot snapshot, List<String> wrong) {
    boolean allowed = answer.outcome() instanceof Step.Passed;
    var reason = Reason.ALLOWED;
    var detail = "";
    List<String> policies = List.of();
    switch (answer.outcome()) {
      case Step.Passed(var ids) -> policies = ids;
      case Step.Denied<List<String>>(var why, var text, var ids) -> {
        reason = why;
        detail = " (" + why.word() + ": " + text + ")";
        policies = ids;
      }
    }
    if (allowed != test.allow()) {
      wrong.add(
          "expected %s, was %s%s by %s"
              .formatted(word(test.allow()), word(allowed), detail, policies));
      return;
    }
    if (!policies.containsAll(test.policies())) {
      wrong.add("expected the policies %s, were %s".formatted(test.policies(), policies));
    }
    if (!test.reason().isEmpty() && !test.reason().equals(reason.word())) {
      wrong.add("expected the reason %s, was %s".formatted(test.reason(), reason.word()));
    }
    if (test.reason().isEmpty() && !BY_POLICIES.contains(reason)) {
      wrong.add("expected that policies answer, was" + detail);
    }
    var types = Obligations.of(snapshot, policies).stream().map(Obligation::type).toList();
    if (!types.containsAll(test.obligations())) {
      wrong.add("expected the obligations %s, were %s".formatted(test.obligations(), types));
    }
  }

  private static String word(boolean allow) {
    return allow ? "allow" : "deny";
  }
}
