package io.prokura.policy;

import io.prokura.cedar.Effect;
import io.prokura.cedar.Policy;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What a permit policy records of the task of whatever it allows, in its annotation `@records`:
/// words such as `read-secrets`, with blanks between them. Later decisions of the same task see
/// them in `context.taskFacts`.
public final class Recorded {
  /// The annotation of a policy that records something.
  private static final String ANNOTATION = "records";

  private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final int WORDS_MAX = 10;

  private Recorded() {}

  /// The words that a policy which was read records; none where it has no such annotation.
  public static SortedSet<String> of(Policy policy) {
    var annotation = policy.annotations().get(ANNOTATION);
    return annotation == null
        ? Collections.emptySortedSet()
        : new TreeSet<>(List.of(annotation.strip().split("\\s+")));
  }

  /// What is wrong with the annotation of a policy, if anything is.
  static Optional<String> problem(Policy policy) {
    if (!policy.annotations().containsKey(ANNOTATION)) {
      return Optional.empty();
    }
    if (policy.effect() != Effect.PERMIT) {
      return Optional.of("@records: only a permit policy records, since only what is allowed is");
    }
    var words = of(policy);
    return words.size() <= WORDS_MAX && words.stream().allMatch(WORD.asMatchPredicate())
        ? Optional.empty()
        : Optional.of(
            "@records: 1 to %d words of a-z 0-9 -, each begins with a letter and has at most 40"
                .formatted(WORDS_MAX));
  }
}
