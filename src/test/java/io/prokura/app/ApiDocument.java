package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The description of the API, taken apart: its operations, what its references mean, and whether a
/// value is what a schema in it says.
final class ApiDocument {
  private static final String BASE = "https://iam.example/openapi.json";
  private static final String BASIC_SCHEMAS = "#/components/schemas/";
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");

  private final Json.Obj root;
  private final SchemaRegistry asWritten;
  private final SchemaRegistry closed;

  private ApiDocument(Json.Obj root) {
    this.root = root;
    asWritten = registry(root);
    closed = registry(closed(root));
  }

  static ApiDocument of(Json.Obj root) {
    return new ApiDocument(root);
  }

  static ApiDocument of(String text) {
    if (new JsonReader(Limits.standard()).readObject(text.getBytes(UTF_8)) instanceof Ok(var got)) {
      return new ApiDocument(got);
    }
    throw new AssertionError("the document is no JSON object");
  }

  /// One thing that can be asked for; `path` is a template.
  record Operation(String method, String path, Json.Obj text, List<Json.Obj> parameters) {
    String id() {
      return text.text("operationId").orElseThrow();
    }

    boolean has(String parameter) {
      return parameter(parameter).isPresent();
    }

    Optional<Json.Obj> parameter(String name) {
      return parameters.stream().filter(one -> name.equals(one.text("name").orElse(""))).findAny();
    }

    /// Whether the caller proves itself by this scheme.
    boolean isSecuredBy(String scheme) {
      return text.get("security").orElse(Json.array(List.of())) instanceof Json.Arr(var ways)
          && ways.stream().anyMatch(way -> ((Json.Obj) way).get(scheme).isPresent());
    }

    Set<String> statuses() {
      return text.object("responses").orElseThrow().members().keySet();
    }
  }

  Json.Obj root() {
    return root;
  }

  Json.Obj components(String kind) {
    return root.object("components").flatMap(all -> all.object(kind)).orElseThrow();
  }

  /// All operations in the order of the document. Those that say nothing about who may call them
  /// are managed.
  List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    root.object("paths")
        .orElseThrow()
        .members()
        .forEach(
            (path, item) ->
                ((Json.Obj) item)
                    .members()
                    .forEach(
                        (method, operation) -> {
                          if (METHODS.contains(method)) {
                            operations.add(operation(path, method, (Json.Obj) item));
                          }
                        }));
    return operations;
  }

  private Operation operation(String path, String method, Json.Obj item) {
    var text = item.object(method).orElseThrow();
    var members = new LinkedHashMap<>(text.members());
    members.putIfAbsent("security", root.get("security").orElseThrow());
    var parameters = new ArrayList<Json.Obj>();
    for (var holder : List.of(item, text)) {
      items(holder.get("parameters").orElse(Json.array(List.of())))
          .forEach(one -> parameters.add(resolved((Json.Obj) one)));
    }
    return new Operation(method, path, new Json.Obj(members), parameters);
  }

  Operation operation(String id) {
    return operations().stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no operation " + id));
  }

  /// What stands at a reference such as `#/components/schemas/Agent`.
  Json at(String reference) {
    Json at = root;
    for (var name : reference.substring(2).split("/", -1)) {
      var next =
          at instanceof Json.Obj object ? object.get(unescaped(name)) : Optional.<Json>empty();
      at = next.orElseThrow(() -> new AssertionError("nothing is at " + reference));
    }
    return at;
  }

  private static String unescaped(String name) {
    return name.replace("~1", "/").replace("~0", "~");
  }

  /// The object itself, or what it refers to.
  Json.Obj resolved(Json.Obj object) {
    var reference = object.text("$ref");
    return reference.isEmpty() ? object : resolved((Json.Obj) at(reference.get()));
  }

  /// The examples of a media type, by name; an only one has none.
  static Map<String, Json> examples(Json.Obj media) {
    var examples = new LinkedHashMap<String, Json>();
    media.get("example").ifPresent(one -> examples.put("", one));
    media
        .object("examples")
        .ifPresent(
            all ->
                all.members()
                    .forEach(
                        (name, one) ->
                            examples.put(name, ((Json.Obj) one).get("value").orElseThrow())));
    return examples;
  }

  /// What of `value` is not as the schema at `reference` says.
  List<String> problems(String reference, Json value) {
    return problems(asWritten, reference, value);
  }

  /// The same, and what the schema does not mention is a problem too.
  List<String> problemsOrSurplus(String reference, Json value) {
    return problems(closed, reference, value);
  }

  private static List<String> problems(SchemaRegistry registry, String reference, Json value) {
    return registry
        .getSchema(SchemaLocation.of(BASE + reference))
        .validate(value.toText(), InputFormat.JSON)
        .stream()
        .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
        .toList();
  }

  private static SchemaRegistry registry(Json.Obj document) {
    var config = SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
    return SchemaRegistry.withDialect(
        Dialects.getOpenApi31(),
        builder ->
            builder
                .schemas(Map.of(BASE, document.toText()))
                .defaultDialectId(Dialects.getOpenApi31().getId())
                .schemaRegistryConfig(config));
  }

  /// The document with every schema of an object closed that does not say itself what it does with
  /// more members than it names.
  private static Json.Obj closed(Json.Obj root) {
    var components = root.object("components").orElseThrow();
    var schemas = new LinkedHashMap<String, Json>();
    components
        .object("schemas")
        .orElseThrow()
        .members()
        .forEach((name, schema) -> schemas.put(name, closedSchema(schema)));
    var responses = new LinkedHashMap<String, Json>();
    components
        .object("responses")
        .orElseThrow()
        .members()
        .forEach((name, response) -> responses.put(name, closedResponse((Json.Obj) response)));
    return with(
        root,
        "components",
        with(
            with(components, "schemas", new Json.Obj(schemas)),
            "responses",
            new Json.Obj(responses)));
  }

  private static Json closedResponse(Json.Obj response) {
    if (response.object("content").isEmpty()) {
      return response;
    }
    var content = new LinkedHashMap<String, Json>();
    response
        .object("content")
        .get()
        .members()
        .forEach(
            (type, media) ->
                content.put(
                    type,
                    ((Json.Obj) media).get("schema").isEmpty()
                        ? media
                        : with(
                            (Json.Obj) media,
                            "schema",
                            closedSchema(((Json.Obj) media).get("schema").get()))));
    return with(response, "content", new Json.Obj(content));
  }

  private static Json closedSchema(Json schema) {
    if (!(schema instanceof Json.Obj object)) {
      return schema;
    }
    var members = new LinkedHashMap<>(object.members());
    if (object.object("properties").isPresent()) {
      var properties = new LinkedHashMap<String, Json>();
      object
          .object("properties")
          .get()
          .members()
          .forEach((name, property) -> properties.put(name, closedSchema(property)));
      members.put("properties", new Json.Obj(properties));
      members.putIfAbsent("additionalProperties", Json.flag(false));
    }
    for (var inner : List.of("items", "additionalProperties")) {
      members.computeIfPresent(inner, (_, value) -> closedSchema(value));
    }
    return new Json.Obj(members);
  }

  private static Json.Obj with(Json.Obj object, String name, Json value) {
    var members = new LinkedHashMap<>(object.members());
    members.put(name, value);
    return new Json.Obj(members);
  }

  static List<Json> items(Json array) {
    return ((Json.Arr) array).items();
  }

  /// The reference to a schema by its name.
  static String schema(String name) {
    return BASIC_SCHEMAS + name;
  }
}
