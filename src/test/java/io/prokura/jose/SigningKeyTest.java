package io.prokura.jose;

import static io.prokura.jose.Keys.REASON;
import static io.prokura.jose.Keys.signingKey;
import static io.prokura.jose.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class SigningKeyTest {

  @ParameterizedTest
  @MethodSource("io.prokura.jose.Keys#everyAlgorithmAndCode")
  void outlivesItsStorage(Crypto crypto, Algorithm algorithm) {
    var key = SigningKey.generate(crypto, Keys.world(11), algorithm);
    var again = SigningKey.ofSecret(crypto, Keys.JSON, key.secret());
    assertThat(again.kid()).isEqualTo(key.kid());
    assertThat(again.algorithm()).isEqualTo(algorithm);
    assertThat(again.verificationKey()).isEqualTo(key.verificationKey());
    var data = Keys.utf8("data");
    assertThat(key.verificationKey().verifies(algorithm, data, again.sign(data))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void comesFromTheWorldsChanceAlone(Algorithm algorithm) {
    var one = SigningKey.generate(Keys.FASTEST, Keys.world(3), algorithm);
    var same = SigningKey.generate(Keys.FASTEST, Keys.world(3), algorithm);
    var other = SigningKey.generate(Keys.FASTEST, Keys.world(4), algorithm);
    assertThat(same.kid()).isEqualTo(one.kid());
    assertThat(other.kid()).isNotEqualTo(one.kid());
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void refusesHalvesThatDoNotBelongTogether(Algorithm algorithm) {
    var one = Keys.object(text(signingKey(Keys.FASTEST, algorithm)));
    var other = Keys.object(text(SigningKey.generate(Keys.FASTEST, Keys.world(12), algorithm)));
    var members = new LinkedHashMap<>(one.members());
    for (var name : new String[] {"x", "y", "n"}) {
      other.get(name).ifPresent(member -> members.put(name, member));
    }
    assertThatThrownBy(
            () -> SigningKey.ofSecret(Keys.FASTEST, Keys.JSON, new Json.Obj(members).bytes()))
        .isInstanceOf(IllegalArgumentException.class);
    for (var wrong : new String[] {"", "{}", "{\"kty\":\"EC\"}", "null"}) {
      assertThatThrownBy(() -> SigningKey.ofSecret(Keys.FASTEST, Keys.JSON, Keys.utf8(wrong)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void neverShowsItsPrivateHalf(Algorithm algorithm) {
    var key = signingKey(Keys.FASTEST, algorithm);
    var secret = Keys.object(text(key)).text("d").orElseThrow();
    assertThat(key.toString()).doesNotContain(secret);
    assertThat(key.verificationKey().toString()).doesNotContain(secret);
    assertThat(key.verificationKey().toJwk().toText()).doesNotContain(secret);
  }

  /// Signers are reused, so what one thread signs must not leak into what another does.
  @ParameterizedTest
  @MethodSource("io.prokura.jose.Keys#everyAlgorithmAndCode")
  void signsAndVerifiesForManyThreadsAtOnce(Crypto crypto, Algorithm algorithm) throws Exception {
    var key = signingKey(crypto, algorithm);
    var type = ExpectedType.of("at+jwt");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 64; i++) {
        var number = i;
        Callable<Boolean> work =
            () -> {
              for (int j = 0; j < 4; j++) {
                var claims = Json.object().put("jti", number + "/" + j).build();
                var token = JwtWriter.mint(key, "at+jwt", claims);
                var read = value(Keys.READER.read(token, REASON));
                var verified = value(read.verify(key.verificationKey(), type, REASON));
                if (!verified.claims().equals(claims)
                    || key.verificationKey().verifies(algorithm, Keys.utf8("x"), new byte[64])) {
                  return false;
                }
              }
              return true;
            };
        results.add(threads.submit(work));
      }
      for (var result : results) {
        assertThat(result.get(60, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void changesNoProviderOfTheProcess() {
    var before = Security.getProviders();
    Crypto.fastest();
    assertThat(Security.getProviders()).isEqualTo(before);
    assertThat(Arrays.toString(before)).doesNotContain("Corretto");
    assertThat(Keys.JDK.providerName(Algorithm.ES256)).isEqualTo("SunEC");
    assertThat(Keys.FASTEST.providerName(Algorithm.ES256))
        .isIn("AmazonCorrettoCryptoProvider", "SunEC");
  }

  @ParameterizedTest
  @CsvSource({
    "at+jwt, true",
    "AT+JWT, true",
    "application/at+jwt, true",
    "Application/AT+jwt, true",
    "jwt, false",
    "at+jwt+x, false",
    "application/, false",
    "text/at+jwt, false",
    "application/application/at+jwt, false"
  })
  void comparesTypWithoutCaseAndPrefix(String typ, boolean good) {
    var presented = Optional.of(typ);
    assertThat(ExpectedType.of("at+jwt").admits(presented)).isEqualTo(good);
    assertThat(ExpectedType.of("application/AT+JWT").admits(presented)).isEqualTo(good);
    assertThat(ExpectedType.of("at+jwt").admits(Optional.empty())).isFalse();
    assertThat(ExpectedType.of("at+jwt").orAbsent().admits(Optional.empty())).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "AA, true",
    "AAA, true",
    "AAAA, true",
    "A, false",
    "AAAAA, false",
    "AB, false",
    "AAB, false",
    "A=, false",
    "AA==, false",
    "AA A, false",
    "A+AA, false",
    "A/AA, false",
    "-_-_, true"
  })
  void decodesTheOneSpellingOnly(String text, boolean good) {
    assertThat(Base64Url.decode(text).isPresent()).isEqualTo(good);
    Base64Url.decode(text).ifPresent(bytes -> assertThat(Base64Url.encode(bytes)).isEqualTo(text));
  }

  private static String text(SigningKey key) {
    return new String(key.secret(), StandardCharsets.UTF_8);
  }
}
