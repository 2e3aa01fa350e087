package io.prokura.app;

import static io.prokura.app.CodeFlow.answer;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.prokura.sql.TestDatabases;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// An application under the FAPI 2.0 security profile, and what it may not do.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class Fapi2Test {
  private static final List<String> READING = List.of("tickets.read");

  private final Prover prover = new Prover(Instant.now());
  private final RSAKey rsa = generate();
  private Company company;
  private Person erin;
  private CodeFlow flow;
  private String bank = "";

  private static RSAKey generate() {
    try {
      return new RSAKeyGenerator(2048).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeAll
  void found() {
    company = Company.found(TestDatabases.sqlite());
    erin = Person.of(company);
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    flow = new CodeFlow(company, erin.browser);
    company.make(
        "bank",
        "clients",
        "{'name': 'bank', 'everything': true, 'resource': '<crm>', 'profile': 'fapi2',"
            + " 'redirectUris': ['https://console.example/cb']}");
    bank = company.id("bank");
    var jwk = rsa.toPublicJWK().toJSONString().replace('"', '\'');
    company.make("bank-key", "clients/<bank>/credentials", "{'kind': 'key', 'jwk': " + jwk + "}");
    company.secret("bank", "clients");
  }

  @AfterAll
  void close() {
    company.close();
  }

  private String assertion(JWSAlgorithm algorithm, List<String> audience, Duration ahead) {
    var now = Instant.now().plus(ahead);
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(bank)
            .subject(bank)
            .audience(audience)
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .notBeforeTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(60)));
    return signed(new JWSHeader(algorithm), claims.build());
  }

  private String signed(JWSHeader header, JWTClaimsSet claims) {
    try {
      var jwt = new SignedJWT(header, claims);
      jwt.sign(new RSASSASigner(rsa));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private String assertion() {
    return assertion(JWSAlgorithm.PS256, List.of(company.server.issuer()), Duration.ZERO);
  }

  private Answer at(String path, List<String> proofs, String assertion, String... form) {
    var key = company.server.stolenKey();
    var party = new Party(company.server, bank, company.secret("bank"), key, proofs);
    return party.bareAt(path, Party.byAssertion(assertion, form));
  }

  private Map<String, String> request(String... more) {
    var all = new ArrayList<>(List.of("client_id", bank, "prompt", "consent"));
    all.addAll(Arrays.asList(more));
    return flow.request(all.toArray(String[]::new));
  }

  private static String[] pairs(Map<String, String> form) {
    return form.entrySet().stream()
        .flatMap(one -> Stream.of(one.getKey(), one.getValue()))
        .toArray(String[]::new);
  }

  private Answer push(String assertion, String... more) {
    return at("/oauth2/par", List.of(), assertion, pairs(request(more)));
  }

  private String code(String... more) {
    var uri = push(assertion(), more).text("request_uri");
    var path = "/oauth2/authorize?client_id=" + bank + "&request_uri=" + uri;
    var decided = flow.decide(erin.browser.open(path), "allow", READING);
    return answer(decided).getOrDefault("code", "");
  }

  private Answer redeem(String code, String... proofs) {
    return at(
        "/oauth2/token",
        List.of(proofs),
        assertion(),
        "grant_type",
        "authorization_code",
        "code",
        code,
        "redirect_uri",
        CodeFlow.CALLBACK,
        "code_verifier",
        CodeFlow.VERIFIER);
  }

  @Test
  void theWholeFlowIsPushedSignedAndBound() {
    var tokens = redeem(code("scope", "openid tickets.read"), prover.proof());
    assertThat(tokens.text("token_type")).isEqualTo("DPoP");
    assertThat(tokens.text("id_token")).isNotEmpty();
    var refresh = tokens.text("refresh_token");
    for (int i = 0; i < 2; i++) {
      var again =
          at(
              "/oauth2/token",
              List.of(prover.proof()),
              assertion(),
              "grant_type",
              "refresh_token",
              "refresh_token",
              refresh);
      assertThat(again.text("token_type")).isEqualTo("DPoP");
      assertThat(again.body().get("refresh_token")).isEmpty();
    }
  }

  @Test
  void withoutAKeyThereIsNoToken() {
    assertThat(redeem(code()).text("error")).isEqualTo("invalid_request");
  }

  @Test
  void aSecretProvesNothing() {
    for (var path : List.of("/oauth2/par", "/oauth2/token", "/oauth2/introspect")) {
      var form =
          Browser.encoded(request("grant_type", "authorization_code", "code", "x", "token", "x"));
      var response = company.server.form(path, bank, company.secret("bank"), form);
      assertThat(response.statusCode()).as(path).isEqualTo(401);
      assertThat(response.body()).contains("\"error\":\"invalid_client\"");
    }
  }

  @Test
  void anAssertionIsSignedWithAModernAlgorithmForThisServerAlone() {
    var issuer = List.of(company.server.issuer());
    assertThat(push(assertion(JWSAlgorithm.RS256, issuer, Duration.ZERO)).text("error"))
        .isEqualTo("invalid_client");
    var several = List.of(company.server.issuer(), "https://other.example");
    assertThat(push(assertion(JWSAlgorithm.PS256, several, Duration.ZERO)).text("error"))
        .isEqualTo("invalid_client");
    var endpoint = List.of(company.server.issuer() + "/oauth2/par");
    assertThat(push(assertion(JWSAlgorithm.PS256, endpoint, Duration.ZERO)).text("error"))
        .isEqualTo("invalid_client");
    assertThat(push(assertion(JWSAlgorithm.PS256, issuer, Duration.ofSeconds(8))).status())
        .isEqualTo(201);
    assertThat(push(assertion(JWSAlgorithm.PS256, issuer, Duration.ofSeconds(90))).text("error"))
        .isEqualTo("invalid_client");
    var once = assertion();
    assertThat(push(once).status()).isEqualTo(201);
    assertThat(push(once).text("error")).isEqualTo("invalid_client");
  }

  @Test
  void nothingIsAskedThroughTheBrowser() {
    var asked = erin.browser.open("/oauth2/authorize?" + Browser.encoded(request()));
    assertThat(answer(asked)).containsEntry("error", "invalid_request");
  }

  @Test
  void aPushedRequestHasAChallengeAndNoRequestUri() {
    assertThat(push(assertion(), "code_challenge", "").text("error")).isEqualTo("invalid_request");
    assertThat(push(assertion(), "code_challenge_method", "plain").text("error"))
        .isEqualTo("invalid_request");
    assertThat(push(assertion(), "request_uri", "urn:x").text("error"))
        .isEqualTo("invalid_request");
    assertThat(push(assertion(), "redirect_uri", "http://console.example/cb").text("error"))
        .isEqualTo("invalid_request");
  }

  @Test
  void aCodeIsBoundToTheKeyOfThePushedRequest() {
    var proof = prover.claims().claim("htu", company.server.issuer() + "/oauth2/par").build();
    var pushed = at("/oauth2/par", List.of(prover.proof(proof)), assertion(), pairs(request()));
    var path = "/oauth2/authorize?client_id=" + bank + "&request_uri=" + pushed.text("request_uri");
    var code = answer(flow.decide(erin.browser.open(path), "allow", READING)).get("code");
    var thief = new Prover(Instant.now());
    assertThat(redeem(String.valueOf(code), thief.proof()).text("error"))
        .isEqualTo("invalid_grant");
    assertThat(redeem(String.valueOf(code), prover.proof()).text("token_type")).isEqualTo("DPoP");
  }

  @Test
  void aProofIsSignedWithAModernAlgorithm() {
    var pushing = prover.claims().claim("htu", company.server.issuer() + "/oauth2/par").build();
    var old = rsaProof(JWSAlgorithm.RS256, pushing);
    assertThat(at("/oauth2/par", List.of(old), assertion(), pairs(request())).text("error"))
        .isEqualTo("invalid_dpop_proof");
    var code = code();
    assertThat(redeem(code, rsaProof(JWSAlgorithm.RS256, prover.claims().build())).text("error"))
        .isEqualTo("invalid_dpop_proof");
    assertThat(
            redeem(code, rsaProof(JWSAlgorithm.PS256, prover.claims().build())).text("token_type"))
        .isEqualTo("DPoP");
  }

  private String rsaProof(JWSAlgorithm algorithm, JWTClaimsSet claims) {
    var header =
        new JWSHeader.Builder(algorithm)
            .type(new JOSEObjectType("dpop+jwt"))
            .jwk(rsa.toPublicJWK())
            .build();
    return signed(header, claims);
  }

  @Test
  void aRegistrationThatIsLaxerIsRefused() {
    for (var lax :
        List.of(
            "'public': true",
            "'pkceOptional': true",
            "'pushedRequestsOnly': false",
            "'redirectUris': ['http://127.0.0.1/cb']")) {
      var body =
          company.json("{'name': 'lax', 'everything': true, 'profile': 'fapi2', " + lax + "}");
      var response = company.server.post("/api/v1/clients", company.token, body);
      assertThat(response.statusCode()).as(lax).isEqualTo(400);
    }
  }
}
