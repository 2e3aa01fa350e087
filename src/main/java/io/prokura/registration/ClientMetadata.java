package io.prokura.registration;

import io.prokura.clients.AuthenticationMethod;
import io.prokura.clients.RedirectUri;
import io.prokura.clients.Registration;
import io.prokura.jose.VerificationKey;
import io.prokura.json.Json;
import io.prokura.kernel.Scopes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a program says of itself (RFC 7591 §2, OpenID Connect Dynamic Registration §2), checked.
///
/// @param method how it proves itself at the token endpoint
/// @param keys those it signs its assertions with
/// @param jwksUri where it publishes them instead
/// @param sectorIdentifierUri where all its redirect URIs have to be listed
/// @param scopes those of a request that names none
/// @param logout how it takes part when people sign out
/// @param identity how it is told who somebody is
/// @param registered all that was taken, as it is told back
public record ClientMetadata(
    String name,
    List<RedirectUri> redirectUris,
    AuthenticationMethod method,
    List<VerificationKey> keys,
    Optional<String> jwksUri,
    Optional<String> sectorIdentifierUri,
    Optional<Duration> maxAge,
    boolean pushedOnly,
    Scopes scopes,
    Registration.Logout logout,
    Registration.Identity identity,
    Json.Obj registered) {

  public ClientMetadata {
    redirectUris = List.copyOf(redirectUris);
    keys = List.copyOf(keys);
  }

  boolean isPublic() {
    return method == AuthenticationMethod.NONE;
  }

  boolean hasSecret() {
    return method == AuthenticationMethod.CLIENT_SECRET_BASIC
        || method == AuthenticationMethod.CLIENT_SECRET_POST;
  }

  /// How it takes part from now on, where it took part as `before`. People are asked, whatever was
  /// agreed on for what it said of itself until now.
  Registration registration(Registration before) {
    return new Registration(
        isPublic(),
        redirectUris,
        Registration.Consent.ASKED,
        before.isPkceOptional() && !isPublic(),
        pushedOnly,
        before.profile(),
        before.resource(),
        scopes,
        logout,
        identity,
        before.notificationUri(),
        maxAge,
        before.origin(),
        before.document());
  }
}
