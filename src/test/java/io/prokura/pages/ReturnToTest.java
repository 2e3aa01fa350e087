package io.prokura.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Nobody is sent to another host after signing in, and no text becomes markup.
final class ReturnToTest {
  @Test
  void onlyOwnPathsAreGoneBackTo() {
    for (var own : List.of("/me", "/oauth2/authorize?client_id=a&x=%2F%2Fevil.example", "/")) {
      assertThat(ReturnTo.of(own).path()).isEqualTo(own);
    }
    for (var other :
        List.of(
            "",
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            " /me",
            "/me\r\nSet-Cookie: a=b",
            "javascript:alert(1)",
            "///evil.example",
            "evil.example",
            "/a#//evil",
            "/\u2215evil",
            "/" + "a".repeat(4_000))) {
      assertThat(ReturnTo.of(other)).as(other).isEqualTo(ReturnTo.ME);
    }
  }

  @Test
  void whatComesFromOutsideIsEscaped() {
    var evil = "\"'><script>&";
    assertThat(Html.of("<a title=\"{}\">{}</a>", evil, Html.of("<b>{}</b>", evil)).markup())
        .isEqualTo(
            "<a title=\"&quot;&#39;&gt;&lt;script&gt;&amp;\">"
                + "<b>&quot;&#39;&gt;&lt;script&gt;&amp;</b></a>");
  }
}
