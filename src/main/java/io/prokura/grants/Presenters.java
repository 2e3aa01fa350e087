package io.prokura.grants;

import io.prokura.clients.AuthenticatedClient;
import io.prokura.delegation.Presenter;
import io.prokura.kernel.Id;

/// Makes whoever a token is for out of the client that asks for it.
final class Presenters {
  private Presenters() {}

  /// `principal` by what `client` has proven.
  static Presenter of(Id.Principal principal, AuthenticatedClient client) {
    return new Presenter(
        principal, client.credential(), client.until(), client.checked(), client.confirmation());
  }
}
