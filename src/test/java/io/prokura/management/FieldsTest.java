package io.prokura.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a body may say about the same thing in more than one way.
final class FieldsTest {
  private static Fields of(String name, String value) {
    return new Fields(Json.object().put(name, value).build());
  }

  @Test
  void anEmptyTextThatMayBeAbsentIsAsGoodAsAbsent() {
    var fields = of("description", "");
    assertThat(fields.textOr("description", "none", 10)).isEqualTo("none");
    assertThat(fields.problem()).isEmpty();
  }

  @Test
  void anEmptyTextThatIsRequiredIsAProblem() {
    var fields = of("reason", "");
    assertThat(fields.text("reason", 10)).isEmpty();
    assertThat(fields.problem()).isPresent();
  }

  @Test
  void aBlankTextIsAProblemAlsoWhereItMayBeAbsent() {
    var fields = of("description", " ");
    assertThat(fields.textOr("description", "none", 10)).isEmpty();
    assertThat(fields.problem()).isPresent();
  }

  @Test
  void aTimeIsReadAsPreciselyAsItIsKept() {
    var fields = of("expiresAt", "2027-01-31T12:00:00.123456789Z");
    assertThat(fields.instant("expiresAt")).hasValue(Instant.parse("2027-01-31T12:00:00.123Z"));
    assertThat(fields.problem()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2027-01-31T12:00:00+01:00",
        "2027-01-31T12:00:00-00:00",
        "2027-01-31t12:00:00z",
        "+12027-01-31T12:00:00Z",
        "1969-12-31T23:59:59Z",
        "2027-02-30T12:00:00Z",
        "2027-01-31T12:00Z",
        "2027-01-31",
      })
  void aTimeThatIsNotWrittenInUtcIsAProblem(String text) {
    var fields = of("expiresAt", text);
    assertThat(fields.instant("expiresAt")).isEmpty();
    assertThat(fields.problem()).isPresent();
  }
}
