package io.prokura.grants;

import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Result.refused;

import io.prokura.clients.AuthenticatedClient;
import io.prokura.decision.Pdp;
import io.prokura.delegation.Authorities;
import io.prokura.http.Form;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.tokens.Issuance;
import io.prokura.tokens.Issuance.Issued;

/// An agent or workload asks for a token of its own (RFC 6749 §4.4, RFC 9068 §2.2).
public final class ClientCredentialsGrant {
  static final String TYPE = "client_credentials";

  private final Limits limits;
  private final Presenters presenters;
  private final Authorities authorities;
  private final Pdp pdp;
  private final Issuance issuance;

  public ClientCredentialsGrant(
      Limits limits, Presenters presenters, Authorities authorities, Pdp pdp, Issuance issuance) {
    this.limits = limits;
    this.presenters = presenters;
    this.authorities = authorities;
    this.pdp = pdp;
    this.issuance = issuance;
  }

  Result<Issued> issue(AuthenticatedClient client, Form form, String peer) {
    var principal = client.principal();
    if (principal.isEmpty()) {
      return refused(
          CLIENT_NOT_ALLOWED, "an application is nobody; only agents and workloads act alone");
    }
    var target = Target.of(form, limits);
    if (!(target instanceof Ok(var wanted))) {
      return target.refusal();
    }
    var presenter = presenters.acting(principal.get(), client);
    if (!(presenter instanceof Ok(var who))) {
      return presenter.refusal();
    }
    var own = authorities.own(who, wanted);
    if (!(own instanceof Ok(var conferred))) {
      return own.refusal();
    }
    var allowed = pdp.mayIssue(conferred.authority());
    if (!(allowed instanceof Ok)) {
      return allowed.refusal();
    }
    return issuance.accessToken(conferred, who, TYPE, peer, Result::ok);
  }
}
