package io.prokura.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An organisation's folder is taken whole or not at all, and whatever is wrong with it is said,
/// with its place, in a line of its own.
final class PolicyFilesTest {
  private static final String SCHEMA =
      """
      entity shelf in [Prokura::Resource];
      entity book in [shelf, Prokura::Resource] = { pages: Long, title?: String };
      action lend appliesTo {
        principal: [Prokura::User], resource: [book], context: { now: datetime },
      };
      """;
  private static final String POLICY =
      "permit (principal, action == Action::\"lend\", resource);\n";

  private static Path folder(Map<String, String> files) throws IOException {
    var folder = TestDatabases.folder();
    for (var file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    return folder;
  }

  private static List<String> findings(Path folder) {
    var refused = catchThrowableOfType(InvalidPolicies.class, () -> Policies.of(folder));
    assertThat(refused).as("%s is refused", folder).isNotNull();
    assertThat(refused.findings()).allSatisfy(one -> assertThat(one).doesNotContain("\n"));
    assertThat(refused).hasMessage(String.join("\n", refused.findings()));
    return refused.findings();
  }

  private static List<String> findings(String name, String text) throws IOException {
    return findings(
        folder(
            name.equals(SourceFile.SCHEMA)
                ? Map.of(name, text)
                : Map.of(SourceFile.SCHEMA, SCHEMA, name, text)));
  }

  @Test
  void aWholeFolderIsTaken() throws IOException {
    var folder =
        folder(
            Map.of(
                "schema.cedarschema",
                SCHEMA,
                "a.cedar",
                "@id(\"lending\")\n" + POLICY + POLICY,
                "b.cedar",
                POLICY,
                "entities.json",
                """
                [{"uid": {"type": "book", "id": "1"}, "attrs": {"pages": 3},
                  "parents": [{"type": "shelf", "id": "s"}]}]
                """,
                "README.md",
                "notes",
                ".hidden",
                "nothing"));
    var snapshot = Policies.of(folder).current();
    assertThat(snapshot.policies().policies().keySet())
        .containsExactly("prokura.obtain_token", "lending", "a.cedar#1", "b.cedar#0");
    assertThat(snapshot.warnings()).isEmpty();
  }

  /// What is to be refused, and in the next line where and why.
  private static final String POLICIES =
      """
      permit (principal, action, resource)
      1:37: expected
      permit (principal, action, resource); x
      1:39: expected
      permit (principal is Reader, action, resource);
      1:9: the entity type Reader is not declared
      permit (principal == Reader::"1", action, resource);
      1:9: the entity type Reader is not declared
      permit (principal is Management::User, action, resource);
      1:9: the entity type Management::User is not declared
      permit (principal, action == Action::"burn", resource);
      1:20: the action Action::"burn" is not declared
      permit (principal, action == Management::Action::"user.list", resource);
      1:20: the action Management::Action::"user.list" is not declared
      permit (principal, action == Prokura::Action::"obtain_token", resource is book);
      1:63:
      permit (principal, action, resource) when { principal.nothing };
      1:55:
      permit (principal, action, resource) when { context.purpose == 1 };
      1:53:
      permit (principal, action, resource) when { ip(context) };
      1:48:
      permit (principal, action, resource) when { datetime("now") == datetime("now") };
      1:54:
      forbid (principal, action, resource is book) when { resource.title == "x" };
      1:62:
      forbid (principal, action, resource is book) when { resource.pages < "x" };
      1:70:
      forbid (principal, action, resource is book) when { resource.pages == "x" };
      1:53:
      forbid (principal, action, resource is book) when { [1, "a"].contains(1) };
      1:57: the elements of a set have to be of one type
      forbid (principal, action, resource is book) when { [].isEmpty() };
      1:53:
      permit (principal == ?principal, action, resource);
      1:1: only a template
      @id("per_x") permit (principal, action, resource);
      1:1: ids that start
      @id("prokura.x") permit (principal, action, resource);
      1:1: ids that start
      @id("a b") permit (principal, action, resource);
      1:1: an id has
      @id("") permit (principal, action, resource);
      1:1: an id has
      """;

  @Test
  void aPolicyThatIsNotOneOrDoesNotFitTheSchemaIsRefused() throws IOException {
    var lines = POLICIES.lines().toList();
    for (int i = 0; i < lines.size(); i += 2) {
      var finding = "a.cedar:" + lines.get(i + 1);
      assertThat(findings("a.cedar", lines.get(i)))
          .as(lines.get(i))
          .anyMatch(one -> one.startsWith(finding));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "entity book",
        "entity book in [nowhere];",
        "entity book; entity book;",
        "namespace Prokura { entity Book; }",
        "namespace Prokura { entity User; }",
        "namespace Prokura { action read; }",
        "namespace Prokura { type Text = String; }",
        "namespace Prokura { type Group = Long; }",
        "namespace Prokura { type datetime = String; }",
        "entity Group;",
        "namespace Prokura::Deeper { entity Book; }",
        "namespace Management { entity Book; }",
        "namespace Management::Deeper { action read; }",
        "namespace Management { type Text = String; }",
      })
  void aSchemaThatIsNotOneOrReachesIntoTheServersNamespacesIsRefused(String schema)
      throws IOException {
    assertThat(findings("schema.cedarschema", schema))
        .as(schema)
        .anyMatch(one -> one.contains("schema.cedarschema:"));
  }

  @Test
  void noSchemaChangesWhatTheServersOwnMeans() throws IOException {
    var schema = "type datetime = String;\ntype Text = String;\n" + SCHEMA;
    assertThat(findings("schema.cedarschema", schema))
        .containsExactly(
            "schema.cedarschema: Action::\"lend\" context.now: the server fills this member with"
                + " datetime");
    var folder = folder(Map.of("schema.cedarschema", "type datetime = String;"));
    assertThat(Policies.of(folder).current().schema().contextOf(Uids.OBTAIN_TOKEN))
        .isEqualTo(Policies.builtIn().current().schema().contextOf(Uids.OBTAIN_TOKEN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "now: String",
        "verified: String",
        "chain: Set<Prokura::User>",
        "depth: Bool",
        "purpose: String",
        "delegator: Prokura::User",
        "subject: String",
        "request?: Set<String>",
        "invented: Long",
        "invented?: Long",
      })
  void aMemberOfTheContextThatTheServerFillsOtherwiseOrNotAtAllIsRefused(String member)
      throws IOException {
    var schema =
        """
        entity book;
        action lend appliesTo { principal: [Prokura::User], resource: [book], context: { %s } };
        """
            .formatted(member);
    assertThat(findings("schema.cedarschema", schema))
        .as(schema)
        .singleElement()
        .asString()
        .startsWith("schema.cedarschema: Action::\"lend\" context.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[                             | :1:2: expected",
        "{}                            | : expected a list",
        "[1]                           | : [0]: an entity is an object",
        "[{'uid': 1, 'uid': 2}]        | :1:13: the member",
        "[{'uid': 'book'}]             | : [0].uid: expected an entity",
        "[book {}]                     | : book::\"1\": the required attribute 'pages'",
        "[book {'pages': '1'}]         | : book::\"1\".pages: expected a whole number",
        "[book {'pages': 1, 'x': 1}]   | : book::\"1\": the attribute 'x' is not declared",
        "[book {'pages': 1} shelf, book {'pages': 1} shelf] | : book::\"1\" stands twice",
        "[film {}]                     | : film::\"1\": the entity type is not declared",
        "[shelf {} book]               | : shelf::\"1\"",
        "[shelf {} Prokura::Resource]  | : shelf::\"1\": the server says what belongs to",
        "[Prokura::Group {}]           | : Prokura::Group::\"1\": the server's own",
        "[Action {}]                   | : Action::\"1\": the server's own",
      })
  void objectsOfTheWrongShapeAreRefused(String entities, String finding) throws IOException {
    assertThat(findings("entities.json", json(entities)))
        .as(entities)
        .anyMatch(one -> one.startsWith("entities.json" + finding));
  }

  /// The JSON of entities that are written as `type {attributes} parent`.
  private static String json(String entities) {
    return Pattern.compile("([A-Za-z:]+) (\\{[^}]*}) ?([A-Za-z:]*)")
        .matcher(entities)
        .replaceAll(
            entity ->
                "{'uid': {'type': '%s', 'id': '1'}, 'attrs': %s, 'parents': [%s]}"
                    .formatted(
                        entity.group(1),
                        entity.group(2),
                        entity.group(3).isEmpty()
                            ? ""
                            : "{'type': '" + entity.group(3) + "', 'id': '2'}"))
        .replace('\'', '"');
  }

  @Test
  void twoPoliciesOfOneIdAreRefusedAcrossFiles() throws IOException {
    var named = "@id(\"lending\")\n" + POLICY;
    var folder =
        folder(Map.of("schema.cedarschema", SCHEMA, "a.cedar", named, "b.cedar", POLICY + named));
    assertThat(findings(folder)).containsExactly("b.cedar:2:1: another policy has the id lending");
  }

  @Test
  void aFileThatWouldNotBeReadIsRefused() throws IOException {
    var folder = folder(Map.of("policy.txt", POLICY, "A.CEDAR", POLICY, "schema.json", "{}"));
    Files.createDirectory(folder.resolve("more"));
    Files.createDirectory(folder.resolve("folder.cedar"));
    Files.createSymbolicLink(folder.resolve("lost.cedar"), Path.of("nowhere"));
    assertThat(findings(folder))
        .hasSize(6)
        .allMatch(one -> one.contains(": not read here; known are *.cedar"));
  }

  @Test
  void aFileThatCannotBeReadIsRefused() throws IOException {
    var folder = folder(Map.of("schema.cedarschema", SCHEMA));
    Files.write(folder.resolve("a.cedar"), POLICY.getBytes(StandardCharsets.UTF_16));
    Files.writeString(folder.resolve("b.cedar"), "/".repeat((1 << 20) + 1));
    // A file that exists and fails when it is read, whoever reads it.
    Files.createSymbolicLink(folder.resolve("c.cedar"), Path.of("/proc/self/mem"));
    assertThat(findings(folder))
        .containsExactly(
            "a.cedar: not UTF-8",
            "b.cedar: larger than 1048576 bytes",
            "c.cedar: cannot be read: IOException");
    var missing = folder.resolve("missing");
    assertThat(findings(missing))
        .containsExactly(missing + ": cannot be read: NoSuchFileException");
  }

  @Test
  void aFolderOfTooManyFilesIsRefused() throws IOException {
    var folder = TestDatabases.folder();
    for (int i = 0; i <= 500; i++) {
      Files.createFile(folder.resolve(i + ".cedar"));
    }
    assertThat(findings(folder)).containsExactly(folder + ": more than 500 files");
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() throws IOException {
    var folder =
        folder(
            Map.of(
                "schema.cedarschema",
                SCHEMA,
                "a.cedar",
                "permit (principal is A, action, resource);\n".repeat(2),
                "b.cedar",
                "permit",
                "entities.json",
                "[]x"));
    assertThat(findings(folder))
        .extracting(one -> one.substring(0, one.indexOf(": ")))
        .containsExactly("a.cedar:1:9", "a.cedar:2:9", "b.cedar:1:7", "entities.json:1:3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "when { false }",
        "unless { true }",
        "when { principal is Prokura::Agent }",
        "when { resource is shelf && resource is book }",
      })
  void aPolicyThatCanNeverApplyIsRefused(String condition) throws IOException {
    var never = POLICY.replace(";", " " + condition + ";");
    assertThat(findings("a.cedar", never))
        .as(condition)
        .anyMatch(one -> one.startsWith("a.cedar:1:1: ") && one.contains("never applies"));
  }

  @Test
  void testCasesAreAYamlMapping() throws IOException {
    var sound = folder(Map.of("schema.cedarschema", SCHEMA, "tests.yaml", "tests:\n- name: one\n"));
    assertThat(Policies.of(sound).current().sources().own("tests.yaml")).isPresent();
    assertThat(findings("tests.yaml", "a: [")).containsExactly("tests.yaml: not a YAML mapping");
  }

  @Test
  void theBuiltInSetsAreValid() {
    assertThat(Policies.builtIn().current().warnings()).isEmpty();
    assertThat(Policies.builtIn().current().policies().policies())
        .containsKey("prokura.obtain_token");
    assertThat(ManagementPolicies.builtIn().actions()).isNotEmpty();
  }
}
