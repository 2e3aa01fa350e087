package io.prokura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Company;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Test cases of policies in a folder, and policies to begin with, on a whole server.
final class PolicyCasesTest {
  private static final String POLICY = "@id(\"no\")\nforbid (principal, action, resource);\n";

  private Company company;
  private Terminal terminal;
  private final Path folder = TestDatabases.folder();

  @BeforeEach
  void found() {
    company = Company.found();
    var environment =
        Map.of("PROKURA_SERVER", company.server.uri("").toString(), "PROKURA_TOKEN", company.token);
    terminal = new Terminal(environment, TestDatabases.folder());
  }

  @AfterEach
  void close() {
    company.close();
  }

  private String done(String... words) {
    var said = terminal.run(words);
    assertThat(said.status()).as("%s: %s", String.join(" ", words), said.err()).isZero();
    return said.out();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /// What fails is refused here as it is by the server, and passes there once it passes here.
  @Test
  void casesAreRunBeforeAnythingIsPublished() throws IOException {
    write("a.cedar", POLICY);
    var start = "cases:\n- {name: \"reading\", subject: \"agent:a\", action: read, ";
    write("tests.yaml", start + "object: \"item:1\", expect: allow}\n");
    var dir = folder.toString();
    var failed = terminal.run("policy", "test", dir);
    assertThat(failed.status()).isEqualTo(Failure.REFUSED);
    assertThat(failed.out()).contains("FAIL  reading", "expected allow", "1 cases, 1 failed");
    var refused = terminal.run("policy", "apply", dir, "--yes");
    assertThat(refused.status()).isEqualTo(Failure.REFUSED);
    assertThat(refused.err()).contains("tests.yaml: reading: expected allow, was deny");
    write("tests.yaml", start + "object: \"item:1\", expect: deny, policies: [\"no\"]}\n");
    assertThat(done("policy", "test", dir)).contains("pass  reading", "1 cases, 0 failed");
    assertThat(done("policy", "apply", dir, "--yes")).contains("published as number ");
    write("a.cedar", "permit (principal, action, resource)\nwhen { false };\n");
    assertThat(terminal.run("policy", "test", dir).status()).isEqualTo(Failure.REFUSED);
  }

  @Test
  void policiesToBeginWithAreWrittenTestedAndPublished() throws IOException {
    var dir = folder.resolve("begin").toString();
    assertThat(done("policy", "starter", dir)).contains("3 files written");
    assertThat(done("policy", "test", dir)).contains("10 cases, 0 failed");
    assertThat(done("policy", "apply", dir, "--yes")).contains("published as number ");
    assertThat(done("policy", "fmt", "--check", dir)).isEmpty();
    Files.writeString(folder.resolve("begin/starter.cedar"), "// mine\n");
    Files.delete(folder.resolve("begin/schema.cedarschema"));
    var refused = terminal.run("policy", "starter", dir);
    assertThat(refused.status()).isEqualTo(Failure.REFUSED);
    assertThat(refused.err()).contains("is there already");
    assertThat(folder.resolve("begin")).isDirectoryNotContaining("glob:**.cedarschema");
    assertThat(Files.readString(folder.resolve("begin/starter.cedar"))).isEqualTo("// mine\n");
  }
}
