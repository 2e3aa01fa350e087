package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What an application is told of a person, by scopes, by the parameter `claims` and signed. Each
/// test is named after the module of the conformance suite that it stands for, or says what it
/// attacks.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OidcClaimsTest {
  private static final String NAME = "{'userinfo': {'name': {'essential': true}}}";

  private final World world = new World(Instant::now, new SecureRandom());
  private Company company;
  private Person erin;
  private RelyingParty suite;

  @BeforeAll
  void found() {
    company = Company.found(TestDatabases.sqlite(), world);
    erin = Person.of(company);
    company.replace(
        "erin",
        "users",
        "{'userName': 'erin', 'displayName': 'Erin',"
            + " 'email': 'erin@example.org', 'roles': ['administrator']}");
    suite = application("");
  }

  @AfterAll
  void close() {
    company.close();
  }

  /// An application of its own for each test that looks at what people are asked.
  private RelyingParty application(String members) {
    return new RelyingParty(company, erin.browser, world).registered(members);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private Json.Obj tokens(String claims, String... more) {
    var all = new java.util.ArrayList<>(List.of("claims", json(claims)));
    all.addAll(List.of(more));
    return suite.tokens(all.toArray(String[]::new));
  }

  private String refused(String claims, String... more) {
    var all = new java.util.ArrayList<>(List.of("claims", json(claims)));
    all.addAll(List.of(more));
    var answer = CodeFlow.answer(suite.authorize(all.toArray(String[]::new)));
    assertThat(answer).containsEntry("state", "af0ifjsldkj");
    return answer.getOrDefault("error", "");
  }

  @Test
  void claimsEssential() {
    var tokens = tokens(NAME);
    var person = suite.person(tokens);
    assertThat(RelyingParty.names(person)).containsExactly("sub", "name");
    assertThat(person.text("name")).hasValue("Erin");
    assertThat(RelyingParty.names(suite.claims(tokens))).doesNotContain("name");
    assertThat(tokens.text("scope").orElse("")).doesNotContain("profile");
    var next = suite.refreshed(tokens.text("refresh_token").orElseThrow());
    assertThat(RelyingParty.names(suite.person(next))).containsExactly("sub", "name");
  }

  @Test
  void claimsOfTheIdTokenAreThereAndOnlyThere() {
    var tokens = tokens("{'id_token': {'email': null, 'email_verified': {}, 'sub': null}}");
    var claims = suite.claims(tokens);
    assertThat(claims.text("email")).hasValue("erin@example.org");
    assertThat(claims.flag("email_verified")).hasValue(false);
    assertThat(RelyingParty.names(claims)).doesNotContain("name", "preferred_username");
    assertThat(RelyingParty.names(suite.person(tokens))).containsExactly("sub");
  }

  @Test
  void aClaimWithAnotherValueIsNotTold() {
    var other = tokens("{'userinfo': {'email': {'value': 'x@example.org', 'essential': true}}}");
    assertThat(RelyingParty.names(suite.person(other))).containsExactly("sub");
    var one = tokens("{'userinfo': {'email': {'values': ['x', 'erin@example.org']}}}");
    assertThat(RelyingParty.names(suite.person(one))).containsExactly("sub", "email");
  }

  @Test
  void whatNobodyKnowsIsPassedOver() {
    var tokens =
        tokens("{'userinfo': {'picture': {'essential': true}, 'roles': null}, 'x': {'y': null}}");
    assertThat(RelyingParty.names(suite.person(tokens))).containsExactly("sub");
  }

  @Test
  void thePersonIsAskedForWhatTheClaimsAreCoveredBy() {
    var fresh = application("");
    var asked = fresh.authorize();
    erin.browser.open(CodeFlow.location(asked));
    assertThat(erin.browser.page()).doesNotContain("see your name", "see your e-mail");
    assertThat(CodeFlow.answer(fresh.allowed(asked))).containsKey("code");
    assertThat(CodeFlow.answer(fresh.authorize("prompt", "none"))).containsKey("code");
    assertThat(CodeFlow.answer(fresh.authorize("prompt", "none", "claims", json(NAME))))
        .as("consent without the name is none to the name")
        .containsEntry("error", "consent_required");
    var again = fresh.authorize("claims", json(NAME));
    erin.browser.open(CodeFlow.location(again));
    assertThat(erin.browser.page()).contains("see your name").doesNotContain("see your e-mail");
    assertThat(CodeFlow.answer(fresh.allowed(again))).containsKey("code");
    assertThat(CodeFlow.answer(fresh.authorize("prompt", "none", "claims", json(NAME))))
        .containsKey("code");
    var email = json("{'id_token': {'email': null}}");
    assertThat(CodeFlow.answer(fresh.authorize("prompt", "none", "claims", email)))
        .containsEntry("error", "consent_required");
  }

  @Test
  void aBoxThatWasClearedHoldsForTheClaimsOfItsScope() {
    var fresh = application("");
    var asked = fresh.authorize("scope", "openid profile", "claims", json(NAME));
    var flow = new CodeFlow(company, erin.browser);
    var code = CodeFlow.answer(flow.decide(asked, "allow", List.of("openid"))).get("code");
    var tokens = fresh.good(fresh.redeem(String.valueOf(code)));
    assertThat(RelyingParty.names(fresh.person(tokens))).containsExactly("sub");
  }

  @Test
  void withoutTheScopeOpenidClaimsAreNothing() {
    company.permit("erin", "crm", "['tickets.read']", "own");
    var asked = suite.authorize("scope", "email", "claims", json(NAME));
    var code = CodeFlow.answer(suite.allowed(asked)).get("code");
    var tokens = suite.good(suite.redeem(String.valueOf(code)));
    assertThat(tokens.text("id_token")).isEmpty();
    assertThat(suite.userinfo(tokens.text("access_token").orElseThrow()).statusCode())
        .isEqualTo(403);
  }

  @Test
  void whatIsMalformedIsToldToTheApplication() {
    var wrong =
        List.of(
            "x",
            "[]",
            "'userinfo'",
            "{'userinfo': []}",
            "{'userinfo': 'name'}",
            "{'id_token': 1}",
            "{'userinfo': {'name': true}}",
            "{'userinfo': {'name': {'essential': 'yes'}}}",
            "{'userinfo': {'name': {'values': 'Erin'}}}",
            "{'userinfo': {'name': null}",
            "{'userinfo': {}, 'userinfo': {}}");
    for (var claims : wrong) {
      assertThat(refused(claims)).as(claims).isEqualTo("invalid_request");
    }
  }

  @Test
  void aPersonWhoIsNamedIsTheOneWhoSignsIn() {
    var erins = "{'id_token': {'sub': {'value': '" + erin.id + "'}}}";
    assertThat(suite.claims(tokens(erins)).text("sub")).hasValue(erin.id);
    var others = "{'id_token': {'sub': {'value': 'usr_somebody_else'}}}";
    assertThat(refused(others, "prompt", "none")).isEqualTo("login_required");
    assertThat(CodeFlow.location(suite.authorize("claims", json(others)))).startsWith("/login");
    var atUserinfo = "{'userinfo': {'sub': {'values': ['usr_somebody_else']}}}";
    assertThat(refused(atUserinfo, "prompt", "none")).isEqualTo("login_required");
  }

  @Test
  void aSignInIsWorthWhatIsEssential() {
    var two = "urn:prokura:acr:two-factors";
    var good = "{'id_token': {'acr': {'essential': true, 'values': ['x', '" + two + "']}}}";
    assertThat(suite.claims(tokens(good)).text("acr")).hasValue(two);
    var essential = "{'id_token': {'acr': {'essential': true, 'values': ['urn:x:gold']}}}";
    var unmet = "unmet_authentication_requirements";
    assertThat(refused(essential, "prompt", "none")).isEqualTo(unmet);
    assertThat(refused(essential)).isEqualTo(unmet);
    var voluntary = "{'id_token': {'acr': {'values': ['urn:x:gold']}}}";
    assertThat(suite.claims(tokens(voluntary)).text("acr")).hasValue(two);
  }

  @Test
  void scopeProfileAndEmail() {
    var profile = suite.person(suite.tokens("scope", "openid profile"));
    assertThat(RelyingParty.names(profile)).containsExactly("sub", "name", "preferred_username");
    var email = suite.person(suite.tokens("scope", "openid email"));
    assertThat(RelyingParty.names(email)).containsExactly("sub", "email", "email_verified");
  }

  /// The suite skips what `scopes_supported` does not have, and asks for it nowhere else.
  @Test
  void scopeAddressPhoneAndAll() {
    var metadata = company.server.get("/.well-known/openid-configuration", "").body();
    assertThat(company.server.object(metadata).texts("scopes_supported").orElseThrow())
        .containsExactly("openid", "profile", "email", "groups", "offline_access");
    var tokens = suite.tokens("scope", "openid profile email address phone");
    assertThat(tokens.text("scope")).hasValue("email openid profile");
    var person = suite.person(tokens);
    assertThat(RelyingParty.names(person))
        .containsExactly("sub", "name", "preferred_username", "email", "email_verified");
    assertThat(suite.tokens("scope", "openid made.up").text("scope")).hasValue("openid");
  }

  @Test
  void alternateHappyFlow() {
    var asked = new TreeMap<String, String>(Comparator.reverseOrder());
    asked.putAll(suite.request("scope", "email openid"));
    var sent = erin.browser.open("/oauth2/authorize?" + Browser.encoded(asked));
    var answer = CodeFlow.answer(suite.allowed(sent));
    assertThat(answer).containsOnlyKeys("code", "state", "iss");
    var tokens = suite.good(suite.redeem(answer.getOrDefault("code", "")));
    assertThat(suite.person(tokens).text("email")).hasValue("erin@example.org");
  }

  @Test
  void whatThePersonCantHaveIsLeftOutAndTheAnswerSaysSo() {
    company.make(
        "wiki",
        "resources",
        """
        {'identifier': 'https://wiki.example', 'name': 'Wiki', 'agentFacing': false,
         'actions': [{'name': 'pages.read', 'sensitivity': 'low'},
                     {'name': 'pages.write', 'sensitivity': 'low'}]}
        """);
    company.permit("erin", "wiki", "['pages.read']", "own");
    var client = application("");
    var wiki = "https://wiki.example";
    var both = client.tokens("scope", "openid pages.read pages.write", "resource", wiki);
    assertThat(both.text("scope")).hasValue("openid pages.read");
    var silent =
        client.tokens("scope", "pages.read pages.write", "resource", wiki, "prompt", "none");
    assertThat(silent.text("scope")).as("what was allowed is remembered").hasValue("pages.read");
    var unknown = client.tokens("scope", "openid pages.read pages.burn", "resource", wiki);
    assertThat(unknown.text("scope")).hasValue("openid pages.read");
    for (var scope : List.of("pages.write", "openid pages.write", "openid pages.burn")) {
      assertThat(CodeFlow.answer(client.authorize("scope", scope, "resource", wiki)))
          .as(scope)
          .containsEntry("error", "invalid_scope");
    }
    assertThat(CodeFlow.answer(client.authorize("scope", "pages.read x", "resource", wiki)))
        .as("a slip, where nothing says that it is to be ignored")
        .containsEntry("error", "invalid_scope");
  }

  @Test
  void registrationLogoPolicyAndTosUri() {
    var members =
        """
        'client_uri': 'https://suite.example/?a=1&b=2', 'logo_uri': 'https://suite.example/l.png',
        'policy_uri': 'https://suite.example/policy', 'tos_uri': 'https://suite.example/terms'
        """;
    var client = application(members);
    assertThat(client.told("logo_uri")).isEqualTo("https://suite.example/l.png");
    var shown = erin.browser.open(CodeFlow.location(client.authorize()));
    assertThat(shown.body())
        .contains("href=\"https://suite.example/?a=1&amp;b=2\"")
        .contains("href=\"https://suite.example/policy\" target=\"_blank\"")
        .contains("href=\"https://suite.example/terms\" target=\"_blank\"")
        .contains("rel=\"noreferrer noopener\">Its terms, at suite.example</a>")
        .doesNotContain("l.png", "<img");
    assertThat(shown.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'");
    for (var bad : List.of("javascript:alert(1)", "http://a.example/", "data:,x", "https://")) {
      for (var name : List.of("client_uri", "logo_uri", "policy_uri", "tos_uri")) {
        assertThat(client.register("'" + name + "': '" + bad + "'").statusCode()).isEqualTo(400);
      }
    }
  }

  @Test
  void userinfoRs256() throws Exception {
    for (var algorithm : List.of("RS256", "ES256")) {
      var client = application("'userinfo_signed_response_alg': '" + algorithm + "'");
      assertThat(client.told("userinfo_signed_response_alg")).isEqualTo(algorithm);
      var tokens = client.tokens("scope", "openid profile");
      var answer = client.userinfo(tokens.text("access_token").orElseThrow());
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/jwt");
      assertThat(client.part(answer.body(), 0).text("alg")).hasValue(algorithm);
      var claims = client.claims(answer.body());
      assertThat(RelyingParty.names(claims))
          .containsExactly("iss", "aud", "sub", "name", "preferred_username");
      assertThat(claims.text("aud")).hasValue(client.told("client_id"));
      assertThat(isSigned(answer)).isTrue();
      assertThat(
              CodeFlow.answer(
                  client.authorize(
                      "prompt", "none", "scope", "openid profile", "id_token_hint", answer.body())))
          .as("it is no ID token")
          .containsEntry("error", "login_required");
    }
    assertThat(suite.register("'userinfo_signed_response_alg': 'none'").statusCode())
        .isEqualTo(400);
    assertThat(suite.register("'userinfo_encrypted_response_alg': 'RSA-OAEP'").statusCode())
        .isEqualTo(400);
  }

  private boolean isSigned(HttpResponse<String> answer) throws Exception {
    var keys = com.nimbusds.jose.jwk.JWKSet.parse(company.server.get("/oauth2/jwks", "").body());
    var jwt = com.nimbusds.jwt.SignedJWT.parse(answer.body());
    var key = keys.getKeyByKeyId(jwt.getHeader().getKeyID());
    var verifier =
        new com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory()
            .createJWSVerifier(
                jwt.getHeader(),
                key instanceof com.nimbusds.jose.jwk.RSAKey rsa
                    ? rsa.toPublicKey()
                    : key.toECKey().toPublicKey());
    return jwt.verify(verifier);
  }
}
