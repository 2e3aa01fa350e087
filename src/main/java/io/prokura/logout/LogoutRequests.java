package io.prokura.logout;

import static io.prokura.kernel.Refusal.CLIENT_UNKNOWN;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.REDIRECT_URI_INVALID;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.clients.Client;
import io.prokura.clients.Clients;
import io.prokura.http.Form;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.sessions.Session;
import io.prokura.tokens.IdTokens;
import java.net.URLEncoder;
import java.util.List;
import java.util.Optional;

/// Reads what applications send to the logout endpoint (OpenID Connect RP-Initiated Logout 1.0 §2).
public final class LogoutRequests {
  /// The parameters that count; others are nothing to us.
  public static final List<String> PARAMETERS =
      List.of("id_token_hint", "client_id", "post_logout_redirect_uri", "state");

  private final IdTokens idTokens;
  private final Clients clients;

  public LogoutRequests(IdTokens idTokens, Clients clients) {
    this.idTokens = idTokens;
    this.clients = clients;
  }

  /// The request that `form` is. Refuses `TOKEN_INVALID` for a hint that is no ID token of ours,
  /// however old; `MALFORMED_REQUEST` when it was for another application than `client_id`;
  /// `CLIENT_UNKNOWN`; and `REDIRECT_URI_INVALID` for an address that the application has not
  /// registered to the letter, or when nothing says which application it is. None of these may be
  /// answered at the address.
  public Result<LogoutRequest> read(Form form) {
    var sent = form.get("id_token_hint");
    var hint = sent.flatMap(idTokens::hint);
    if (sent.isPresent() && hint.isEmpty()) {
      return refused(TOKEN_INVALID, "id_token_hint is no ID token of this server");
    }
    // The URL of a document stands for an id.
    var named =
        form.get("client_id").map(text -> Id.Client.parse(text).map(Id.Client::text).orElse(text));
    var intended = hint.map(IdTokens.Hint::clientId);
    if (named.isPresent() && intended.isPresent() && !named.equals(intended)) {
      return refused(MALFORMED_REQUEST, "id_token_hint is for another application");
    }
    var clientId = named.or(() -> intended);
    var client = clientId.flatMap(Id.Client::parse).flatMap(clients::find).filter(Client::active);
    if (clientId.isPresent() && client.isEmpty()) {
      return refused(CLIENT_UNKNOWN, "there is no such application");
    }
    var address = form.get("post_logout_redirect_uri");
    if (address.isPresent() && !mayReturn(client, address.get())) {
      return refused(
          REDIRECT_URI_INVALID, "post_logout_redirect_uri is not registered for the application");
    }
    return ok(
        new LogoutRequest(hint, client, address.map(uri -> withState(uri, form.get("state")))));
  }

  /// Whether `asked` is about `session`, so that the person needn't be asked (OpenID Connect
  /// RP-Initiated Logout 1.0 §2).
  public boolean isAbout(LogoutRequest asked, Session session) {
    return asked
        .hint()
        .filter(hint -> hint.session().equals(Optional.of(session.id())))
        .filter(hint -> idTokens.names(hint, session.user()))
        .isPresent();
  }

  private static boolean mayReturn(Optional<Client> client, String address) {
    return client.filter(one -> one.registration().logout().returnsTo(address)).isPresent();
  }

  private static String withState(String address, Optional<String> state) {
    var joint = address.indexOf('?') < 0 ? "?state=" : "&state=";
    return state.map(text -> address + joint + URLEncoder.encode(text, UTF_8)).orElse(address);
  }
}
