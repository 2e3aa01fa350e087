package io.prokura.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DestinationTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "documents.example",
        "//documents.example/",
        "ftp://documents.example/",
        "file:///etc/passwd",
        "jar:https://documents.example/!/",
        "https:documents.example",
        "https:///document",
        "https://user@documents.example/",
        "https://user:password@documents.example/",
        "https://good.example@127.0.0.1/",
        "https://documents.example/#fragment",
        "https://documents.example:0/",
        "https://documents.example:65536/",
        "https://documents.example:-1/",
        "https://documents.example /",
        "https://documents.example/a b",
        "https://documents.example/\r\nX: y",
        "https://documents.example\\@127.0.0.1/",
        "https://documents.example./",
        "https://-documents.example/",
        "https://documents..example/",
        "https://document_s.example/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://017700000001/",
        "https://0177.0.0.1/",
        "https://127.0.0.01/",
        "https://0x7f.0.0.1/",
        "https://127.1/",
        "https://127.0.1/",
        "https://127.0.0.256/",
        "https://1.2.3.4.5/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://[v1.fe80::a]/",
        "https://[::1/",
        "https://\u24db\u24de\u24d2al.example/",
        "https://documents.example\u3002evil.example/"
      })
  void isNone(String url) {
    assertThat(Destination.parse(url)).isEmpty();
  }

  @Test
  void anEndlessUrlIsNone() {
    assertThat(Destination.parse("https://documents.example/" + "a".repeat(3_000))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://documents.example, documents.example, 443, /",
    "https://Documents.EXAMPLE/a?b=c, documents.example, 443, /a?b=c",
    "https://documents.example:8443/a/../b, documents.example, 8443, /a/../b",
    "https://8.8.8.8/, 8.8.8.8, 443, /",
    "https://[2001:4860::8888]/, [2001:4860::8888], 443, /",
    "http://localhost:8420/x, localhost, 8420, /x"
  })
  void isReadAsWritten(String url, String host, int port, String target) {
    assertThat(Destination.parse(url))
        .contains(new Destination(url.startsWith("https:"), host, port, target));
  }
}
