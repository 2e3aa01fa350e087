package io.prokura.jose;

import static io.prokura.jose.Keys.REASON;
import static io.prokura.jose.Keys.object;
import static io.prokura.jose.Keys.refusal;
import static io.prokura.jose.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.Result;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JwtTimesTest {
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

  @Test
  void reportsWhatTheClaimsSay() {
    var times = value(check("{\"exp\":1000100,\"nbf\":999999,\"iat\":999998.25}"));
    assertThat(times.expiresAt()).isEqualTo(Instant.ofEpochSecond(1_000_100));
    assertThat(times.notBefore()).contains(Instant.ofEpochSecond(999_999));
    assertThat(times.issuedAt()).contains(Instant.ofEpochMilli(999_998_250));
    assertThat(value(check("{\"exp\":1000100}")).issuedAt()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'exp':999940}            | false",
        "{'exp':999941}            | true",
        "{'exp':999940.5}          | true",
        "{'exp':1e6}               | true",
        "{'exp':1000100,'nbf':1000060} | true",
        "{'exp':1000100,'nbf':1000061} | false",
        "{'exp':1000100,'nbf':1000060.5} | false",
        "{'exp':1000100,'iat':1000060} | true",
        "{'exp':1000100,'iat':1000061} | false",
        "{'exp':253402300799}      | true"
      })
  void drawsTheLineAtTheSkew(String claims, boolean good) {
    assertThat(check(claims.replace('\'', '"')) instanceof Result.Ok<JwtTimes>).isEqualTo(good);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'exp':null}",
        "{'exp':'1000100'}",
        "{'exp':true}",
        "{'exp':[1000100]}",
        "{'exp':-1}",
        "{'exp':-0.5}",
        "{'exp':253402300800}",
        "{'exp':9223372036854775807}",
        "{'exp':-9223372036854775808}",
        "{'exp':99999999999999999999}",
        "{'exp':1e308}",
        "{'exp':1000100,'nbf':1e300}",
        "{'exp':1000100,'nbf':'0'}",
        "{'exp':1000100,'iat':-1e300}",
        "{'exp':1000100,'iat':{}}"
      })
  void refusesAbsurdDates(String claims) {
    refusal(check(claims.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource({
    "999639, false",
    "999640, true",
    "1000060, true",
    "1000061, false",
    "1e300, false",
    "null, false"
  })
  void judgesAProofByItsAge(String iat, boolean good) {
    var claims = object("{\"iat\":" + iat + "}");
    var result = JwtTimes.checkIssued(claims, NOW, Duration.ofMinutes(5), SKEW, REASON);
    assertThat(result instanceof Result.Ok<Instant>).isEqualTo(good);
  }

  private static Result<JwtTimes> check(String claims) {
    return JwtTimes.check(object(claims), NOW, SKEW, SKEW, REASON);
  }
}
