package io.prokura.upstream;

import java.util.Map;
import java.util.Optional;

/// How a browser came back from an issuer: the parameters of the authorization response, what the
/// browser kept, and from which network address.
public record Arrived(Map<String, String> parameters, Optional<String> pending, String peer) {
  public Arrived {
    parameters = Map.copyOf(parameters);
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}
