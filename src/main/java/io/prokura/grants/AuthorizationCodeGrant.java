package io.prokura.grants;

import static io.prokura.kernel.Refusal.CODE_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.Codes;
import io.prokura.authorize.Codes.Code;
import io.prokura.authorize.Grant;
import io.prokura.authorize.Grants;
import io.prokura.authorize.RefreshTokens;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.http.Form;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// An application redeems the code that a person's browser brought it (RFC 6749 §4.1.3, RFC 7636
/// §4.6). A code that comes a second time ends what came of it the first time (RFC 9700 §2.1.1).
public final class AuthorizationCodeGrant {
  static final String TYPE = "authorization_code";

  private final World world;
  private final Codes codes;
  private final Grants grants;
  private final RefreshTokens refreshTokens;
  private final GrantedTokens tokens;
  private final SignedIns signedIns;

  public AuthorizationCodeGrant(
      World world,
      Codes codes,
      Grants grants,
      RefreshTokens refreshTokens,
      GrantedTokens tokens,
      SignedIns signedIns) {
    this.world = world;
    this.codes = codes;
    this.grants = grants;
    this.refreshTokens = refreshTokens;
    this.tokens = tokens;
    this.signedIns = signedIns;
  }

  Result<TokenAnswer> issue(AuthenticatedClient client, Form form, String peer) {
    var sent = form.require("code");
    if (!(sent instanceof Ok(var text))) {
      return sent.refusal();
    }
    long checked = tokens.checked();
    var code = codes.find(text);
    var grant = code.flatMap(found -> grants.find(found.grant()));
    if (grant.isEmpty() || !grant.get().clientId().equals(client.clientId())) {
      return refused(CODE_INVALID, "there is no such code for this client");
    }
    var good = good(code.get(), grant.get(), form, client);
    return good instanceof Ok(var alive)
        ? redeem(client, code.get(), alive, checked, form, peer)
        : good.refusal();
  }

  private Result<Grant> good(Code code, Grant grant, Form form, AuthenticatedClient client) {
    if (code.spent()) {
      grants.end(grant, "its code was used a second time");
      return refused(CODE_INVALID, "the code has been used");
    }
    if (!world.now().isBefore(code.expiresAt())) {
      return refused(CODE_INVALID, "the code has expired");
    }
    var address = form.get("redirect_uri");
    if (address.isEmpty() && code.challenge().isEmpty()) {
      // Nothing else would tell a code from one that somebody else was sent (RFC 6749 §4.1.3).
      return refused(CODE_INVALID, "without a code_challenge redirect_uri has to be repeated");
    }
    if (address.isPresent() && !address.get().equals(code.redirectUri())) {
      return refused(CODE_INVALID, "the code was sent to another redirect_uri");
    }
    if (!Pkce.answers(code.challenge(), form.get("code_verifier"))) {
      return refused(CODE_INVALID, "code_verifier does not answer the code_challenge");
    }
    if (code.keyThumbprint().isPresent()
        && !code.keyThumbprint().equals(client.confirmation().keyThumbprint())) {
      return refused(CODE_INVALID, "the code is bound to a key that was not proven");
    }
    return grants.alive(grant, CODE_INVALID);
  }

  /// The key that refresh tokens are bound to: none where the client proves itself anyhow.
  static Optional<String> boundTo(AuthenticatedClient client) {
    return client.credential().isPresent()
        ? Optional.empty()
        : client.confirmation().keyThumbprint();
  }

  private Result<TokenAnswer> redeem(
      AuthenticatedClient client, Code code, Grant grant, long checked, Form form, String peer) {
    var refresh = new AtomicReference<>("");
    var spentBefore = new AtomicReference<>(false);
    var issued =
        tokens.issue(
            client,
            grant,
            checked,
            grant.scopes(),
            form,
            TYPE,
            peer,
            tx -> {
              if (!codes.spend(tx, code)) {
                spentBefore.set(true);
                return refused(CODE_INVALID, "the code has been used");
              }
              refresh.set(refreshTokens.first(tx, grant, boundTo(client)));
              return ok(tx);
            });
    if (spentBefore.get()) {
      grants.end(grant, "its code was used a second time");
    }
    return issued.map(
        token ->
            new TokenAnswer(
                grant,
                token,
                Optional.of(refresh.get()),
                signedIns.idToken(grant, code.nonce(), token.token().compact())));
  }
}
