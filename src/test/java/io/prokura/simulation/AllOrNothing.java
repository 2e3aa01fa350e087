package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import java.util.List;
import java.util.Optional;

/// A request that failed changed nothing, or all that it would have changed: the registers are as
/// they were when the record tells of nothing, and as the model says when it does.
final class AllOrNothing implements Invariant {
  private final Simulation simulation;

  AllOrNothing(Simulation simulation) {
    this.simulation = simulation;
  }

  @Override
  public void answered(Exchange exchange) {
    // Having nothing to do is done as well, and under an Idempotency-Key that is kept.
    boolean nothingToDo = exchange.call().wish().marks().contains(List.of());
    if (exchange.alone() && !exchange.done() && !nothingToDo) {
      assertThat(exchange.changed())
          .as("registers changed by %s, of which the record does not tell", exchange)
          .isFalse();
    }
  }

  /// Looks at something now and then.
  @Override
  public void stepped() {
    var model = simulation.model;
    switch (simulation.dice.below(12)) {
      case 0 -> simulation.dice.any(model.parties).ifPresent(this::check);
      case 1 -> simulation.dice.any(model.permissions).ifPresent(this::check);
      case 2 -> simulation.dice.any(model.delegations).ifPresent(this::check);
      default -> {}
    }
  }

  /// Looks at everything.
  @Override
  public void over() {
    var model = simulation.model;
    model.parties.forEach(this::check);
    model.permissions.forEach(this::check);
    model.delegations.forEach(this::check);
    model.credentials.forEach(this::check);
  }

  private void check(Party party) {
    var seen = look(party.path());
    var state =
        party.isAgent()
            ? seen.text("state").orElse("")
            : seen.flag("active").equals(Optional.of(true)) ? Party.Life.ACTIVE : "inactive";
    assertThat(state).as("the state of %s", party.id()).isEqualTo(party.state());
  }

  private void check(Permission permission) {
    var seen = look(permission.path());
    assertThat(seen.text("revokedAt").isPresent())
        .as("whether %s is revoked", permission.life().id())
        .isEqualTo(permission.life().isRevoked());
  }

  private void check(Delegation delegation) {
    var seen = look("delegations/" + delegation.id());
    assertThat(seen.text("state").equals(Optional.of("revoked")))
        .as("whether %s is revoked", delegation.id())
        .isEqualTo(delegation.life().isRevoked());
  }

  private void check(Credential credential) {
    var all = look(credential.holder().path() + "/credentials").get("items").orElseThrow();
    var seen =
        ((Json.Arr) all)
            .items().stream()
                .map(Json.Obj.class::cast)
                .filter(one -> one.text("id").equals(Optional.of(credential.id())))
                .findFirst();
    assertThat(seen.orElseThrow().text("revokedAt").isPresent())
        .as("whether %s is revoked", credential.id())
        .isEqualTo(credential.life().isRevoked());
  }

  private Json.Obj look(String path) {
    return simulation.observe(Call.look("look", "/api/v1/" + path));
  }
}
