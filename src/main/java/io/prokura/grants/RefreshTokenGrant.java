package io.prokura.grants;

import static io.prokura.kernel.Refusal.REFRESH_TOKEN_INVALID;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.Grant;
import io.prokura.authorize.Grants;
import io.prokura.authorize.RefreshTokens;
import io.prokura.authorize.RefreshTokens.Presented;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.http.Form;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Tx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// An application gets another access token for what was granted (RFC 6749 §6). The refresh token
/// of an application that proves itself or a key stays; that of any other is replaced at each use.
public final class RefreshTokenGrant {
  static final String TYPE = "refresh_token";

  private final Limits limits;
  private final Grants grants;
  private final RefreshTokens refreshTokens;
  private final GrantedTokens tokens;
  private final SignedIns signedIns;

  public RefreshTokenGrant(
      Limits limits,
      Grants grants,
      RefreshTokens refreshTokens,
      GrantedTokens tokens,
      SignedIns signedIns) {
    this.limits = limits;
    this.grants = grants;
    this.refreshTokens = refreshTokens;
    this.tokens = tokens;
    this.signedIns = signedIns;
  }

  Result<TokenAnswer> issue(AuthenticatedClient client, Form form, String peer) {
    var sent = form.require("refresh_token");
    if (!(sent instanceof Ok(var text))) {
      return sent.refusal();
    }
    long checked = tokens.checked();
    var found = refreshTokens.find(text);
    if (!(found instanceof Ok(var presented))) {
      return found.refusal();
    }
    var grant = presented.grant();
    if (!grant.clientId().equals(client.clientId())) {
      return refused(REFRESH_TOKEN_INVALID, "there is no such refresh token");
    }
    var key = grant.keyThumbprint();
    if (key.isPresent() && !key.equals(client.confirmation().keyThumbprint())) {
      return refused(REFRESH_TOKEN_INVALID, "the refresh token is bound to a key not proven");
    }
    var alive = grants.alive(grant, REFRESH_TOKEN_INVALID);
    if (!(alive instanceof Ok)) {
      return alive.refusal();
    }
    var scopes = scopes(form, grant);
    return scopes instanceof Ok(var asked)
        ? refresh(client, presented, checked, asked, form, peer)
        : scopes.refusal();
  }

  /// What is asked for of what was granted; all of it where nothing is named. What is about the
  /// person is granted once and for all and may be named.
  private Result<Scopes> scopes(Form form, Grant grant) {
    var asked = Scopes.parse(form.get("scope").orElse(""), limits);
    if (!(asked instanceof Ok(var named)) || named.isEmpty()) {
      return asked instanceof Ok ? ok(grant.scopes()) : asked;
    }
    var left =
        new Scopes(
            named.values().stream()
                .filter(one -> grant.scopes().contains(one) || !grant.identity().contains(one))
                .toList());
    if (!left.within(grant.scopes())) {
      return refused(SCOPE_NOT_PERMITTED, "that was not granted: " + grant.scopes());
    }
    return ok(left.isEmpty() ? grant.scopes() : left);
  }

  private Result<TokenAnswer> refresh(
      AuthenticatedClient client,
      Presented presented,
      long checked,
      Scopes scopes,
      Form form,
      String peer) {
    var next = new AtomicReference<>(Optional.<String>empty());
    var issued =
        tokens.issue(
            client,
            presented.grant(),
            checked,
            scopes,
            form,
            TYPE,
            peer,
            tx -> isBound(client, presented) ? ok(tx) : replace(tx, presented, next));
    return issued.map(
        token ->
            new TokenAnswer(
                presented.grant(),
                token,
                next.get(),
                signedIns.idToken(presented.grant(), Optional.empty(), token.token().compact())));
  }

  /// Whether something else than the refresh token proves who holds it.
  private static boolean isBound(AuthenticatedClient client, Presented presented) {
    return client.credential().isPresent() || presented.grant().keyThumbprint().isPresent();
  }

  private Result<Tx> replace(Tx tx, Presented presented, AtomicReference<Optional<String>> next) {
    return refreshTokens
        .replace(tx, presented)
        .map(
            token -> {
              next.set(Optional.of(token));
              return tx;
            });
  }
}
