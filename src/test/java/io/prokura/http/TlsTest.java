package io.prokura.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Outage;
import io.prokura.tls.ServerTls;
import io.prokura.tls.TestAuthority;
import io.prokura.tls.TestAuthority.Held;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS as a client meets it: what is agreed on, who presents what, and what a peer gets that
/// doesn't keep to it.
@Timeout(60)
final class TlsTest {
  private static final String GET = "GET /%s HTTP/1.1\nHost: localhost\n\n";

  private final TestAuthority authority = new TestAuthority("CN=Test authority", Instant.now());
  private final Held first = authority.server();

  @TempDir private Path folder;
  private ServerTls tls;
  private StagedServer staged;

  @BeforeEach
  void start() throws IOException {
    put(first);
    tls = ServerTls.open(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    var options =
        StagedServer.options(8, 2_000).on(Optional.of(tls), Proxies.NONE, Optional.empty());
    staged = new StagedServer(Around.NOTHING, options);
  }

  @AfterEach
  void stop() {
    staged.close();
  }

  private void put(Held held) throws IOException {
    Files.writeString(folder.resolve("cert.pem"), held.pem());
    Files.writeString(folder.resolve("key.pem"), held.keyPem());
  }

  private SSLSocket socket(Held... presented) throws IOException {
    return (SSLSocket)
        authority
            .context(presented)
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), staged.port());
  }

  private static X509Certificate shown(SSLSocket socket) throws IOException {
    socket.startHandshake();
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void answersWholeRequestsAndLongAnswers(String version) throws Exception {
    var socket = socket();
    socket.setEnabledProtocols(new String[] {version});
    try (var wire = new Wire(socket)) {
      for (int i = 0; i < 3; i++) {
        assertThat(wire.send(GET.formatted("plain")).answer().body()).isEqualTo("plain");
      }
      var body = "x".repeat(50_000);
      var post = "POST /size HTTP/1.1\nHost: a\nContent-Length: " + body.length() + "\n\n" + body;
      assertThat(wire.send(post).answer().body()).isEqualTo("50000");
      assertThat(wire.send(GET.formatted("long")).answer().body()).hasSize(StagedServer.LONG);
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
    "TLSv1.2, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLSv1.2, TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLSv1.2, TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
  })
  void refusesEverySuiteThatIsNotRecommended(String version, String suite) throws Exception {
    try (var socket = socket()) {
      socket.setEnabledProtocols(new String[] {version});
      socket.setEnabledCipherSuites(new String[] {suite});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    }
  }

  /// The JDK's client doesn't offer TLS 1.1 any more, so its hello is sent by hand: one record.
  @Test
  void refusesOlderVersions() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), staged.port())) {
      var hello = new byte[49];
      hello[0] = 22;
      hello[1] = 3;
      hello[2] = 1;
      hello[4] = 44;
      hello[5] = 1;
      hello[8] = 40;
      hello[9] = 3;
      hello[10] = 2;
      hello[45] = 2;
      hello[46] = (byte) 0xc0;
      hello[47] = 0x09;
      socket.getOutputStream().write(hello);
      socket.getOutputStream().write(new byte[] {1, 0});
      var alert = socket.getInputStream().readNBytes(7);
      assertThat(alert).hasSizeGreaterThanOrEqualTo(1);
      assertThat(alert[0]).as("an alert, not a server's hello").isEqualTo((byte) 21);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void knowsTheCertificateThatAClientPresentsAndNeedsNone(String version) throws Exception {
    var vouched = authority.client("CN=agent");
    var unknown = authority.selfSigned("CN=agent");
    for (var held : new Held[] {vouched, unknown}) {
      var socket = socket(held);
      socket.setEnabledProtocols(new String[] {version});
      try (var wire = new Wire(socket)) {
        var thumbprint = held.presented().thumbprint();
        for (int i = 0; i < 2; i++) {
          assertThat(wire.send(GET.formatted("certificate")).answer().body()).isEqualTo(thumbprint);
        }
      }
    }
    try (var wire = new Wire(socket())) {
      assertThat(wire.send(GET.formatted("certificate")).answer().body()).isEqualTo("none");
    }
  }

  /// A header is no proof, whoever sends it over this connection.
  @Test
  void takesNoCertificateFromAHeaderOfAClient() throws Exception {
    var stolen = authority.client("CN=victim");
    var encoded = stolen.pem().replaceAll("-----[A-Z ]+-----|\n", "");
    var header = "Client-Cert: :" + encoded + ":\nX-Forwarded-For: 203.0.113.9\n";
    try (var wire = new Wire(socket())) {
      var request = "GET /certificate HTTP/1.1\nHost: a\n" + header + "\n";
      assertThat(wire.send(request).answer().body()).isEqualTo("none");
      var peer = "GET /peer HTTP/1.1\nHost: a\n" + header + "\n";
      assertThat(wire.send(peer).answer().body()).isEqualTo("127.0.0.1");
    }
  }

  /// TLS itself refuses whoever shows a certificate without having its key.
  @Test
  void refusesACertificateWithoutItsKey() throws Exception {
    var victim = authority.client("CN=victim");
    var thief = new Held(victim.chain(), authority.client("CN=thief").key());
    assertThatThrownBy(
            () -> {
              try (var wire = new Wire(socket(thief))) {
                wire.send(GET.formatted("certificate")).answer();
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void refusesToNegotiateAgain() throws Exception {
    var socket = socket();
    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
    try (var wire = new Wire(socket)) {
      assertThat(wire.send(GET.formatted("plain")).answer().status()).isEqualTo(200);
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                wire.send(GET.formatted("plain")).answer();
              })
          .isInstanceOf(IOException.class);
    }
  }

  /// Nobody holds a connection by not finishing the handshake; others are served meanwhile.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 60})
  void endsAHandshakeThatIsNotFinishedInTime(int bytes) throws Exception {
    var stalled = new ArrayList<Wire>();
    for (int i = 0; i < 4; i++) {
      var socket = new Socket(InetAddress.getLoopbackAddress(), staged.port());
      var hello = new byte[bytes];
      if (bytes > 0) {
        hello[0] = 22;
      }
      if (bytes > 5) {
        hello[1] = 3;
        hello[2] = 1;
        hello[3] = 1;
        hello[5] = 1;
      }
      socket.getOutputStream().write(hello);
      stalled.add(new Wire(socket));
    }
    try (var wire = new Wire(socket())) {
      assertThat(wire.send(GET.formatted("plain")).answer().status()).isEqualTo(200);
    }
    for (var one : stalled) {
      one.rest();
      assertThat(one.closed()).isTrue();
      one.close();
    }
  }

  @Test
  void endsAConnectionOfSomebodyWhoSpeaksPlainHttp() throws Exception {
    try (var plain = new Wire(staged.port())) {
      plain.send(GET.formatted("plain"));
      plain.rest();
      assertThat(plain.closed()).isTrue();
    }
  }

  @Test
  void showsTheNewCertificateOnceTheFilesHaveIt() throws Exception {
    try (var old = new Wire(socket())) {
      assertThat(old.send(GET.formatted("plain")).answer().status()).isEqualTo(200);
      var second = authority.server();
      put(second);
      tls.reload();
      try (var socket = socket()) {
        assertThat(shown(socket)).isEqualTo(second.leaf());
      }
      assertThat(tls.failures()).isZero();
      assertThat(tls.notAfter()).isEqualTo(second.leaf().getNotAfter().toInstant());
      assertThat(old.send(GET.formatted("plain")).answer().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "other key", "gone", "half"})
  void keepsTheOldCertificateWhenTheNewOneIsBroken(String how) throws Exception {
    var second = authority.server();
    switch (how) {
      case "nonsense" -> Files.writeString(folder.resolve("cert.pem"), "nonsense");
      case "other key" -> Files.writeString(folder.resolve("key.pem"), second.keyPem());
      case "gone" -> Files.delete(folder.resolve("key.pem"));
      default -> Files.writeString(folder.resolve("cert.pem"), second.pem().substring(0, 200));
    }
    tls.reload();
    tls.reload();
    assertThat(tls.failures()).isEqualTo(2);
    try (var socket = socket()) {
      assertThat(shown(socket)).isEqualTo(first.leaf());
    }
    put(second);
    tls.reload();
    assertThat(tls.failures()).isZero();
    try (var socket = socket()) {
      assertThat(shown(socket)).isEqualTo(second.leaf());
    }
  }

  @Test
  void doesNotStartWithFilesThatAreNoCertificateWithItsKey() throws Exception {
    Files.writeString(folder.resolve("key.pem"), authority.server().keyPem());
    assertThatThrownBy(() -> ServerTls.open(folder.resolve("cert.pem"), folder.resolve("key.pem")))
        .isInstanceOf(Outage.class)
        .hasMessageContaining("the key is not the certificate's");
  }

  @Test
  void finishesTheAnswerInProgressWhenItStops() throws Exception {
    try (var wire = new Wire(socket())) {
      wire.send(GET.formatted("slow"));
      staged.awaitSlow();
      var stopping = new Thread(staged.server()::stop);
      stopping.start();
      staged.releaseSlow();
      assertThat(wire.answer().body()).isEqualTo("slow but sure");
      stopping.join(Duration.ofSeconds(20));
      assertThat(wire.closed()).isTrue();
    }
  }
}
