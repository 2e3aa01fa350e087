package io.prokura.grants;

import static io.prokura.kernel.Refusal.KEY_PROOF_REQUIRED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agents;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.delegation.Presenter;
import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;

/// Makes whoever a token is for out of the client that asks for it.
public final class Presenters {
  private final Agents agents;

  public Presenters(Agents agents) {
    this.agents = agents;
  }

  /// A person or workload by what `client` has proven.
  Presenter of(Id.Principal principal, AuthenticatedClient client) {
    return new Presenter(
        principal, client.credential(), client.until(), client.checked(), client.confirmation());
  }

  /// The same for anybody who may be an agent, whose tokens are bound: refuses `KEY_PROOF_REQUIRED`
  /// where `client` has proven no key and the agent is not registered for bearer tokens, and
  /// `PRINCIPAL_NOT_ACTIVE`.
  public Result<Presenter> acting(Id.Principal principal, AuthenticatedClient client) {
    var presenter = of(principal, client);
    if (!(principal instanceof Id.Agent id)
        || !(client.confirmation() instanceof Confirmation.None)) {
      return ok(presenter);
    }
    var found = agents.active(id);
    if (!(found instanceof Ok(var active))) {
      return found.refusal();
    }
    return active.agent().bearerTokens()
        ? ok(presenter)
        : refused(
            KEY_PROOF_REQUIRED,
            "the agent's tokens are bound to a key: send a DPoP proof or use its certificate");
  }
}
