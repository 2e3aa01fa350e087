package io.prokura.authenticators;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// One-time codes against the specification's own numbers.
final class TotpTest {
  private static final byte[] SECRET = "12345678901234567890".getBytes(US_ASCII);

  /// RFC 6238, appendix B, the rows for SHA-1.
  private static final Map<Long, String> VECTORS =
      Map.of(
          59L, "94287082",
          1111111109L, "07081804",
          1111111111L, "14050471",
          1234567890L, "89005924",
          2000000000L, "69279037",
          20000000000L, "65353130");

  @Test
  void codesAreThoseOfTheSpecification() {
    VECTORS.forEach(
        (seconds, code) -> {
          long step = Totp.step(Instant.ofEpochSecond(seconds));
          assertThat(Totp.code(SECRET, step, 100_000_000, 8)).isEqualTo(code);
          assertThat(Totp.code(SECRET, step, 1_000_000, 6)).isEqualTo(code.substring(2));
        });
  }

  @Test
  void aStepAroundNowIsAcceptedAndNoOther() {
    var at = Instant.ofEpochSecond(1_111_111_111L);
    long now = Totp.step(at);
    for (long step = now - 3; step <= now + 3; step++) {
      var accepted = Totp.accepts(SECRET, Totp.code(SECRET, step, 1_000_000, 6), at, 0);
      assertThat(accepted.isPresent()).isEqualTo(Math.abs(step - now) <= 1);
    }
    var code = Totp.code(SECRET, now, 1_000_000, 6);
    assertThat(Totp.accepts(SECRET, code, at, now)).isEmpty();
    assertThat(Totp.accepts(SECRET, code, at, now - 1)).hasValue(now);
    assertThat(Totp.accepts(SECRET, code + "0", at, 0)).isEmpty();
    assertThat(Totp.accepts(SECRET, code.substring(1), at, 0)).isEmpty();
    assertThat(Totp.accepts(SECRET, "", at, 0)).isEmpty();
  }

  @Test
  void secretsAreWrittenAsAppsReadThem() {
    // RFC 4648, section 10, without padding.
    assertThat(Base32.encode("foobar".getBytes(US_ASCII))).isEqualTo("MZXW6YTBOI");
    assertThat(Base32.encode("fooba".getBytes(US_ASCII))).isEqualTo("MZXW6YTB");
    assertThat(Base32.encode(new byte[0])).isEmpty();
    assertThat(Base32.decode("mzxw6ytboi")).hasValue("foobar".getBytes(US_ASCII));
    assertThat(Base32.decode("M1")).isEmpty();
  }
}
