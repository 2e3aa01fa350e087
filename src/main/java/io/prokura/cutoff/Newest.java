package io.prokura.cutoff;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The newest cut-off number of every target, in bounded memory.
///
/// There are as many principals, credentials and delegations as somebody registered, but a client
/// may revoke tokens without end. So of tokens only the newest cut-offs are kept; no clock decides
/// which, as a clock that goes back would bring the dead back to life.
final class Newest {
  private static final String TOKEN = "tok_";
  private static final String SESSION = "ses_";

  private final Map<String, Long> numbers = new ConcurrentHashMap<>();
  private final Deque<Told> tokens = new ArrayDeque<>();
  private final int tokensMax;
  private volatile long forgotten;

  private record Told(String target, long number) {}

  /// Keeps the cut-offs of at most `tokensMax` tokens.
  Newest(int tokensMax) {
    this.tokensMax = tokensMax;
  }

  static boolean isToken(String target) {
    return target.startsWith(TOKEN) || target.startsWith(SESSION);
  }

  /// Takes note of a cut-off. Numbers come in their order.
  synchronized void told(String target, long number) {
    numbers.merge(target, number, Math::max);
    if (isToken(target)) {
      tokens.add(new Told(target, number));
      if (tokens.size() > tokensMax) {
        forget(tokens.remove());
      }
    }
  }

  /// Whoever misses the number afterwards has to see that one was forgotten.
  private void forget(Told told) {
    forgotten = told.number();
    numbers.remove(told.target(), told.number());
  }

  Optional<Long> of(String target) {
    return Optional.ofNullable(numbers.get(target));
  }

  /// The greatest number of a token's cut-off that is not kept.
  long forgotten() {
    return forgotten;
  }

  /// Takes note that cut-offs of tokens up to `number` were never read.
  synchronized void unread(long number) {
    forgotten = Math.max(forgotten, number);
  }
}
