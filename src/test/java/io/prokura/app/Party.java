package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.clients.ClientAuthenticator;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Somebody who calls the server as itself, with a secret and a key of its own. Parameters are
/// given as pairs of name and value; one that is given again replaces the first, and an empty value
/// takes it away.
public record Party(
    TestServer server, String id, String secret, SigningKey key, List<String> proofs) {
  public static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  public static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  public static final String DELEGATION = "urn:prokura:params:oauth:token-type:delegation";
  public static final String HAND_OVER = "urn:prokura:params:oauth:token-type:hand-over";

  public static final String TRANSACTION = "urn:ietf:params:oauth:token-type:txn_token";

  private static final String JSON = "application/json";

  public Party(TestServer server, String id, String secret, SigningKey key) {
    this(server, id, secret, key, List.of());
  }

  /// The same with these DPoP proofs in its requests.
  public Party proving(String... sent) {
    return new Party(server, id, secret, key, List.of(sent));
  }

  /// Asks for a token of its own for the CRM.
  public Answer own(String... more) {
    return token(with(List.of("grant_type", "client_credentials", "resource", Story.CRM), more));
  }

  /// Uses a delegation, at the CRM.
  public Answer use(String delegation, String... more) {
    return exchange(DELEGATION, delegation, with(List.of("resource", Story.CRM), more));
  }

  /// Hands the work of `held` over to another agent.
  public Answer handOver(String held, Party to, String... more) {
    var aim = List.of("requested_token_type", HAND_OVER, "requested_actor", to.id());
    return exchange(ACCESS_TOKEN, held, with(aim, more));
  }

  /// Takes what was handed over to it, at the CRM.
  public Answer take(String handOver, String... more) {
    return exchange(HAND_OVER, handOver, with(List.of("resource", Story.CRM), more));
  }

  /// Calls the archive for the caller that sent it `sent`.
  public Answer downstream(String sent, String... more) {
    return exchange(ACCESS_TOKEN, sent, with(List.of("resource", Story.ARCHIVE), more));
  }

  private Answer exchange(String type, String subject, String[] more) {
    var form =
        List.of("grant_type", EXCHANGE, "subject_token", subject, "subject_token_type", type);
    return token(with(form, more));
  }

  /// Asks for a transaction token that tells of the ticket reading that it was sent `sent` for.
  public Answer begin(String sent, String... more) {
    return exchange(ACCESS_TOKEN, sent, with(transaction(), more));
  }

  /// Replaces a transaction token by one that tells of no more than reading tickets.
  public Answer replace(String transaction, String... more) {
    return exchange(TRANSACTION, transaction, with(transaction(), more));
  }

  private static List<String> transaction() {
    return List.of(
        "requested_token_type",
        TRANSACTION,
        "audience",
        TestServer.TRUST_DOMAIN,
        "scope",
        "tickets.read");
  }

  /// What introspection tells of a transaction token.
  public Json.Obj introspectTransaction(String token) {
    var form = form("token", token, "token_type_hint", TRANSACTION);
    return post("/oauth2/introspect", form).good().body();
  }

  /// Asks the token endpoint, authenticated by its secret in the header.
  public Answer token(String... parameters) {
    return post("/oauth2/token", form(parameters));
  }

  public Answer introspect(String token) {
    return post("/oauth2/introspect", form("token", token));
  }

  /// Introspects with the header `Accept`; the answer may be no JSON.
  public HttpResponse<String> introspect(String token, String accept) {
    return server.send(
        HttpRequest.newBuilder(server.uri("/oauth2/introspect"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Authorization", basic())
            .header("Accept", accept)
            .POST(BodyPublishers.ofString(form("token", token))));
  }

  /// Whether a token of the CRM or the archive is alive at introspection.
  public boolean sees(String token) {
    return introspect(token).good().body().flag("active").orElseThrow();
  }

  public Answer revoke(String token, String... more) {
    return post("/oauth2/revoke", form(with(List.of("token", token), more)));
  }

  /// Asks whether the bearer of `token`, whose current actor or subject is `agent`, may take
  /// `action` on a thing of this party's resource.
  public Answer decides(String token, String agent, String type, String action) {
    var question =
        Json.object()
            .put("subject", thing("agent", agent))
            .put("action", Json.object().put("name", action).build())
            .put("resource", thing(type, "1"))
            .put("context", Json.object().put("access_token", token).build())
            .build();
    return send("/access/v1/evaluation", JSON, basic(), question.toText());
  }

  private static Json.Obj thing(String type, String id) {
    return Json.object().put("type", type).put("id", id).build();
  }

  /// Posts a form as it is, authenticated by the secret in the header.
  public Answer post(String path, String form) {
    return send(path, "application/x-www-form-urlencoded", basic(), form);
  }

  /// Posts a form to the token endpoint with no `Authorization`.
  public Answer bare(String... parameters) {
    return send("/oauth2/token", "application/x-www-form-urlencoded", "", form(parameters));
  }

  /// Posts a form to another endpoint than that, without a header that says who sends it.
  public Answer bareAt(String path, String... parameters) {
    return send(path, "application/x-www-form-urlencoded", "", form(parameters));
  }

  private Answer send(String path, String type, String authorization, String body) {
    var request =
        HttpRequest.newBuilder(server.uri(path))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    proofs.forEach(proof -> request.header("DPoP", proof));
    return Answer.of(server, server.send(request));
  }

  private String basic() {
    return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));
  }

  /// The parameters by which it authenticates with its secret in the body.
  public String[] bySecret(String... more) {
    return with(List.of("client_id", id, "client_secret", secret), more);
  }

  /// The parameters by which it authenticates with an assertion.
  public static String[] byAssertion(String assertion, String... more) {
    return with(
        List.of(
            "client_assertion_type",
            ClientAuthenticator.ASSERTION_TYPE,
            "client_assertion",
            assertion),
        more);
  }

  /// A client assertion that is good for a minute and once (RFC 7523 §3).
  public String assertion(World world) {
    long now = world.now().getEpochSecond();
    var claims =
        Json.object()
            .put("iss", id)
            .put("sub", id)
            .put("aud", server.issuer())
            .put("jti", Id.Token.next(world).text())
            .put("iat", now)
            .put("exp", now + 60)
            .build();
    return JwtWriter.mint(key, "client-authentication+jwt", claims);
  }

  /// The claim `act` of this party with nobody before it.
  public Json.Obj act() {
    return act(Json.object().build());
  }

  /// The claim `act` of this party on top of `before`.
  public Json.Obj act(Json.Obj before) {
    var act =
        Json.object()
            .put("iss", server.issuer())
            .put("sub", id)
            .put("sub_profile", id.startsWith("agt_") ? "ai_agent" : "service");
    return before.members().isEmpty() ? act.build() : act.put("act", before).build();
  }

  private static String[] with(List<String> first, String... more) {
    var all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /// An urlencoded form of pairs.
  public static String form(String... pairs) {
    var values = new LinkedHashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    values.values().removeIf(String::isEmpty);
    return String.join("&", values.entrySet().stream().map(Party::pair).toList());
  }

  private static String pair(Map.Entry<String, String> pair) {
    return pair.getKey() + "=" + URLEncoder.encode(pair.getValue(), UTF_8);
  }
}
