package io.prokura.grants;

import static io.prokura.kernel.Refusal.KEY_PROOF_REQUIRED;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SIGN_IN_TOO_OLD;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.AskingClient;
import io.prokura.authorize.AskingClients;
import io.prokura.authorize.ConsentQuestions;
import io.prokura.catalogue.Catalogue;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.delegation.Operand;
import io.prokura.jose.Confirmation;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Refused;
import java.time.Instant;
import java.util.Optional;

/// What whoever asks people may get for them, whatever says that they may.
public final class Applications {
  private final Catalogue catalogue;
  private final AskingClients clients;
  private final ConsentQuestions questions;

  public Applications(Catalogue catalogue, AskingClients clients, ConsentQuestions questions) {
    this.catalogue = catalogue;
    this.clients = clients;
    this.questions = questions;
  }

  /// What the ceiling of an application lets through on a resource; refuses `RESOURCE_UNKNOWN`, and
  /// `KEY_PROOF_REQUIRED` where its profile wants the token bound.
  public Result<Operand.Actions> ceiling(AuthenticatedClient client, String identifier) {
    var resource = catalogue.resourceAt(identifier);
    var asking = clients.active(client.clientId());
    if (resource.isEmpty() || asking.isEmpty()) {
      return refused(RESOURCE_UNKNOWN, "the resource or the application is no longer registered");
    }
    if (asking.get().isFapi2() && client.confirmation() instanceof Confirmation.None) {
      return refused(KEY_PROOF_REQUIRED, "under fapi2 every token is bound: send a DPoP proof");
    }
    return ok(questions.ceiling(asking.get(), resource.get()));
  }

  /// Why a sign-in at the time `at` is not enough at the time `now` for what an application says of
  /// all its people, which holds also where somebody else vouches for them: `SIGN_IN_TOO_OLD`, also
  /// where nobody tells the time.
  Optional<Refused<?>> tooOld(AuthenticatedClient client, Optional<Instant> at, Instant now) {
    return clients
        .active(client.clientId())
        .flatMap(AskingClient::maxAge)
        .filter(age -> at.map(time -> time.plus(age).isBefore(now)).orElse(true))
        .map(
            age ->
                new Refused<>(
                    SIGN_IN_TOO_OLD,
                    "the person has to have signed in within max_age=%d seconds"
                        .formatted(age.toSeconds())));
  }
}
