package io.prokura.tokens;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.clients.DpopProofs;
import io.prokura.http.Request;
import io.prokura.jose.Confirmation;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import java.util.Optional;

/// The access tokens that callers of this server's own APIs present, with the proof of what these
/// are bound to (RFC 6750 §2.1, RFC 8705 §3, RFC 9449 §7.1).
public final class PresentedTokens {
  private final Tokens tokens;
  private final DpopProofs proofs;

  public PresentedTokens(Tokens tokens, DpopProofs proofs) {
    this.tokens = tokens;
    this.proofs = proofs;
  }

  /// The token in the header `Authorization` of `request`, by the scheme `Bearer` or `DPoP`; empty
  /// without such a header. Refuses `TOKEN_INVALID`, also for a token that is bound to a key and
  /// sent as a bearer's or with a proof by another key, and `DPOP_PROOF_INVALID`.
  public Result<Optional<VerifiedToken>> of(Request request) {
    var bearer = request.bearerToken();
    if (!(bearer instanceof Ok(var borne))) {
      return bearer.refusal();
    }
    if (borne.isPresent()) {
      return tokens.verifyPresented(borne.get(), request).map(Optional::of);
    }
    var proven = request.dpopToken();
    if (!(proven instanceof Ok(var bound))) {
      return proven.refusal();
    }
    return bound.isPresent() ? bound(bound.get(), request).map(Optional::of) : ok(Optional.empty());
  }

  /// The same, where the token may also stand in a form (RFC 6750 §2.2). Refuses
  /// `MALFORMED_REQUEST` one that stands in both.
  public Result<Optional<VerifiedToken>> ofFormOr(Request request) {
    if (!request.method().equals("POST")
        || !(request.form() instanceof Ok(var form))
        || !form.has("access_token")) {
      return of(request);
    }
    return request.hasAuthorization()
        ? refused(MALFORMED_REQUEST, "the access token is sent in more than one way")
        : tokens.verifyPresented(form.get("access_token").orElseThrow(), request).map(Optional::of);
  }

  /// A token is looked at before its proof is, so that nobody without one uses up memory.
  private Result<VerifiedToken> bound(String compact, Request request) {
    var verified = tokens.verify(compact, TOKEN_INVALID);
    if (!(verified instanceof Ok(var token))) {
      return verified;
    }
    if (!(token.confirmation() instanceof Confirmation.Key)) {
      return refused(TOKEN_INVALID, "the token is bound to no key; send it as a bearer token");
    }
    var proof = proofs.provenFor(request, compact, token.authority().clientId());
    if (!(proof instanceof Ok(var shown))) {
      return proof.refusal();
    }
    return token.isConfirmedBy(shown)
        ? verified
        : refused(TOKEN_INVALID, "the token is bound to another key than the proof's");
  }
}
