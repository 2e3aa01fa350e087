package io.prokura.grants;

import static io.prokura.kernel.Refusal.KEY_PROOF_REQUIRED;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.ConsentQuestions;
import io.prokura.catalogue.Catalogue;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.Client;
import io.prokura.clients.Clients;
import io.prokura.delegation.Operand;
import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;

/// What the applications that people use may get for them, whatever says that they may.
final class Applications {
  private final Catalogue catalogue;
  private final Clients clients;
  private final ConsentQuestions questions;

  Applications(Catalogue catalogue, Clients clients, ConsentQuestions questions) {
    this.catalogue = catalogue;
    this.clients = clients;
    this.questions = questions;
  }

  /// What the ceiling of an application lets through on a resource; refuses `RESOURCE_UNKNOWN`, and
  /// `KEY_PROOF_REQUIRED` where its profile wants the token bound.
  Result<Operand.Actions> ceiling(AuthenticatedClient client, String identifier) {
    var resource = catalogue.resourceAt(identifier);
    var application = Id.Client.parse(client.clientId()).flatMap(clients::find);
    if (resource.isEmpty() || application.filter(Client::active).isEmpty()) {
      return refused(RESOURCE_UNKNOWN, "the resource or the application is no longer registered");
    }
    if (application.get().registration().isFapi2()
        && client.confirmation() instanceof Confirmation.None) {
      return refused(KEY_PROOF_REQUIRED, "under fapi2 every token is bound: send a DPoP proof");
    }
    return ok(questions.ceiling(application.get(), resource.get()));
  }
}
