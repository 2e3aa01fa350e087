package io.prokura.keys;

import static io.prokura.kernel.Result.ok;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Result;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Reply;

/// Key rotation by an administrator.
public final class SigningKeysApi {
  private final SigningKeys keys;
  private final Changes changes;

  public SigningKeysApi(SigningKeys keys, Changes changes) {
    this.keys = keys;
    this.changes = changes;
  }

  /// Publishes the next signing key; it signs after its lead time.
  public Result<Response> rotate(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var problem = new Fields(body).problem();
          return problem.isPresent()
              ? problem.get().refusal()
              : ok(Reply.ok(Json.object().put("next", keys.rotate(tx)).build(), 0));
        });
  }
}
