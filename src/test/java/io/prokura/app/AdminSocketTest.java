package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.json.Json;
import io.prokura.kernel.Outage;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The door for whoever owns the machine: it opens for the server's own user only, understands one
/// word, and whoever goes through it is on record.
@Timeout(60)
final class AdminSocketTest {
  private static final String TOKEN = "{\"access_token\":\"a\"}";

  private static Path folder() {
    return TestDatabases.folder().resolve("data");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static SocketChannel connected(Path folder) throws IOException {
    var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(folder.resolve("admin.sock")));
    return channel;
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    var bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Verbs of which there is one, `token`.
  private static Function<String, Optional<String>> words(Supplier<String> token) {
    return line -> line.equals("token") ? Optional.of(token.get()) : Optional.empty();
  }

  /// What a server with this data folder answers to `text` over its socket.
  static String said(Path folder, String text) throws IOException {
    try (var channel = connected(folder)) {
      write(channel, text);
      channel.shutdownOutput();
      return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
    }
  }

  @Test
  void onlyTheServersUserMayOpenIt() throws IOException {
    var folder = folder();
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (var _ = AdminSocket.open(folder, words(() -> TOKEN))) {
      assertThat(mode(folder)).isEqualTo("rwx------");
      assertThat(mode(folder.resolve("admin.sock"))).isEqualTo("rw-------");
    }
    assertThat(folder.resolve("admin.sock")).doesNotExist();
  }

  @Test
  void itUnderstandsOneWord() throws IOException {
    var folder = folder();
    var given = new AtomicInteger();
    try (var _ = AdminSocket.open(folder, words(() -> TOKEN + given.incrementAndGet()))) {
      assertThat(said(folder, "token\n")).isEqualTo(TOKEN + "1\n");
      assertThat(said(folder, "token")).isEqualTo(TOKEN + "2\n");
      for (var word : Set.of("TOKEN\n", "token \n", " token\n", "tokens\n", "\u0000\n", "help\n")) {
        assertThat(said(folder, word)).isEqualTo("{\"error\":\"unknown\"}\n");
      }
      assertThat(said(folder, "")).as("who only looks").isEmpty();
      assertThat(said(folder, "token" + "x".repeat(59))).isEqualTo("{\"error\":\"unknown\"}\n");
      assertThat(given.get()).isEqualTo(2);
    }
  }

  @Test
  void whoSaysNothingOrLeavesKeepsNobodyWaiting() throws IOException {
    var folder = folder();
    try (var _ = AdminSocket.open(folder, words(() -> TOKEN));
        var silent = connected(folder);
        var half = connected(folder)) {
      write(half, "tok");
      connected(folder).close();
      assertThat(said(folder, "token\n")).isEqualTo(TOKEN + "\n");
      write(half, "en\n");
      assertThat(new String(Channels.newInputStream(half).readAllBytes(), UTF_8))
          .isEqualTo(TOKEN + "\n");
      assertThat(silent.isConnected()).isTrue();
    }
  }

  @Test
  void whatFailsBehindItIsNotToldAndTheNextIsServed() throws IOException {
    var folder = folder();
    var calls = new AtomicInteger();
    try (var _ =
        AdminSocket.open(
            folder,
            words(
                () -> {
                  if (calls.incrementAndGet() == 1) {
                    throw new Outage("the disk is full");
                  }
                  return TOKEN;
                }))) {
      assertThat(said(folder, "token\n")).isEmpty();
      assertThat(said(folder, "token\n")).isEqualTo(TOKEN + "\n");
    }
  }

  @Test
  void whatAServerLeftBehindIsReplaced() throws IOException {
    var folder = folder();
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("admin.sock"), "left behind");
    try (var _ = AdminSocket.open(folder, words(() -> TOKEN))) {
      assertThat(said(folder, "token\n")).isEqualTo(TOKEN + "\n");
    }
  }

  @Test
  void aFolderThatCannotHoldItIsAnOutage() {
    var deep = folder().resolve("a".repeat(120));
    assertThatThrownBy(() -> AdminSocket.open(deep, words(() -> TOKEN)))
        .isInstanceOf(Outage.class)
        .hasMessageContaining("admin socket");
  }

  @Test
  void everyTokenThatItGivesIsOnRecord() throws IOException {
    var folder = TestDatabases.folder();
    var world = TestServer.systemWorld();
    try (var server = TestServer.start(TestDatabases.sqlite(), folder, world, "")) {
      var first = given(server, said(folder.resolve("data"), "token\n"));
      assertThat(first.text("issuer")).contains(server.issuer());
      assertThat(first.number("expires_in")).contains(300L);
      var token = first.text("access_token").orElseThrow();
      assertThat(entries(server, token, "admin.token-given")).hasSize(1);
      given(server, said(folder.resolve("data"), "token\n"));
      said(folder.resolve("data"), "nonsense\n");
      assertThat(entries(server, token, "admin.token-given")).hasSize(2);
      var issued = entries(server, token, "token.issued");
      assertThat(issued).hasSize(2);
      assertThat(issued)
          .allMatch(leaf -> fact(leaf, "grant").equals(Optional.of("admin_socket")))
          .allMatch(leaf -> fact(leaf, "by").equals(fact(leaf, "subject")));
    }
  }

  @Test
  void aTokenForAPersonHasThatPersonsAuthorityAndNoMore() throws IOException {
    var folder = TestDatabases.folder();
    try (var company = Company.found(TestDatabases.sqlite(), TestServer.systemWorld(), folder)) {
      var server = company.server;
      var data = folder.resolve("data");
      assertThat(said(data, "token-for alice\n")).contains("invalid_scope");
      assertThat(entries(server, company.token, "admin.token-given"))
          .allMatch(leaf -> fact(leaf, "by").equals(fact(leaf, "for")));
      company.permit("alice", "management-api", "['manage']", "own");
      var byName = given(server, said(data, "token-for alice\n"));
      var token = byName.text("access_token").orElseThrow();
      given(server, said(data, "token-for " + company.id("alice") + "\n"));
      assertThat(entries(server, company.token, "admin.token-given").stream())
          .filteredOn(leaf -> !fact(leaf, "by").equals(fact(leaf, "for")))
          .hasSize(2);
      assertThat(server.get("/api/v1/users/" + company.id("alice"), token).statusCode())
          .isEqualTo(200);
      assertThat(server.get("/api/v1/users/" + company.id("dana"), token).statusCode())
          .isEqualTo(404);
      for (var closed : Set.of("users", "agents", "approvals", "audit")) {
        assertThat(server.get("/api/v1/" + closed, token).statusCode()).isEqualTo(403);
      }
      company.step("users", "alice", "deactivate");
      assertThat(server.get("/api/v1/users/" + company.id("alice"), token).statusCode())
          .isEqualTo(401);
      assertThat(said(data, "token-for alice\n")).contains("error").doesNotContain("access_token");
      for (var nobody : Set.of("nobody", company.id("triage"), company.id("crm-server"), "")) {
        assertThat(said(data, "token-for " + nobody + "\n"))
            .contains("error")
            .doesNotContain("access_token");
      }
    }
  }

  private static Json.Obj given(TestServer server, String line) {
    assertThat(line).endsWith("}\n").hasLineCount(1);
    return server.object(line);
  }

  private static Set<Json.Obj> entries(TestServer server, String token, String type) {
    var page = server.object(server.get("/api/v1/audit?limit=200", token).body());
    var leaves = new HashSet<Json.Obj>();
    for (var item : ((Json.Arr) page.get("items").orElseThrow()).items()) {
      var leaf = ((Json.Obj) item).object("leaf").orElseThrow();
      if (leaf.text("type").equals(Optional.of(type))) {
        leaves.add(leaf);
      }
    }
    return leaves;
  }

  private static Optional<String> fact(Json.Obj leaf, String name) {
    return leaf.object("facts").flatMap(facts -> facts.text(name));
  }
}
