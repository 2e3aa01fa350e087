package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;

/// No answer without its entry, and no entry that nobody asked for: a token, a decision or a change
/// that was answered stands in the record as it was answered.
final class NothingUnrecorded implements Invariant {
  private static final List<String> REFUSED = List.of("request.refused");

  private final KeptReplies kept;

  NothingUnrecorded(KeptReplies kept) {
    this.kept = kept;
  }

  @Override
  public void answered(Exchange exchange) {
    if (exchange.done()) {
      assertThat(exchange.refused()).as("done and yet refused: %s", exchange).isFalse();
    } else if (exchange.succeeded()) {
      assertThat(exchange.entries()).as("the entries of %s", exchange).isEmpty();
      assertThat(mayLeaveNothing(exchange)).as("an entry of %s", exchange).isTrue();
    } else {
      assertThat(exchange.types()).as("the entries of %s", exchange).isIn(List.of(), REFUSED);
    }
    if (exchange.call().wish() instanceof Wish.Evaluate) {
      decision(exchange);
    }
    if (exchange.refused() && exchange.status() != 401) {
      // Whoever has proven who it is leaves an entry when it is refused.
      assertThat(exchange.types()).as("the entry of %s", exchange).isEqualTo(REFUSED);
    }
  }

  /// Looking leaves nothing, neither does what has been done before or need not be done.
  private boolean mayLeaveNothing(Exchange exchange) {
    return switch (exchange.call().wish()) {
      case Wish.Look _, Wish.Introspect _, Wish.Revoke _ -> true;
      case Wish.Change change ->
          change.marks().contains(List.of()) || kept.isRepeated(exchange.call());
      case Wish.Issue _, Wish.Evaluate _ -> false;
    };
  }

  private static void decision(Exchange exchange) {
    if (exchange.succeeded()) {
      var entry = exchange.entries().getFirst();
      var context = exchange.body().object("context").orElseThrow();
      assertThat(Optional.of(entry.about())).as("%s", exchange).isEqualTo(context.text("id"));
      assertThat(entry.facts().flag("allowed"))
          .as("the recorded decision of %s", exchange)
          .isEqualTo(exchange.body().flag("decision"));
    }
  }

  @Override
  public void given(Exchange exchange, HeldToken token) {
    var entry = exchange.entries().getLast();
    assertThat(entry.about()).as("the entry of %s", exchange).isEqualTo(token.id());
    assertThat(Optional.of(entry.id())).as("%s", exchange).isEqualTo(exchange.body().text("entry"));
    var audience = token.isHandOver() ? "target" : "aud";
    assertThat(entry.facts().text("audience"))
        .as("the recorded audience of %s", exchange)
        .isEqualTo(token.claims().text(audience));
    assertThat(entry.facts().text("scope"))
        .as("the recorded scope of %s", exchange)
        .isEqualTo(token.claims().text("scope"));
    assertThat(entry.facts().number("expiresAt"))
        .as("the recorded end of %s", exchange)
        .isEqualTo(token.claims().number("exp"));
  }
}
