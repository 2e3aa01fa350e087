package io.prokura.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.http.Response;
import io.prokura.pages.Layout.Fault;
import io.prokura.pages.Layout.Field;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What all pages say alike: what is wrong with a form, and how long to wait.
final class LayoutTest {
  @Test
  void whoWaitsAsLongAsTheyAreToldHasWaitedLongEnough() {
    for (var millis : List.of(1L, 999L, 1_000L, 1_001L, 1_999L, 61_500L)) {
      var wait = Duration.ofMillis(millis);
      var told = Layout.later(Response.empty(429), wait).header("Retry-After").orElseThrow();
      assertThat(Duration.ofSeconds(Long.parseLong(told)))
          .isGreaterThanOrEqualTo(wait)
          .isLessThan(wait.plusSeconds(1));
      assertThat(told).isEqualTo(String.valueOf(Layout.seconds(wait)));
    }
  }

  @Test
  void oneSecondIsOne() {
    assertThat(Layout.inWords(Duration.ofMillis(300))).isEqualTo("1 second");
    assertThat(Layout.inWords(Duration.ofMillis(1_300))).isEqualTo("2 seconds");
  }

  @Test
  void aFaultOfAFieldLeadsThereAndOneOfTheFormNowhere() {
    var field = new Field("code", "Code", "", "text", "", "off");
    var ofField = List.of(new Fault("code", "It is <b>not</b> right."));
    assertThat(Layout.faults(ofField).markup())
        .contains("role=\"alert\"", "<a href=\"#code\">It is &lt;b&gt;not&lt;/b&gt; right.</a>");
    assertThat(Layout.field(field, ofField).markup()).contains("aria-invalid=\"true\"");
    var ofForm = List.of(Fault.ofForm("That took <i>too</i> long."));
    assertThat(Layout.faults(ofForm).markup())
        .contains("role=\"alert\"", "<li>That took &lt;i&gt;too&lt;/i&gt; long.</li>")
        .doesNotContain("href");
    assertThat(Layout.field(field, ofForm).markup()).doesNotContain("aria-invalid");
  }
}
