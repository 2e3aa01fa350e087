package io.prokura.approvals;

import io.prokura.jose.Crypto;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.util.Base64;
import java.util.List;

/// What an approval is bound to: SHA-256 over the canonical JSON (RFC 8785) of everything that
/// makes an action the one that was approved, in unpadded base64url.
///
/// It can be guessed back where the arguments can, so it stands nowhere that is kept for ever.
public record ActionDigest(String text) {

  static ActionDigest of(ExactAction action) {
    var all =
        Json.object()
            .put("chain", ids(action.chain()))
            .put("delegations", ids(action.delegations()))
            .put("resource", action.resource().text())
            .put(
                "object",
                Json.object().put("type", action.objectType()).put("id", action.objectId()).build())
            .put("action", action.action())
            .put("arguments", action.arguments())
            .put("purpose", action.purpose().map(Id::text));
    var hash = Crypto.sha256(all.build().canonical());
    return new ActionDigest(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
  }

  private static List<String> ids(List<? extends Id> ids) {
    return ids.stream().map(Id::text).toList();
  }
}
