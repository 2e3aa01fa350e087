package io.prokura.grants;

import io.prokura.decision.Pdp;
import io.prokura.delegation.Conferred;
import io.prokura.delegation.Presenter;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.tokens.Issuance;
import io.prokura.tokens.Issuance.Issued;
import io.prokura.tokens.Transaction;
import io.prokura.tokens.UserAuthentication;
import java.util.Optional;

/// Issues what the arithmetic confers and the policies let out: the last step of every grant.
public final class PermittedTokens {
  private final Pdp pdp;
  private final Issuance issuance;

  public PermittedTokens(Pdp pdp, Issuance issuance) {
    this.pdp = pdp;
    this.issuance = issuance;
  }

  /// An access token; refuses what `result` does, `POLICY_FORBIDS`, and what `besides` refuses.
  public Result<Issued> accessToken(
      Result<Conferred> result,
      Presenter who,
      String grant,
      String peer,
      Issuance.Besides besides) {
    return accessToken(result, who, Optional.empty(), grant, peer, besides);
  }

  /// The same for a person who signed in as `signedIn` says.
  Result<Issued> accessToken(
      Result<Conferred> result,
      Presenter who,
      Optional<UserAuthentication> signedIn,
      String grant,
      String peer,
      Issuance.Besides besides) {
    var permitted = permitted(result);
    return permitted instanceof Ok(var conferred)
        ? issuance.accessToken(conferred, who, signedIn, grant, peer, besides)
        : permitted.refusal();
  }

  /// A hand-over.
  Result<Issued> handOver(Result<Conferred> offered, Presenter who, String grant, String peer) {
    var permitted = permitted(offered);
    return permitted instanceof Ok(var conferred)
        ? issuance.handOver(conferred, who, grant, peer)
        : permitted.refusal();
  }

  /// A transaction token.
  Result<Issued> transaction(
      Result<Conferred> told, Presenter who, Transaction transaction, String grant, String peer) {
    var permitted = permitted(told);
    return permitted instanceof Ok(var conferred)
        ? issuance.transaction(conferred, who, transaction, grant, peer)
        : permitted.refusal();
  }

  /// A word for a server elsewhere.
  Result<Issued> vouching(
      Result<Conferred> result, Presenter who, Issuance.Receiver to, String peer) {
    var permitted = permitted(result);
    return permitted instanceof Ok(var conferred)
        ? issuance.vouching(conferred, who, to, peer)
        : permitted.refusal();
  }

  private Result<Conferred> permitted(Result<Conferred> result) {
    if (!(result instanceof Ok(var conferred))) {
      return result;
    }
    return pdp.mayIssue(conferred.authority()).map(_ -> conferred);
  }
}
