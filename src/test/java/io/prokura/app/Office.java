package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.bench.Program;
import io.prokura.clients.ClientAuthenticator;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/// A small organisation, registered over the API, that may call any server which knows it: another
/// node, or the same after a crash. Alice delegates to `triage`, which hands work to `lookup`;
/// `gateway` enforces the CRM; `victim` is an agent to be killed.
///
/// @param delegation the id of what Alice gave to triage
record Office(
    String alice, Member gateway, Member triage, Member lookup, Member victim, String delegation) {
  static final String CRM = "https://crm.example/mcp";

  private static final String EXCHANGE =
      "grant_type=urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String HAND_OVER = "urn:prokura:params:oauth:token-type:hand-over";
  private static final Json REASON = Json.object().put("reason", "a test").build();
  private static final List<String> ACTIONS = List.of("tickets.read", "tickets.update");

  /// An agent or workload, its secret and its key.
  record Member(String id, String secret, SigningKey key) {}

  /// Registers everybody at `server`.
  static Office at(TestServer server) {
    return new Registration(server, server.operatorToken()).register();
  }

  /// The registration under way.
  private record Registration(TestServer server, String token) {

    Office register() {
      var owner = make("users", Json.object().put("userName", "dana"));
      var backup = make("users", Json.object().put("userName", "bruno"));
      var alice = make("users", Json.object().put("userName", "alice"));
      var workload =
          Json.object().put("name", "gateway").put("owner", owner).put("transactionTokens", true);
      var gateway = equip("workloads", make("workloads", workload));
      var resource = make("resources", resource(gateway.id()));
      var covers = covers(resource);
      var purpose =
          make(
              "purposes",
              Json.object().put("name", "support").put("owner", owner).put("covers", covers));
      var described =
          Json.object()
              .put("owner", owner)
              .put("backupOwner", backup)
              .put("purposes", List.of(purpose))
              .put("environment", "production")
              .put("risk", "low")
              .put("bearerTokens", true)
              .build();
      permit(alice, resource, "own");
      var triage = agent(described, "triage", resource);
      var delegation =
          make(
              "delegations",
              Json.object()
                  .put("delegator", alice)
                  .put("delegate", triage.id())
                  .put("purpose", purpose)
                  .put("covers", covers)
                  .put("depthMax", 3));
      return new Office(
          alice,
          gateway,
          triage,
          agent(described, "lookup", resource),
          agent(described, "victim", resource),
          delegation);
    }

    private static Json.Builder resource(String enforcer) {
      var actions =
          ACTIONS.stream()
              .map(name -> Json.object().put("name", name).put("sensitivity", "low").build())
              .toList();
      return Json.object()
          .put("identifier", CRM)
          .put("name", "CRM")
          .put("types", List.of("Ticket"))
          .put("actions", Json.array(actions))
          .put("enforcers", List.of(enforcer));
    }

    private static Json covers(String resource) {
      var all = Json.object().put("resource", resource).put("actions", ACTIONS).build();
      return Json.array(List.of(all));
    }

    private Member agent(Json.Obj described, String name, String resource) {
      var body = Json.object().put("name", name).putAll(described.members());
      var id = make("agents", body);
      server.done("/api/v1/agents/" + id + "/activate", token, REASON);
      permit(id, resource, "own");
      permit(id, resource, "onBehalf");
      return equip("agents", id);
    }

    private void permit(String principal, String resource, String mode) {
      make(
          "permissions",
          Json.object()
              .put("principal", principal)
              .put("resource", resource)
              .put("actions", ACTIONS)
              .put("mode", mode));
    }

    private Member equip(String things, String id) {
      var key = SigningKey.generate(Crypto.jdk(), TestServer.systemWorld(), Algorithm.ES256);
      var path = "/api/v1/" + things + "/" + id + "/credentials";
      var jwk = key.verificationKey().toJwk();
      server.done(path, token, Json.object().put("kind", "key").put("jwk", jwk).build());
      var made = server.done(path, token, Json.object().put("kind", "secret").build());
      return new Member(id, made.text("secret").orElseThrow(), key);
    }

    private String make(String things, Json.Builder body) {
      var made = server.done("/api/v1/" + things, token, body.build());
      return made.text("id").orElseThrow();
    }
  }

  /// A step in the life of an agent: `suspend`, `kill`.
  HttpResponse<String> step(TestServer at, String token, String agent, String step) {
    var path = "/api/v1/agents/" + agent + "/" + step;
    return at.post(path, token, REASON);
  }

  // Asking for tokens

  private static HttpResponse<String> ask(TestServer at, Member who, String form) {
    return at.form("/oauth2/token", who.id(), who.secret(), form + "&resource=" + CRM);
  }

  HttpResponse<String> own(TestServer at, Member who) {
    return ask(at, who, "grant_type=client_credentials");
  }

  /// A token of triage's for Alice.
  HttpResponse<String> delegated(TestServer at) {
    return ask(
        at,
        triage,
        EXCHANGE
            + "&subject_token="
            + delegation
            + "&subject_token_type=urn:prokura:params:oauth:token-type:delegation");
  }

  /// Has triage hand to lookup what it may do with `token`.
  HttpResponse<String> handOver(TestServer at, String token) {
    return ask(
        at,
        triage,
        EXCHANGE
            + ("&subject_token=" + token + "&subject_token_type=" + ACCESS_TOKEN)
            + ("&requested_token_type=" + HAND_OVER + "&requested_actor=" + lookup.id()));
  }

  HttpResponse<String> take(TestServer at, String handOver) {
    return ask(
        at, lookup, EXCHANGE + "&subject_token=" + handOver + "&subject_token_type=" + HAND_OVER);
  }

  /// Has the gateway, which was sent `token`, ask for a transaction token.
  HttpResponse<String> transaction(TestServer at, String token) {
    return at.form(
        "/oauth2/token",
        gateway.id(),
        gateway.secret(),
        EXCHANGE
            + ("&subject_token=" + token + "&subject_token_type=" + ACCESS_TOKEN)
            + ("&requested_token_type=" + Party.TRANSACTION + "&scope=tickets.read")
            + ("&audience=" + TestServer.TRUST_DOMAIN));
  }

  /// A new assertion of triage's, issued now.
  String assertion() {
    return assertion(Instant.now());
  }

  /// A new assertion of triage's that is good for a minute.
  String assertion(Instant issuedAt) {
    return JwtWriter.mint(
        triage.key(),
        "client-authentication+jwt",
        Json.object()
            .put("iss", triage.id())
            .put("sub", triage.id())
            .put("aud", Program.ISSUER)
            .put("jti", HexFormat.of().formatHex(TestServer.systemWorld().bytes(16)))
            .put("iat", issuedAt.getEpochSecond())
            .put("exp", issuedAt.getEpochSecond() + 60)
            .build());
  }

  /// Asks for a token with a client assertion.
  HttpResponse<String> own(TestServer at, String assertion) {
    return at.send(
        HttpRequest.newBuilder(at.uri("/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                BodyPublishers.ofString(
                    "grant_type=client_credentials&resource="
                        + CRM
                        + "&client_assertion_type="
                        + ClientAuthenticator.ASSERTION_TYPE
                        + "&client_assertion="
                        + assertion)));
  }

  HttpResponse<String> revoke(TestServer at, Member who, String token) {
    return at.form("/oauth2/revoke", who.id(), who.secret(), "token=" + token);
  }

  // Asking about tokens

  HttpResponse<String> introspect(TestServer at, String token) {
    return at.form("/oauth2/introspect", gateway.id(), gateway.secret(), "token=" + token);
  }

  boolean isActive(TestServer at, String token) {
    return answer(at, introspect(at, token)).flag("active").orElseThrow();
  }

  /// Asks whether the bearer of `token`, which is `subject`'s, may read a ticket.
  HttpResponse<String> decide(TestServer at, String type, String subject, String token) {
    var body =
        Json.object()
            .put("subject", Json.object().put("type", type).put("id", subject).build())
            .put("action", Json.object().put("name", "tickets.read").build())
            .put("resource", Json.object().put("type", "Ticket").put("id", "17").build())
            .put("context", Json.object().put("access_token", token).build())
            .build();
    return at.ask("/access/v1/evaluation", gateway.id(), gateway.secret(), body);
  }

  /// The object of an answer that has to be 200.
  static Json.Obj answer(TestServer at, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return at.object(response.body());
  }

  /// The token in an answer that has to be 200.
  static String token(TestServer at, HttpResponse<String> response) {
    return answer(at, response).text("access_token").orElseThrow();
  }
}
