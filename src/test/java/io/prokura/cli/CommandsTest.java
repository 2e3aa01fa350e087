package io.prokura.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Company;
import io.prokura.app.Main;
import io.prokura.cli.Terminal.Said;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import io.prokura.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// Every command against a whole server: what it prints as JSON and as a table.
final class CommandsTest {
  /// What starts servers, or is proven elsewhere.
  private static final Set<String> OTHERS =
      Set.of(
          "serve",
          "demo",
          "demo-crm",
          "bench",
          "selftest",
          "log verify",
          "policy apply",
          "policy check",
          "policy diff",
          "policy fmt",
          "policy list",
          "policy publish",
          "policy replay",
          "policy rollback",
          "policy show",
          "policy starter",
          "policy test",
          "backup",
          "restore",
          "admin acknowledge-restore",
          "admin rotate-log-key",
          "admin rotate-master-key");

  private static final Pattern CELL = Pattern.compile("\\S+(?: \\S+)*");

  private static Company company;
  private static Terminal terminal;
  private static Path folder;
  private final Set<String> done = new TreeSet<>();
  private int keys;

  @BeforeAll
  static void found() {
    company = Company.found();
    folder = TestDatabases.folder();
    terminal =
        new Terminal(
            Map.of(
                "PROKURA_SERVER",
                company.server.uri("").toString(),
                "PROKURA_TOKEN",
                company.token,
                "PROKURA_DATA",
                company.folder.resolve("data").toString()),
            folder);
  }

  @AfterAll
  static void close() {
    company.close();
  }

  private static Said run(String command, String... more) {
    var words = new ArrayList<>(List.of(company.filled(command).split(" ", -1)));
    words.addAll(List.of(more));
    return terminal.run(words);
  }

  private Json.Obj json(String command, String... more) {
    var name = name(command);
    done.add(name);
    var said = run(command, more);
    assertThat(said.err()).as(command).isEmpty();
    assertThat(said.status()).as(command).isZero();
    return company.server.object(said.out());
  }

  /// The words before the operand and the options.
  private static String name(String command) {
    var words = command.split(" ", -1);
    return words.length > 1 && words[1].matches("[a-z]+") ? words[0] + " " + words[1] : words[0];
  }

  /// Shows things both ways.
  private void shows(String command) {
    assertThat(json(command + " -o json").members()).isNotEmpty();
    var said = run(command);
    assertThat(said.status()).isZero();
    assertAligned(command, said.out());
  }

  /// Changes something, and has the answer again as a table: under the same key it is done once.
  private Json.Obj changes(String command) {
    var key = "key-" + ++keys;
    var answer = json(command + " -o json", "--idempotency-key", key);
    var said = run(command, "--idempotency-key", key);
    assertThat(said.status()).as("%s: %s", command, said.err()).isZero();
    assertAligned(command, said.out());
    answer.text("id").ifPresent(id -> assertThat(said.out()).contains(id));
    return answer;
  }

  private static void refuses(String command, String code) {
    var said = run(command);
    assertThat(said.status()).isEqualTo(Failure.REFUSED);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).startsWith("prokura: ").contains("(" + code + ", 4").hasLineCount(1);
  }

  /// Cells stand under their headings, values of one object below each other, and no line ends with
  /// blanks.
  private static void assertAligned(String command, String table) {
    var lines = table.lines().toList();
    assertThat(lines).as(command).isNotEmpty().noneMatch(line -> line.endsWith(" "));
    if (lines.getFirst().matches("[A-Z ]+")) {
      var starts = CELL.matcher(lines.getFirst()).results().map(one -> one.start()).toList();
      for (var line : lines) {
        for (int start : starts.subList(1, starts.size())) {
          assertThat(line.length() < start || line.startsWith("  ", start - 2))
              .as("%s: %s at %d", command, line, start)
              .isTrue();
        }
      }
      return;
    }
    var values = new TreeSet<Integer>();
    for (var line : lines.stream().takeWhile(line -> !line.isEmpty()).toList()) {
      var cells = CELL.matcher(line).results().map(one -> one.start()).toList();
      assertThat(cells.getFirst()).as("%s: %s", command, line).isZero();
      cells.stream().skip(1).findFirst().ifPresent(values::add);
    }
    assertThat(values).as(command).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void everyCommandWorksAsJsonAndAsATable() throws IOException {
    registers();
    rights();
    lives();
    credentials();
    access();
    record();
    assertThat(done).isEqualTo(leaves("", Main.commandLine(Map.of(), folder)));
  }

  private static Set<String> leaves(String name, CommandLine command) {
    var leaves = new TreeSet<String>();
    command
        .getSubcommands()
        .forEach(
            (word, one) ->
                leaves.addAll(
                    one.getSubcommands().isEmpty()
                        ? Set.of(name + word)
                        : leaves(name + word + " ", one)));
    leaves.removeAll(OTHERS);
    return leaves;
  }

  private void made(String name, String command) {
    company.known(name, changes(command).text("id").orElseThrow());
  }

  private void registers() throws IOException {
    made("erin", "user create --user-name erin --display-name Erin --roles auditor,responder");
    changes("user update <erin> --email erin@example.org");
    assertThat(changes("user invite <erin> --reason starts").text("link").orElseThrow())
        .contains("/setup?code=");
    shows("session list <erin>");
    refuses("session end ses_00000000000000000000000000 --reason lost", "not-found");
    done.add("session end");
    changes("user logout <erin> --reason lost");
    changes("user deactivate <erin> --reason leave");
    changes("user activate <erin> --reason back");
    made("mail", "workload create --name mail --owner <support> --description sends");
    changes("workload update <mail> --roles auditor");
    changes("workload deactivate <mail> --reason off");
    changes("workload activate <mail> --reason on");
    made("ops", "group create --name ops --members <alice>,<dana>");
    changes("group update <ops> --members <erin>");
    assertThat(json("group delete <ops> -o json").text("name")).contains("ops");
    made("app", "client create --name app --covers <crm>=tickets.read,tickets.close");
    changes("client update <app> --covers  --everything yes");
    changes("client deactivate <app> --reason off");
    changes("client activate <app> --reason on");
    made("idp", "issuer create --issuer http://localhost:9/ --name IdP --grants jwt-bearer");
    changes("issuer update <idp> --jwks-uri http://localhost:9/jwks");
    assertThat(changes("issuer update <idp> --receives <app>=ours:there:<crm>").toText())
        .contains(company.filled("{\"client\":\"<app>\",\"clientId\":\"ours:there\"}"))
        .contains(company.filled("\"resources\":[\"<crm>\"]"));
    var signIn = "{\"clientId\":\"prokura\",\"clientSecret\":\"s3cret\"}";
    var file = Files.writeString(TestDatabases.folder().resolve("sign-in.json"), signIn);
    assertThat(changes("issuer update <idp> --sign-in " + file).toText())
        .contains("\"clientId\":\"prokura\"")
        .doesNotContain("s3cret");
    var agents = "{\"shared\":false,\"agentsMax\":5,\"purposes\":[\"<work>\"]}";
    made("platform", "issuer create --issuer http://localhost:8/ --name P --agents " + agents);
    changes("issuer update <idp> --grants id-jag --reuse yes");
    changes("link create <idp> --sub erin-there --principal <erin>");
    shows("link list <idp>");
    changes("link delete <idp> --sub erin-there --reason wrong");
    changes("issuer deactivate <idp> --reason off");
    changes("issuer activate <idp> --reason on");
    made("notebooks", "registration-token create --name Notebooks --uses 3 --pkce-optional yes");
    shows("registration-token get <notebooks>");
    changes("registration-token revoke <notebooks> --reason off");
    for (var noun :
        List.of("user", "workload", "group", "client", "issuer", "registration-token")) {
      shows(noun + " list");
    }
    shows("user get <erin>");
    shows("workload get <mail>");
    shows("group get <support>");
    shows("client get <app>");
    shows("issuer get <idp>");
  }

  private void rights() {
    made(
        "wiki",
        "resource create --identifier https://wiki.example --name Wiki --types page"
            + " --actions pages.read:low:reversible --actions pages.write:high:by=page,space"
            + " --actions pages.delete:high:irreversible"
            + " --agent-facing no --enforcers <mail> --asserts resource.space");
    changes("resource update <wiki> --name Handbook");
    made(
        "writing",
        "purpose create --name docs.write --owner <dana> --covers <wiki>=pages.read,pages.write");
    changes(
        "purpose update <writing> --legal-basis contract"
            + " --hours UTC=monday,sunday/00:00-24:00 --expires-at 2100-01-01T00:00:00Z");
    made(
        "given",
        "permission create --principal <lookup> --resource <wiki> --actions pages.read --mode own");
    changes("permission revoke <given> --reason over");
    made(
        "handed",
        "delegation create --delegator <alice> --delegate <lookup> --purpose <writing>"
            + " --covers <wiki>=pages.read --depth-max 2");
    changes("delegation limit <handed> --budgets calls=5 --budgets spend=100 --reason more");
    changes("delegation revoke <handed> --reason over");
    made("clerk", "role create --name clerk --permissions <wiki>=pages.read,pages.write:own");
    changes("role update <clerk> --description writes");
    made("clerking", "assignment create --role <clerk> --holder <support>");
    shows("assignment list --holder <support>");
    shows("role get <clerk>");
    shows("assignment get <clerking>");
    changes("assignment revoke <clerking> --reason over");
    assertThat(json("role delete <clerk> -o json").text("name")).contains("clerk");
    for (var noun :
        List.of(
            "resource", "purpose", "permission", "role", "assignment", "delegation", "approval")) {
      shows(noun + " list");
    }
    shows("approval mine --state pending");
    for (var what :
        List.of("get <none>", "approve <none> --reason ok", "deny <none> --reason no")) {
      refuses("approval " + what.replace("<none>", "apr_" + "0".repeat(26)), "not-found");
      done.add("approval " + what.substring(0, what.indexOf(' ')));
    }
    shows("delegation list --principal <alice>");
    shows("resource get <wiki>");
    shows("purpose get <writing>");
    shows("permission get <given>");
    shows("delegation get <handed>");
  }

  private void lives() {
    made(
        "sorter",
        "agent create --name sorter --owner <dana> --backup-owner <support> --purposes <work>"
            + " --environment test --risk low --capabilities sort,tag --bearer-tokens yes");
    changes("agent update <sorter> --risk high");
    changes("agent activate <sorter> --reason ready");
    changes("agent suspend <sorter> --reason odd");
    changes("agent resume <sorter> --reason fine");
    changes("agent quarantine <sorter> --reason worse");
    changes("agent release <sorter> --reason fine --to active");
    assertThat(changes("agent kill <sorter> --reason rogue").text("state")).contains("suspended");
    assertThat(changes("kill <sorter> --reason still").number("cutoff")).isPresent();
    changes("agent retire <sorter> --reason over");
    for (var step : List.of("adopt", "dismiss")) {
      refuses("agent " + step + " <sorter> --reason none", "state-conflict");
      done.add("agent " + step);
    }
    shows("agent list");
    shows("agent list --state active --owner <dana>");
    shows("agent get <sorter>");
    shows("cutoff list");
  }

  private void credentials() throws IOException {
    made("secret", "credential create <lookup> --secret");
    changes("credential revoke <secret> --reason lost");
    var world = new World(InstantSource.system(), new SecureRandom());
    var key = SigningKey.generate(Crypto.jdk(), world, Algorithm.ES256).verificationKey().toJwk();
    var jwk = Files.writeString(folder.resolve("jwk"), key.toText());
    made("jwk", "credential create <mail> --expires-at 2100-01-01T00:00:00Z --jwk " + jwk);
    var other = SigningKey.generate(Crypto.jdk(), world, Algorithm.ES256).verificationKey().toJwk();
    var jwks = Json.object().put("keys", Json.array(List.of(other))).build().toText();
    made("jwks", "credential create <app> --jwks " + Files.writeString(folder.resolve("s"), jwks));
    var fresh = folder.resolve("fresh.key");
    assertThat(json("credential create <triage> -o json --new-key " + fresh).text("kind"))
        .contains("key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)))
        .isEqualTo("rw-------");
    var kept = company.server.object(Files.readString(fresh, UTF_8));
    assertThat(kept.text("d")).isPresent();
    assertThat(run("credential list <triage> -o json").out())
        .contains(kept.text("kid").orElseThrow());
    var pem = Files.writeString(folder.resolve("cert.pem"), certificate());
    var held = json("credential create <mail> -o json --bound-tokens no --certificate " + pem);
    assertThat(held.flag("boundTokens")).hasValue(false);
    shows("credential list <triage>");
    changes("key rotate");
  }

  private static String certificate() {
    return new TestAuthority("CN=Organisation", Instant.now()).selfSigned("CN=mail").pem();
  }

  private void access() {
    for (var whose : List.of("--principal <triage>", "--resource <crm>")) {
      var said = run("access " + whose);
      assertThat(said.err()).isEmpty();
      assertAligned("access", said.out());
      assertThat(said.out()).contains("tickets.read");
      assertThat(run("access -o json " + whose).out()).contains("tickets.read");
    }
    assertThat(run("access").status()).isEqualTo(Failure.USAGE);
    assertThat(run("why").status()).isEqualTo(Failure.USAGE);
    assertThat(run("why dec_nothing").status()).isNotZero();
    var supposed = " --subject <triage> --resource <crm> --action tickets.read";
    shows("why" + supposed);
    assertThat(run("why" + supposed).out()).contains("Suppose that", "tickets.read");
    assertThat(run("access unused").status()).isEqualTo(Failure.USAGE);
    shows("access unused --agent <triage>");
    assertThat(run("access tighten").status()).isEqualTo(Failure.USAGE);
    // The schema declares nothing here that a policy could take away.
    var tightened = run("access tighten --agent <sorter>");
    assertThat(tightened.status()).isEqualTo(Failure.REFUSED);
    assertThat(tightened.err()).contains("declares nothing for agents");
    done.add("access tighten");
    assertThat(run("access unused --agent <triage> --days 9").out()).contains("Checked were");
  }

  private void record() {
    shows("audit list");
    shows("audit list --about <sorter>");
    shows("audit get <sorter>");
    assertThat(json("audit receipt <sorter> --wait 5").text("status")).contains("integrated");
    var token = run("admin token");
    assertThat(token.status()).isZero();
    assertThat(token.out()).matches("ey[\\w.-]+\n");
    assertThat(token.err())
        .isEqualTo("prokura: a token for http://localhost:8420/api/v1, good for 300 seconds\n");
    assertThat(run("admin token -q").err()).isEmpty();
    done.add("admin token");
  }

  @Test
  void listsAreReadPageByPageAndSayThatThereIsMore() {
    var some = run("audit list --limit 3 -o json");
    assertThat(some.err())
        .isEqualTo("prokura: there are more than these; --limit says how many are shown\n");
    var items = (Json.Arr) company.server.object(some.out()).get("items").orElseThrow();
    assertThat(items.items()).hasSize(3);
    for (int i = 0; i < 205; i++) {
      company.server.done(
          "/api/v1/clients", company.token, company.json("{'name': 'many', 'everything': true}"));
    }
    var all = run("client list -o json");
    assertThat(all.err()).isEmpty();
    var clients = (Json.Arr) company.server.object(all.out()).get("items").orElseThrow();
    assertThat(clients.items()).hasSizeGreaterThanOrEqualTo(206).doesNotHaveDuplicates();
  }

  @Test
  void nothingThatIsPrintedSteersTheTerminal() {
    var odd = "\u009b31m red \u202e turned \u2028 and \u00e9";
    company.server.done(
        "/api/v1/workloads",
        company.token,
        Json.object()
            .put("name", "odd")
            .put("owner", company.id("dana"))
            .put("description", odd)
            .build());
    var id = run("workload list").out().lines().filter(line -> line.contains("  odd  ")).toList();
    var get = "workload get " + id.getFirst().substring(0, 30);
    assertThat(run(get).out()).contains("?31m red ? turned ? and \u00e9");
    var json = run(get + " -o json").out();
    assertThat(json).doesNotContain("\u009b", "\u202e", "\u2028").contains("\\u009b31m");
    assertThat(company.server.object(json).text("description")).contains(odd);
  }

  @Test
  void idsAndAddressesAreShownWholeAndTextIsCut() {
    company.server.done(
        "/api/v1/groups",
        company.token,
        company.json("{'name': '%s'}".formatted("a long name ".repeat(10).strip())));
    var groups = run("group list").out();
    assertThat(groups).contains("a long name a long name", "…").contains(company.id("support"));
    assertThat(groups.lines().filter(line -> line.contains("…")).toList())
        .allMatch(line -> line.length() <= 100);
    var permissions = run("permission list").out();
    assertThat(permissions).contains(company.id("alice-crm"), company.id("crm"));
    assertThat(run("resource list").out()).contains(Company.CRM);
  }
}
