package io.prokura.jose;

import static io.prokura.jose.Keys.READER;
import static io.prokura.jose.Keys.REASON;
import static io.prokura.jose.Keys.part;
import static io.prokura.jose.Keys.refusal;
import static io.prokura.jose.Keys.signingKey;
import static io.prokura.jose.Keys.utf8;
import static io.prokura.jose.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.Result;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JwtAttackTest {
  private static final ExpectedType TYPE = ExpectedType.of("at+jwt");
  private static final String CLAIMS = "{\"iss\":\"https://as.example\"}";

  @Test
  void refusesATokenWithoutSignature() {
    for (var none : List.of("none", "None", "NONE", "nOnE")) {
      var header = part("{\"alg\":\"" + none + "\",\"typ\":\"at+jwt\"}");
      assertThat(refusal(READER.read(header + "." + part(CLAIMS) + ".", REASON)))
          .isEqualTo("the token is not a signed JWT");
      assertThat(refusal(READER.read(header + "." + part(CLAIMS) + ".AA", REASON)))
          .isEqualTo("the token's algorithm is not accepted");
    }
  }

  @Test
  void refusesThePublicKeyAsAnHmacSecret() throws Exception {
    var key = signingKey(Keys.FASTEST, Algorithm.RS256).verificationKey();
    var signed = part("{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}") + "." + part(CLAIMS);
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.toJwk().bytes(), "HmacSHA256"));
    var token = signed + "." + Base64Url.encode(mac.doFinal(utf8(signed)));
    assertThat(refusal(READER.read(token, REASON)))
        .isEqualTo("the token's algorithm is not accepted");
  }

  @Test
  void refusesAnAlgorithmTheKeyIsNotFor() {
    var rsa = signingKey(Keys.FASTEST, Algorithm.PS256);
    var token = value(READER.read(mint(rsa), REASON));
    var sameNumbers = Json.object();
    rsa.verificationKey()
        .toJwk()
        .members()
        .forEach(
            (name, member) ->
                sameNumbers.put(name, name.equals("alg") ? Json.text("RS256") : member));
    var onlyRs256 = value(VerificationKey.parse(Keys.FASTEST, sameNumbers.build(), REASON));
    assertThat(refusal(token.verify(onlyRs256, TYPE, REASON)))
        .isEqualTo("the token's signature is wrong");
    value(token.verify(rsa.verificationKey(), TYPE, REASON));
  }

  @ParameterizedTest
  @MethodSource("io.prokura.jose.Keys#everyAlgorithmAndCode")
  void refusesASignatureUnderAnotherAlgorithmsName(Crypto crypto, Algorithm algorithm) {
    var key = signingKey(crypto, algorithm);
    var parts = mint(key).split("\\.", -1);
    for (var other : Algorithm.values()) {
      if (other != algorithm) {
        var header = part("{\"alg\":\"" + other.label() + "\",\"typ\":\"at+jwt\"}");
        var token = header + "." + parts[1] + "." + parts[2];
        refusal(value(READER.read(token, REASON)).verify(key.verificationKey(), TYPE, REASON));
      }
    }
  }

  /// CVE-2022-21449: with r and s zero, or as large as the order, anything would verify.
  @ParameterizedTest
  @MethodSource("io.prokura.jose.Keys#everyCode")
  void refusesEcdsaNumbersOutsideTheirRange(Crypto crypto) {
    var key = signingKey(crypto, Algorithm.ES256).verificationKey();
    var order = Numbers.fixed(P256.PARAMETERS.getOrder(), 32);
    var zero = new byte[32];
    var one = Numbers.fixed(BigInteger.ONE, 32);
    var numbers = List.of(zero, one, order);
    for (var r : numbers) {
      for (var s : numbers) {
        var signature = Arrays.copyOf(r, 64);
        System.arraycopy(s, 0, signature, 32, 32);
        assertThat(key.verifies(Algorithm.ES256, utf8("anything"), signature)).isFalse();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.prokura.jose.Keys#everyAlgorithmAndCode")
  void refusesEverySignatureThatIsNotTheWholeOne(Crypto crypto, Algorithm algorithm) {
    var key = signingKey(crypto, algorithm);
    var data = utf8("data");
    var signature = key.sign(data);
    var wrong = new ArrayList<byte[]>();
    wrong.add(new byte[0]);
    wrong.add(new byte[signature.length]);
    wrong.add(Arrays.copyOf(signature, signature.length - 1));
    wrong.add(Arrays.copyOf(signature, signature.length + 1));
    wrong.add(Arrays.copyOf(signature, signature.length * 2));
    for (int i = 0; i < signature.length; i += 7) {
      var flipped = signature.clone();
      flipped[i] ^= 1;
      wrong.add(flipped);
    }
    var verificationKey = key.verificationKey();
    for (var bytes : wrong) {
      assertThat(verificationKey.verifies(algorithm, data, bytes)).isFalse();
    }
    assertThat(verificationKey.verifies(algorithm, data, signature)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("io.prokura.jose.Keys#everyCode")
  void refusesAnEcdsaSignatureInDer(Crypto crypto) {
    var key = signingKey(crypto, Algorithm.ES256);
    var raw = key.sign(utf8("data"));
    var r = new BigInteger(1, Arrays.copyOf(raw, 32)).toByteArray();
    var s = new BigInteger(1, Arrays.copyOfRange(raw, 32, 64)).toByteArray();
    var der = new byte[6 + r.length + s.length];
    der[0] = 0x30;
    der[1] = (byte) (der.length - 2);
    der[2] = 2;
    der[3] = (byte) r.length;
    System.arraycopy(r, 0, der, 4, r.length);
    der[4 + r.length] = 2;
    der[5 + r.length] = (byte) s.length;
    System.arraycopy(s, 0, der, 6 + r.length, s.length);
    assertThat(key.verificationKey().verifies(Algorithm.ES256, utf8("data"), der)).isFalse();
  }

  /// The identity as key and as R, with S zero, solves the verification equation for all messages.
  @ParameterizedTest
  @MethodSource("io.prokura.jose.Keys#everyCode")
  void refusesAnEd25519KeyOfSmallOrder(Crypto crypto) {
    var identity = new byte[32];
    identity[0] = 1;
    for (var encoded : List.of(identity, new byte[32])) {
      var jwk =
          Json.object()
              .put("kty", "OKP")
              .put("crv", "Ed25519")
              .put("x", Base64Url.encode(encoded))
              .build();
      refusal(VerificationKey.parse(crypto, jwk, REASON));
    }
  }

  @Test
  void refusesEveryChangeOfACharacter() {
    var key = signingKey(Keys.FASTEST, Algorithm.ES256);
    var token = mint(key);
    for (int i = 0; i < token.length(); i++) {
      for (char c : new char[] {'A', 'B', '-', '.', '=', ' ', '\n', '+', 'é'}) {
        if (token.charAt(i) != c) {
          var changed = token.substring(0, i) + c + token.substring(i + 1);
          assertThat(accepted(changed, key.verificationKey())).as(changed).isFalse();
        }
      }
    }
  }

  @Test
  void refusesEveryTruncation() {
    var key = signingKey(Keys.FASTEST, Algorithm.ES256);
    var token = mint(key);
    for (int i = 0; i < token.length(); i++) {
      assertThat(accepted(token.substring(0, i), key.verificationKey())).isFalse();
      assertThat(accepted(token.substring(i + 1), key.verificationKey())).isFalse();
    }
    for (var more : List.of("=", "==", ".", "A", "AA", "AAAA", " ", "\n", ".AA")) {
      assertThat(accepted(token + more, key.verificationKey())).isFalse();
      assertThat(accepted(more + token, key.verificationKey())).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"crit\":[]}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"crit\":null}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"b64\":true}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"b64\":false,\"crit\":[\"b64\"]}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":1}",
        "{\"alg\":\"ES256\",\"typ\":[\"at+jwt\"]}",
        "{\"alg\":[\"ES256\"],\"typ\":\"at+jwt\"}",
        "{\"alg\":\"es256\",\"typ\":\"at+jwt\"}",
        "{\"alg\":\"ES256K\",\"typ\":\"at+jwt\"}",
        "{\"alg\":\"RS1\",\"typ\":\"at+jwt\"}",
        "{\"typ\":\"at+jwt\"}",
        "{\"alg\":\"none\",\"alg\":\"ES256\",\"typ\":\"at+jwt\"}",
        "{\"alg\":\"ES256\",\"\\u0061lg\":\"ES256\",\"typ\":\"at+jwt\"}",
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\"} {}",
        "[\"ES256\"]",
        "\"ES256\"",
        "null",
        "{"
      })
  void refusesAHeaderEvenWhenItIsSigned(String header) {
    var key = signingKey(Keys.FASTEST, Algorithm.ES256);
    refusal(READER.read(signed(key, header, CLAIMS), REASON));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"sub\":\"a\",\"sub\":\"b\"}", "[]", "\"x\"", "7", "", "{} {}", "{\"a\":1e999}"})
  void refusesClaimsEvenWhenTheyAreSigned(String claims) {
    var key = signingKey(Keys.FASTEST, Algorithm.ES256);
    refusal(READER.read(signed(key, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}", claims), REASON));
  }

  @Test
  void refusesHugeAndDeepTokens() {
    var key = signingKey(Keys.FASTEST, Algorithm.ES256);
    var huge = Json.object().put("pad", "a".repeat(JwtReader.LENGTH_MAX)).build();
    assertThat(refusal(READER.read(JwtWriter.mint(key, "at+jwt", huge), REASON)))
        .isEqualTo("the token is too long");
    var deep = "{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}";
    refusal(READER.read(JwtWriter.mint(key, "at+jwt", utf8(deep)), REASON));
    refusal(READER.read(".".repeat(JwtReader.LENGTH_MAX), REASON));
  }

  @Test
  void refusesAnotherTypBeforeItLooksForAKey() {
    var key = signingKey(Keys.FASTEST, Algorithm.ES256);
    var token = value(READER.read(JwtWriter.mint(key, "dpop+jwt", utf8(CLAIMS)), REASON));
    assertThat(
            refusal(
                token.verify(
                    _ -> {
                      throw new AssertionError("asked for a key");
                    },
                    TYPE,
                    REASON)))
        .isEqualTo("the token is of another typ");
  }

  @Test
  void neverUsesAKeyThatStandsInTheToken() {
    var attacker = signingKey(Keys.FASTEST, Algorithm.ES256);
    var honest = SigningKey.generate(Keys.FASTEST, Keys.world(8), Algorithm.ES256);
    var set = new JwkSet(List.of(honest.verificationKey()));
    var jwk = attacker.verificationKey().toJwk().toText();
    for (var kid : List.of(honest.kid(), attacker.kid(), "../../dev/null", "' OR 1=1")) {
      var header =
          "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\""
              + kid
              + "\",\"jwk\":"
              + jwk
              + ",\"jku\":\"https://attacker.example/jwks\",\"x5u\":\"https://attacker.example\"}";
      var token = value(READER.read(signed(attacker, header, CLAIMS), REASON));
      refusal(token.verify(set::find, TYPE, REASON));
    }
  }

  private static boolean accepted(String token, VerificationKey key) {
    return READER.read(token, REASON) instanceof Result.Ok(var unverified)
        && unverified.verify(key, TYPE, REASON) instanceof Result.Ok<Jwt>;
  }

  private static String mint(SigningKey key) {
    return JwtWriter.mint(key, "at+jwt", utf8(CLAIMS));
  }

  private static String signed(SigningKey key, String header, String claims) {
    var signed = part(header) + "." + part(claims);
    return signed + "." + Base64Url.encode(key.sign(utf8(signed)));
  }
}
