package io.prokura.clients;

import io.prokura.kernel.Id;
import java.util.Optional;

/// Whoever holds credentials: an agent or workload, which are OAuth clients of the same id, or an
/// application.
public sealed interface Holder {

  Id id();

  record Agent(Id.Agent id) implements Holder {}

  record Workload(Id.Workload id) implements Holder {}

  record Application(Id.Client id) implements Holder {}

  /// The principal that this client is; an application is none.
  default Optional<Id.Principal> principal() {
    return switch (this) {
      case Agent(var id) -> Optional.of(id);
      case Workload(var id) -> Optional.of(id);
      case Application _ -> Optional.empty();
    };
  }

  /// The holder that a client id names, if it is well formed.
  static Optional<Holder> parse(String text) {
    Optional<Holder> agent = Id.Agent.parse(text).map(Agent::new);
    Optional<Holder> workload = Id.Workload.parse(text).map(Workload::new);
    return agent.or(() -> workload).or(() -> Id.Client.parse(text).map(Application::new));
  }
}
