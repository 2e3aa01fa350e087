package io.prokura.app;

import static io.prokura.app.CodeFlow.answer;
import static io.prokura.app.Fapi2Client.refused;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The modules of the plan for the FAPI 2.0 security profile of the OpenID Foundation's conformance
/// suite, with `private_key_jwt` and DPoP. `fapi2-security-profile-final-` is left out of names.
/// See also [Fapi2PushedTest], [Fapi2ProofsTest] and [Fapi2MtlsTest].
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class Fapi2PlanTest {
  private static final List<String> NO_PROOF = List.of();

  private final MovedClock clock = new MovedClock();
  private final World world = clock.world;
  private Company company;
  private Person erin;
  private Fapi2Client first;
  private Fapi2Client second;

  @BeforeAll
  void found() {
    company = Company.found(TestDatabases.sqlite(), world);
    erin = Person.of(company);
    company.replace(
        "erin",
        "users",
        "{'userName': 'erin', 'displayName': 'Erin',"
            + " 'email': 'erin@example.org', 'roles': ['administrator']}");
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    first = new Fapi2Client(company, erin.browser, world, "first", CodeFlow.CALLBACK);
    var suffixed = CodeFlow.CALLBACK + "?dummy1=lorem&dummy2=ipsum";
    second = new Fapi2Client(company, erin.browser, world, "second", suffixed);
  }

  @AfterAll
  void close() {
    company.close();
  }

  private void pass(Duration time) {
    clock.pass(time, company.server);
  }

  private Answer tokens(String... pairs) {
    var answer = first.redeem(first.code(pairs), List.of(first.prover().proof())).good();
    assertThat(answer.text("token_type")).isEqualTo("DPoP");
    return answer;
  }

  @Test
  void happyFlow() {
    var prover = first.prover();
    var heard = first.heard(first.push());
    assertThat(heard).containsOnlyKeys("code", "state", "iss").containsEntry("iss", first.issuer());
    var tokens = first.redeem(heard.getOrDefault("code", ""), List.of(prover.proof())).good();
    isAnIdTokenFor(tokens);
    var token = tokens.token();
    for (var accept :
        List.of("application/json;charset=UTF-8", "application/json, application/*+json, */*")) {
      first.headers.putAll(
          Map.of(
              "Accept", accept,
              "Accept-Charset", "UTF-8",
              "x-fapi-auth-date", "Thu, 26 Nov 2026 19:03:46 GMT",
              "x-fapi-customer-ip-address", "198.51.100.119",
              "x-fapi-interaction-id", UUID.randomUUID().toString()));
      var response =
          first.userinfo("DPoP " + token, prover.proof(first.presenting(prover, token).build()));
      first.headers.clear();
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(response.headers().firstValue("Date")).isPresent();
      assertThat(response.headers().firstValue("x-fapi-interaction-id")).isEmpty();
    }
    var inTheQuery = prover.proof(first.presenting(prover, token).build());
    assertThat(first.get("/oauth2/userinfo?access_token=" + token, "", inTheQuery).statusCode())
        .isEqualTo(401);
    theSecondClientsTokenIsNotTheFirsts(prover);
  }

  /// The second application has a redirect URI with a query, names the key of its proofs in the
  /// pushed request alone, and repeats in the URL what it pushed, in another order.
  private void theSecondClientsTokenIsNotTheFirsts(Prover prover) {
    var other = second.prover();
    var state = "s".repeat(128);
    var pushed = second.push("dpop_jkt", other.jkt(), "state", state, "nonce", "n".repeat(43));
    var answered = second.heard(pushed, "scope", "openid", "response_type", "code");
    assertThat(answered)
        .containsOnlyKeys("dummy1", "dummy2", "code", "state", "iss")
        .containsEntry("dummy2", "ipsum")
        .containsEntry("state", "s".repeat(128));
    var others = second.redeem(answered.getOrDefault("code", ""), List.of(other.proof())).token();
    var stolen = prover.proof(first.presenting(prover, others).build());
    assertThat(first.userinfo("DPoP " + others, stolen).statusCode()).isEqualTo(401);
  }

  private void isAnIdTokenFor(Answer tokens) {
    var idToken = tokens.text("id_token");
    assertThat(first.header(idToken).text("alg")).hasValue("ES256");
    assertThat(first.get("/oauth2/jwks", "").body())
        .contains(first.header(idToken).text("kid").orElseThrow());
    var claims = first.claims(idToken);
    assertThat(claims.text("nonce")).hasValue("n-0S6_WzA2Mj");
    var digest = Crypto.sha256(tokens.token().getBytes(US_ASCII));
    assertThat(claims.text("at_hash")).hasValue(Base64Url.encode(Arrays.copyOf(digest, 16)));
    assertThat(claims.members())
        .as("sid is what the suite warns of")
        .containsOnlyKeys(
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "nonce",
            "acr",
            "amr",
            "at_hash",
            "sid");
    assertThat(tokens.body().number("expires_in").orElse(0L)).isPositive();
    assertThat(Fapi2Client.bits(tokens.token())).isGreaterThan(128);
    assertThat(Fapi2Client.bits(tokens.text("refresh_token"))).isGreaterThan(128);
  }

  /// What the variant for plain OAuth asks: there is no ID token, and a resource is what the token
  /// is for. The management API is one that every server has.
  @Test
  void happyFlowOfPlainOAuth() {
    var asked = new String[] {"scope", "tickets.read", "nonce", ""};
    var tokens = tokens(asked);
    assertThat(tokens.body().get("id_token")).isEmpty();
    assertThat(first.claims(tokens.token()).text("aud")).hasValue(Company.CRM);
    var again = first.refresh(tokens.text("refresh_token"), List.of(first.prover().proof())).good();
    assertThat(again.body().get("id_token")).isEmpty();

    var users = "/api/v1/users";
    var prover = first.prover();
    var code = first.code("scope", "manage", "nonce", "", "resource", first.issuer() + "/api/v1");
    var token = first.redeem(code, List.of(prover.proof())).token();
    var claims = first.presenting(prover, token).claim("htu", first.issuer() + users).build();
    var response = first.get(users, "DPoP " + token, prover.proof(claims));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(first.get(users, "Bearer " + token).statusCode()).isEqualTo(401);
  }

  @Test
  void userRejectsAuthentication() {
    var flow = new CodeFlow(company, erin.browser);
    for (var client : List.of(first, second)) {
      var asked =
          client.open(client.id, client.push("prompt", "consent", "state", "x".repeat(128)));
      var heard = answer(flow.decide(asked, "deny", List.of()));
      assertThat(heard.keySet())
          .isSubsetOf("error", "error_description", "state", "iss", "dummy1", "dummy2");
      assertThat(heard.containsKey("dummy1")).isEqualTo(client == second);
      assertThat(heard)
          .containsEntry("error", "access_denied")
          .containsEntry("state", "x".repeat(128))
          .containsEntry("iss", client.issuer());
    }
  }

  @Test
  void ensureAuthorizationRequestWithoutStateSuccess() {
    assertThat(first.heard(first.push("state", ""))).containsOnlyKeys("code", "iss");
  }

  @Test
  void ensureAuthorizationRequestWithoutNonceSuccess() {
    var idToken = tokens("nonce", "").text("id_token");
    assertThat(first.claims(idToken).get("nonce")).isEmpty();
  }

  @Test
  void ensureAuthorizationRequestWith64CharNonceSuccessAndWithLongNonceAndLongState() {
    for (int length : List.of(64, 384)) {
      var idToken = tokens("nonce", "n".repeat(length)).text("id_token");
      assertThat(first.claims(idToken).text("nonce")).hasValue("n".repeat(length));
    }
    var pushed = first.push("state", "s".repeat(1000));
    if (pushed.status() == 201) {
      assertThat(first.heard(pushed)).containsEntry("state", "s".repeat(1000));
    } else {
      refused(pushed, 400, "invalid_request");
    }
  }

  @Test
  void ensureOtherScopeOrderSucceeds() {
    for (var scope : List.of("openid profile email", "email profile openid")) {
      assertThat(tokens("scope", scope).body().text("id_token")).isPresent();
    }
  }

  @Test
  void ensureDifferentNonceAndStateInsideAndOutsideRequestObject() {
    var pushed = first.push();
    var heard = first.heard(pushed, "state", "outside", "nonce", "outside");
    assertThat(heard).containsEntry("state", "af0ifjsldkj");
    var tokens =
        first.redeem(heard.getOrDefault("code", ""), List.of(first.prover().proof())).good();
    assertThat(first.claims(tokens.text("id_token")).text("nonce")).hasValue("n-0S6_WzA2Mj");
  }

  @Test
  void stateOnlyOutsideRequestObjectNotUsed() {
    var heard = first.heard(first.push("state", ""), "state", "outside");
    assertThat(heard).containsOnlyKeys("code", "iss");
  }

  @Test
  void ensureRequestObjectWithoutRedirectUriFailsAndEnsureRedirectUriInAuthorizationRequest() {
    for (var scope : List.of("openid", "tickets.read")) {
      refused(first.push("redirect_uri", "", "scope", scope), 400, "invalid_request");
    }
  }

  @Test
  void plainFapiTolerateUnregisteredRedirectUri() {
    for (var added : List.of("/x9", "?x=9", "#x9")) {
      var bad = first.push("redirect_uri", CodeFlow.CALLBACK + added);
      refused(bad, 400, "invalid_request");
    }
  }

  @Test
  void ensureUnsignedAuthorizationRequestWithoutUsingParFails() {
    var sent = erin.browser.open("/oauth2/authorize?" + Browser.encoded(first.request()));
    assertThat(answer(sent))
        .containsEntry("error", "invalid_request")
        .containsEntry("state", "af0ifjsldkj")
        .doesNotContainKey("code");
  }

  @Test
  void ensureResponseTypeCodeIdTokenFailsAndResponseTypeTokenFails() {
    for (var type : List.of("code id_token", "token")) {
      refused(first.push("response_type", type), 400, "unsupported_response_type");
    }
  }

  @Test
  void ensureClientIdInTokenEndpoint() {
    var code = first.code();
    var stranger = second.claims().build();
    var swapped =
        first.redeem(
            code,
            List.of(first.prover().proof()),
            "client_id",
            second.id,
            "client_assertion",
            first.assertion(JWSAlgorithm.PS256, stranger));
    refused(swapped, 401, "invalid_client");
  }

  @Test
  void ensureHolderOfKeyRequired() {
    refused(first.redeem(first.code(), NO_PROOF), 400, "invalid_request");
  }

  @Test
  void ensureAuthorizationCodeIsBoundToClient() {
    var proof = List.of(first.prover().proof());
    refused(second.redeem(first.code(), proof), 400, "invalid_grant");
  }

  @Test
  void attemptReuseAuthorizationCodeAfterOneSecond() {
    var code = first.code();
    var prover = first.prover();
    var token = first.redeem(code, List.of(prover.proof())).token();
    pass(Duration.ofSeconds(1));
    refused(first.redeem(code, List.of(prover.proof())), 400, "invalid_grant");
    var proof = prover.proof(first.presenting(prover, token).build());
    assertThat(first.userinfo("DPoP " + token, proof).statusCode()).isEqualTo(401);
  }

  @Test
  void ensureTokenEndpointFailsWithExpiredAuthCode() {
    var code = first.code();
    pass(Duration.ofSeconds(62));
    refused(first.redeem(code, List.of(first.prover().proof())), 400, "invalid_grant");
  }

  private Answer redeemed(JWSAlgorithm algorithm, JWTClaimsSet claims) {
    return first.redeem(
        first.code(),
        List.of(first.prover().proof()),
        "client_assertion",
        first.assertion(algorithm, claims));
  }

  @Test
  void ensureSignedClientAssertionWithRs256Fails() {
    refused(redeemed(JWSAlgorithm.RS256, first.claims().build()), 401, "invalid_client");
  }

  @Test
  void ensureClientAssertionInTokenEndpoint() {
    var unsigned = Fapi2Client.unsigned("client_id", first.id);
    var answer = first.redeem(first.code(), List.of(first.prover().proof()), unsigned);
    refused(answer, 401, "invalid_client");
  }

  @Test
  void ensureClientAssertionWithExpIs5MinutesInPastFails() {
    var then = Date.from(world.now().minusSeconds(300));
    var old = first.claims().issueTime(then).expirationTime(then).build();
    refused(redeemed(JWSAlgorithm.PS256, old), 401, "invalid_client");
  }

  @Test
  void ensureClientAssertionWithWrongAudFailsAndWithNoSubFails() {
    var astray = first.claims().audience("https://other.example").build();
    refused(redeemed(JWSAlgorithm.PS256, astray), 401, "invalid_client");
    refused(
        redeemed(JWSAlgorithm.PS256, first.claims().subject(null).build()), 401, "invalid_client");
  }

  @Test
  void refreshToken() {
    var tokens = tokens();
    var refresh = tokens.text("refresh_token");
    assertThat(refresh).matches("[ -~]+");
    pass(Duration.ofSeconds(1));
    var again = first.refresh(refresh, List.of(first.prover().proof()), "scope", "openid").good();
    assertThat(again.text("token_type")).isEqualTo("DPoP");
    assertThat(again.token()).isNotEqualTo(tokens.token());
    assertThat(again.body().get("refresh_token")).as("not rotated").isEmpty();
    var before = first.claims(tokens.text("id_token"));
    var after = first.claims(again.text("id_token"));
    for (var name : List.of("iss", "sub", "aud", "auth_time")) {
      assertThat(after.get(name)).as(name).isEqualTo(before.get(name));
    }
    assertThat(after.number("iat")).isNotEqualTo(before.number("iat"));
    assertThat(again.body().number("expires_in").orElse(0L)).isPositive();
    refused(first.refresh(refresh, NO_PROOF, "scope", "openid"), 400, "invalid_request");
    refused(second.refresh(refresh, List.of(second.prover().proof())), 400, "invalid_grant");
  }

  @Test
  void testClaimsParameterIdentityClaims() {
    var names = company.server.object(first.get("/.well-known/openid-configuration", "").body());
    var standard =
        names.texts("claims_supported").orElseThrow().stream()
            .filter(
                List.of("sub", "name", "preferred_username", "email", "email_verified")::contains)
            .toList();
    var each = "{\"" + String.join("\":null,\"", standard) + "\":{\"essential\":false}}";
    var claims = "{\"id_token\":" + each + ",\"userinfo\":" + each + ",\"xq7\":{\"zz\":null}}";
    var prover = first.prover();
    var tokens = first.redeem(first.code("claims", claims), List.of(prover.proof())).good();
    var token = tokens.token();
    var proof = prover.proof(first.presenting(prover, token).build());
    var person = company.server.object(first.userinfo("DPoP " + token, proof).body());
    var idToken = first.claims(tokens.text("id_token"));
    assertThat(standard).hasSize(5);
    assertThat(person.members()).containsOnlyKeys(standard.toArray(String[]::new));
    for (var one : standard) {
      assertThat(idToken.get(one)).as(one).isEqualTo(person.get(one));
    }
  }
}
