package io.prokura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Company;
import io.prokura.cli.Terminal.Said;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the command line says when something is wrong: one line, and a status that tells whose
/// fault it is. And how it finds its server and its token.
final class MisuseTest {
  private static Company company;
  private static Path home;
  private static Terminal terminal;

  @BeforeAll
  static void found() {
    company = Company.found();
    home = TestDatabases.folder();
    terminal =
        new Terminal(Map.of("PROKURA_SERVER", server(), "PROKURA_TOKEN", company.token), home);
  }

  @AfterAll
  static void close() {
    company.close();
  }

  private static String server() {
    return company.server.uri("").toString();
  }

  private static Said run(Map<String, String> environment, String... words) {
    return new Terminal(environment, home).run(words);
  }

  private static Said run(String command) {
    return terminal.run(company.filled(command).split(" ", -1));
  }

  private static void assertFailed(int status, Said said) {
    assertThat(said.err()).startsWith("prokura: ").endsWith("\n").hasLineCount(1);
    assertThat(said.err()).doesNotContain("Exception", "\tat ");
    assertThat(said.out()).isEmpty();
    assertThat(said.status()).as(said.err()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "agent nonsense",
        "agent get",
        "agent get <triage> <lookup>",
        "agent list --nonsense",
        "agent list --nonsense=1",
        "agent list -o xml",
        "agent list --limit -1",
        "agent list --limit 1000000",
        "agent create",
        "agent create --name",
        "agent update <triage>",
        "agent update <triage> --file /nowhere",
        "agent update <triage> --file /",
        "client create --name a --everything maybe",
        "client create --name a --covers tickets.read",
        "resource create --name a --actions low",
        "delegation create --depth-max many",
        "credential create <triage>",
        "credential create <alice> --secret",
        "credential create <triage> --secret --jwk /nowhere",
        "credential create <triage> --jwk /etc/hostname",
        "credential create <triage> --new-key /nowhere/key",
        "audit receipt <triage> --wait 1000",
        "log verify",
        "user list --server ftp://localhost",
        "user list --server nonsense"
      })
  void whatCannotBeDoneAsItIsSaidIsOneLineAndStatusTwo(String command) {
    assertFailed(Failure.USAGE, run(command));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent get agt_00000000000000000000000000",
        "agent get x/../../y?z",
        "agent create --name a",
        "agent resume <triage> --reason a",
        "agent suspend <triage>",
        "user create --user-name alice",
        "user list --token nonsense",
        "agent list --state nonsense"
      })
  void whatTheServerRefusesIsOneLineAndStatusOne(String command) {
    var said = run(command);
    assertFailed(Failure.REFUSED, said);
    assertThat(said.err()).matches("(?s)prokura: .*: .* \\([a-z-]+, 4\\d\\d\\)\n");
  }

  @Test
  void aWrongChoiceOfCredentialWritesNoKey() {
    var key = home.resolve("unused.key");
    assertFailed(Failure.USAGE, run("credential create <triage> --secret --new-key " + key));
    assertFailed(Failure.USAGE, run("credential create <alice> --new-key " + key));
    assertThat(key).doesNotExist();
  }

  @Test
  void aKeyIsNeverWrittenOverAnotherAndAPrivateOneIsNeverSent() throws IOException {
    var key = home.resolve("once.key");
    assertThat(run("credential create <triage> --new-key " + key).status()).isZero();
    var first = Files.readString(key);
    assertFailed(Failure.USAGE, run("credential create <triage> --new-key " + key));
    assertThat(Files.readString(key)).isEqualTo(first);
    assertFailed(Failure.USAGE, run("credential create <lookup> --jwk " + key));
  }

  @Test
  void withoutACommandTheCommandsAreListed() {
    for (var words : List.of(new String[0], new String[] {"agent"})) {
      var said = run(Map.of(), words);
      assertThat(said.status()).isEqualTo(Failure.USAGE);
      assertThat(said.err()).startsWith("Usage: prokura").contains("Commands:", "  kill ");
    }
    var help = run(Map.of(), "--help");
    assertThat(help.status()).isZero();
    assertThat(help.out()).contains("Commands:", "  serve ");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void nobodyAtTheOtherEndIsStatusThree() throws IOException {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var nobody = Map.of("PROKURA_SERVER", "http://127.0.0.1:" + port, "PROKURA_TOKEN", "a");
    assertFailed(Failure.UNREACHABLE, run(nobody, "user", "list"));
    assertFailed(Failure.UNREACHABLE, run(nobody, "user", "create", "--user-name", "a"));
    assertFailed(Failure.UNREACHABLE, run(Map.of(), "admin", "token"));
    assertFailed(Failure.UNREACHABLE, run(Map.of(), "user", "list", "--data", "/nowhere"));
  }

  @Test
  void optionsWinOverTheEnvironment() {
    var right = Map.of("PROKURA_SERVER", server(), "PROKURA_TOKEN", company.token);
    var wrong = Map.of("PROKURA_SERVER", "https://nowhere.invalid", "PROKURA_TOKEN", "nonsense");
    assertThat(run(right, "user", "list").status()).isZero();
    assertThat(run(wrong, "user", "list", "--server", server(), "--token", company.token).status())
        .isZero();
    assertFailed(Failure.REFUSED, run(right, "user", "list", "--token", "nonsense"));
    assertFailed(
        Failure.UNREACHABLE, run(right, "user", "list", "--server", "https://nowhere.invalid"));
    assertThat(run(right, "user", "list", "--server", server() + "/").status()).isZero();
  }

  @Test
  void aTokenGoesOverNoOpenLine() {
    var said = run(Map.of("PROKURA_TOKEN", "a"), "user", "list", "--server", "http://192.0.2.1");
    assertFailed(Failure.USAGE, said);
    assertThat(said.err()).contains("https");
  }

  @Test
  void withoutATokenTheServersSocketGivesOne() throws IOException {
    var data = company.folder.resolve("data");
    var here = Map.of("PROKURA_SERVER", server());
    assertThat(run(here, "user", "list", "--data", data.toString()).status()).isZero();
    var named = new HashMap<>(here);
    named.put("PROKURA_DATA", data.toString());
    assertThat(run(named, "user", "list").status()).isZero();
    var shared = new HashMap<>(here);
    shared.put("XDG_DATA_HOME", home.toString());
    Files.createSymbolicLink(home.resolve("prokura"), data);
    assertThat(run(shared, "user", "list").status()).isZero();
    shared.put("PROKURA_DATA", "");
    assertThat(run(shared, "user", "list").status()).isZero();
  }

  @Test
  void theSocketsTokenStaysWithItsServer() {
    var data = company.folder.resolve("data").toString();
    var said = run(Map.of(), "user", "list", "--data", data, "--server", "https://other.example");
    assertFailed(Failure.USAGE, said);
    assertThat(said.err()).contains("this machine's server is http://localhost:8420");
  }
}
