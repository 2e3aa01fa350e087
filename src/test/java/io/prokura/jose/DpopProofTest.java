package io.prokura.jose;

import static io.prokura.jose.Keys.READER;
import static io.prokura.jose.Keys.REASON;
import static io.prokura.jose.Keys.part;
import static io.prokura.jose.Keys.refusal;
import static io.prokura.jose.Keys.signingKey;
import static io.prokura.jose.Keys.utf8;
import static io.prokura.jose.Keys.value;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.Result;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DpopProofTest {
  private static final URI TOKEN = URI.create("https://as.example/oauth2/token");
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
  private static final Duration SKEW = Duration.ofSeconds(10);
  private static final SigningKey KEY = signingKey(Keys.FASTEST, Algorithm.ES256);
  private static final String JWK = text(KEY.verificationKey().toJwk().bytes());

  @Test
  void takesAProofAndKnowsItsKey() {
    var proof = value(check(claims()));
    assertThat(proof.jkt()).isEqualTo(KEY.kid());
    assertThat(proof.id()).isEqualTo("one");
    assertThat(proof.isFor("a token")).isFalse();
  }

  @Test
  void hashesTheTokenOfTheSpecification() {
    var token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    var ath = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo";
    assertThat(DpopProof.hash(token)).isEqualTo(ath);
    var proof = value(check(with("ath", Json.text(ath))));
    assertThat(proof.isFor(token)).isTrue();
    assertThat(proof.isFor(token + "x")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTPS://AS.example:443/oauth2/token",
        "https://as.example/oauth2/token?a=b",
        "https://as.example/oauth2/./token#c"
      })
  void takesOtherSpellingsOfTheAddress(String htu) {
    value(check(with("htu", Json.text(htu))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://as.example/oauth2/token",
        "https://as.example:8443/oauth2/token",
        "https://other.example/oauth2/token",
        "https://as.example@other.example/oauth2/token",
        "https://x@as.example/oauth2/token",
        "https://as.example/oauth2/Token",
        "https://as.example/oauth2/token/",
        "/oauth2/token",
        "not an address"
      })
  void refusesAnotherAddress(String htu) {
    assertThat(refusal(check(with("htu", Json.text(htu)))))
        .isEqualTo("the proof is for another address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "post", ""})
  void refusesAnotherMethod(String htm) {
    assertThat(refusal(check(with("htm", Json.text(htm)))))
        .isEqualTo("the proof is for another method");
  }

  @ParameterizedTest
  @ValueSource(longs = {-71, 11})
  void refusesAProofFromOutsideTheWindow(long seconds) {
    var at = NOW.getEpochSecond() + seconds;
    assertThat(refusal(check(with("iat", new Json.Whole(at)))))
        .isEqualTo("iat is too old or lies in the future");
  }

  @ParameterizedTest
  @ValueSource(longs = {-70, 10})
  void takesAProofFromTheEdgeOfTheWindow(long seconds) {
    value(check(with("iat", new Json.Whole(NOW.getEpochSecond() + seconds))));
  }

  @Test
  void refusesAnIdNobodyCanRemember() {
    for (var id : new String[] {"", "x".repeat(DpopProof.ID_MAX + 1)}) {
      assertThat(refusal(check(with("jti", Json.text(id)))))
          .isEqualTo("the proof's jti is missing or too long");
    }
  }

  @Test
  void refusesAPrivateOrSymmetricKey() {
    var leaked = text(KEY.secret());
    var symmetric = "{\"kty\":\"oct\",\"k\":\"AAAA\"}";
    for (var jwk : new String[] {leaked, symmetric}) {
      assertThat(refusal(check("dpop+jwt", jwk, claims()))).isEqualTo("the key is not public");
    }
  }

  @Test
  void refusesAKeyThatDidNotSign() {
    var other = Keys.signingKey(Keys.FASTEST, Algorithm.EDDSA).verificationKey().toJwk();
    assertThat(refusal(check("dpop+jwt", text(other.bytes()), claims())))
        .isEqualTo("the token's signature is wrong");
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "at+jwt", "dpop", ""})
  void refusesAnythingElseThatIsSigned(String typ) {
    assertThat(refusal(check(typ, JWK, claims()))).isEqualTo("the token is of another typ");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static Json.Obj claims() {
    return Json.object()
        .put("jti", "one")
        .put("htm", "POST")
        .put("htu", TOKEN.toString())
        .put("iat", NOW.getEpochSecond())
        .build();
  }

  private static Json.Obj with(String name, Json value) {
    var changed = Json.object().put(name, value);
    claims()
        .members()
        .forEach(
            (n, v) -> {
              if (!n.equals(name)) {
                changed.put(n, v);
              }
            });
    return changed.build();
  }

  private static Result<DpopProof> check(Json.Obj claims) {
    return check("dpop+jwt", JWK, claims);
  }

  private static Result<DpopProof> check(String typ, String jwk, Json.Obj claims) {
    var header = "{\"typ\":\"" + typ + "\",\"alg\":\"ES256\",\"jwk\":" + jwk + "}";
    var signed = part(header) + "." + Base64Url.encode(claims.bytes());
    var compact = signed + "." + Base64Url.encode(KEY.sign(utf8(signed)));
    var proof = value(READER.read(compact, REASON));
    return DpopProof.check(Keys.FASTEST, proof, "POST", List.of(TOKEN), NOW, SKEW, REASON);
  }
}
