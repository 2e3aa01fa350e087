package io.prokura.tokens;

import io.prokura.json.Json;
import java.time.Instant;
import java.util.List;

/// How and when the person behind a token signed in: `auth_time`, `acr` and `amr` (OpenID Connect
/// Core §2). By those of an access token a resource server finds out whether that is good enough
/// for it (RFC 9068 §2.2.1, RFC 9470 §6); one that was exchanged for another does not say so.
public record UserAuthentication(Instant at, String acr, List<String> amr) {
  public UserAuthentication {
    amr = List.copyOf(amr);
  }

  void write(Json.Builder claims) {
    claims.put("auth_time", at.getEpochSecond()).put("acr", acr).put("amr", amr);
  }
}
