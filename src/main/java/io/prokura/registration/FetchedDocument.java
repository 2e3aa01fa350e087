package io.prokura.registration;

import io.prokura.outbound.Fetched;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// How long a fetched document counts, by what its server says (RFC 9111 §5.2.2) within bounds of
/// our own.
final class FetchedDocument {
  static final Duration SHORTEST = Duration.ofMinutes(1);
  static final Duration USUAL = Duration.ofHours(1);
  static final Duration LONGEST = Duration.ofHours(24);

  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[,\\s])max-age=\"?([0-9]{1,9})\"?(?:[,\\s]|$)");
  private static final Pattern NOT_KEPT =
      Pattern.compile("(?:^|[,\\s])(?:no-store|no-cache)(?:[=,\\s]|$)");

  private FetchedDocument() {}

  static Duration fresh(Fetched.Answered answer) {
    var control = answer.header("cache-control").orElse("");
    if (NOT_KEPT.matcher(control).find()) {
      return SHORTEST;
    }
    var age = MAX_AGE.matcher(control);
    var said =
        age.find()
            ? Optional.of(Duration.ofSeconds(Long.parseLong(age.group(1))))
            : Optional.<Duration>empty();
    return within(said.orElse(USUAL));
  }

  private static Duration within(Duration said) {
    if (said.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return said.compareTo(LONGEST) > 0 ? LONGEST : said;
  }
}
