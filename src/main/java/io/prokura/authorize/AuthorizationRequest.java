package io.prokura.authorize;

import io.prokura.clients.Client;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an application asks of a person (RFC 6749 §4.1.1, RFC 7636, RFC 8707, OpenID Connect Core
/// §3.1.2.1), every parameter checked. Only [AuthorizationRequests] makes one.
///
/// @param identity the scopes about the person, such as `openid`
/// @param scopes those on the resource; empty for all that are possible
/// @param resource the identifier of the resource
/// @param actor the agent that is to act for the person
/// @param purpose the name of the purpose it is to act for; empty for its only one
/// @param challenge the S256 challenge; nothing where the application is registered to do without
/// @param maxAge how long ago the person may have signed in
/// @param claims what is wanted about the person claim by claim
/// @param keyThumbprint the key that the code is bound to (RFC 9449 §10)
/// @param levels what the sign-in has to be worth, one of these; empty for anything (RFC 9470 §5)
public record AuthorizationRequest(
    Client client,
    Destination destination,
    Scopes identity,
    Scopes scopes,
    String resource,
    Optional<Id.Agent> actor,
    String purpose,
    Optional<String> challenge,
    Optional<String> nonce,
    Set<Prompt> prompts,
    Optional<Duration> maxAge,
    Optional<String> hint,
    Optional<String> keyThumbprint,
    ClaimsRequest claims,
    List<String> levels) {

  /// What an application wants to happen whatever is known already (OpenID Connect Core
  /// §3.1.2.1).
  enum Prompt {
    NONE,
    LOGIN,
    CONSENT,
    SELECT_ACCOUNT
  }

  public AuthorizationRequest {
    prompts = Set.copyOf(prompts);
    levels = List.copyOf(levels);
  }

  /// Whether a sign-in that is worth `acr` is good enough.
  boolean isMetBy(String acr) {
    return (claims.acr().isEmpty() || claims.acr().contains(acr))
        && (levels.isEmpty() || levels.contains(acr));
  }

  boolean isSilent() {
    return prompts.contains(Prompt.NONE);
  }

  boolean wantsLogin() {
    return prompts.contains(Prompt.LOGIN) || prompts.contains(Prompt.SELECT_ACCOUNT);
  }

  boolean wantsConsent() {
    return prompts.contains(Prompt.CONSENT);
  }

  /// What it asks, apart from how.
  Asked asked() {
    return new Asked(
        new AskingClient.Application(client),
        identity,
        scopes,
        resource,
        actor,
        purpose,
        client.registration().redirect(destination.redirectUri()),
        claims);
  }
}
