package io.prokura.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.LogProof;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Once a node has put the log in order, it proves to anybody that an entry of whatever was
/// answered by then is in the tree.
final class AnsweredIsProvable implements Invariant {
  private final Simulation simulation;
  private final LogPolicy policy;
  private final List<String> answered = new ArrayList<>();

  AnsweredIsProvable(Simulation simulation, LogPolicy policy) {
    this.simulation = simulation;
    this.policy = policy;
  }

  @Override
  public void answered(Exchange exchange) {
    if (exchange.succeeded()) {
      exchange.entries().forEach(entry -> answered.add(entry.id()));
    }
  }

  /// Asks for the receipt of one of them.
  @Override
  public void worked(Node node, String work) {
    if (work.equals(Node.SEQUENCE) && !answered.isEmpty() && simulation.dice.hits(300)) {
      simulation.follow(node);
      prove(node, simulation.dice.one(answered));
    }
  }

  /// Everything has found its place.
  @Override
  public void over() {
    var pending = simulation.stored.pending().stream().filter(answered::contains);
    assertThat(pending).as("entries without a place").isEmpty();
  }

  private void prove(Node node, String entry) {
    var receipt =
        simulation.look(node, Call.look("receipt", "/api/v1/audit/" + entry + "/receipt"));
    var body = JsonText.object(receipt.orElseThrow().bodyText());
    assertThat(body.text("status"))
        .as("the receipt of %s", entry)
        .isEqualTo(Optional.of("integrated"));
    try {
      var leaf = body.text("leaf").orElseThrow().getBytes(UTF_8);
      LogProof.parse(body.text("proof").orElseThrow().getBytes(UTF_8)).verify(leaf, policy);
    } catch (InvalidException e) {
      throw new AssertionError("the receipt of " + entry + " does not verify", e);
    }
    simulation.tally.count("receipt");
  }
}
