package io.prokura.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.outbound.Fetched;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FetchedDocumentTest {
  private static Duration fresh(Map<String, String> headers) {
    return FetchedDocument.fresh(new Fetched.Answered(200, headers, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "max-age=600; PT10M",
        "public, max-age=600; PT10M",
        "max-age=0; PT1M",
        "max-age=999999999; PT24H",
        "max-age=99999999999999999999; PT1H",
        "no-store; PT1M",
        "no-cache, max-age=600; PT1M",
        "s-maxage=600; PT1H",
        "x-max-age=600; PT1H",
        "max-age=-5; PT1H"
      })
  void countsForAsLongAsItsServerSaysWithinBounds(String control, Duration expected) {
    assertThat(fresh(Map.of("cache-control", control))).isEqualTo(expected);
  }

  @Test
  void countsForAnHourWhereNothingIsSaid() {
    assertThat(fresh(Map.of())).isEqualTo(Duration.ofHours(1));
  }
}
