package io.prokura.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.Policy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ObligationTest {

  @Test
  void aPolicyWithoutTheAnnotationObligesToNothing() throws Exception {
    assertThat(Obligation.of(Policy.parse("p", "permit (principal, action, resource);"))).isEmpty();
  }

  @Test
  void severalStandBetweenSemicolons() throws Exception {
    var obligations =
        Obligation.of(
            policy(
                "step-up acr_value=urn:example:loa:3 amr_values=mfa,hwk;"
                    + " notification to=boss@example.org topic='An odd hour' body='Look; now';"
                    + "custom vendor=dlp action=watermark"));
    assertThat(obligations)
        .extracting(Obligation::type)
        .containsExactly("step-up", "notification", "custom");
    assertThat(obligations.get(1).properties())
        .isEqualTo(Map.of("to", "boss@example.org", "topic", "An odd hour", "body", "Look; now"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|says nothing",
        "'dance'|begins with one of",
        "'step-up'|needs acr_value",
        "'step-up acr_value='|needs acr_value",
        "'step-up acr_value=a level=3'|has no level",
        "'notification to=x'|needs body",
        "'session_termination subject=a subject=b'|stands twice",
        "'custom a=b c'|name=value",
        "'custom a=''it'|name=value",
      })
  void whatIsWrongIsSaid(String annotation, String problem) throws Exception {
    assertThat(Obligation.problem(policy(annotation))).get().asString().contains(problem);
  }

  private static Policy policy(String annotation) throws CedarSyntaxException {
    var quoted = annotation.replace("\\", "\\\\").replace("\"", "\\\"");
    return Policy.parse(
        "p", "@obligation(\"" + quoted + "\") permit (principal, action, resource);");
  }
}
