package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.prokura.agents.AgentState;
import io.prokura.agents.Environment;
import io.prokura.agents.Risk;
import io.prokura.app.ApiDocument.Operation;
import io.prokura.approvals.ApprovalState;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Sensitivity;
import io.prokura.decision.Reason;
import io.prokura.directory.ManagementRole;
import io.prokura.http.Access;
import io.prokura.http.Recorded;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.http.Route;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The description of the API is a valid OpenAPI document, names exactly the routes there are, and
/// its words are those of the code.
final class OpenApiTest {
  private static final String ISSUER = "https://iam.example.org";
  private static final ApiDocument DOCUMENT = ApiDocument.of(served().bodyText());
  private static final List<Route> ROUTES = routes();

  private static Response served() {
    var endpoint = new OpenApiEndpoint(new JsonReader(Limits.standard()), ISSUER);
    var request =
        Request.to(Limits.standard(), "GET", "/openapi.json")
            .header("Host", "evil.example")
            .header("Forwarded", "host=evil.example;proto=http")
            .header("X-Forwarded-Host", "evil.example")
            .build();
    return endpoint.document(request);
  }

  private static List<Route> routes() {
    try (var database = TestDatabases.sqlite()) {
      var config = TestServer.withCompatibility(TestDatabases.folder(), "");
      var app = App.wire(TestServer.systemWorld(), database, config, Limits.standard());
      return Routes.of(app, new HealthEndpoint(() -> true));
    }
  }

  /// A parameter for the rest of a path is written like any other.
  private static String described(Route row) {
    return row.method().toLowerCase(Locale.ROOT) + " " + row.path().replace("...}", "}");
  }

  private static String described(Operation operation) {
    return operation.method() + " " + operation.path();
  }

  @Test
  void theServerItNamesIsTheConfiguredIssuer() {
    var response = served();
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("Content-Type")).hasValue("application/json");
    assertThat(response.cacheControl()).isEqualTo("public, max-age=300");
    assertThat(DOCUMENT.root().get("servers"))
        .hasValue(Json.array(List.of(Json.object().put("url", ISSUER).build())));
    assertThat(response.bodyText()).doesNotContain("evil.example");
  }

  @Test
  void itDescribesEveryRouteInItsOrderAndNothingElse() {
    // What one path answers stands together there.
    var expected =
        ROUTES.stream()
            .collect(Collectors.groupingBy(Route::path, LinkedHashMap::new, Collectors.toList()))
            .values()
            .stream()
            .flatMap(List::stream)
            .map(OpenApiTest::described);
    assertThat(DOCUMENT.operations())
        .extracting(OpenApiTest::described)
        .containsExactlyElementsOf(expected.toList());
  }

  @Test
  void anOperationIsCalledAsTheActionItIs() {
    for (var row : ROUTES) {
      if (row.access() instanceof Access.Managed(var action)) {
        var id = operation(row).id();
        if (ROUTES.stream().filter(one -> one.access().equals(row.access())).count() == 1) {
          assertThat(id).as(described(row)).isEqualTo(action);
        } else {
          var thing = row.path().split("/", -1)[3].replaceAll("s$", "");
          assertThat(id).as(described(row)).isEqualTo(thing + "." + action);
        }
      }
    }
    assertThat(DOCUMENT.operations()).extracting(Operation::id).doesNotHaveDuplicates();
  }

  private static Operation operation(Route row) {
    return DOCUMENT.operations().stream()
        .filter(one -> described(one).equals(described(row)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("not described: " + described(row)));
  }

  @Test
  void whoMayCallIsWhatTheRouteSays() {
    for (var row : ROUTES) {
      var ways = operation(row).text().get("security").orElseThrow().toText();
      assertThat(ways)
          .as(described(row))
          .isEqualTo(
              switch (row.access()) {
                case Access.Anyone _ -> "[]";
                case Access.Client _ -> "[{\"client\":[]},{}]";
                case Access.Enforcer _ -> "[{\"client\":[]},{\"enforcer\":[\"decide\"]}]";
                case Access.Managed _ -> "[{\"management\":[\"manage\"]}]";
              });
    }
  }

  @Test
  void everyManagedChangeCanBeRepeatedAndEveryCallCanFail() {
    for (var row : ROUTES) {
      var operation = operation(row);
      boolean managed = row.access() instanceof Access.Managed;
      assertThat(operation.statuses()).as(operation.id()).contains("5XX");
      assertThat(operation.has("Idempotency-Key"))
          .as(operation.id())
          .isEqualTo(managed && row.recorded() == Recorded.IN_TRANSACTION);
      assertThat(operation.statuses().contains("422"))
          .as(operation.id())
          .isEqualTo(operation.has("Idempotency-Key"));
      assertThat(operation.statuses().contains("413"))
          .as(operation.id())
          .isEqualTo(operation.text().get("requestBody").isPresent());
      assertThat(operation.has("id") || operation.has("path"))
          .as(operation.id())
          .isEqualTo(row.path().contains("{"));
    }
  }

  @Test
  void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
    var references = new TreeSet<String>();
    collect(DOCUMENT.root(), references);
    references.forEach(reference -> assertThat(DOCUMENT.at(reference)).isNotNull());
    for (var kind : List.of("schemas", "parameters", "headers", "requestBodies", "responses")) {
      assertThat(DOCUMENT.components(kind).members().keySet())
          .allSatisfy(name -> assertThat(references).contains("#/components/" + kind + "/" + name));
    }
  }

  private static void collect(Json value, Set<String> references) {
    switch (value) {
      case Json.Obj object -> {
        object.text("$ref").ifPresent(references::add);
        object.members().values().forEach(member -> collect(member, references));
      }
      case Json.Arr(var items) -> items.forEach(item -> collect(item, references));
      default -> {}
    }
  }

  /// By the schema that the OpenAPI Initiative publishes, the one that looks into JSON schemas too.
  @Test
  void itIsAValidDocument() throws IOException {
    var published = new LinkedHashMap<String, String>();
    for (var name :
        List.of("schema/2022-10-07", "schema-base/2022-10-07", "dialect/base", "meta/base")) {
      var file = "/spec.openapis.org/oas/3.1/" + name;
      try (var in = OpenApiTest.class.getResourceAsStream(file)) {
        var text = new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8);
        published.put("https:/" + file, text);
      }
    }
    var registry =
        SchemaRegistry.withDialect(
            Dialects.getDraft202012(), builder -> builder.schemas(published));
    var schema =
        registry.getSchema(
            SchemaLocation.of("https://spec.openapis.org/oas/3.1/schema-base/2022-10-07"));
    assertThat(schema.validate(DOCUMENT.root().toText(), InputFormat.JSON)).isEmpty();
    var broken = DOCUMENT.root().toText().replaceFirst("\"operationId\":", "\"operationID\":");
    assertThat(schema.validate(broken, InputFormat.JSON)).isNotEmpty();
    var odd = DOCUMENT.root().toText().replaceFirst("\"minLength\":1", "\"minLength\":\"1\"");
    assertThat(schema.validate(odd, InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void everyExampleIsWhatItsSchemaSays() {
    var checked = new ArrayList<String>();
    for (var kind : List.of("requestBodies", "responses")) {
      DOCUMENT
          .components(kind)
          .members()
          .forEach(
              (name, body) ->
                  ((Json.Obj) body)
                      .object("content")
                      .ifPresent(
                          content -> {
                            var at = "#/components/" + kind + "/" + name + "/content/";
                            checked.addAll(examplesIn(at, content));
                          }));
    }
    DOCUMENT
        .components("parameters")
        .members()
        .forEach(
            (name, parameter) ->
                ((Json.Obj) parameter)
                    .get("example")
                    .ifPresent(
                        example -> {
                          var schema = "#/components/parameters/" + name + "/schema";
                          assertThat(DOCUMENT.problems(schema, example)).as(schema).isEmpty();
                        }));
    assertThat(checked).hasSizeGreaterThan(40);
  }

  private static List<String> examplesIn(String at, Json.Obj content) {
    var checked = new ArrayList<String>();
    content
        .members()
        .forEach(
            (type, media) ->
                ApiDocument.examples((Json.Obj) media)
                    .forEach(
                        (name, example) -> {
                          var schema = at + type.replace("/", "~1") + "/schema";
                          assertThat(DOCUMENT.problems(schema, example))
                              .as("%s %s", schema, name)
                              .isEmpty();
                          checked.add(schema + name);
                        }));
    return checked;
  }

  @Test
  void itsWordsAreThoseOfTheCode() {
    same("AgentState", AgentState.values(), AgentState::word);
    same("Environment", Environment.values(), Environment::word);
    same("Risk", Risk.values(), Risk::word);
    same("Sensitivity", Sensitivity.values(), Sensitivity::word);
    same("Role", ManagementRole.values(), ManagementRole::word);
    same("PermissionMode", PermissionMode.values(), PermissionMode::word);
    same("ApprovalState", ApprovalState.values(), ApprovalState::word);
    same("PersonRights", PersonRights.values(), PersonRights::word);
    assertThat(words(ApiDocument.schema("DecisionWhy") + "/properties/code"))
        .containsExactlyElementsOf(Arrays.stream(Reason.values()).map(Reason::word).toList());
    var slugs = new ArrayList<>(Arrays.stream(Refusal.values()).map(Refusal::slug).toList());
    slugs.addAll(List.of("outage", "internal-error"));
    assertThat(words(ApiDocument.schema("Problem") + "/properties/code"))
        .containsExactlyElementsOf(slugs);
    var errors = new HashSet<>(Arrays.stream(Refusal.values()).map(Refusal::error).toList());
    assertThat(errors).containsAll(words(ApiDocument.schema("OAuthError") + "/properties/error"));
  }

  private static <T> void same(String schema, T[] values, Function<T, String> word) {
    assertThat(words(ApiDocument.schema(schema)))
        .as(schema)
        .containsExactlyElementsOf(Arrays.stream(values).map(word).toList());
  }

  private static List<String> words(String schema) {
    return ((Json.Obj) DOCUMENT.at(schema)).texts("enum").orElseThrow();
  }
}
