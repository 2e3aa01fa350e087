package io.prokura.simulation;

import io.prokura.http.Response;
import io.prokura.tlog.Bundle;
import io.prokura.tlog.LogReader;
import io.prokura.tlog.Tile;
import java.util.Optional;

/// The log as a node shows it to anybody.
record PublishedLog(Simulation simulation, Node node) implements LogReader {

  @Override
  public Optional<byte[]> checkpoint() {
    return get("/log/checkpoint");
  }

  @Override
  public Optional<byte[]> tile(Tile tile) {
    return get("/log/" + tile.path());
  }

  @Override
  public Optional<byte[]> entries(Bundle bundle) {
    return get("/log/" + bundle.path());
  }

  private Optional<byte[]> get(String path) {
    return simulation
        .look(node, Call.look("look", path))
        .filter(response -> response.status() == 200)
        .map(Response::body);
  }
}
