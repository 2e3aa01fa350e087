package io.prokura.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DocumentUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example/",
        "https://app.example/client.json",
        "https://app.example:8443/a/b?c=d",
        "https://app.example/.well-known/client",
        "http://127.0.0.1:9/app",
        "http://localhost/app",
        "http://[::1]:9/app"
      })
  void isOne(String text) {
    assertThat(DocumentUrl.parse(text).map(DocumentUrl::text)).hasValue(text);
    assertThat(Id.Client.parse(text).map(Id.Client::text).orElseThrow())
        .matches("cli_[0-7][0-9a-hjkmnp-tv-z]{25}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example",
        "http://app.example/app",
        "http://10.0.0.1/app",
        "http://localhost.app.example/app",
        "https://user@app.example/app",
        "https://user:secret@app.example/app",
        "https://app.example/app#part",
        "https://app.example/app#",
        "https://app.example/../app",
        "https://app.example/a/./app",
        "https://app.example/a/%2E%2e/app",
        "https://app.example/a/.%2e",
        "https://APP.example/app",
        "https:///app",
        "https:app",
        "HTTPS://app.example/app",
        "ftp://app.example/app",
        "https://app.example/a b",
        "https://app.example/\u00e4",
        "https://app.example\\@other.example/app",
        "cli_73xzww1kt4vmzrksyhbwbkcbs5",
        ""
      })
  void isNone(String text) {
    assertThat(DocumentUrl.parse(text)).isEmpty();
  }

  @Test
  void isTooLongToBeOne() {
    assertThat(DocumentUrl.parse("https://app.example/" + "a".repeat(500))).isEmpty();
  }

  @Test
  void standsForOneIdAndNoOther() {
    var id = Id.Client.parse("https://app.example/app");
    assertThat(Id.Client.parse("https://app.example/app")).isEqualTo(id);
    assertThat(Id.Client.parse("https://app.example/app/")).isNotEqualTo(id);
    assertThat(Id.Client.parse("https://app.example:443/app")).isNotEqualTo(id);
    assertThat(Id.Client.parse(id.orElseThrow().text())).isEqualTo(id);
  }
}
