package io.prokura.outbound;

import static io.prokura.outbound.ScriptedServer.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.World;
import io.prokura.outbound.Fetched.Answered;
import io.prokura.outbound.Fetched.Failed;
import io.prokura.outbound.Fetched.Failure;
import io.prokura.outbound.Outbound.Bounds;
import io.prokura.outbound.Outbound.Content;
import io.prokura.outbound.Outbound.Reach;
import io.prokura.tls.CertificateName;
import io.prokura.tls.NewCertificate;
import io.prokura.tls.TestAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What hostile servers, names and URLs can do to who fetches from them: nothing.
@Timeout(60)
final class OutboundTest {
  private static final String HOST = "documents.example";
  private static final String GOOD =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
          + "Cache-Control: max-age=60\r\nContent-Length: 2\r\n\r\n{}";
  private static final Bounds ENOUGH = new Bounds(Duration.ofSeconds(30), 8, 1_000);
  private static final Bounds SHORT = new Bounds(Duration.ofMillis(300), 8, 1_000);

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final World world = new World(now::get, new SecureRandom());
  private final TestAuthority authority =
      new TestAuthority("CN=Test authority", InstantSource.system().instant());
  private final AtomicInteger resolved = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);

  private ScriptedServer server = start(text(GOOD));

  @AfterEach
  void stop() {
    over.countDown();
    server.close();
  }

  private ScriptedServer start(ScriptedServer.Script script) {
    return start(HOST, script);
  }

  private ScriptedServer start(String name, ScriptedServer.Script script) {
    if (server != null) {
      server.close();
    }
    var names = TestAuthority.name(CertificateName.Kind.SAN_DNS, name);
    var held = authority.issue(NewCertificate.Use.SERVER, "CN=" + name, names);
    server = new ScriptedServer(authority.context(held).getServerSocketFactory(), script);
    return server;
  }

  private void startPlain() {
    server.close();
    server = new ScriptedServer(ServerSocketFactory.getDefault(), text(GOOD));
  }

  /// A client whose resolver gives `addresses`, and counts how often it is asked.
  private Outbound client(Reach reach, Bounds bounds, String... addresses) {
    return client(
        reach,
        bounds,
        _ -> {
          resolved.incrementAndGet();
          var all = new InetAddress[addresses.length];
          for (int i = 0; i < all.length; i++) {
            all[i] = InetAddress.getByName(addresses[i]);
          }
          return List.of(all);
        });
  }

  private Outbound client(Reach reach, Bounds bounds, Resolver resolver) {
    return new Outbound(world, bounds, reach, resolver, authority.context().getSocketFactory());
  }

  private String url() {
    return "https://%s:%d/document?a=b".formatted(HOST, server.port());
  }

  private Fetched get(Bounds bounds) {
    return client(Reach.LOOPBACK_TOO, bounds, "127.0.0.1").get(url(), "application/json", 5_000);
  }

  private Failure refusedOf(String answer) {
    start(text(answer));
    return failure(get(ENOUGH));
  }

  private static Failure failure(Fetched fetched) {
    assertThat(fetched).isInstanceOf(Failed.class);
    return ((Failed) fetched).failure();
  }

  @Test
  void aDocumentIsFetched() {
    assertThat(get(ENOUGH))
        .isInstanceOfSatisfying(
            Answered.class,
            answer -> {
              assertThat(answer.text()).isEqualTo("{}");
              assertThat(answer.mediaType()).isEqualTo("application/json");
              assertThat(answer.header("cache-control")).contains("max-age=60");
            });
    var host = HOST + ":" + server.port();
    assertThat(server.requests())
        .containsExactly(
            """
            GET /document?a=b HTTP/1.1
            Host: %s
            User-Agent: prokura
            Accept-Encoding: identity
            Connection: close
            Accept: application/json

            """
                .formatted(host)
                .replace("\n", "\r\n"));
  }

  @Test
  void aFormIsSent() {
    start(text("HTTP/1.1 204 No Content\r\n\r\n"));
    var client = client(Reach.LOOPBACK_TOO, ENOUGH, "127.0.0.1");

    var sent =
        client.post(
            url(),
            new Content("application/x-www-form-urlencoded", "a=b"),
            Map.of("Authorization", "Basic eA=="),
            1_000);

    assertThat(sent).isEqualTo(new Answered(204, Map.of(), ""));
    assertThat(server.requests().getFirst())
        .startsWith("POST /document?a=b HTTP/1.1\r\n")
        .contains("Authorization: Basic eA==\r\n", "Content-Length: 3\r\n")
        .endsWith("\r\n\r\na=b");
  }

  @Test
  void chunksArePutTogether() {
    start(
        text(
            """
            HTTP/1.1 103 Early Hints
            Link: </x>

            HTTP/1.1 200 OK
            Transfer-Encoding: chunked

            3;x=y
            {"a
            4
            ":1}
            0
            Trailer: x

            """
                .replace("\n", "\r\n")));

    assertThat(((Answered) get(ENOUGH)).text()).isEqualTo("{\"a\":1}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fd00::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "224.0.0.1"
      })
  void aNameOfAnInnerAddressLeadsNowhere(String address) {
    var client = client(Reach.PUBLIC, ENOUGH, address);

    assertThat(failure(client.get(url(), "*/*", 100))).isEqualTo(Failure.ADDRESS_REFUSED);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void oneInnerAddressAmongPublicOnesIsOneTooMany() {
    var client = client(Reach.PUBLIC, ENOUGH, "8.8.8.8", "127.0.0.1");

    assertThat(failure(client.get(url(), "*/*", 100))).isEqualTo(Failure.ADDRESS_REFUSED);
  }

  @Test
  void aServerOfThisMachineReachesNoOtherInnerNetwork() {
    var client = client(Reach.LOOPBACK_TOO, ENOUGH, "10.0.0.1");

    assertThat(failure(client.get(url(), "*/*", 100))).isEqualTo(Failure.ADDRESS_REFUSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://127.0.0.1:%d/", "https://[::1]:%d/", "https://10.1.2.3:%d/"})
  void anInnerAddressInTheUrlLeadsNowhere(String form) {
    var client = client(Reach.PUBLIC, ENOUGH, "8.8.8.8");

    assertThat(failure(client.get(form.formatted(server.port()), "*/*", 100)))
        .isEqualTo(Failure.ADDRESS_REFUSED);
    assertThat(resolved).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://2130706433:%d/",
        "https://0177.0.0.1:%d/",
        "https://127.1:%d/",
        "https://[::ffff:127.0.0.1]:%d/",
        "https://good.example@127.0.0.1:%d/"
      })
  void anAddressInDisguiseIsNotEvenResolved(String form) {
    var client = client(Reach.LOOPBACK_TOO, ENOUGH, "127.0.0.1");

    assertThat(failure(client.get(form.formatted(server.port()), "*/*", 100)))
        .isEqualTo(Failure.URL_REFUSED);
    assertThat(resolved).hasValue(0);
  }

  @Test
  void theAddressThatWasCheckedIsTheOneThatIsReached() {
    Resolver turning =
        _ ->
            List.of(
                InetAddress.getByName(resolved.getAndIncrement() == 0 ? "127.0.0.1" : "10.0.0.1"));
    var client = client(Reach.LOOPBACK_TOO, ENOUGH, turning);

    assertThat(client.get(url(), "*/*", 100)).isInstanceOf(Answered.class);
    assertThat(resolved).hasValue(1);
    assertThat(failure(client.get(url(), "*/*", 100))).isEqualTo(Failure.ADDRESS_REFUSED);
  }

  @Test
  void theNextAddressIsTriedWhereOneIsDead() throws Exception {
    var held = InetAddress.getLoopbackAddress();
    var client = client(Reach.LOOPBACK_TOO, ENOUGH, "127.0.0.2", held.getHostAddress());

    assertThat(client.get(url(), "*/*", 100)).isInstanceOf(Answered.class);
  }

  @Test
  void aHostProvesItsNameHoweverItWasFound() {
    start("other.example", text(GOOD));

    assertThat(failure(get(ENOUGH))).isEqualTo(Failure.NOT_PROVEN);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aCertificateThatNobodyVouchesForProvesNothing() {
    var other = new TestAuthority("CN=Other authority", InstantSource.system().instant());
    var client =
        new Outbound(
            world,
            ENOUGH,
            Reach.LOOPBACK_TOO,
            _ -> List.of(InetAddress.getLoopbackAddress()),
            other.context().getSocketFactory());

    assertThat(failure(client.get(url(), "*/*", 100))).isEqualTo(Failure.NOT_PROVEN);
  }

  @Test
  void plainHttpIsForThisMachineOnly() {
    startPlain();
    var url = "http://%s:" + server.port() + "/";
    var here = client(Reach.LOOPBACK_TOO, ENOUGH, "127.0.0.1");
    var elsewhere = client(Reach.PUBLIC, ENOUGH, "127.0.0.1");

    assertThat(here.get(url.formatted("localhost"), "*/*", 100)).isInstanceOf(Answered.class);
    assertThat(failure(here.get(url.formatted(HOST), "*/*", 100))).isEqualTo(Failure.URL_REFUSED);
    assertThat(failure(elsewhere.get(url.formatted("localhost"), "*/*", 100)))
        .isEqualTo(Failure.URL_REFUSED);
    var astray = client(Reach.LOOPBACK_TOO, ENOUGH, "8.8.8.8");
    assertThat(failure(astray.get(url.formatted("localhost"), "*/*", 100)))
        .isEqualTo(Failure.ADDRESS_REFUSED);
  }

  @Test
  void onlyAServerOfThisMachineReachesThisMachine() {
    assertThat(Reach.of("http://localhost:8420")).isEqualTo(Reach.LOOPBACK_TOO);
    assertThat(Reach.of("http://127.0.0.1:8420")).isEqualTo(Reach.LOOPBACK_TOO);
    assertThat(Reach.of("https://iam.example")).isEqualTo(Reach.PUBLIC);
    assertThat(Reach.of("https://localhost.example")).isEqualTo(Reach.PUBLIC);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308, 201, 206, 304, 400, 401, 404, 500, 503})
  void onlyStatus200CountsAndNoRedirectIsFollowed(int status) {
    assertThat(
            refusedOf(
                "HTTP/1.1 %d X\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n".formatted(status)))
        .isEqualTo(Failure.STATUS);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void noMoreIsReadThanAskedFor() {
    assertThat(refusedOf("HTTP/1.1 200 OK\r\nContent-Length: 5001\r\n\r\n"))
        .isEqualTo(Failure.TOO_LARGE);
    start(
        (_, out) -> {
          out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(US_ASCII));
          endless(out, "3e8\r\n" + "a".repeat(1_000) + "\r\n");
        });
    assertThat(failure(get(ENOUGH))).isEqualTo(Failure.TOO_LARGE);
    assertThat(refusedOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n"))
        .isEqualTo(Failure.TOO_LARGE);
  }

  @Test
  void anEndlessHeadIsCutShort() {
    start((_, out) -> endless(out, "a"));
    assertThat(failure(get(ENOUGH))).isEqualTo(Failure.TOO_LARGE);
    start(
        (_, out) -> {
          out.write("HTTP/1.1 200 OK\r\n".getBytes(US_ASCII));
          endless(out, "X: " + "y".repeat(1_000) + "\r\n");
        });
    assertThat(failure(get(ENOUGH))).isEqualTo(Failure.TOO_LARGE);
    start((_, out) -> endless(out, "HTTP/1.1 100 Continue\r\n\r\n"));
    assertThat(failure(get(ENOUGH))).isEqualTo(Failure.MALFORMED);
    start(
        (_, out) -> {
          out.write(
              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n".getBytes(US_ASCII));
          endless(out, "X: y\r\n");
        });
    assertThat(failure(get(ENOUGH))).isEqualTo(Failure.MALFORMED);
  }

  private static void endless(OutputStream out, String text) throws IOException {
    for (int i = 0; i < 100_000; i++) {
      out.write(text.getBytes(US_ASCII));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 200 OK\n\n{}",
        "HTTP/1.1 200 OK\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{",
        "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nX: y\r\n folded\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nX\u0000: y\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\u00ff"
      })
  void whatIsNotPlainHttpIsNoAnswer(String answer) {
    assertThat(refusedOf(answer)).isEqualTo(Failure.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "deflate", "identity, gzip"})
  void nothingIsUnpacked(String encoding) {
    assertThat(
            refusedOf(
                "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: 2\r\n\r\n{}"
                    .formatted(encoding)))
        .isEqualTo(Failure.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"})
  void whoDripsRunsOutOfTime(String beginning) {
    start((socket, out) -> drip(socket, out, beginning));

    assertThat(failure(get(SHORT))).isEqualTo(Failure.TOO_SLOW);
  }

  /// Sends a byte now and then until the other side has had enough of it.
  private static void drip(Socket socket, OutputStream out, String beginning) throws IOException {
    out.write(beginning.getBytes(US_ASCII));
    socket.setSoTimeout(10);
    while (true) {
      try {
        if (socket.getInputStream().read() < 0) {
          return;
        }
      } catch (SocketTimeoutException e) {
        out.write('a');
        out.flush();
      }
    }
  }

  @Test
  void whoNeverFinishesTheHandshakeRunsOutOfTime() {
    server.close();
    var plain = ServerSocketFactory.getDefault();
    server = new ScriptedServer(plain, (socket, out) -> drip(socket, out, ""));

    assertThat(failure(get(SHORT))).isEqualTo(Failure.TOO_SLOW);
  }

  @Test
  void aNameThatIsNeverResolvedRunsOutOfTime() {
    Resolver stuck =
        _ -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new UnknownHostException();
        };

    assertThat(failure(client(Reach.LOOPBACK_TOO, SHORT, stuck).get(url(), "*/*", 100)))
        .isEqualTo(Failure.TOO_SLOW);
  }

  @Test
  void aHostWithoutAddressIsNotReached() {
    Resolver none =
        host -> {
          throw new UnknownHostException(host);
        };

    assertThat(failure(client(Reach.PUBLIC, ENOUGH, none).get(url(), "*/*", 100)))
        .isEqualTo(Failure.UNREACHABLE);
    assertThat(failure(client(Reach.PUBLIC, ENOUGH).get(url(), "*/*", 100)))
        .isEqualTo(Failure.UNREACHABLE);
  }

  @Test
  void soManyAtOnceAndNoMore() throws Exception {
    var arrived = new CountDownLatch(2);
    start(
        (_, out) -> {
          arrived.countDown();
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          out.write(GOOD.getBytes(US_ASCII));
        });
    var two = new Bounds(Duration.ofSeconds(30), 2, 1_000);
    var client = client(Reach.LOOPBACK_TOO, two, "127.0.0.1");
    var first =
        CompletableFuture.supplyAsync(
            () -> client.get(url(), "*/*", 100), Thread::startVirtualThread);
    var second =
        CompletableFuture.supplyAsync(
            () -> client.get(url(), "*/*", 100), Thread::startVirtualThread);
    arrived.await();

    assertThat(failure(client.get(url(), "*/*", 100))).isEqualTo(Failure.BUSY);
    over.countDown();
    assertThat(first.get()).isInstanceOf(Answered.class);
    assertThat(second.get()).isInstanceOf(Answered.class);
  }

  @Test
  void soManyAMinuteToOneHostAndNoMore() {
    var client = client(Reach.LOOPBACK_TOO, new Bounds(Duration.ofSeconds(30), 8, 3), "127.0.0.1");
    for (int i = 0; i < 3; i++) {
      assertThat(client.get(url(), "*/*", 100)).isInstanceOf(Answered.class);
    }

    assertThat(failure(client.get(url(), "*/*", 100))).isEqualTo(Failure.BUSY);
    now.updateAndGet(time -> time.plusSeconds(60));
    assertThat(client.get(url(), "*/*", 100)).isInstanceOf(Answered.class);
  }

  @Test
  void manyNamesOfOneVictimAreOnePlace() {
    var client = client(Reach.LOOPBACK_TOO, new Bounds(Duration.ofSeconds(30), 8, 3), "127.0.0.1");
    for (int i = 0; i < 3; i++) {
      client.get("https://a%d.example:%d/".formatted(i, server.port()), "*/*", 100);
    }

    assertThat(failure(client.get(url(), "*/*", 100))).isEqualTo(Failure.BUSY);
  }
}
