package io.prokura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Company;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Policies in a folder go to a whole server and back.
final class PolicyCommandsTest {
  private static final String POLICY = "@id(\"%s\")\nforbid (principal, action, resource);\n";

  private static Company company;
  private static Terminal terminal;
  private final Path folder = TestDatabases.folder();

  @BeforeAll
  static void found() {
    company = Company.found();
    var environment =
        Map.of("PROKURA_SERVER", company.server.uri("").toString(), "PROKURA_TOKEN", company.token);
    terminal = new Terminal(environment, TestDatabases.folder());
  }

  @AfterAll
  static void close() {
    company.close();
  }

  private static String done(String... words) {
    var said = terminal.run(words);
    assertThat(said.status()).as("%s: %s", String.join(" ", words), said.err()).isZero();
    return said.out();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @Test
  void aFolderIsAppliedOnceAndRolledBack() throws IOException {
    write("a.cedar", POLICY.formatted("first"));
    var dir = folder.toString();
    assertThat(done("policy", "diff", dir)).contains("+ a.cedar", "@id(\"first\")", "1 added");
    var published = done("policy", "apply", dir, "--yes", "--note", "begin");
    assertThat(published).contains("published as number 1");
    assertThat(done("policy", "apply", dir)).startsWith("nothing to do");
    write("a.cedar", POLICY.formatted("second"));
    assertThat(done("policy", "diff", dir)).contains("~ a.cedar", "-@id(\"first\")");
    var later = done("policy", "apply", dir, "--yes", "--draft");
    var draft = later.lines().toList().getLast().replaceFirst(".* ", "");
    assertThat(done("policy", "show", "1")).contains("@id(\"first\")");
    assertThat(done("policy", "publish", draft)).contains("published as number 2");
    assertThat(done("policy", "rollback", "1")).contains("published as number 3");
    assertThat(done("policy", "show", "3")).contains("@id(\"first\")");
    assertThat(done("policy", "list").lines()).hasSize(4);
    large(dir);
  }

  /// A file that no single request has room for.
  private void large(String dir) throws IOException {
    var text = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      text.append(POLICY.formatted("one." + i)).append("// \"\u00e9\ud83d\ude00\"\n");
    }
    write("a.cedar", text.toString());
    assertThat(done("policy", "apply", dir, "--yes")).contains("published as number 4");
    assertThat(done("policy", "diff", dir)).startsWith("nothing to do");
  }

  @Test
  void aFolderIsReplayedAndLeavesNoDraft() throws IOException {
    write("a.cedar", POLICY.formatted("none.at-all"));
    var dir = folder.toString();
    var list = TestDatabases.folder().resolve("flips").toString();
    try (var shop = Company.found()) {
      var form = "grant_type=client_credentials&purpose=support&resource=" + Company.CRM;
      var question =
          shop.json(
              """
              {'subject': {'type': 'agent', 'id': '<lookup>'}, 'action': {'name': 'tickets.read'},
               'resource': {'type': 'ticket', 'id': 't-1'}, 'context': {'access_token': '%s'}}
              """
                  .formatted(shop.granted("lookup", form)));
      var pair = List.of(shop.id("crm-server"), shop.secret("crm-server"));
      var path = "/access/v1/evaluation";
      var asked = shop.server.ask(path, pair.getFirst(), pair.getLast(), question);
      assertThat(asked.body()).contains("\"decision\":true");
      var replay = List.of("policy", "replay", dir, "--since", "2020-01-01T00:00:00Z");
      assertThat(said(shop, replay, "--list", list).out())
          .contains("none.at-all", shop.id("lookup"), shop.id("crm"), "forbidden")
          .contains("1 decisions replayed: 1 would change, 0 would not");
      assertThat(Files.readAllLines(Path.of(list))).singleElement().asString().contains("dec_");
      assertThat(said(shop, replay, "-o", "json").out())
          .contains("\"flipped\": 1", "\"decisions\": 1", "\"was\": \"allowed\"");
      assertThat(said(shop, replay, "--until", "2020-01-01T00:00:00Z").out())
          .startsWith("0 decisions replayed");
      assertThat(said(shop, replay, "--until", "soon").status()).isEqualTo(Failure.USAGE);
      var draft = List.of("policy", "replay", shop.id("draft"));
      assertThat(said(shop, draft).out()).contains(": 0 would change, 1 would not");
      write("a.cedar", "permit (principal, action, resource) when { nothing };\n");
      assertThat(said(shop, replay).status()).isEqualTo(Failure.REFUSED);
      var left = shop.server.get("/api/v1/policies/organisation/drafts", shop.token).body();
      assertThat(left).containsOnlyOnce("\"id\":\"drf_").contains(shop.id("draft"));
    }
  }

  @Test
  void anAgentIsKeptToWhatItUsed() throws IOException {
    write(
        "schema.cedarschema",
        """
        entity ticket in [Prokura::Resource];
        action "tickets.read", "tickets.close"
          appliesTo { principal: [Prokura::Agent], resource: [ticket] };
        """);
    try (var shop = Company.found()) {
      assertThat(said(shop, List.of("policy", "apply", folder.toString(), "--yes")).status())
          .isZero();
      var form = "grant_type=client_credentials&purpose=support&resource=" + Company.CRM;
      var question =
          shop.json(
              """
              {'subject': {'type': 'agent', 'id': '<lookup>'}, 'action': {'name': 'tickets.read'},
               'resource': {'type': 'ticket', 'id': 't-1'}, 'context': {'access_token': '%s'}}
              """
                  .formatted(shop.granted("lookup", form)));
      var asked =
          shop.server.ask(
              "/access/v1/evaluation", shop.id("crm-server"), shop.secret("crm-server"), question);
      assertThat(asked.body()).contains("\"decision\":true");
      var tightened =
          said(shop, List.of("access", "tighten", "--agent", shop.id("lookup"), "--days", "2"));
      assertThat(tightened.err()).doesNotContain("prokura:");
      assertThat(tightened.out())
          .contains("tickets.read", "forbid (", "nothing that was used would break")
          .doesNotContain("tickets.close");
    }
  }

  private static Terminal.Said said(Company company, List<String> words, String... more) {
    var server = company.server.uri("").toString();
    var environment = Map.of("PROKURA_SERVER", server, "PROKURA_TOKEN", company.token);
    var all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return new Terminal(environment, TestDatabases.folder()).run(all);
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() throws IOException {
    write("a.cedar", "permit (principal, action, resource)\nwhen { false };\n");
    var said = terminal.run("policy", "check", folder.toString());
    assertThat(said.status()).isEqualTo(Failure.REFUSED);
    assertThat(said.out()).startsWith("a.cedar:1:1: ");
    write("a.cedar", POLICY.formatted("fine"));
    assertThat(done("policy", "check", folder.toString())).contains("2 policies, all valid");
  }

  @Test
  void filesAreFormattedInPlaceOrOnlyTold() throws IOException {
    var file = folder.resolve("a.cedar");
    write("a.cedar", "forbid(principal,action,resource); // all\n");
    var told = terminal.run("policy", "fmt", "--check", folder.toString());
    assertThat(told.status()).isEqualTo(Failure.REFUSED);
    assertThat(told.out()).contains("a.cedar");
    assertThat(Files.readString(file)).contains("forbid(");
    done("policy", "fmt", folder.toString());
    assertThat(Files.readString(file)).isEqualTo("forbid (principal, action, resource); // all\n");
    assertThat(done("policy", "fmt", "--check", folder.toString())).isEmpty();
  }
}
