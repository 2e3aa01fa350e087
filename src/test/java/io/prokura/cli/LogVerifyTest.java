package io.prokura.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.prokura.app.Company;
import io.prokura.cli.Terminal.Said;
import io.prokura.json.Json;
import io.prokura.sql.TestDatabases;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.MemoryLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `prokura log verify` in all its forms: it says INTACT with status 0 for what is, and BROKEN with
/// status 1 for whatever a dishonest or damaged log could show.
final class LogVerifyTest {
  private static Company company;
  private static Terminal terminal;
  private static Json.Obj receipt;
  private static String vkey;
  private static HttpServer site;
  private static final AtomicReference<MemoryLog> SERVED = new AtomicReference<>();

  @BeforeAll
  static void found() throws IOException {
    company = Company.found();
    terminal =
        new Terminal(
            Map.of(
                "PROKURA_SERVER",
                company.server.uri("").toString(),
                "PROKURA_TOKEN",
                company.token),
            TestDatabases.folder());
    var said = terminal.run("audit", "receipt", company.id("triage"), "--wait", "5");
    receipt = company.server.object(said.out());
    vkey = receipt.text("vkey").orElseThrow();
    site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    site.createContext(
        "/log/",
        exchange -> {
          var path = exchange.getRequestURI().getPath().substring("/log/".length());
          var found = SERVED.get().resource(path);
          exchange.sendResponseHeaders(
              found.isPresent() ? 200 : 404, found.isPresent() ? found.get().length : -1);
          try (var out = exchange.getResponseBody()) {
            out.write(found.orElse(new byte[0]));
          }
        });
    site.start();
  }

  @AfterAll
  static void close() {
    site.stop(0);
    company.close();
  }

  private static Said verify(String... words) {
    var all = new ArrayList<>(List.of("log", "verify"));
    all.addAll(List.of(words));
    return terminal.run(all);
  }

  private static void assertIntact(Said said) {
    assertThat(said.out()).as(said.err()).contains("INTACT: ");
    assertThat(said.err()).isEmpty();
    assertThat(said.status()).isZero();
  }

  private static void assertBroken(Said said, String what) {
    assertThat(said.out() + said.err()).containsIgnoringCase("broken: ").contains(what);
    assertThat(said.out()).doesNotContain("INTACT");
    assertThat(said.status()).isEqualTo(Failure.REFUSED);
  }

  private static void assertMisused(Said said) {
    assertThat(said.err()).startsWith("prokura: ").hasLineCount(1);
    assertThat(said.out()).isEmpty();
    assertThat(said.status()).isEqualTo(Failure.USAGE);
  }

  private static String file(String content) throws IOException {
    return Files.writeString(Files.createTempFile(terminal.home(), "file", ""), content).toString();
  }

  private static String changed(String member, Json value) throws IOException {
    var members = new LinkedHashMap<>(receipt.members());
    members.put(member, value);
    return file(new Json.Obj(members).toText());
  }

  @Test
  void aReceiptIsProvenWithoutTheServer() throws IOException {
    var said = verify("--receipt", file(receipt.toText()), "--vkey", vkey);
    assertIntact(said);
    assertThat(said.out())
        .contains("the log localhost:8420/log had when it signed")
        .contains("about " + company.id("triage") + " at 2");
  }

  @Test
  void aReceiptsOwnKeyIsUsedWithAWarningOnly() throws IOException {
    var said = verify("--receipt", file(receipt.toText()));
    assertThat(said.out()).startsWith("INTACT: ");
    assertThat(said.err()).contains("WARNING").contains("--vkey");
    assertThat(said.status()).isZero();
  }

  @Test
  void aLeafAndAProofInFilesOfTheirOwnAreProven() throws IOException {
    var proof = file(receipt.text("proof").orElseThrow());
    var leaf = receipt.text("leaf").orElseThrow();
    assertIntact(verify("--receipt", proof, "--leaf", file(leaf), "--vkey", vkey));
    var other = file(leaf.replace("\"v\":1", "\"v\":2"));
    assertBroken(verify("--receipt", proof, "--leaf", other, "--vkey", vkey), "");
    assertMisused(verify("--receipt", proof, "--leaf", file(leaf)));
  }

  @Test
  void aReceiptThatWasChangedAnywhereIsBroken() throws IOException {
    var leaf = receipt.text("leaf").orElseThrow();
    var proof = receipt.text("proof").orElseThrow();
    var hash = proof.lines().skip(2).findFirst().orElseThrow();
    var other = Base64.getEncoder().encodeToString(new byte[32]);
    var index = receipt.number("index").orElseThrow();
    var changes =
        List.of(
            changed("leaf", Json.text(leaf.replace("triage", "other") + " ")),
            changed("leaf", Json.text(leaf.replaceFirst("\"type\":\"", "\"type\":\"x"))),
            changed("proof", Json.text(proof.replace(hash, other))),
            changed("proof", Json.text(proof.replaceFirst("index \\d+", "index 0"))),
            changed("proof", Json.text(proof.replace("c2sp.org/tlog-proof@v1", "proof"))),
            changed("proof", Json.text(proof.substring(0, proof.length() - 30))),
            changed("proof", Json.text("")),
            changed("index", Json.number(index + 1)),
            changed("entry", Json.text("evt_00000000000000000000000000")),
            changed("leaf", new Json.Null()),
            file("{}"),
            file("nonsense"),
            file(""));
    for (var change : changes) {
      assertBroken(verify("--receipt", change, "--vkey", vkey), "");
    }
    var pending = file("{\"entry\":\"evt_1\",\"status\":\"pending\"}");
    assertBroken(verify("--receipt", pending, "--vkey", vkey), "pending");
  }

  @Test
  void anotherKeyProvesNothing() throws IOException {
    var good = file(receipt.toText());
    assertBroken(verify("--receipt", good, "--vkey", MemoryLog.vkey()), "");
    assertMisused(verify("--receipt", good, "--vkey", "nonsense"));
    assertMisused(verify("--receipt", "/nowhere", "--vkey", vkey));
    assertMisused(verify("--receipt", good, "--log", "copy", "--vkey", vkey));
    assertMisused(verify("--log", terminal.home().toString()));
  }

  @Test
  void aFetchedLogIsVerifiedAndLaterWithoutTheServer() {
    var copy = terminal.home().resolve("copy").toString();
    var server = company.server.uri("").toString();
    assertIntact(verify("--fetch", server, "--log", copy, "--vkey", vkey));
    assertIntact(verify("--log", copy, "--vkey", vkey));
    company.step("agents", "lookup", "suspend");
    var more = terminal.run("audit", "receipt", company.id("lookup"), "--wait", "5");
    assertThat(more.out()).contains("integrated");
    assertIntact(verify("--fetch", server, "--log", copy, "--vkey", vkey));
    assertBroken(
        verify("--fetch", server, "--log", copy, "--vkey", MemoryLog.vkey()), "checkpoint");
    assertIntact(verify("--log", copy, "--vkey", vkey));
    var refused = verify("--fetch", server, "--log", copy, "--vkey", vkey, "--token", "nonsense");
    assertThat(refused.status()).isEqualTo(Failure.REFUSED);
  }

  private static String site() {
    return "http://127.0.0.1:" + site.getAddress().getPort();
  }

  private static Path fetched(MemoryLog log) throws IOException {
    SERVED.set(log);
    var copy = Files.createTempDirectory(terminal.home(), "log");
    assertIntact(verify("--fetch", site(), "--log", copy.toString(), "--vkey", MemoryLog.vkey()));
    return copy;
  }

  private static Said again(Path copy) {
    return verify("--fetch", site(), "--log", copy.toString(), "--vkey", MemoryLog.vkey());
  }

  private static Said offline(Path copy) {
    return verify("--log", copy.toString(), "--vkey", MemoryLog.vkey());
  }

  @Test
  void everyByteOfACopyCounts() throws Exception {
    var copy = fetched(MemoryLog.of(300));
    for (var name : List.of("tile/0/000", "tile/0/001.p/44", "tile/entries/001.p/44")) {
      var path = copy.resolve(name);
      var good = Files.readAllBytes(path);
      var bad = good.clone();
      bad[good.length / 2] ^= 1;
      Files.write(path, bad);
      assertBroken(offline(copy), "");
      Files.write(path, Arrays.copyOf(good, good.length - 1));
      assertBroken(offline(copy), "");
      Files.delete(path);
      assertBroken(offline(copy), "");
      Files.write(path, good);
      assertIntact(offline(copy));
    }
    var checkpoint = copy.resolve("checkpoint");
    var text = Files.readString(checkpoint);
    Files.writeString(checkpoint, text.replace("\n300\n", "\n299\n"));
    assertBroken(offline(copy), "");
    Files.delete(checkpoint);
    assertThat(offline(copy).status()).isEqualTo(Failure.REFUSED);
  }

  @Test
  void aLogThatGrewIsIntactAndOneThatShrankIsNot() throws Exception {
    var log = MemoryLog.of(10);
    var copy = fetched(log);
    log.grow(400);
    assertIntact(again(copy));
    var kept = Files.readString(copy.resolve("checkpoint"));
    SERVED.set(MemoryLog.of(20));
    assertBroken(again(copy), "");
    assertThat(Files.readString(copy.resolve("checkpoint"))).isEqualTo(kept);
    assertThat(copy.resolve("checkpoint.refused")).exists();
  }

  @Test
  void aForkIsBrokenAndTheFirstHistoryIsKept() throws Exception {
    var copy = fetched(MemoryLog.of(10));
    var kept = Files.readString(copy.resolve("checkpoint"));
    SERVED.set(fork(20));
    assertBroken(again(copy), "");
    assertThat(Files.readString(copy.resolve("checkpoint"))).isEqualTo(kept);
    var elsewhere = fetched(fork(20));
    var older = copy.resolve("checkpoint").toString();
    assertBroken(
        verify("--log", elsewhere.toString(), "--older", older, "--vkey", MemoryLog.vkey()), "");
  }

  /// Another history under the same name and key.
  private static MemoryLog fork(int size) throws InvalidException {
    var log = MemoryLog.of(5);
    log.append(List.of("another entry".getBytes(UTF_8)));
    log.grow(size);
    return log;
  }

  @Test
  void nobodyAtTheOtherEndIsStatusThree() {
    var said = verify("--fetch", "http://127.0.0.1:1", "--log", "copy", "--vkey", vkey);
    assertThat(said.status()).isEqualTo(Failure.UNREACHABLE);
    assertThat(said.err()).startsWith("prokura: ").hasLineCount(1);
  }
}
