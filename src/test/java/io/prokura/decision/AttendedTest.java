package io.prokura.decision;

import static io.prokura.decision.Reason.ALLOWED;
import static io.prokura.decision.Reason.FORBIDDEN;
import static io.prokura.decision.Reason.PROPERTY_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Whether the person acted for takes part is for an enforcer to say that is trusted with it.
final class AttendedTest {
  private static final String POLICIES =
      """
      @id("desk.only-attended")
      forbid (principal, action == Action::"close", resource)
      unless { context.attended };
      """;

  private static Reason close(List<String> asserts, String context) {
    try (var desk = new Desk(POLICIES, asserts)) {
      return desk.consume(desk.chain(), "close", context).reason();
    }
  }

  @Test
  void whoIsTrustedSaysSo() {
    var trusted = List.of("context.attended");
    assertThat(close(trusted, "{'attended':true}")).isEqualTo(ALLOWED);
    assertThat(close(trusted, "{'attended':false}")).isEqualTo(FORBIDDEN);
    assertThat(close(trusted, "{}")).isEqualTo(FORBIDDEN);
    for (var wrong : List.of("'true'", "1", "{}", "[true]")) {
      assertThat(close(trusted, "{'attended':" + wrong + "}")).isEqualTo(PROPERTY_INVALID);
    }
  }

  @Test
  void whoIsNotIsNotBelieved() {
    assertThat(close(List.of(), "{'attended':true}")).isEqualTo(FORBIDDEN);
    assertThat(close(List.of("subject.attended"), "{'attended':true}")).isEqualTo(FORBIDDEN);
  }
}
