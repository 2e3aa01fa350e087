package io.prokura.jose;

import static io.prokura.jose.Keys.REASON;
import static io.prokura.jose.Keys.object;
import static io.prokura.jose.Keys.refusal;
import static io.prokura.jose.Keys.signingKey;
import static io.prokura.jose.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.Result;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VerificationKeyTest {
  private static final String X = "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs";
  private static final String Y = "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA";
  private static final String EC =
      "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + X + "\",\"y\":\"" + Y + "\"";

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void readsWhatItPrints(Algorithm algorithm) {
    var key = signingKey(Keys.FASTEST, algorithm).verificationKey();
    assertThat(key.algorithms()).containsExactly(algorithm);
    assertThat(key.kid()).contains(key.thumbprint());
    assertThat(parsed(key.toJwk())).isEqualTo(key);
    assertThat(key.toJwk().members()).doesNotContainKeys("d", "p", "q", "dp", "dq", "qi");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"use\":\"sig\"",
        "\"key_ops\":[\"verify\"]",
        "\"key_ops\":[\"sign\",\"verify\"]",
        "\"alg\":\"ES256\"",
        "\"x5c\":[\"AAAA\"],\"x5t\":\"AAAA\",\"something\":{\"else\":1}",
        "\"kid\":\"a\""
      })
  void takesAKeyThatMayVerify(String more) {
    assertThat(parsed(object("{" + EC + "," + more + "}")).algorithms())
        .containsExactly(Algorithm.ES256);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"use\":\"enc\"",
        "\"use\":[\"sig\"]",
        "\"key_ops\":[\"sign\"]",
        "\"key_ops\":[]",
        "\"key_ops\":\"verify\"",
        "\"alg\":\"ES384\"",
        "\"alg\":\"RS256\"",
        "\"alg\":\"none\"",
        "\"alg\":1",
        "\"kid\":1",
        "\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"",
        "\"d\":null",
        "\"k\":\"AAAA\"",
        "\"priv\":\"AAAA\""
      })
  void refusesAKeyThatMayNotVerifyOrIsNotPublic(String more) {
    refusal(parse("{" + EC + "," + more + "}"));
  }

  @Test
  void takesTheFullySpecifiedNameOfEd25519() {
    var jwk = signingKey(Keys.FASTEST, Algorithm.EDDSA).verificationKey().toJwk();
    assertThat(parsed(with(jwk, "alg", "Ed25519")).algorithms()).containsExactly(Algorithm.EDDSA);
  }

  @Test
  void refusesPointsThatAreNotOnP256() {
    var one = Base64Url.encode(Numbers.fixed(BigInteger.ONE, 32));
    var zero = Base64Url.encode(new byte[32]);
    var field = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
    var beyond = Base64Url.encode(Numbers.fixed(new BigInteger(field, 16), 32));
    var jwk = object("{" + EC + "}");
    for (var wrong : List.of(one, zero, beyond, Y, X + "A", "A" + X, X.substring(1), "", X + "=")) {
      refusal(parse(with(jwk, "x", wrong)));
    }
    for (var wrong : List.of(one, zero, beyond, X, Y + "A", Y.substring(2), Y + "==")) {
      refusal(parse(with(jwk, "y", wrong)));
    }
    for (var curve : List.of("P-384", "P-521", "secp256k1", "p-256", "Ed25519")) {
      refusal(parse(with(jwk, "crv", curve)));
    }
  }

  /// The eight points whose order divides eight are found by arithmetic, not taken from the code.
  @Test
  void refusesEveryEd25519PointOfSmallOrder() {
    var curve = new EdwardsArithmetic();
    var small = curve.ysOfSmallOrder();
    assertThat(small).hasSize(5);
    for (var y : small) {
      assertThat(Ed25519.contains(y)).isFalse();
    }
    assertThat(Ed25519.contains(curve.baseY())).isTrue();
    assertThat(Ed25519.contains(curve.field())).isFalse();
    assertThat(Ed25519.contains(curve.field().add(BigInteger.ONE))).isFalse();
    assertThat(Ed25519.contains(BigInteger.TWO)).isFalse();
  }

  @Test
  void refusesOkpKeysOfOtherCurvesAndLengths() {
    var jwk = signingKey(Keys.FASTEST, Algorithm.EDDSA).verificationKey().toJwk();
    for (var curve : List.of("X25519", "Ed448", "ed25519")) {
      refusal(parse(with(jwk, "crv", curve)));
    }
    var x = jwk.text("x").orElseThrow();
    for (var wrong : List.of("", x + "AAAA", x.substring(4), x + "=")) {
      refusal(parse(with(jwk, "x", wrong)));
    }
  }

  @Test
  void refusesRsaNumbersThatAreUnfit() {
    var jwk = signingKey(Keys.FASTEST, Algorithm.RS256).verificationKey().toJwk();
    var n = Base64Url.decode(jwk.text("n").orElseThrow()).orElseThrow();
    var odd = new byte[255];
    Arrays.fill(odd, (byte) 0xff);
    var even = n.clone();
    even[even.length - 1] &= (byte) 0xfe;
    var padded = new byte[n.length + 1];
    System.arraycopy(n, 0, padded, 1, n.length);
    var huge = new byte[1025];
    Arrays.fill(huge, (byte) 0xff);
    for (var wrong : List.of(odd, even, padded, huge, new byte[0], new byte[256])) {
      refusal(parse(with(jwk, "n", Base64Url.encode(wrong))));
    }
    for (var wrong : List.of("AQ", "Aw", "AA", "", "AAEAAQ", "AQAA", "AwAAAAAAAQ")) {
      refusal(parse(with(jwk, "e", wrong)));
    }
  }

  @Test
  void readsTheKeyOfACertificate() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
    var key =
        value(VerificationKey.of(Keys.FASTEST, generator.generateKeyPair().getPublic(), REASON));
    assertThat(key.kid()).isEmpty();
    assertThat(key.algorithms()).containsExactly(Algorithm.ES256);

    generator.initialize(new ECGenParameterSpec("secp384r1"), new SecureRandom());
    refusal(VerificationKey.of(Keys.FASTEST, generator.generateKeyPair().getPublic(), REASON));
    var small = KeyPairGenerator.getInstance("RSA");
    small.initialize(1024);
    refusal(VerificationKey.of(Keys.FASTEST, small.generateKeyPair().getPublic(), REASON));
  }

  @Test
  void aSetPassesOverKeysItHasNoUseForAndRefusesSecrets() {
    var good = object("{" + EC + ",\"kid\":\"a\"}");
    var foreign = object("{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AA\",\"y\":\"AA\"}");
    var encryption = object("{" + EC + ",\"use\":\"enc\"}");
    var set = set(List.of(foreign, good, encryption));
    assertThat(value(set).keys()).containsExactly(parsed(good));
    refusal(set(List.of(good, object("{\"kty\":\"oct\",\"k\":\"AAAA\"}"))));
    refusal(set(List.of(good, with(good, "d", X))));
    refusal(set(Collections.nCopies(JwkSet.KEYS_MAX + 1, good)));
    refusal(set(List.of(Json.text("key"))));
    refusal(JwkSet.parse(Keys.FASTEST, object("{}"), REASON));
    refusal(JwkSet.parse(Keys.FASTEST, object("{\"keys\":{}}"), REASON));
  }

  @Test
  void aSetFindsTheOneKeyThatMayHaveSigned() {
    var es = signingKey(Keys.FASTEST, Algorithm.ES256);
    var other = SigningKey.generate(Keys.FASTEST, Keys.world(9), Algorithm.ES256);
    var rs = signingKey(Keys.FASTEST, Algorithm.RS256);
    var set =
        new JwkSet(List.of(es.verificationKey(), other.verificationKey(), rs.verificationKey()));
    var claims = Json.object().build();
    assertThat(set.find(read(JwtWriter.mint(es, "at+jwt", claims)))).contains(es.verificationKey());
    assertThat(set.find(read(anonymous(rs)))).contains(rs.verificationKey());
    assertThat(set.find(read(anonymous(es)))).isEmpty();
  }

  private static String anonymous(SigningKey key) {
    var signed = Keys.part("{\"alg\":\"" + key.algorithm().label() + "\"}") + "." + Keys.part("{}");
    return signed + "." + Base64Url.encode(key.sign(Keys.utf8(signed)));
  }

  private static UnverifiedJwt read(String token) {
    return value(Keys.READER.read(token, REASON));
  }

  private static Result<JwkSet> set(List<? extends Json> keys) {
    var set = Json.object().put("keys", Json.array(keys)).build();
    return JwkSet.parse(Keys.FASTEST, set, REASON);
  }

  private static Json.Obj with(Json.Obj object, String name, String text) {
    var members = new LinkedHashMap<>(object.members());
    members.put(name, Json.text(text));
    return new Json.Obj(members);
  }

  private static VerificationKey parsed(Json.Obj jwk) {
    return value(parse(jwk));
  }

  private static Result<VerificationKey> parse(Json.Obj jwk) {
    return VerificationKey.parse(Keys.FASTEST, jwk, REASON);
  }

  private static Result<VerificationKey> parse(String jwk) {
    return parse(object(jwk));
  }
}
