package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.simulation.Wish.Grant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A chain never widens: a token lets do what everything it rests on lets do, for the same subject
/// and the same or a narrower purpose, lasts no longer than any of it, and names all of it.
final class ChainsOnlyNarrow implements Invariant {
  private static final int DEPTH_MAX = 4;

  private final Model model;

  ChainsOnlyNarrow(Model model) {
    this.model = model;
  }

  @Override
  public void given(Exchange exchange, HeldToken token) {
    names(exchange, token);
    reach(exchange, token);
    lifetime(exchange, token);
    purpose(exchange, token);
    declared(exchange, token);
    token.wish().from().ifPresent(parent -> parent(exchange, token, parent));
  }

  /// It names for whom, everybody who acts, in order, and all it rests on.
  private static void names(Exchange exchange, HeldToken token) {
    var claims = token.claims();
    assertThat(claims.text("sub")).as("the subject of %s", exchange).contains(token.subject().id());
    assertThat(actors(claims))
        .as("the actors of %s", exchange)
        .isEqualTo(token.actors().stream().map(Party::id).toList());
    assertThat(claims.texts("dlg").orElse(List.of()))
        .as("the delegations of %s", exchange)
        .isEqualTo(token.delegations().stream().map(Delegation::id).toList());
    var lineage = new ArrayList<>(token.lineage());
    lineage.remove(token.id());
    assertThat(claims.texts("lin").orElseThrow())
        .as("the lineage of %s", exchange)
        .containsAll(lineage);
    assertThat(claims.text(token.isHandOver() ? "target" : "aud"))
        .as("the audience of %s", exchange)
        .contains(token.resource().identifier());
  }

  private static List<String> actors(Json.Obj claims) {
    var actors = new ArrayList<String>();
    for (var act = claims.object("act"); act.isPresent(); act = act.get().object("act")) {
      actors.add(act.get().text("sub").orElseThrow());
    }
    return actors;
  }

  /// Each action is one that everybody in the chain may do, that the purpose covers and that every
  /// delegation reaches; and the chain is no longer than they allow.
  private void reach(Exchange exchange, HeldToken token) {
    var resource = token.resource();
    for (var action : token.scopes()) {
      var permitted = model.permitted(token.chain(), resource, action, exchange.view());
      assertThat(permitted).as("whether all may %s: %s", action, exchange).isNotEqualTo(Good.NO);
      assertThat(token.purpose().map(one -> one.covers(resource, action)).orElse(true))
          .as("whether the purpose covers %s: %s", action, exchange)
          .isTrue();
      assertThat(token.delegations())
          .as("the delegations that have to reach %s: %s", action, exchange)
          .allMatch(one -> one.covers(resource, action));
    }
    var asked = token.wish().scopes();
    assertThat(asked.isEmpty() || token.scopes().size() == asked.size())
        .as("exactly the scopes that were asked for: %s", exchange)
        .isTrue();
    assertThat(token.actors().size())
        .as("the depth of %s", exchange)
        .isLessThanOrEqualTo(DEPTH_MAX);
    assertThat(token.delegations())
        .as("the delegations that have to allow the depth of %s", exchange)
        .allMatch(one -> token.actors().size() <= one.depthMax());
  }

  private static void lifetime(Exchange exchange, HeldToken token) {
    var end = token.expiresAt();
    assertThat(token.delegations())
        .as("the delegations that have to outlast %s", exchange)
        .noneMatch(one -> end.isAfter(one.life().expiresAt()));
    assertThat(token.purpose().stream())
        .as("the purpose that has to outlast %s", exchange)
        .noneMatch(one -> end.isAfter(one.expiresAt()));
    assertThat(token.chain())
        .as("those in the chain that have to outlast %s", exchange)
        .allMatch(
            one ->
                one.life().believable(exchange.view().applied()).stream()
                    .anyMatch(life -> !end.isAfter(life.validUntil())));
  }

  /// An agent has exactly one purpose, and what rests on a delegation keeps to its purpose.
  private static void purpose(Exchange exchange, HeldToken token) {
    boolean agents = token.chain().stream().anyMatch(Party::isAgent);
    assertThat(token.purpose().isPresent()).as("a purpose of %s", exchange).isEqualTo(agents);
    assertThat(token.delegations())
        .as("the delegations that the purpose of %s has to be within", exchange)
        .allMatch(one -> token.purpose().orElseThrow().isWithin(one.purpose()));
  }

  /// By itself an agent acts for what it declared.
  private static void declared(Exchange exchange, HeldToken token) {
    if (token.wish().grant() == Grant.OWN && token.subject().isAgent()) {
      assertThat(token.subject().life().believable(exchange.view().applied()))
          .as("the purposes that the agent may have declared: %s", exchange)
          .anyMatch(one -> one.declared().contains(token.purpose().orElseThrow()));
    }
  }

  private static void parent(Exchange exchange, HeldToken token, HeldToken parent) {
    assertThat(token.expiresAt()).as("the end of %s", exchange).isBeforeOrEqualTo(parent.bound());
    assertThat(token.bound())
        .as("the end of what is made from %s", exchange)
        .isBeforeOrEqualTo(parent.bound());
    assertThat(token.claims().text("tsk"))
        .as("the task of %s", exchange)
        .isEqualTo(parent.claims().text("tsk"));
    Optional<Purpose> outer = parent.purpose();
    assertThat(token.purpose().map(one -> one.isWithin(outer.orElseThrow())).orElse(true))
        .as("a narrower purpose in %s", exchange)
        .isTrue();
    boolean sameResource = token.resource().equals(parent.resource());
    if (sameResource) {
      assertThat(parent.scopes()).as("the scopes of %s", exchange).containsAll(token.scopes());
    }
    assertThat(sameResource || token.wish().grant() != Grant.TAKE)
        .as("taken for what was handed over: %s", exchange)
        .isTrue();
  }
}
