package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.ApiDocument.Operation;
import io.prokura.json.Json;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;

/// A caller that knows the server by the description it serves and by nothing else: requests are
/// made from the examples there, with the ids of things that exist, and every answer has to be
/// described.
final class ApiCaller {
  private final TestServer server;
  private final ApiDocument document;
  private final String operator;
  private final Examples examples = new Examples();
  private final Set<String> answered = new ConcurrentSkipListSet<>();
  private final Set<String> shown = new ConcurrentSkipListSet<>();
  private int keys;

  ApiCaller(TestServer server) {
    this.server = server;
    var served = server.send(HttpRequest.newBuilder(server.uri("/openapi.json")));
    document = ApiDocument.of(served.body());
    operator = server.operatorToken();
  }

  ApiDocument document() {
    return document;
  }

  /// A value as in JSON, with single quotes, about things that the examples name.
  Json.Obj json(String text) {
    return (Json.Obj) real(server.object(text.replace('\'', '"')));
  }

  /// The operations that were answered, each with the status: `agent.create 201`.
  Set<String> answered() {
    return answered;
  }

  /// The members of described schemas that stood in an answer.
  Set<String> shown() {
    return shown;
  }

  /// Says what stands here for a text of the examples.
  void knows(String example, String real) {
    examples.knows(example, real);
  }

  Json real(Json example) {
    return examples.real(example);
  }

  String real(String example) {
    return examples.real(example);
  }

  /// Prepares a call; an operation of the management API is called by the operator.
  Call call(String operation) {
    return new Call(document.operation(operation));
  }

  /// One request in the making. What nobody says about it is taken from the document.
  final class Call {
    private final Operation operation;
    private final List<String[]> headers = new ArrayList<>();
    private Optional<String> authorization;
    private Optional<String> id = Optional.empty();
    private Optional<Json> body = Optional.empty();
    private Optional<String> form = Optional.empty();
    private String example = "";
    private String query = "";

    private Call(Operation operation) {
      this.operation = operation;
      authorization =
          operation.isSecuredBy("management")
              ? Optional.of("Bearer " + operator)
              : Optional.empty();
    }

    /// Calls with this access token.
    Call bearer(String token) {
      authorization = Optional.of("Bearer " + token);
      return this;
    }

    Call basic(String client, String secret) {
      var pair = (client + ":" + secret).getBytes(UTF_8);
      authorization = Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
      return this;
    }

    Call anonymous() {
      authorization = Optional.empty();
      return this;
    }

    /// Names what stands in the path.
    Call of(String thing) {
      id = Optional.of(thing);
      return this;
    }

    Call query(String text) {
      query = "?" + text;
      return this;
    }

    Call header(String name, String value) {
      headers.add(new String[] {name, value});
      return this;
    }

    Call body(Json value) {
      body = Optional.of(value);
      return this;
    }

    /// Takes the body from the example of this name.
    Call example(String name) {
      example = name;
      return this;
    }

    Call form(String... pairs) {
      var text = new ArrayList<String>();
      for (int i = 0; i < pairs.length; i += 2) {
        text.add(pairs[i] + "=" + URLEncoder.encode(pairs[i + 1], UTF_8));
      }
      form = Optional.of(String.join("&", text));
      return this;
    }

    /// Sends it and expects an answer that is described and has this status.
    Answer answers(int status) {
      var answer = send();
      assertThat(answer.status())
          .as("%s: %s", operation.id(), answer.response().body())
          .isEqualTo(status);
      return answer;
    }

    /// Sends it and expects that it is done. What may be repeated is repeated, and done once.
    Answer done() {
      if (!operation.has("Idempotency-Key")) {
        return answers(200);
      }
      header("Idempotency-Key", "key-" + ++keys);
      var first = send();
      assertThat(first.status() / 100)
          .as("%s: %s", operation.id(), first.response().body())
          .isEqualTo(2);
      var again = answers(first.status());
      assertThat(again.json()).as("%s repeated", operation.id()).isEqualTo(first.json());
      assertThat(again.etag()).isEqualTo(first.etag());
      var said = body;
      body(Json.object().put("something", "else").build()).answers(422);
      body = said;
      return first;
    }

    /// Sends it and expects an answer that is described.
    Answer send() {
      var path = operation.path();
      for (var name : List.of("id", "path", "draft", "number")) {
        var parameter = operation.parameter(name);
        if (parameter.isPresent() && path.contains("{" + name + "}")) {
          var example = text(parameter.get().get("example").orElseThrow());
          var first = name.equals("id") || name.equals("path");
          var said = (first ? id : Optional.<String>empty()).orElseGet(() -> real(example));
          path = path.replace("{" + name + "}", said);
        }
      }
      var request = HttpRequest.newBuilder(server.uri(path + query));
      authorization.ifPresent(value -> request.header("Authorization", value));
      headers.forEach(header -> request.header(header[0], header[1]));
      var publisher = BodyPublishers.noBody();
      if (form.isPresent() || isForm()) {
        request.header("Content-Type", "application/x-www-form-urlencoded");
        publisher = BodyPublishers.ofString(form.orElseGet(this::formOfExample));
      } else if (body.isPresent() || operation.text().get("requestBody").isPresent()) {
        request.header("Content-Type", "application/json");
        publisher = BodyPublishers.ofString(body.orElseGet(this::bodyOfExample).toText());
      }
      request.method(operation.method().toUpperCase(Locale.ROOT), publisher);
      return described(operation, server.send(request));
    }

    private static String text(Json example) {
      return example instanceof Json.Str(var text) ? text : example.toText();
    }

    private boolean isForm() {
      return content().map(all -> all.object("application/json").isEmpty()).orElse(false);
    }

    private Optional<Json.Obj> content() {
      return operation
          .text()
          .object("requestBody")
          .flatMap(body -> document.resolved(body).object("content"));
    }

    /// The body in the example, about things that exist.
    Json bodyOfExample() {
      var media = content().flatMap(all -> all.object("application/json")).orElseThrow();
      return real(chosen(media));
    }

    private String formOfExample() {
      var media =
          content().flatMap(all -> all.object("application/x-www-form-urlencoded")).orElseThrow();
      return ((Json.Obj) real(chosen(media)))
          .members().entrySet().stream()
              .map(
                  one ->
                      one.getKey()
                          + "="
                          + URLEncoder.encode(((Json.Str) one.getValue()).value(), UTF_8))
              .collect(Collectors.joining("&"));
    }

    private Json chosen(Json.Obj media) {
      var examples = ApiDocument.examples(media);
      var found = example.isEmpty() ? examples.values().stream().findFirst() : named(examples);
      return found.orElseThrow(
          () -> new AssertionError(operation.id() + " has no example " + example));
    }

    private Optional<Json> named(Map<String, Json> examples) {
      return Optional.ofNullable(examples.get(example));
    }
  }

  /// An answer that is as its description says.
  record Answer(
      ApiCaller caller, Json.Obj description, HttpResponse<String> response, Optional<Json> json) {
    int status() {
      return response.statusCode();
    }

    String etag() {
      return response.headers().firstValue("ETag").orElse("");
    }

    Json.Obj object() {
      return (Json.Obj) json.orElseThrow();
    }

    String text(String name) {
      return object().text(name).orElseThrow();
    }

    List<Json.Obj> items() {
      return ApiDocument.items(object().get("items").orElseThrow()).stream()
          .map(Json.Obj.class::cast)
          .toList();
    }

    /// Expects the very answer that the example shows, and learns the ids that stand for those in
    /// the example.
    Answer asExample() {
      var media = description.object("content").orElseThrow().object("application/json");
      caller.examples.same("", media.flatMap(one -> one.get("example")).orElseThrow(), object());
      return this;
    }
  }

  private Answer described(Operation operation, HttpResponse<String> response) {
    var status = String.valueOf(response.statusCode());
    var as = operation.id() + " " + status + ": " + response.body();
    assertThat(operation.statuses()).as(as).contains(status);
    answered.add(operation.id() + " " + status);
    var responses = operation.text().object("responses").orElseThrow();
    var reference = responses.object(status).flatMap(one -> one.text("$ref")).orElseThrow();
    var description = (Json.Obj) document.at(reference);
    var headers = description.object("headers").orElse(Json.object().build());
    assertThat(response.headers().firstValue("ETag").isPresent())
        .as("ETag of %s", as)
        .isEqualTo(headers.get("ETag").isPresent());
    if (response.headers().firstValue("WWW-Authenticate").isPresent()) {
      assertThat(headers.members()).as(as).containsKey("WWW-Authenticate");
    }
    var json = content(as, reference, description, response);
    return new Answer(this, description, response, json);
  }

  private Optional<Json> content(
      String as, String reference, Json.Obj description, HttpResponse<String> response) {
    var content = description.object("content");
    var type = response.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
    if (content.isEmpty()) {
      assertThat(response.body()).as(as).isEmpty();
      assertThat(type).as(as).isEmpty();
      return Optional.empty();
    }
    assertThat(content.get().members()).as(as).containsKey(type);
    if (!type.endsWith("json")) {
      return Optional.empty();
    }
    var object = server.object(response.body());
    var schema = reference + "/content/" + type.replace("/", "~1") + "/schema";
    assertThat(document.problemsOrSurplus(schema, object)).as(as).isEmpty();
    if (type.equals("application/problem+json")) {
      assertThat(object.number("status")).as(as).hasValue((long) response.statusCode());
    }
    note(schema, object);
    return Optional.of(object);
  }

  /// Notes which described members a value shows.
  private void note(String at, Json value) {
    var schema = (Json.Obj) document.at(at);
    var reference = schema.text("$ref");
    if (reference.isPresent()) {
      note(reference.get(), value);
      return;
    }
    switch (value) {
      case Json.Obj(var members) ->
          members.forEach(
              (name, member) -> {
                if (schema.object("properties").flatMap(all -> all.get(name)).isPresent()) {
                  shown.add(at + "/properties/" + name);
                  note(at + "/properties/" + name, member);
                } else if (schema.object("additionalProperties").isPresent()) {
                  note(at + "/additionalProperties", member);
                }
              });
      case Json.Arr(var items) -> items.forEach(item -> note(at + "/items", item));
      default -> {}
    }
  }
}
