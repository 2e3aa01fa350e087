package io.prokura.clients;

import java.util.Optional;

/// Finds applications by what they call themselves in requests, which may be the URL of a document.
/// Not to be called in a transaction, as a document may have to be fetched.
@FunctionalInterface
public interface KnownClients {
  /// The application that `clientId` names, active or not.
  Optional<Client> find(String clientId);
}
