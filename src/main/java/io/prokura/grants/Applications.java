package io.prokura.grants;

import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.ConsentQuestions;
import io.prokura.catalogue.Catalogue;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.Client;
import io.prokura.clients.Clients;
import io.prokura.clients.Registration;
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
  /// `CLIENT_NOT_ALLOWED` where it doesn't keep to its profile.
  Result<Operand.Actions> ceiling(AuthenticatedClient client, String identifier) {
    var resource = catalogue.resourceAt(identifier);
    var application = Id.Client.parse(client.clientId()).flatMap(clients::find);
    if (resource.isEmpty() || application.filter(Client::active).isEmpty()) {
      return refused(RESOURCE_UNKNOWN, "the resource or the application is no longer registered");
    }
    if (application.get().registration().profile() == Registration.Profile.FAPI2
        && !isFapi2(client)) {
      return refused(
          CLIENT_NOT_ALLOWED,
          "under fapi2 the application signs or has a certificate, and its tokens are bound");
    }
    return ok(questions.ceiling(application.get(), resource.get()));
  }

  /// Whether a request is as the FAPI 2.0 security profile wants it (§5.3.2.1).
  private static boolean isFapi2(AuthenticatedClient client) {
    boolean isBound = !(client.confirmation() instanceof Confirmation.None);
    return switch (client.method()) {
      case PRIVATE_KEY_JWT, TLS_CLIENT_AUTH, SELF_SIGNED_TLS_CLIENT_AUTH -> isBound;
      case CLIENT_SECRET_BASIC, CLIENT_SECRET_POST, NONE -> false;
    };
  }
}
