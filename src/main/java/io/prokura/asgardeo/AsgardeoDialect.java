package io.prokura.asgardeo;

import static io.prokura.kernel.Refusal.ACTOR_TOKEN_INVALID;

import io.prokura.clients.AuthenticatedClient;
import io.prokura.grants.Dialect;
import io.prokura.grants.TokenAnswer;
import io.prokura.http.Form;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Refused;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How Asgardeo's clients talk to the token endpoint. They send the actor token of a backchannel
/// request once, with the request: what they poll with brings it back, and it is checked again as
/// if they had sent it.
public final class AsgardeoDialect implements Dialect {
  private static final String REQUEST = "auth_req_id";
  private static final String ACTOR_TOKEN = "actor_token";

  private final CarriedTokens carried;
  private final AgentCodeGrant codes;

  public AsgardeoDialect(CarriedTokens carried, AgentCodeGrant codes) {
    this.carried = carried;
    this.codes = codes;
  }

  /// The actor tokens that clients carry.
  public CarriedTokens carried() {
    return carried;
  }

  @Override
  public Form meant(AuthenticatedClient client, Form form) {
    return form.get(REQUEST)
        .flatMap(text -> carried.in(text, client.clientId()))
        .map(it -> Parameters.of(form, Set.of(), spelled(form, it)))
        .orElse(form);
  }

  /// A token that comes with the poll itself is the one that counts: it is fresher.
  private static Map<String, String> spelled(Form form, CarriedTokens.Carried carried) {
    return form.has(ACTOR_TOKEN)
        ? Map.of(REQUEST, carried.secret())
        : Map.of(REQUEST, carried.secret(), ACTOR_TOKEN, carried.token());
  }

  @Override
  public Optional<Result<TokenAnswer>> redeem(AuthenticatedClient client, Form form, String peer) {
    return codes.redeem(client, form, peer);
  }

  @Override
  public Refused<?> worded(Form form, Refused<?> refused) {
    boolean isForCode = form.get("grant_type").equals(Optional.of("authorization_code"));
    return isForCode && refused.reason() == ACTOR_TOKEN_INVALID && !form.has(ACTOR_TOKEN)
        ? new Refused<>(ACTOR_TOKEN_INVALID, "Actor token is not provided in the request.")
        : refused;
  }
}
