package io.prokura.grants;

import static io.prokura.kernel.Refusal.ACTOR_NOT_PROVEN;
import static io.prokura.kernel.Refusal.ACTOR_TOKEN_INVALID;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.ClientAgents;
import io.prokura.clients.ClientAuthenticator;
import io.prokura.delegation.Asserted;
import io.prokura.http.Form;
import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.tokens.Tokens;
import java.time.Instant;
import java.util.Optional;

/// Checks actor tokens (RFC 8693 §2.1), by which an actor proves itself in a request of somebody
/// else's: its own access token, which rests on nobody else, presented by who proves the key that
/// it is bound to; or an assertion that it signed with its key, as for authenticating itself.
public final class ActorTokens {
  private static final String ASSERTION = "urn:ietf:params:oauth:token-type:jwt";

  private final Tokens tokens;
  private final ClientAuthenticator authenticator;
  private final ClientAgents clientAgents;

  public ActorTokens(Tokens tokens, ClientAuthenticator authenticator, ClientAgents clientAgents) {
    this.clientAgents = clientAgents;
    this.tokens = tokens;
    this.authenticator = authenticator;
  }

  /// What proves the actor rests on, the newest cut-off that was known before it was checked, and
  /// which of the actor's roles count where it is there by the word of its platform.
  record Proof(Lineage lineage, long checked, Asserted asserted) {
    Proof(Lineage lineage, long checked) {
      this(lineage, checked, Asserted.NOTHING);
    }
  }

  /// Whether `type` can be the `actor_token_type`; it may be absent.
  static boolean isType(Optional<String> type) {
    return type.isEmpty()
        || type.get().equals(TokenType.ACCESS_TOKEN.urn())
        || type.get().equals(ASSERTION);
  }

  /// The proof that `actor` is behind the request `form` of `client`: by `actor_token`, or by being
  /// that client. Refuses `ACTOR_TOKEN_INVALID` where one is missing or stands where none belongs,
  /// `ACTOR_NOT_PROVEN` where it is not good, and `MALFORMED_REQUEST`.
  Result<Proof> proof(Id.Agent actor, AuthenticatedClient client, Form form) {
    if (isItself(actor, client)) {
      return form.has("actor_token")
          ? refused(ACTOR_TOKEN_INVALID, "the application is the agent and has no actor_token")
          : ok(new Proof(Lineage.of(actor), client.checked()));
    }
    if (!form.has("actor_token")) {
      return client.principal().equals(Optional.of(actor)) && client.credential().isPresent()
          ? ok(new Proof(Lineage.of(actor, client.credential().get()), client.checked()))
          : refused(ACTOR_TOKEN_INVALID, "the agent that is to act has to send its actor_token");
    }
    var type = form.get("actor_token_type");
    if (!isType(type)) {
      return refused(MALFORMED_REQUEST, "an actor token is an access token or an assertion");
    }
    var proof = of(actor, form.get("actor_token").orElseThrow(), type, client.confirmation());
    return proof instanceof Refused<Proof> bad && bad.reason() == ACTOR_TOKEN_INVALID
        ? refused(ACTOR_NOT_PROVEN, bad.detail())
        : proof;
  }

  /// An agent whose own access token was presented, and until when that is good.
  public record Own(Id.Agent agent, Instant until) {}

  /// The agent whose own access token `compact` is, where whoever has proven `proven` may present
  /// it; refuses `ACTOR_TOKEN_INVALID`.
  public Result<Own> own(String compact, Confirmation proven) {
    var verified = tokens.verify(compact, ACTOR_TOKEN_INVALID);
    if (!(verified instanceof Ok(var token))) {
      return verified.refusal();
    }
    var authority = token.authority();
    return authority.subject() instanceof Id.Agent agent
            && !authority.isDelegated()
            && token.isConfirmedBy(proven)
        ? ok(new Own(agent, token.expiresAt()))
        : refused(ACTOR_TOKEN_INVALID, "it is not an agent's own, or bound to another key");
  }

  /// Whether the client is the application that the agent is.
  private boolean isItself(Id.Agent actor, AuthenticatedClient client) {
    return Id.Client.parse(client.clientId()).flatMap(clientAgents::of).equals(Optional.of(actor));
  }

  /// The proof that `actor` is behind the token, which has the type `type`; refuses
  /// `ACTOR_TOKEN_INVALID`. An assertion is used up.
  Result<Proof> of(Id.Principal actor, String compact, Optional<String> type, Confirmation proven) {
    return type.equals(Optional.of(ASSERTION))
        ? assertion(actor, compact)
        : accessToken(actor, compact, proven);
  }

  private Result<Proof> accessToken(Id.Principal actor, String compact, Confirmation proven) {
    var verified = tokens.verify(compact, ACTOR_TOKEN_INVALID);
    if (!(verified instanceof Ok(var token))) {
      return verified.refusal();
    }
    var authority = token.authority();
    return !authority.isDelegated()
            && authority.subject().equals(actor)
            && token.isConfirmedBy(proven)
        ? ok(new Proof(authority.lineage(), authority.checked(), authority.asserted()))
        : refused(ACTOR_TOKEN_INVALID, "the actor token is not the actor's own, or bound");
  }

  private Result<Proof> assertion(Id.Principal actor, String compact) {
    var proof = authenticator.proveByAssertion(compact);
    if (!(proof instanceof Ok(var proven))) {
      return refused(ACTOR_TOKEN_INVALID, "the assertion is not good or was used");
    }
    var admitted = authenticator.admit(proven);
    return admitted instanceof Ok(var client)
            && client.principal().equals(Optional.of(actor))
            && client.credential().isPresent()
        ? ok(new Proof(Lineage.of(actor, client.credential().get()), client.checked()))
        : refused(ACTOR_TOKEN_INVALID, "the assertion is not the actor's own");
  }
}
