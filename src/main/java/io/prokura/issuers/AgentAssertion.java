package io.prokura.issuers;

import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Proof that a platform told this server of an agent of its own, for getting a token by that
/// (draft-carleton-workload-authz-grant). Only [AgentAssertions] can make one. `sub` and `jti` mean
/// something together with the issuer alone. Whether it was used before is for others to find out.
public final class AgentAssertion {
  private final TrustedIssuer issuer;
  private final AgentTerms terms;
  private final Instant expiresAt;
  private final Json.Obj claims;

  AgentAssertion(TrustedIssuer issuer, AgentTerms terms, Instant expiresAt, Json.Obj claims) {
    this.issuer = issuer;
    this.terms = terms;
    this.expiresAt = expiresAt;
    this.claims = claims;
  }

  public TrustedIssuer issuer() {
    return issuer;
  }

  /// What the issuer is believed about its agents.
  public AgentTerms terms() {
    return terms;
  }

  public String sub() {
    return claims.text("sub").orElseThrow();
  }

  /// The claim `jti`, which no other assertion of the issuer has.
  public String id() {
    return claims.text("jti").orElseThrow();
  }

  /// What the platform calls the agent in front of people, if it says so.
  public Optional<String> name() {
    return claims.text("name");
  }

  /// From when on nobody accepts it, clocks that differ allowed for.
  public Instant expiresAt() {
    return expiresAt;
  }

  /// The roles that follow here from what the platform says.
  public List<Id.Role> roles() {
    return terms.roles(claims);
  }

  /// The purposes for which the agent may act by this.
  public List<Id.Purpose> purposes() {
    return terms.purposes(claims);
  }

  public Json.Obj claims() {
    return claims;
  }
}
