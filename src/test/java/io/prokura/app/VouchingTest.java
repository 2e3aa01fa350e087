package io.prokura.app;

import static io.prokura.app.Story.claims;
import static io.prokura.app.Story.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sessions.Session;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Erin's company vouches for her, and for the agent that acts for her, to another server, which
/// takes its word; and what others may try with what passes by.
final class VouchingTest {
  private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String TYPE = "urn:ietf:params:oauth:token-type:";
  private static final String ID_TOKEN = TYPE + "id_token";
  private static final String[] CHAINED = {"requested_token_type", TYPE + "jwt"};

  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final World world = new World(() -> Instant.now().plus(passed.get()), new SecureRandom());
  private final Story there = Story.beginAtIssuer();
  private Company company;
  private Person erin;
  private CodeFlow flow;
  private Party portal;
  private Party remote;

  @BeforeEach
  void found() {
    company = Company.found(TestDatabases.sqlite(), world);
    erin = Person.of(company);
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    flow = new CodeFlow(company, erin.browser);
    portal = there.application("portal");
    remote = there.permitted(there.agent(there.support));
    company.make("there", "trusted-issuers", receiver("['<crm>']"));
    var jwks =
        company.server.send(HttpRequest.newBuilder(company.server.uri("/oauth2/jwks"))).body();
    var idp =
        there.register(
            "trusted-issuers",
            Json.object()
                .put("issuer", company.server.issuer())
                .put("name", "IdP")
                .put("jwks", there.server.object(jwks))
                .put("grants", List.of("id-jag", "jwt-bearer")));
    link(idp, erin.id, there.alice);
    link(idp, company.id("triage"), remote.id());
  }

  @AfterEach
  void close() {
    company.close();
    there.close();
  }

  private String receiver(String resources) {
    return """
        {'issuer': '%s', 'name': 'There', 'receives': {'resources': %s,
         'clients': [{'client': '<console>', 'clientId': '%s'},
                     {'client': '<triage>', 'clientId': '%s'}]}}
        """
        .formatted(there.server.issuer(), resources, portal.id(), remote.id());
  }

  private void link(String idp, String sub, String principal) {
    var body = Json.object().put("sub", sub).put("principal", principal).build();
    there.server.done("/api/v1/trusted-issuers/" + idp + "/link", there.operator(), body);
  }

  private HttpResponse<String> vouch(String client, String type, String token, String... more) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", EXCHANGE);
    form.put("requested_token_type", TYPE + "id-jag");
    form.put("subject_token", token);
    form.put("subject_token_type", type);
    form.put("audience", there.server.issuer());
    form.put("scope", "tickets.read");
    for (int i = 0; i < more.length; i += 2) {
      form.put(more[i], more[i + 1]);
    }
    form.values().removeIf(String::isEmpty);
    return company.server.form(
        "/oauth2/token", company.id(client), company.secret(client), Browser.encoded(form));
  }

  private void refused(String error, HttpResponse<String> answer) {
    assertThat(flow.error(answer)).as(answer.body()).isEqualTo(error);
  }

  private HttpResponse<String> signedIn() {
    return flow.redeem(flow.code(List.of("tickets.read"), "scope", "openid tickets.read"));
  }

  /// What the other server gives for an ID-JAG, at the time that it is here.
  private String taken(Party client, String jag) {
    there.pass(Duration.between(there.now(), world.now()));
    return client.token("grant_type", JWT_BEARER, "assertion", jag).token();
  }

  private String idToken() {
    return flow.member(signedIn(), "id_token");
  }

  private String delegated() {
    company.make(
        "erins",
        "delegations",
        """
        {'delegator': '<erin>', 'delegate': '<triage>', 'purpose': '<work>',
         'covers': [{'resource': '<crm>', 'actions': ['tickets.read']}]}
        """);
    return company.granted(
        "triage",
        "grant_type=%s&subject_token=%s&subject_token_type=%s&resource=%s"
            .formatted(
                EXCHANGE,
                company.id("erins"),
                "urn:prokura:params:oauth:token-type:delegation",
                Company.CRM));
  }

  @Test
  void anApplicationGetsOneByTheIdTokenItHas() {
    var answer = vouch("console", ID_TOKEN, idToken());
    assertThat(flow.member(answer, "token_type")).isEqualTo("N_A");
    assertThat(flow.member(answer, "issued_token_type")).isEqualTo(TYPE + "id-jag");
    assertThat(flow.member(answer, "scope")).isEqualTo("tickets.read");
    assertThat(answer.body()).doesNotContain("refresh_token");
    var jag = flow.member(answer, "access_token");
    assertThat(header(jag).text("typ")).hasValue("oauth-id-jag+jwt");
    var claims = claims(jag);
    assertThat(claims.members().keySet())
        .containsExactlyInAnyOrder(
            "iss",
            "sub",
            "sub_profile",
            "aud",
            "client_id",
            "resource",
            "scope",
            "auth_time",
            "acr",
            "amr",
            "jti",
            "iat",
            "exp");
    assertThat(claims.text("iss")).hasValue(company.server.issuer());
    assertThat(claims.text("sub")).hasValue(erin.id);
    assertThat(claims.text("aud")).hasValue(there.server.issuer());
    assertThat(claims.text("client_id")).hasValue(portal.id());
    assertThat(claims.text("resource")).hasValue(Company.CRM);
    assertThat(claims.number("exp").orElseThrow() - claims.number("iat").orElseThrow())
        .isEqualTo(300);
    var jti = claims.text("jti").orElseThrow();
    var entry = company.server.get("/api/v1/audit/" + jti, company.token).body();
    assertThat(entry).contains("\"id-jag.issued\"", company.id("there"));
  }

  @Test
  void theOtherServerTakesItsWord() {
    var jag = flow.member(vouch("console", ID_TOKEN, idToken()), "access_token");
    var token = taken(portal, jag);
    assertThat(claims(token).text("sub")).hasValue(there.alice);
    assertThat(claims(token).text("scope")).hasValue("tickets.read");
    assertThat(there.gateway.sees(token)).isTrue();
  }

  @Test
  void aRefreshTokenOfSomebodySignedInDoesToo() {
    var silent = flow.member(flow.redeem(flow.code(List.of("tickets.read"))), "refresh_token");
    var refresh = flow.member(signedIn(), "refresh_token");
    var jag = flow.member(vouch("console", TYPE + "refresh_token", refresh), "access_token");
    assertThat(claims(jag).text("sub")).hasValue(erin.id);
    assertThat(flow.refresh(refresh).statusCode()).as("it is not used up").isEqualTo(200);
    refused("invalid_request", vouch("console", TYPE + "refresh_token", silent));
  }

  /// When and how Erin signed in is told as the ID token tells it, by whatever that is shown.
  @Test
  void theSignInThatItRestsOnIsTold() {
    var tokens = signedIn();
    var told = claims(flow.member(tokens, "id_token"));
    assertThat(told.text("acr")).hasValue(Session.TWO_FACTORS);
    var byIdToken = vouch("console", ID_TOKEN, flow.member(tokens, "id_token"));
    var refresh = flow.member(tokens, "refresh_token");
    var byRefresh = vouch("console", TYPE + "refresh_token", refresh);
    var byAgent = vouch("triage", TYPE + "access_token", consented());
    for (var answer : List.of(byIdToken, byRefresh, byAgent)) {
      var jag = claims(flow.member(answer, "access_token"));
      for (var name : List.of("auth_time", "acr", "amr")) {
        assertThat(jag.get(name)).as(name).isPresent().isEqualTo(told.get(name));
      }
    }
  }

  /// A token of triage for Erin, by her consent.
  private String consented() {
    company.permit("triage", "archive", "['files.read']", "own");
    var own =
        company.granted(
            "triage", "grant_type=client_credentials&purpose=support&resource=" + Company.ARCHIVE);
    var code = flow.code(List.of("tickets.read"), "requested_actor", "<triage>");
    return flow.member(flow.redeem(code, "actor_token", own), "access_token");
  }

  /// A standing delegation rests on no sign-in, so nothing is told of one.
  @Test
  void whereThereWasNoSignInNoneIsTold() {
    var jag = flow.member(vouch("triage", TYPE + "access_token", delegated()), "access_token");
    assertThat(claims(jag).members()).doesNotContainKeys("auth_time", "acr", "amr");
  }

  /// The console's people have to have signed in within five minutes; a refresh token outlasts
  /// that.
  @Test
  void anApplicationThatWantsThemFreshGetsNoneAfterThat() {
    var changed =
        company.json(
            "{'name': 'console', 'everything': true, 'defaultMaxAge': 300,"
                + " 'redirectUris': ['https://console.example/cb'], 'resource': '<crm>'}");
    var replaced =
        company.server.send(
            "PUT",
            "/api/v1/clients/" + company.id("console"),
            company.token,
            Map.of("If-Match", "\"1\""),
            changed.toText());
    assertThat(replaced.statusCode()).as(replaced.body()).isEqualTo(200);
    var refresh = flow.member(signedIn(), "refresh_token");
    assertThat(vouch("console", TYPE + "refresh_token", refresh).statusCode()).isEqualTo(200);
    passed.set(Duration.ofMinutes(6));
    Eventually.holds("a node that follows the clock", company.server::ready);
    refused("insufficient_user_authentication", vouch("console", TYPE + "refresh_token", refresh));
    var fresh = flow.member(flow.refresh(refresh), "id_token");
    refused("insufficient_user_authentication", vouch("console", ID_TOKEN, fresh));
  }

  @Test
  void theChainOfAnAgentGoesAlong() {
    var answer = vouch("triage", TYPE + "access_token", delegated());
    var jag = flow.member(answer, "access_token");
    var act = claims(jag).object("act").orElseThrow();
    assertThat(act.text("sub")).hasValue(company.id("triage"));
    assertThat(act.text("iss")).hasValue(company.server.issuer());
    assertThat(claims(jag).text("client_id")).hasValue(remote.id());
    var token = taken(remote, jag);
    assertThat(claims(token).text("sub")).hasValue(there.alice);
    assertThat(claims(token).object("act")).hasValue(remote.act());
    refused("invalid_grant", redeemed("triage", jag));
  }

  @Test
  void byIdentityChainingItIsAPlainJwtForThatServerAlone() {
    var answer = vouch("console", ID_TOKEN, idToken(), CHAINED);
    assertThat(flow.member(answer, "token_type")).isEqualTo("N_A");
    assertThat(flow.member(answer, "issued_token_type")).isEqualTo(TYPE + "jwt");
    assertThat(answer.body()).doesNotContain("refresh_token");
    var grant = flow.member(answer, "access_token");
    assertThat(header(grant).text("typ")).hasValue("JWT");
    assertThat(claims(grant).text("iss")).hasValue(company.server.issuer());
    assertThat(claims(grant).text("sub")).hasValue(erin.id);
    assertThat(claims(grant).text("aud")).hasValue(there.server.issuer());
    assertThat(claims(grant).text("client_id")).hasValue(portal.id());
    assertThat(claims(grant).text("scope")).hasValue("tickets.read");
    assertThat(claims(grant).members()).doesNotContainKeys("lin", "cut", "purpose", "email");
    var jti = claims(grant).text("jti").orElseThrow();
    var entry = company.server.get("/api/v1/audit/" + jti, company.token).body();
    assertThat(entry).contains("\"jwt-grant.issued\"", company.id("there"));
    var token = taken(portal, grant);
    assertThat(claims(token).text("sub")).hasValue(there.alice);
    assertThat(claims(token).text("scope")).hasValue("tickets.read");
    var again = portal.token("grant_type", JWT_BEARER, "assertion", grant);
    assertThat(again.text("error")).as("it is used once").isEqualTo("invalid_grant");
  }

  @Test
  void identityChainingNamesTheServerAsAudienceOrAsResource() {
    var idToken = idToken();
    var server = there.server.issuer();
    for (var named : List.of(List.of("", server), List.of(server, server), List.of(server, ""))) {
      var answer = chained(idToken, named.getFirst(), named.getLast());
      var grant = claims(flow.member(answer, "access_token"));
      assertThat(grant.text("aud")).hasValue(server);
      assertThat(grant.text("resource")).hasValue(Company.CRM);
    }
    assertThat(chained(idToken, server, Company.CRM).statusCode()).isEqualTo(200);
    refused("invalid_request", chained(idToken, "", ""));
    for (var nowhere : List.of("https://x.example", Company.CRM, "http://localhost:7")) {
      refused("invalid_target", chained(idToken, nowhere, ""));
      refused("invalid_target", chained(idToken, "", nowhere));
    }
    refused("invalid_target", chained(idToken, server, Company.ARCHIVE));
    var jag = vouch("console", ID_TOKEN, idToken, "audience", "", "resource", server);
    refused("invalid_request", jag);
  }

  private HttpResponse<String> chained(String idToken, String audience, String resource) {
    return vouch(
        "console",
        ID_TOKEN,
        idToken,
        "requested_token_type",
        TYPE + "jwt",
        "audience",
        audience,
        "resource",
        resource);
  }

  @Test
  void identityChainingKeepsTheChainAndWhoIsUnknownThereGetsNothing() {
    var answer = vouch("triage", TYPE + "access_token", delegated(), CHAINED);
    var grant = flow.member(answer, "access_token");
    var act = claims(grant).object("act").orElseThrow();
    assertThat(act.text("sub")).hasValue(company.id("triage"));
    var token = taken(remote, grant);
    assertThat(claims(token).object("act")).hasValue(remote.act());
    var alices =
        company.granted(
            "triage",
            "grant_type=%s&subject_token=%s&subject_token_type=%s&resource=%s"
                .formatted(
                    EXCHANGE,
                    company.id("delegation"),
                    "urn:prokura:params:oauth:token-type:delegation",
                    Company.CRM));
    var unknown = vouch("triage", TYPE + "access_token", alices, CHAINED);
    there.pass(Duration.between(there.now(), world.now()));
    var assertion = flow.member(unknown, "access_token");
    var there = remote.token("grant_type", JWT_BEARER, "assertion", assertion);
    assertThat(there.text("error")).isEqualTo("invalid_grant");
    assertThat(there.text("error_description")).contains("nobody here");
  }

  /// What is for another server is nothing here, whatever it is shown as.
  @Test
  void aGrantForAnotherServerIsNoTokenHere() {
    var idToken = idToken();
    var grant = flow.member(vouch("console", ID_TOKEN, idToken, CHAINED), "access_token");
    refused("invalid_request", vouch("console", ID_TOKEN, grant));
    refused("invalid_request", vouch("console", TYPE + "refresh_token", grant));
    refused("invalid_request", vouch("triage", TYPE + "access_token", grant));
    assertThat(company.server.get("/oauth2/userinfo", grant).statusCode()).isEqualTo(401);
    assertThat(company.server.get("/api/v1/agents", grant).statusCode()).isEqualTo(401);
    for (var client : List.of("console", "triage")) {
      refused("invalid_grant", redeemed(client, grant));
    }
  }

  private HttpResponse<String> redeemed(String client, String assertion) {
    return company.server.form(
        "/oauth2/token",
        company.id(client),
        company.secret(client),
        Browser.encoded(Map.of("grant_type", JWT_BEARER, "assertion", assertion)));
  }

  /// What tells of a transaction goes to another domain by nobody.
  @Test
  void nobodyIsVouchedForByATransactionToken() {
    company.replace(
        "crm-server",
        "workloads",
        "{'name': 'crm-server', 'owner': '<support>', 'transactionTokens': true}");
    var token =
        company.granted(
            "crm-server",
            ("grant_type=%s&subject_token=%s&subject_token_type=" + TYPE + "access_token")
                    .formatted(EXCHANGE, delegated())
                + ("&requested_token_type=" + TYPE + "txn_token&scope=tickets.read")
                + ("&audience=" + TestServer.TRUST_DOMAIN));
    for (var word : List.of("jwt", "id-jag")) {
      for (var type : List.of("access_token", "id_token", "refresh_token", "txn_token")) {
        var requested = new String[] {"requested_token_type", TYPE + word};
        refused("invalid_request", vouch("triage", TYPE + type, token, requested));
        refused("invalid_request", vouch("console", ID_TOKEN, token, requested));
      }
    }
  }

  @Test
  void whatIsNotTheClientsSaysNothing() {
    var tokens = signedIn();
    var idToken = flow.member(tokens, "id_token");
    company.make("other", "clients", "{'name': 'other', 'everything': true, 'redirectUris': []}");
    company.secret("other", "clients");
    company.make("receiving", "trusted-issuers", otherReceiver());
    refused("invalid_request", vouch("other", ID_TOKEN, idToken, "audience", "http://localhost:9"));
    refused("unauthorized_client", vouch("other", ID_TOKEN, idToken));
    var access = flow.member(tokens, "access_token");
    refused("invalid_request", vouch("console", ID_TOKEN, access));
    refused("unauthorized_client", vouch("console", TYPE + "access_token", access));
    refused("invalid_request", vouch("console", TYPE + "refresh_token", access));
    refused("invalid_request", vouch("console", TYPE + "saml2", idToken));
    refused("invalid_request", vouch("console", ID_TOKEN, idToken + "x"));
    refused("invalid_request", vouch("console", ID_TOKEN, idToken, "actor_token", access));
    refused("invalid_request", vouch("triage", TYPE + "access_token", access));
    var own =
        company.granted(
            "lookup", "grant_type=client_credentials&purpose=support&resource=" + Company.CRM);
    refused("invalid_request", vouch("triage", TYPE + "access_token", own));
    assertThat(company.server.get("/oauth2/userinfo", idToken).statusCode()).isEqualTo(401);
  }

  private static String otherReceiver() {
    return """
        {'issuer': 'http://localhost:9', 'name': 'Other', 'receives': {'resources': ['<crm>'],
         'clients': [{'client': '<other>', 'clientId': 'x'}]}}
        """;
  }

  @Test
  void itEndsWithTheSession() {
    var tokens = signedIn();
    var idToken = flow.member(tokens, "id_token");
    passed.set(Duration.ofMinutes(6));
    Eventually.holds("a node that follows the clock", company.server::ready);
    refused("invalid_request", vouch("console", ID_TOKEN, idToken));
    var fresh = flow.member(flow.refresh(flow.member(tokens, "refresh_token")), "id_token");
    assertThat(vouch("console", ID_TOKEN, fresh).statusCode()).isEqualTo(200);
    erin.browser.open("/logout");
    erin.browser.submit("/logout", Map.of());
    refused("invalid_request", vouch("console", ID_TOKEN, fresh));
    refused(
        "invalid_request",
        vouch("console", TYPE + "refresh_token", flow.member(tokens, "refresh_token")));
  }

  @Test
  void whoMayHaveItIsWorkedOutAsForOurOwn() {
    var idToken = idToken();
    refused("invalid_scope", vouch("console", ID_TOKEN, idToken, "scope", "tickets.delete"));
    refused("invalid_scope", vouch("console", ID_TOKEN, idToken, "scope", "chat.read"));
    refused("invalid_target", vouch("console", ID_TOKEN, idToken, "resource", Company.ARCHIVE));
    refused("invalid_target", vouch("console", ID_TOKEN, idToken, "resource", "https://x.example"));
    refused("invalid_target", vouch("console", ID_TOKEN, idToken, "audience", "https://x.example"));
    refused(
        "invalid_target", vouch("console", ID_TOKEN, idToken, "audience", "http://localhost:7"));
    refused("invalid_request", vouch("console", ID_TOKEN, idToken, "audience", ""));
    refused(
        "invalid_authorization_details",
        vouch("console", ID_TOKEN, idToken, "authorization_details", "[]"));
    var all = vouch("console", ID_TOKEN, idToken, "scope", "", "resource", Company.CRM);
    assertThat(flow.member(all, "scope")).isEqualTo("tickets.close tickets.read");
    var policies = Publisher.of(company.server);
    policies.publish(
        """
        @id("console.not-there")
        forbid (principal, action == Prokura::Action::"obtain_token", resource)
        when { context.client == "%s" };
        """
            .formatted(company.id("console")));
    refused("access_denied", vouch("console", ID_TOKEN, idToken));
    policies.publish(Publisher.open("console.for-all"));
    company.step("trusted-issuers", "there", "deactivate");
    refused("invalid_target", vouch("console", ID_TOKEN, idToken));
  }

  @Test
  void anAgentThatWasKilledIsNotVouchedFor() {
    var token = delegated();
    assertThat(vouch("triage", TYPE + "access_token", token).statusCode()).isEqualTo(200);
    company.step("agents", "triage", "kill");
    assertThat(vouch("triage", TYPE + "access_token", token).statusCode()).isEqualTo(400);
  }
}
