package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.ApiCaller.Call;
import io.prokura.app.ApiDocument.Operation;
import io.prokura.json.Json;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The running server does what its description says: operations are called as the examples show,
/// every answer is described, and every answer that is described comes.
final class OpenApiAnswersTest {
  private static final String POLICY =
      """
      @id("archive.only-on-behalf")
      forbid (principal, action == Prokura::Action::"obtain_token", resource)
      when { resource.identifier == "https://archive.example" && !context.onBehalf };

      @id("tickets.sealed")
      @obligation("notification to=security@example.org body='Somebody tried'")
      forbid (principal, action == Action::"tickets.read", resource == ticket::"t-99");
      """;

  private static final String SCHEMA =
      """
      entity ticket in [Prokura::Resource];
      action "tickets.delete", "tickets.read"
        appliesTo {
          principal: [Prokura::User, Prokura::Workload, Prokura::Agent],
          resource: [ticket],
          context: { approved: Bool },
        };
      """;

  /// What is described and cannot be brought about here.
  private static final Set<String> NOT_HERE =
      Set.of(
          // Only before the first entry, and starting makes entries.
          "log.checkpoint 404",
          // Only while the node is behind others or its periodic work fails.
          "health.ready 503",
          // Only with more programs than this: RefusalTranscriptsTest.
          "oauth.register 429",
          // Only with a hundred drafts.
          "draft.create 409",
          // Only with a thousand permissions.
          "permission.create 409");

  private static Database database;
  private static TestServer server;
  private static ApiCaller api;
  private static ApiStory story;
  private static ApprovalStory approvals;

  @BeforeAll
  static void start() throws IOException {
    var folder = TestDatabases.folder();
    var policies = Files.createDirectory(folder.resolve("policies"));
    Files.writeString(policies.resolve("archive.cedar"), POLICY + ApprovalStory.POLICY);
    Files.writeString(policies.resolve("schema.cedarschema"), SCHEMA);
    database = TestDatabases.sqlite();
    server =
        TestServer.startWithEverything(database, folder, ApiStory.world(), policies.toString());
    api = new ApiCaller(server);
    story = new ApiStory(api, server.issuer());
    approvals = new ApprovalStory(api, story, person -> tokenFor(folder, person));
  }

  private static String tokenFor(Path folder, String person) throws IOException {
    var said = AdminSocketTest.said(folder.resolve("data"), "token-for " + person + "\n");
    return server.object(said).text("access_token").orElseThrow(() -> new AssertionError(said));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everythingDescribedHappens() {
    story.tokensAreIssuedAndUsed();
    new AgentStory(server, api).anAgentSignsInAndAsks();
    approvals.anActionIsApproved();
    story.anAgentIsKilled();
    story.decisionsAreRefused();
    story.policiesArePublished();
    story.anAgentLives();
    story.anAgentIsDiscovered(OpenApiAnswersTest::discovered);
    story.whatWasGivenIsTakenBack();
    story.thingsStandInEachOthersWay();
    story.othersAreStoppedAndStarted();
    story.listsAreRead();
    story.accessIsRead();
    story.whatHappenedIsProven();
    story.theServerTellsAboutItself();
    new ProgramStory(api).programsRegisterThemselves();
    new PersonStory(server, api, ApiStory.CLIENT).somebodySignsIn(story);
    replaceWhatIsRead();
    refuseEveryCaller();
    var missing = new TreeSet<String>();
    for (var operation : api.document().operations()) {
      operation.statuses().forEach(status -> missing.add(operation.id() + " " + status));
    }
    missing.removeAll(api.answered());
    missing.removeIf(one -> one.endsWith(" 5XX") || one.endsWith(" 413"));
    assertThat(missing).as("answers that are described and did not come").isEqualTo(NOT_HERE);
    var unseen = described();
    unseen.removeAll(api.shown());
    // Only where a document is fetched: ClientDocumentTest.
    unseen.remove("#/components/schemas/Client/properties/document");
    // Only where there is TLS or a proxy: TlsServerTest.
    unseen.remove("#/components/schemas/Introspection/properties/cnf");
    assertThat(unseen).as("members that are described and stood in no answer").isEmpty();
  }

  private static void discovered(String agent) {
    database.inTransaction(
        tx -> tx.run("UPDATE agent SET state = 'discovered' WHERE id = ?", agent));
  }

  /// Whoever reads a thing, changes a member and sends it back has to be understood.
  @Test
  void whatIsReadCanBeWrittenBack() {
    replaceWhatIsRead();
  }

  private static void replaceWhatIsRead() {
    for (var operation : api.document().operations()) {
      if (operation.id().endsWith(".replace")) {
        var thing = operation.id().replace(".replace", "");
        var read = api.call(thing + ".get").done();
        var written =
            api.call(operation.id())
                .header("If-Match", read.etag())
                .body(story.writable(thing))
                .done();
        assertThat(written.object()).as(operation.id()).isEqualTo(read.object());
      }
    }
  }

  // Refusals

  /// Every managed operation, as nobody, as two, without the scope, of nothing, without the version
  /// and with a stale one.
  private static void refuseEveryCaller() {
    var powerless = story.powerless();
    for (var operation : api.document().operations()) {
      if (operation.isSecuredBy("management")) {
        refused(operation, 401, Call::anonymous);
        refused(operation, 400, call -> call.header("Authorization", "Bearer two"));
        refused(operation, 403, call -> call.bearer(powerless));
        if (operation.statuses().contains("404") && operation.path().contains("{")) {
          refused(operation, 404, call -> call.of("nobody"));
        }
        if (operation.statuses().contains("428")) {
          api.call(operation.id()).answers(428);
        }
        // A group that owns something and a role that somebody has are not taken away, whatever
        // their version.
        if (operation.statuses().contains("412") && !operation.id().endsWith(".delete")) {
          refused(operation, 412, call -> call.header("If-Match", "\"999\""));
        }
      }
    }
    for (var operation : List.of("oauth.token", "oauth.introspect", "oauth.revoke")) {
      api.call(operation).form("token", "any").answers(401);
    }
  }

  private static void refused(Operation operation, int status, Consumer<Call> change) {
    var call = api.call(operation.id());
    if (operation.statuses().contains("428") && status != 412) {
      call.header("If-Match", "\"1\"");
    }
    change.accept(call);
    call.answers(status);
  }

  // What is described

  /// The members of all schemas that answers refer to.
  private static Set<String> described() {
    var described = new TreeSet<String>();
    for (var operation : api.document().operations()) {
      operation
          .text()
          .object("responses")
          .orElseThrow()
          .members()
          .values()
          .forEach(response -> described((Json.Obj) response, described));
    }
    return described;
  }

  private static void described(Json.Obj response, Set<String> described) {
    var reference = response.text("$ref").orElseThrow();
    ((Json.Obj) api.document().at(reference))
        .object("content")
        .ifPresent(
            content ->
                content
                    .members()
                    .keySet()
                    .forEach(
                        type -> {
                          var at = reference + "/content/" + type.replace("/", "~1");
                          if (((Json.Obj) api.document().at(at)).get("schema").isPresent()) {
                            members(at + "/schema", described);
                          }
                        }));
  }

  private static void members(String at, Set<String> described) {
    var schema = (Json.Obj) api.document().at(at);
    schema.text("$ref").ifPresent(reference -> members(reference, described));
    schema
        .object("properties")
        .ifPresent(
            properties ->
                properties
                    .members()
                    .keySet()
                    .forEach(
                        name -> {
                          if (described.add(at + "/properties/" + name)) {
                            members(at + "/properties/" + name, described);
                          }
                        }));
    for (var inner : List.of("items", "additionalProperties")) {
      if (schema.object(inner).isPresent()) {
        members(at + "/" + inner, described);
      }
    }
  }
}
