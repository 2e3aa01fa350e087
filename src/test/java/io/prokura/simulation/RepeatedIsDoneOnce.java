package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Set;

/// A change with an `Idempotency-Key` is done once a day: repeated, it does nothing and is answered
/// as it was the first time, also when that answer was lost. After that day it is a new request,
/// which may find nothing left to do: a rotation while a key waits.
final class RepeatedIsDoneOnce implements Invariant {
  private final KeptReplies kept;
  private final Tally tally;

  RepeatedIsDoneOnce(KeptReplies kept, Tally tally) {
    this.kept = kept;
    this.tally = tally;
  }

  @Override
  public void answered(Exchange exchange) {
    var call = exchange.call();
    var earlier = kept.of(call);
    if (exchange.done()) {
      assertThat(earlier.isPresent() && kept.isFresh(call)).as("again: %s", exchange).isFalse();
      kept.keep(exchange);
    } else if (earlier.isPresent() && exchange.succeeded() && kept.isFresh(call)) {
      assertThat(kept.isRepeated(call)).as("under a used key: %s", exchange).isTrue();
      tally.count("repeated");
      earlier
          .get()
          .answer()
          .ifPresentOrElse(first -> same(first, exchange), () -> kept.keep(exchange));
    } else if (kept.isRepeated(call) && kept.isFresh(call)) {
      assertThat(exchange.isOutage()).as("the repetition %s", exchange).isTrue();
    }
  }

  private static void same(Exchange first, Exchange again) {
    assertThat(text(again)).as("the repetition %s", again).isEqualTo(text(first));
  }

  /// The answer without the report of a kill, which is read anew each time.
  private static String text(Exchange exchange) {
    var members = new LinkedHashMap<>(exchange.body().members());
    members.keySet().removeAll(Set.of("audiences", "below", "complete"));
    var etag = exchange.response().flatMap(one -> one.header("ETag"));
    return exchange.status() + " " + etag + " " + members;
  }

  @Override
  public void stepped() {
    kept.grow();
  }
}
