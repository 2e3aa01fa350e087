package io.prokura.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.http.HeaderNames;
import io.helidon.http.WritableHeaders;
import io.prokura.http.Proxies.Sender;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.tls.ClientCertificate;
import io.prokura.tls.TestAuthority;
import io.prokura.tls.TestAuthority.Held;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may say whose request it is, and whoever else tries.
final class ProxiesTest {
  private final TestAuthority authority = new TestAuthority("CN=Authority", Instant.now());
  private final Held client = authority.client("CN=agent");
  private final Proxies proxies = Proxies.of(List.of("10.1.0.0/16", "192.0.2.7", "2001:db8::/32"));

  private static String item(Held held) {
    try {
      return ":" + Base64.getEncoder().encodeToString(held.leaf().getEncoded()) + ":";
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// The sender of a request from `peer` with header lines given as name and value by turns.
  private Result<Sender> sender(
      String peer, Optional<ClientCertificate> presented, String... lines) {
    var headers = WritableHeaders.create();
    for (int i = 0; i < lines.length; i += 2) {
      headers.add(HeaderNames.create(lines[i]), lines[i + 1]);
    }
    return proxies.sender(peer, presented, new Request.HeaderLines(headers));
  }

  private static Sender ok(Result<Sender> result) {
    return switch (result) {
      case Ok<Sender>(var sender) -> sender;
      case Refused<Sender> refused -> throw new AssertionError(refused);
    };
  }

  private static String thumbprint(Sender sender) {
    return sender.certificate().map(ClientCertificate::thumbprint).orElse("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.255.3", "192.0.2.7", "2001:db8:0:0:0:0:0:9"})
  void believesAProxy(String proxy) {
    var sender =
        ok(
            sender(
                proxy,
                Optional.empty(),
                "Client-Cert",
                item(client),
                "Client-Cert-Chain",
                item(authority.client("CN=b")) + ", " + item(authority.client("CN=c")),
                "X-Forwarded-For",
                "203.0.113.5"));
    assertThat(thumbprint(sender)).isEqualTo(client.presented().thumbprint());
    assertThat(sender.certificate().orElseThrow().chain()).hasSize(3);
    assertThat(sender.address()).isEqualTo("203.0.113.5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.2.0.1", "192.0.2.8", "127.0.0.1", "2001:db9::1", "proxy.example"})
  void believesNobodyElse(String peer) {
    var own = authority.client("CN=own").presented();
    var lines =
        new String[] {
          "Client-Cert", item(client), "X-Forwarded-For", "10.1.0.1", "Forwarded", "for=10.1.0.1"
        };
    var without = ok(sender(peer, Optional.empty(), lines));
    assertThat(without.certificate()).isEmpty();
    assertThat(without.address()).isEqualTo(peer);
    assertThat(thumbprint(ok(sender(peer, Optional.of(own), lines)))).isEqualTo(own.thumbprint());
  }

  /// Otherwise everybody behind a proxy with a certificate would be the proxy.
  @Test
  void neverTakesAProxysOwnCertificateForItsClients() {
    var own = Optional.of(authority.client("CN=proxy").presented());
    assertThat(ok(sender("10.1.0.1", own)).certificate()).isEmpty();
    var sender = ok(sender("10.1.0.1", own, "Client-Cert", item(client)));
    assertThat(thumbprint(sender)).isEqualTo(client.presented().thumbprint());
  }

  /// The client writes what it likes in front; the proxy adds whom it was called by.
  @Test
  void takesTheLastAddressThatIsNoProxys() {
    var sender =
        ok(
            sender(
                "10.1.0.1",
                Optional.empty(),
                "X-Forwarded-For",
                "127.0.0.1, 203.0.113.5",
                "X-Forwarded-For",
                "10.1.0.9"));
    assertThat(sender.address()).isEqualTo("203.0.113.5");
    var all = ok(sender("10.1.0.1", Optional.empty(), "X-Forwarded-For", "10.1.0.3"));
    assertThat(all.address()).isEqualTo("10.1.0.3");
    assertThat(ok(sender("10.1.0.1", Optional.empty())).address()).isEqualTo("10.1.0.1");
  }

  @Test
  void refusesWhatCannotBeReadFromAProxy() {
    var good = item(client);
    var bad =
        new String[][] {
          {"Client-Cert", good.substring(1)},
          {"Client-Cert", "::"},
          {"Client-Cert", ":bm9uc2Vuc2U=:"},
          {"Client-Cert", good, "Client-Cert", good},
          {"Client-Cert", good + ", " + good},
          {"Client-Cert", good.substring(0, good.length() - 1) + "AAAA:"},
          {"Client-Cert-Chain", good},
          {"Client-Cert", good, "Client-Cert-Chain", good + ","},
          {"X-Forwarded-For", "unknown"},
          {"X-Forwarded-For", "203.0.113.5:4711, "}
        };
    for (var lines : bad) {
      assertThat(sender("10.1.0.1", Optional.empty(), lines))
          .as(lines[0])
          .isInstanceOfSatisfying(
              Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(Refusal.MALFORMED_REQUEST));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/x", "", "10.0.0.0/-1"})
  void isMadeOfAddressesOnly(String text) {
    assertThatThrownBy(() -> Proxies.of(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
