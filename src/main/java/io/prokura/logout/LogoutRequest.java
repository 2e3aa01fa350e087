package io.prokura.logout;

import io.prokura.clients.Client;
import io.prokura.tokens.IdTokens;
import java.util.Optional;

/// An application's wish that somebody is signed out, found to be in order.
///
/// @param hint whom and which session the application means
/// @param client the application, where it said who it is
/// @param returnTo where the browser goes afterwards, with the application's state
public record LogoutRequest(
    Optional<IdTokens.Hint> hint, Optional<Client> client, Optional<String> returnTo) {}
