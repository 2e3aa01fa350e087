package io.prokura.grants;

import io.prokura.authorize.Grant;
import io.prokura.clients.Client;
import io.prokura.clients.Clients;
import io.prokura.kernel.Id;
import io.prokura.tokens.IdTokens;
import java.util.Optional;

/// Tells applications who signed in, where they asked for it by the scope `openid`.
public final class SignedIns {
  private final IdTokens idTokens;
  private final Clients clients;

  public SignedIns(IdTokens idTokens, Clients clients) {
    this.idTokens = idTokens;
    this.clients = clients;
  }

  /// The ID token that goes along with `accessToken`; nothing where it was not asked for.
  Optional<String> idToken(Grant grant, Optional<String> nonce, String accessToken) {
    if (!grant.identity().contains("openid")) {
      return Optional.empty();
    }
    var who =
        new IdTokens.SignedIn(
            grant.user().text(),
            grant.session(),
            grant.authTime(),
            grant.acr(),
            grant.amr(),
            nonce);
    var audience =
        Id.Client.parse(grant.clientId())
            .flatMap(clients::find)
            .map(Client::calledItself)
            .orElseGet(grant::clientId);
    return Optional.of(idTokens.mint(audience, who, accessToken));
  }
}
