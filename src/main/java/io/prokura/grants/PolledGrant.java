package io.prokura.grants;

import static io.prokura.kernel.Refusal.POLLED_REQUEST_INVALID;

import io.prokura.authorize.Grant;
import io.prokura.authorize.Grants;
import io.prokura.authorize.PolledFlow;
import io.prokura.authorize.PolledRequest.Channel;
import io.prokura.authorize.PolledRequests;
import io.prokura.authorize.RefreshTokens;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.http.Form;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// A client polls for what a person was asked out of band, and takes the tokens once the person has
/// allowed it (OpenID Connect CIBA Core §10.1, RFC 8628 §3.4).
public final class PolledGrant {
  private final PolledRequests requests;
  private final Grants grants;
  private final RefreshTokens refreshTokens;
  private final GrantedTokens tokens;
  private final SignedIns signedIns;

  public PolledGrant(
      PolledRequests requests,
      Grants grants,
      RefreshTokens refreshTokens,
      GrantedTokens tokens,
      SignedIns signedIns) {
    this.requests = requests;
    this.grants = grants;
    this.refreshTokens = refreshTokens;
    this.tokens = tokens;
    this.signedIns = signedIns;
  }

  /// The tokens for a backchannel authentication request.
  Result<TokenAnswer> backchannel(AuthenticatedClient client, Form form, String peer) {
    return issue(
        client, Channel.Backchannel.class, form, "auth_req_id", PolledFlow.BACKCHANNEL, peer);
  }

  /// The tokens for the request of a device.
  Result<TokenAnswer> device(AuthenticatedClient client, Form form, String peer) {
    return issue(client, Channel.Device.class, form, "device_code", PolledFlow.DEVICE, peer);
  }

  private Result<TokenAnswer> issue(
      AuthenticatedClient client,
      Class<? extends Channel> way,
      Form form,
      String parameter,
      String type,
      String peer) {
    var sent = form.require(parameter);
    if (!(sent instanceof Ok(var secret))) {
      return sent.refusal();
    }
    long checked = tokens.checked();
    var polled = requests.poll(client.clientId(), way, secret);
    if (!(polled instanceof Ok(var allowed))) {
      return polled.refusal();
    }
    var grant =
        grants
            .find(allowed)
            .map(found -> grants.alive(found, POLLED_REQUEST_INVALID))
            .orElseGet(() -> Result.refused(POLLED_REQUEST_INVALID, "the grant is over"));
    return grant instanceof Ok(var alive)
        ? take(client, alive, checked, secret, form, type, peer)
        : grant.refusal();
  }

  private Result<TokenAnswer> take(
      AuthenticatedClient client,
      Grant grant,
      long checked,
      String secret,
      Form form,
      String type,
      String peer) {
    var refresh = new AtomicReference<>("");
    var issued =
        tokens.issue(
            client,
            grant,
            checked,
            grant.scopes(),
            form,
            type,
            peer,
            tx ->
                requests
                    .take(tx, secret)
                    .map(
                        taken -> {
                          refresh.set(
                              refreshTokens.first(
                                  taken, grant, AuthorizationCodeGrant.boundTo(client)));
                          return taken;
                        }));
    return issued.map(
        token ->
            new TokenAnswer(
                grant,
                token,
                Optional.of(refresh.get()),
                signedIns.idToken(grant, Optional.empty(), token.token().compact())));
  }
}
