package io.prokura.tokens;

import io.prokura.clients.Client;
import io.prokura.clients.Clients;
import io.prokura.clients.Registration;
import io.prokura.jose.SigningKey;
import io.prokura.kernel.Id;
import io.prokura.keys.SigningKeys;
import java.util.Optional;

/// How each application wants to be told who somebody is.
public final class Audiences {
  private final Clients clients;
  private final SigningKeys keys;
  private final PairwiseSubjects pairwise;

  public Audiences(Clients clients, SigningKeys keys, PairwiseSubjects pairwise) {
    this.clients = clients;
    this.keys = keys;
    this.pairwise = pairwise;
  }

  /// The key that signs what is for `clientId` now; not to be called in a transaction.
  SigningKey key(String clientId) {
    return keys.signing(identity(clientId).idToken());
  }

  /// The key that signs what userinfo tells `clientId`, where it wants that signed.
  Optional<SigningKey> userinfoKey(String clientId) {
    return identity(clientId).userinfo().map(keys::signing);
  }

  /// What `clientId` knows `user` by: their id, or a name for the application's sector alone; not
  /// to be called in a transaction.
  public String subject(String clientId, Id.User user) {
    return identity(clientId).sector().map(sector -> pairwise.of(sector, user)).orElse(user.text());
  }

  /// What `clientId` calls itself, and so expects as the audience of what is for it.
  String audience(String clientId) {
    return Id.Client.parse(clientId)
        .flatMap(clients::find)
        .map(Client::calledItself)
        .orElse(clientId);
  }

  private Registration.Identity identity(String clientId) {
    return Id.Client.parse(clientId)
        .flatMap(clients::find)
        .map(Client::registration)
        .map(Registration::identity)
        .orElse(Registration.Identity.PLAIN);
  }
}
