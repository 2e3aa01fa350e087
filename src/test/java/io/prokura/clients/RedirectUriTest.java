package io.prokura.clients;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where answers may go, and what looks as if it were there (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700
/// §2.1).
final class RedirectUriTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example/cb",
        "https://app.example:8443/cb?tenant=1",
        "http://127.0.0.1/cb",
        "http://[::1]:51004/cb",
        "http://localhost:3000/callback",
        "com.example.app://cb",
        "com.example.app:/oauth2redirect",
      })
  void anAddressOfTheApplicationsIsRegistered(String text) {
    assertThat(RedirectUri.parse(text)).hasValue(new RedirectUri(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/cb",
        "//app.example/cb",
        "https:///cb",
        "https://app.example/cb#here",
        "https://app.example/cb#",
        "https://*.example/cb",
        "https://user@app.example/cb",
        "https://app.example/c b",
        "https://app.example/\u00e9",
        "http://app.example/cb",
        "http://127.0.0.1.app.example/cb",
        "http://localhost.app.example/cb",
        "http://127.0.0.2/cb",
        "http://10.0.0.1/cb",
        "http://[::ffff:127.0.0.1]/cb",
        "http://2130706433/cb",
        "myapp://cb",
        "com.example.app:cb",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
      })
  void anythingElseIsNot(String text) {
    assertThat(RedirectUri.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1/cb,          http://127.0.0.1:51004/cb",
    "http://127.0.0.1:1/cb,        http://127.0.0.1:2/cb",
    "http://[::1]/cb,              http://[::1]:51004/cb",
    "http://localhost/cb,          http://localhost:51004/cb",
    "http://127.0.0.1/cb?a=1,      http://127.0.0.1:7/cb?a=1",
  })
  void thePortOnThisMachineIsFree(String registered, String asked) {
    assertThat(new RedirectUri(registered).matches(asked)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "https://app.example/cb,       https://app.example:8443/cb",
    "https://app.example/cb,       https://app.example/cb/",
    "https://app.example/cb,       https://APP.example/cb",
    "https://app.example/cb,       https://app.example/%63b",
    "https://app.example/cb,       https://app.example/x/../cb",
    "https://app.example/cb,       https://app.example/cb?x",
    "https://app.example/cb,       https://app.example/cb#x",
    "https://app.example/cb,       http://app.example/cb",
    "https://app.example/cb,       https://app.example.evil.example/cb",
    "http://localhost:3000/cb,     http://localhost:3001/cb",
    "http://localhost/cb,          http://127.0.0.1/cb",
    "http://127.0.0.1/cb,          http://127.0.0.1:7/cb/x",
    "http://127.0.0.1/cb,          http://127.0.0.1:7/cb?x=1",
    "http://127.0.0.1/cb,          http://127.0.0.1:7/cb#x",
    "http://127.0.0.1/cb,          http://127.0.0.1:7/cb#",
    "http://127.0.0.1/cb,          https://127.0.0.1:7/cb",
    "http://127.0.0.1/cb,          http://user@127.0.0.1:7/cb",
    "http://127.0.0.1/cb,          http://127.0.0.1:7@evil.example/cb",
    "http://127.0.0.1/cb,          http://127.0.0.1.evil.example:7/cb",
    "http://127.0.0.1/cb,          http://127.0.0.2:7/cb",
    "com.example.app://cb,         com.example.app://cb:7",
  })
  void nothingElseIsTakenForIt(String registered, String asked) {
    assertThat(new RedirectUri(registered).matches(asked)).isFalse();
  }
}
