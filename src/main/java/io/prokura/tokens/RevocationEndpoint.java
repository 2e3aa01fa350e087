package io.prokura.tokens;

import static io.prokura.kernel.Result.ok;

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
  /// of the caller's and nothing happens, which is no error; `token_type_hint` is ignored, because
  /// there is one type only (RFC 7009 §2.2).
  public Result<Boolean> revoke(AuthenticatedClient caller, Form form) {
    var token = form.require("token");
    if (!(token instanceof Ok(var compact))) {
      return token.refusal();
    }
    var own = tokens.issuedTo(caller.clientId(), compact);
    if (own.isEmpty()) {
      return ok(false);
    }
    var by = caller.principal().orElse(own.get().subject());
    database.inTransaction(tx -> cutOff(tx, own.get().id(), by));
    return ok(true);
  }

  private long cutOff(Tx tx, Id.Token id, Id.Principal by) {
    return cutOffs.write(tx, id, by, "revoked by its client");
  }
}
