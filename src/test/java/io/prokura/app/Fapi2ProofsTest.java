package io.prokura.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Those modules of the plan for the FAPI 2.0 security profile that are about DPoP, and what the
/// server says of itself; see [Fapi2PlanTest] for the others.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class Fapi2ProofsTest {
  private static final String PAR = "/oauth2/par";

  private final World world = TestServer.systemWorld();
  private Company company;
  private Fapi2Client client;
  private Prover prover;
  private Prover other;

  @BeforeAll
  void found() {
    company = Company.found(TestDatabases.sqlite(), world);
    var erin = Person.of(company);
    client = new Fapi2Client(company, erin.browser, world, "first", CodeFlow.CALLBACK);
  }

  @BeforeEach
  void prove() {
    prover = client.prover();
    other = client.prover();
  }

  @AfterAll
  void close() {
    company.close();
  }

  private String pushing(Prover by, UnaryOperator<JWTClaimsSet.Builder> change) {
    return by.proof(change.apply(by.claims().claim("htu", client.issuer() + PAR)).build());
  }

  private String code(List<String> proofs, String... pairs) {
    return client.heard(client.push(proofs, pairs)).getOrDefault("code", "");
  }

  private Answer redeem(String code, Prover by) {
    return client.redeem(code, List.of(by.proof()));
  }

  private int userinfo(String scheme, String token, String... proofs) {
    return client.userinfo(scheme + " " + token, proofs).statusCode();
  }

  private String presenting(String token, UnaryOperator<JWTClaimsSet.Builder> change) {
    return prover.proof(change.apply(client.presenting(prover, token)).build());
  }

  /// A whole flow in which every proof is changed so.
  private void isTaken(UnaryOperator<JWTClaimsSet.Builder> change) {
    var code = code(List.of(pushing(prover, change)));
    var redeeming = prover.proof(change.apply(prover.claims()).build());
    var token = client.redeem(code, List.of(redeeming)).token();
    assertThat(userinfo("DPoP", token, presenting(token, change))).isEqualTo(200);
  }

  @Test
  void checkDpopProofNbfExp() {
    var end = Date.from(world.now().plusSeconds(300));
    isTaken(claims -> claims.notBeforeTime(Date.from(world.now())).expirationTime(end));
  }

  @Test
  void ensureDpopProofWithIat10SecondsBeforeAndAfterSucceeds() {
    for (int seconds : List.of(-10, 8)) {
      isTaken(claims -> claims.issueTime(Date.from(world.now().plusSeconds(seconds))));
    }
  }

  @Test
  void ensureMismatchedDpopJktFails() {
    var proof = pushing(prover, claims -> claims);
    client
        .push(List.of(proof), "dpop_jkt", other.jkt())
        .isRefused(io.prokura.kernel.Refusal.MALFORMED_REQUEST);
  }

  @Test
  void ensureTokenEndpointFailsWithMismatchedDpopProofJktAndDpopJkt() {
    var byProof = code(List.of(pushing(prover, claims -> claims)));
    var byName = code(List.of(), "dpop_jkt", prover.jkt());
    for (var code : List.of(byProof, byName)) {
      assertThat(redeem(code, other).text("error")).isEqualTo("invalid_grant");
    }
  }

  @Test
  void ensureDpopProofAtParEndpointBindingSuccessAndDpopAuthCodeBindingSuccess() {
    redeem(code(List.of(pushing(prover, claims -> claims))), prover).good();
    redeem(code(List.of(), "dpop_jkt", prover.jkt()), prover).good();
    var both = code(List.of(pushing(prover, claims -> claims)), "dpop_jkt", prover.jkt());
    redeem(both, prover).good();
  }

  @Test
  void accessTokenTypeHeaderCaseSensitivity() {
    var token = redeem(client.code(), prover).token();
    for (var scheme : List.of("dPOp", "dpop", "DPOP")) {
      assertThat(userinfo(scheme, token, presenting(token, claims -> claims))).isEqualTo(200);
    }
  }

  @Test
  void dpopNegativeTestsOfClaims() {
    var token = redeem(client.code(), prover).token();
    var now = world.now();
    var htu = client.issuer() + "/oauth2/userinfo";
    for (var missing : List.of("jti", "htm", "htu", "iat", "ath")) {
      isRefused(token, presenting(token, claims -> claims.claim(missing, null)));
    }
    isRefused(token, presenting(token, claims -> claims.claim("htm", "PUT")));
    isRefused(token, presenting(token, claims -> claims.claim("htu", htu + "ohnonotagain")));
    isRefused(token, presenting(token, claims -> claims.claim("ath", "bad")));
    for (int hours : List.of(-1, 1)) {
      var then = Date.from(now.plusSeconds(3600L * hours));
      isRefused(token, presenting(token, claims -> claims.issueTime(then)));
    }
    var jti = UUID.randomUUID().toString();
    var once = presenting(token, claims -> claims.jwtID(jti));
    var twice = presenting(token, claims -> claims.jwtID(jti).claim("again", true));
    assertThat(userinfo("DPoP", token, once)).isEqualTo(200);
    isRefused(token, twice);
    isRefused(token, other.proof(client.presenting(other, token).build()));
    isRefused(token);
    assertThat(userinfo("Bearer", token)).isEqualTo(401);
    assertThat(userinfo("Bearer", token, presenting(token, claims -> claims))).isEqualTo(401);

    var upper = htu.replace("http://localhost", "HTTP://LOCALHOST");
    for (var spelt : List.of(htu + "?a=b#c", upper)) {
      assertThat(userinfo("DPoP", token, presenting(token, claims -> claims.claim("htu", spelt))))
          .as(spelt)
          .isEqualTo(200);
    }
    var more = presenting(token, claims -> claims.claim("tx_id_key", now.getEpochSecond()));
    assertThat(userinfo("DPoP", token, more)).isEqualTo(200);
  }

  private void isRefused(String token, String... proofs) {
    assertThat(userinfo("DPoP", token, proofs)).isIn(400, 401);
  }

  @Test
  void dpopNegativeTestsOfHeadersAndSignatures() {
    var token = redeem(client.code(), prover).token();
    var claims = client.presenting(prover, token);
    var jwk = prover.key().toPublicJWK();
    var good = prover.proof(claims.build());
    isRefused(token, good, prover.proof(claims.jwtID("second").build()));
    isRefused(token, good.substring(0, good.lastIndexOf('.')));
    isRefused(token, good.substring(0, good.lastIndexOf('.') + 1) + "AAAA");
    isRefused(token, prover.proof(Prover.header().build(), claims.jwtID("3").build()));
    var untyped = Prover.header().type(null).jwk(jwk).build();
    isRefused(token, prover.proof(untyped, claims.jwtID("4").build()));
    var wrong = new com.nimbusds.jose.JOSEObjectType("dpop+jwt+wrongyousee");
    isRefused(token, prover.proof(Prover.header().type(wrong).jwk(jwk).build(), claims.build()));
    var header = "{\"alg\":\"%s\",\"typ\":\"dpop+jwt\",\"jwk\":%s}";
    var body = claims.jwtID("5").build().toString();
    isRefused(token, signed(header.formatted("ES256", prover.key().toJSONString()), body));
    for (var none :
        List.of(header.formatted("none", jwk), "{\"alg\":\"none\",\"typ\":\"dpop+jwt\"}")) {
      isRefused(token, encoded(none) + "." + encoded(body) + ".");
    }
    var unnamed = header.formatted("ES256", jwk.toJSONString()).replace("\"alg\"", "\"alg2\"");
    isRefused(token, prover.proof(claims.build()).replaceFirst("^[^.]+", encoded(unnamed)));
    body = claims.jwtID(UUID.randomUUID().toString()).build().toString();
    var usual = signed(header.formatted("ES256", jwk), body);
    client.headers.put("DPOP", usual);
    assertThat(userinfo("DPoP", token)).as("a header in capitals").isEqualTo(200);
    client.headers.clear();

    var more = Prover.header().jwk(jwk).customParam("tx_id", Instant.EPOCH.toString()).build();
    var taken = prover.proof(more, claims.jwtID(UUID.randomUUID().toString()).build());
    assertThat(userinfo("DPoP", token, taken)).isEqualTo(200);
  }

  private static String encoded(String part) {
    return Base64URL.encode(part).toString();
  }

  /// A proof with a good signature over whatever it says.
  private String signed(String header, String claims) {
    var parts = encoded(header) + "." + encoded(claims);
    try {
      var signer = new ECDSASigner(prover.key());
      return parts + "." + signer.sign(new JWSHeader(JWSAlgorithm.ES256), parts.getBytes(US_ASCII));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Only a key of RSA can sign by `RS256`, so the token is bound to one.
  @Test
  void dpopNegativeTestsOfRs256() {
    var redeeming = client.rsaProof(JWSAlgorithm.PS256, prover.claims().build());
    var token = client.redeem(client.code(), List.of(redeeming)).token();
    var claims = client.presenting(prover, token);
    isRefused(token, client.rsaProof(JWSAlgorithm.RS256, claims.build()));
    var good = client.rsaProof(JWSAlgorithm.PS256, claims.jwtID("other").build());
    assertThat(userinfo("DPoP", token, good)).isEqualTo(200);
  }

  @Test
  void discoveryEndPointVerification() {
    for (var name : List.of("openid-configuration", "oauth-authorization-server")) {
      var answer = client.get("/.well-known/" + name, "");
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
      var told = company.server.object(answer.body());
      assertThat(told.text("issuer")).hasValue(client.issuer());
      assertThat(told.texts("grant_types_supported").orElseThrow())
          .contains("authorization_code", "refresh_token", "client_credentials");
      assertThat(told.texts("response_types_supported").orElseThrow()).contains("code");
      assertThat(told.flag("authorization_response_iss_parameter_supported")).hasValue(true);
      assertThat(told.flag("require_pushed_authorization_requests")).isPresent();
      assertThat(told.texts("token_endpoint_auth_methods_supported").orElseThrow())
          .contains("private_key_jwt");
      assertThat(told.texts("code_challenge_methods_supported").orElseThrow())
          .containsExactly("S256");
      assertThat(told.texts("scopes_supported").orElseThrow()).contains("openid");
      assertThat(told.texts("subject_types_supported").orElseThrow())
          .isSubsetOf("public", "pairwise");
      for (var member :
          List.of(
              "id_token_signing_alg_values_supported",
              "userinfo_signing_alg_values_supported",
              "token_endpoint_auth_signing_alg_values_supported",
              "dpop_signing_alg_values_supported")) {
        assertThat(told.texts(member).orElseThrow()).as(member).contains("ES256");
      }
      for (var member :
          List.of(
              "authorization_endpoint",
              "pushed_authorization_request_endpoint",
              "token_endpoint",
              "registration_endpoint",
              "jwks_uri")) {
        assertThat(told.text(member).orElse("").toLowerCase(Locale.ROOT))
            .startsWith(client.issuer());
      }
    }
    var keys = client.get("/oauth2/jwks", "").body();
    assertThat(keys).contains("\"kid\"").doesNotContain("\"d\"", "\"k\"");
  }
}
