package io.prokura.clients;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.agents.AgentTransition;
import io.prokura.http.Form;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Base64Url;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.sql.TestDatabases;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AssertionAttackTest {
  private static final String TYPE = "client-authentication+jwt";

  private final Authenticating here = new Authenticating(TestDatabases.sqlite());
  private final Holder holder = here.agent();
  private final SigningKey key = here.key(holder, Algorithm.ES256);
  private int number;

  @AfterAll
  void close() {
    here.close();
  }

  private Json.Obj good() {
    return here.claims(holder, "jti-" + number++).build();
  }

  private void assertRefused(String assertion) {
    assertThat(here.present(assertion))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(CLIENT_NOT_AUTHENTICATED));
  }

  private void assertRefused(String name, Json value) {
    assertRefused(Authenticating.sign(key, Authenticating.with(good(), name, value)));
  }

  private void assertTaken(String name, Json value) {
    assertThat(here.present(Authenticating.sign(key, Authenticating.with(good(), name, value))))
        .isInstanceOf(Ok.class);
  }

  @Test
  void knowsEveryKindOfClientByAKeyOfEveryAlgorithm() {
    for (var one : here.everyHolder()) {
      for (var algorithm : Algorithm.values()) {
        var own = here.key(one, algorithm);
        var assertion = Authenticating.sign(own, here.claims(one, "a" + number++).build());
        assertThat(here.present(assertion))
            .isInstanceOfSatisfying(
                Ok.class,
                ok -> {
                  var client = (AuthenticatedClient) ok.value();
                  assertThat(client.clientId()).isEqualTo(one.id().text());
                  assertThat(client.method()).isEqualTo(AuthenticationMethod.PRIVATE_KEY_JWT);
                  assertThat(client.credential().orElseThrow())
                      .isIn(here.credentials.live(one).stream().map(Credential::id).toList());
                });
      }
    }
  }

  @Test
  void takesAnAssertionOnceOnly() {
    var assertion = Authenticating.sign(key, good());
    assertThat(here.present(assertion)).isInstanceOf(Ok.class);
    assertRefused(assertion);
    here.oneTime.tick();
    here.pass(59_000);
    assertRefused(assertion);
    var sameJti = Authenticating.with(good(), "jti", Json.text("the same"));
    assertThat(here.present(Authenticating.sign(key, sameJti))).isInstanceOf(Ok.class);
    var later = Authenticating.with(good(), "jti", Json.text("the same"));
    assertRefused(Authenticating.sign(key, later));
  }

  @Test
  void letsTwoClientsUseTheSameJti() {
    var other = here.agent();
    var others = here.key(other, Algorithm.EDDSA);
    assertTaken("jti", Json.text("shared"));
    assertThat(here.present(Authenticating.sign(others, here.claims(other, "shared").build())))
        .isInstanceOf(Ok.class);
  }

  @Test
  void takesAnAssertionOnceWhenManyPresentItAtOnce() throws Exception {
    var known = Authenticating.sign(key, good());
    var silent = Authenticating.sign(key, Authenticating.with(good(), "iat", new Json.Null()));
    for (var assertion : List.of(known, silent)) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var all = new ArrayList<Future<Result<AuthenticatedClient>>>();
        for (int i = 0; i < 16; i++) {
          all.add(threads.submit(() -> here.present(assertion)));
        }
        int taken = 0;
        for (var one : all) {
          taken += one.get() instanceof Ok ? 1 : 0;
        }
        assertThat(taken).isEqualTo(1);
      }
    }
  }

  @Test
  void replaysNothingThroughARestart() {
    var known = Authenticating.sign(key, good());
    var silent = Authenticating.sign(key, Authenticating.with(good(), "iat", new Json.Null()));
    long second = here.now().getEpochSecond();
    var ahead =
        Authenticating.sign(key, Authenticating.with(good(), "iat", Json.number(second + 30)));
    for (var assertion : List.of(known, silent, ahead)) {
      assertThat(here.present(assertion)).isInstanceOf(Ok.class);
    }
    here.pass(1_500);
    here.restart();
    for (var assertion : List.of(known, silent, ahead)) {
      assertRefused(assertion);
    }
    here.pass(31_000);
    assertRefused(ahead);
    assertThat(here.present(Authenticating.sign(key, good()))).isInstanceOf(Ok.class);
  }

  @Test
  void isForThisIssuerAlone() {
    assertTaken("aud", Json.texts(List.of(Authenticating.ISSUER)));
    assertRefused("aud", new Json.Null());
    assertRefused("aud", Json.text(Authenticating.ISSUER + "/oauth2/token"));
    assertRefused("aud", Json.text(Authenticating.ISSUER + "/"));
    assertRefused("aud", Json.text("https://other.example"));
    assertRefused("aud", Json.texts(List.of()));
    assertRefused("aud", Json.texts(List.of(Authenticating.ISSUER, "https://other.example")));
    assertRefused("aud", Json.texts(List.of(Authenticating.ISSUER, Authenticating.ISSUER)));
    assertRefused(
        "aud", Json.texts(List.of(Authenticating.ISSUER, Authenticating.ISSUER + "/oauth2/token")));
    assertRefused("aud", Json.object().put("aud", Authenticating.ISSUER).build());
  }

  @Test
  void livesShortlyWithinTheSkewOfClocks() {
    long now = here.now().getEpochSecond();
    assertTaken("exp", Json.number(now + 360));
    assertRefused("exp", Json.number(now + 361));
    assertRefused("exp", Json.number(253_402_300_799L));
    assertTaken("exp", Json.number(now - 59));
    assertRefused("exp", Json.number(now - 60));
    assertRefused("exp", new Json.Null());
    assertRefused("exp", Json.text(String.valueOf(now + 60)));
    assertTaken("nbf", Json.number(now + 60));
    assertRefused("nbf", Json.number(now + 61));
    assertTaken("iat", Json.number(now + 60));
    assertRefused("iat", Json.number(now + 61));
    assertTaken("iat", new Json.Fraction(now + 0.25));
    assertTaken("iat", new Json.Null());
    assertRefused("iat", Json.text("now"));
  }

  @Test
  void needsAJti() {
    assertRefused("jti", new Json.Null());
    assertRefused("jti", Json.text(""));
    assertRefused("jti", Json.number(7));
  }

  @Test
  void isWrittenByTheClientAboutItself() {
    var other = here.agent();
    var others = here.key(other, Algorithm.ES256);
    assertRefused("iss", Json.text(other.id().text()));
    assertRefused("sub", Json.text(other.id().text()));
    assertRefused("iss", new Json.Null());
    assertRefused("sub", Json.texts(List.of(holder.id().text())));
    assertRefused(Authenticating.sign(others, good()));
    assertRefused(Authenticating.sign(key, here.claims(other, "o").build()));
  }

  @Test
  void answersAnUnknownClientAForeignKeyAndAnotherTypeAlike() {
    var unknown = new Holder.Agent(Id.Agent.random(here.agents.all.world));
    var user = here.agents.dana.text();
    var aboutUser =
        Authenticating.with(
            Authenticating.with(good(), "iss", Json.text(user)), "sub", Json.text(user));
    var wrong = here.present(Authenticating.sign(here.newKey(Algorithm.ES256), good()));
    assertThat(here.present(Authenticating.sign(key, here.claims(unknown, "u").build())))
        .isEqualTo(wrong);
    assertThat(here.present(Authenticating.sign(key, aboutUser))).isEqualTo(wrong);
    assertThat(here.present(JwtWriter.mint(key, "at+jwt", good()))).isEqualTo(wrong);
  }

  @Test
  void takesNoOtherTypeOfTokenOfOurs() {
    for (var type : new String[] {"client-authentication+jwt", "JWT", "application/jwt"}) {
      assertThat(here.present(JwtWriter.mint(key, type, good()))).isInstanceOf(Ok.class);
    }
    var absent = Json.object().put("alg", "ES256").build();
    assertThat(here.present(Authenticating.compact(absent, good(), key))).isInstanceOf(Ok.class);
    for (var type :
        new String[] {
          "at+jwt",
          "hand-over+jwt",
          "dpop+jwt",
          "oauth-id-jag+jwt",
          "logout+jwt",
          "secevent+jwt",
          ""
        }) {
      assertRefused(JwtWriter.mint(key, type, good()));
    }
  }

  @Test
  void takesNoAlgorithmButTheKeysOwn() throws Exception {
    var secret = here.secret(holder);
    var none = Json.object().put("alg", "none").put("typ", TYPE).build();
    var unsigned = Base64Url.encode(none.bytes()) + "." + Base64Url.encode(good().bytes()) + ".";
    assertRefused(unsigned);
    assertRefused(unsigned + "AA");
    assertRefused(hmac(secret.getBytes(UTF_8)));
    assertRefused(hmac(key.verificationKey().toJwk().bytes()));
    var rsa = here.key(holder, Algorithm.RS256);
    for (var algorithm : new String[] {"EdDSA", "RS256", "PS256", "ES384", "es256"}) {
      var header = Json.object().put("alg", algorithm).put("kid", key.kid()).put("typ", TYPE);
      assertRefused(Authenticating.compact(header.build(), good(), key));
    }
    var asPss = Json.object().put("alg", "PS256").put("kid", rsa.kid()).put("typ", TYPE);
    assertRefused(Authenticating.compact(asPss.build(), good(), rsa));
  }

  private String hmac(byte[] secret) throws GeneralSecurityException {
    var header = Json.object().put("alg", "HS256").put("kid", key.kid()).put("typ", TYPE).build();
    var signed = Base64Url.encode(header.bytes()) + "." + Base64Url.encode(good().bytes());
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    return signed + "." + Base64Url.encode(mac.doFinal(signed.getBytes(UTF_8)));
  }

  @Test
  void usesTheNamedKeyAndTriesAllWhenNoneIsNamed() {
    var several = here.agent();
    var first = here.key(several, Algorithm.ES256);
    var second = here.key(several, Algorithm.ES256);
    for (var signer : List.of(first, second)) {
      var nameless = Json.object().put("alg", "ES256").put("typ", TYPE).build();
      assertThat(
              here.present(
                  Authenticating.compact(
                      nameless, here.claims(several, "n" + number++).build(), signer)))
          .isInstanceOf(Ok.class);
    }
    for (var kid : new String[] {second.kid(), "another"}) {
      var misnamed = Json.object().put("alg", "ES256").put("kid", kid).put("typ", TYPE).build();
      assertRefused(
          Authenticating.compact(misnamed, here.claims(several, "m" + number++).build(), first));
    }
  }

  @Test
  void neverTakesTheKeyFromTheAssertionItself() {
    var own = here.newKey(Algorithm.ES256);
    var header =
        Json.object()
            .put("alg", "ES256")
            .put("typ", TYPE)
            .put("jwk", own.verificationKey().toJwk())
            .put("jku", "http://127.0.0.1:1/jwks")
            .build();
    assertRefused(Authenticating.compact(header, good(), own));
  }

  @Test
  void endsWithTheCredential() {
    var fleeting = here.agent();
    var until = here.now().plusSeconds(10);
    var expiring = here.newKey(Algorithm.ES256);
    here.add(fleeting, Authenticating.keys(expiring.verificationKey()), Optional.of(until));
    var revoked = here.newKey(Algorithm.EDDSA);
    var credential = here.add(fleeting, Authenticating.keys(revoked.verificationKey()));
    for (var one : List.of(expiring, revoked)) {
      var assertion = Authenticating.sign(one, here.claims(fleeting, "f" + number++).build());
      assertThat(here.present(assertion)).isInstanceOf(Ok.class);
    }
    var all = here.agents.all;
    all.done(tx -> here.credentials.revoke(tx, all.admin, credential.id(), "stolen"));
    assertRefused(Authenticating.sign(revoked, here.claims(fleeting, "f" + number++).build()));
    here.pass(10_000);
    assertRefused(Authenticating.sign(expiring, here.claims(fleeting, "f" + number++).build()));
  }

  @Test
  void saysThatTheAgentIsNotActiveOnlyToItself() {
    var agent = here.agents.active();
    var stopped = here.agent(agent);
    var own = here.key(stopped, Algorithm.ES256);
    here.agents.step(agent, AgentTransition.QUARANTINE);
    assertThat(here.present(Authenticating.sign(own, here.claims(stopped, "q").build())))
        .isEqualTo(new Refused<>(PRINCIPAL_NOT_ACTIVE, "the agent is quarantined"));
    assertRefused(Authenticating.sign(key, here.claims(stopped, "r").build()));
  }

  @Test
  void readsNothingHuge() {
    assertRefused("pad", Json.text("x".repeat(16_000)));
    assertRefused("a".repeat(60_000));
    assertRefused(".".repeat(10_000));
    assertRefused("e30.e30." + "A".repeat(9_000));
  }

  @Test
  void needsTheRightTypeOfAssertionAndTheSameClientId() {
    var form = "client_assertion=" + Authenticating.sign(key, good());
    assertThat(reason(form)).isEqualTo(MALFORMED_REQUEST);
    assertThat(reason("client_assertion_type=" + ClientAuthenticator.ASSERTION_TYPE))
        .isEqualTo(MALFORMED_REQUEST);
    var saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    assertThat(reason(form + "&client_assertion_type=" + saml)).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    var other = here.agent().id().text();
    var asserted = Authenticating.assertionForm(Authenticating.sign(key, good()));
    assertThat(reason(asserted + "&client_id=" + other)).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("client_id", holder.id().text());
    parameters.put("client_assertion_type", ClientAuthenticator.ASSERTION_TYPE);
    parameters.put("client_assertion", Authenticating.sign(key, good()));
    assertThat(here.authenticator.authenticate(here.token().build(), Form.of(parameters)))
        .isInstanceOf(Ok.class);
  }

  private Refusal reason(String form) {
    return switch (here.authenticate(here.token().form(form).build())) {
      case Ok<AuthenticatedClient> ok -> throw new AssertionError("not refused: " + ok);
      case Refused<AuthenticatedClient>(var reason, _) -> reason;
    };
  }
}
