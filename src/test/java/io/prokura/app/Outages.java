package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;

/// What callers are told when the server cannot do its work.
final class Outages {
  private Outages() {}

  /// The request was not done, it may be sent again, and nothing of what happened inside is told.
  static void refused(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
    keepsQuiet(response);
  }

  /// Nothing of the inside is in the answer.
  static void keepsQuiet(HttpResponse<String> response) {
    assertThat(response.body())
        .doesNotContain("Exception", "SQLITE", "INSERT", "SELECT", "FATAL", "io.prokura", "\tat ");
  }
}
