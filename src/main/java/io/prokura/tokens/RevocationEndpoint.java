package io.prokura.tokens;

import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Refusal.TOKEN_TYPE_UNSUPPORTED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.clients.AuthenticatedClient;
import io.prokura.cutoff.CutOffs;
import io.prokura.http.Form;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;

/// Token revocation (RFC 7009): a client ends a token of its own, with everything made from it.
public final class RevocationEndpoint {
  private final Database database;
  private final Tokens tokens;
  private final CutOffs cutOffs;

  public RevocationEndpoint(Database database, Tokens tokens, CutOffs cutOffs) {
    this.database = database;
    this.tokens = tokens;
    this.cutOffs = cutOffs;
  }

  /// Whether the request was in order. A token that is unknown, spent or somebody else's is none
  /// of the caller's and nothing happens, which is no error (RFC 7009 §2.2). Refuses
  /// `TOKEN_TYPE_UNSUPPORTED` for a hint that names a type we don't issue.
  public Result<Boolean> revoke(AuthenticatedClient caller, Form form) {
    var hint = form.get("token_type_hint").orElse("access_token");
    if (!hint.equals("access_token") && !hint.equals("refresh_token")) {
      return refused(TOKEN_TYPE_UNSUPPORTED, "only access tokens can be revoked");
    }
    var token = form.require("token");
    if (!(token instanceof Ok(var compact))) {
      return token.refusal();
    }
    if (!(tokens.verify(compact, TOKEN_INVALID) instanceof Ok(var verified))
        || !verified.authority().clientId().equals(caller.clientId())) {
      return ok(false);
    }
    var by = caller.principal().orElse(verified.authority().current());
    database.inTransaction(tx -> cutOff(tx, verified.id(), by));
    return ok(true);
  }

  private long cutOff(Tx tx, Id.Token id, Id.Principal by) {
    return cutOffs.write(tx, id, by, "revoked by its client");
  }
}
