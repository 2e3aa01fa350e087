package io.prokura.authorize;

import io.prokura.agents.Agent;
import io.prokura.clients.Client;
import java.time.Duration;
import java.util.Optional;

/// Whoever asks a person for something: an application, or an agent that asks for itself.
public sealed interface AskingClient {
  /// An application that people use.
  record Application(Client client) implements AskingClient {}

  /// An agent that is its own OAuth client.
  record Itself(Agent agent) implements AskingClient {}

  /// The OAuth client id.
  default String id() {
    return switch (this) {
      case Application(var client) -> client.id().text();
      case Itself(var agent) -> agent.id().text();
    };
  }

  /// What people call it.
  default String name() {
    return switch (this) {
      case Application(var client) -> client.name();
      case Itself(var agent) -> agent.name();
    };
  }

  /// Whether people are asked before it gets anything.
  default boolean isAsking() {
    return switch (this) {
      case Application(var client) -> client.isAsking();
      case Itself _ -> true;
    };
  }

  /// How long ago people may have signed in where a request does not say (OpenID Connect Dynamic
  /// Client Registration §2, `default_max_age`).
  default Optional<Duration> maxAge() {
    return switch (this) {
      case Application(var client) -> client.registration().maxAge();
      case Itself _ -> Optional.empty();
    };
  }

  /// Whether it is held to the FAPI 2.0 security profile.
  default boolean isFapi2() {
    return switch (this) {
      case Application(var client) -> client.registration().isFapi2();
      case Itself _ -> false;
    };
  }
}
