package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.ApiCaller.Answer;
import io.prokura.app.ApiCaller.Call;
import io.prokura.app.ApiDocument.Operation;
import io.prokura.app.ApiVariations.Variation;
import io.prokura.json.Json;
import io.prokura.sql.TestDatabases;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The running server reads bodies exactly as strictly as its description says: what the schema
/// refuses is refused, and nothing else is called invalid.
final class OpenApiBodiesTest {
  private static TestServer server;
  private static ApiCaller api;
  private static ApiStory story;

  @BeforeAll
  static void start() {
    server =
        TestServer.startWithEverything(
            TestDatabases.sqlite(), TestDatabases.folder(), ApiStory.world(), "");
    api = new ApiCaller(server);
    story = new ApiStory(api, server.issuer());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aBodyThatIsTooLongIsRefused() {
    var body = Json.object().put("reason", "x".repeat(70_000)).build();
    api.call("agent.suspend").body(body).answers(413);
  }

  @Test
  void aMemberThatIsNotDescribedIsRefusedExactlyWhereTheDocumentSaysSo() {
    int refused = 0;
    int accepted = 0;
    for (var operation : api.document().operations()) {
      if (operation.has("Idempotency-Key") && bodies(operation).isEmpty()) {
        caller(operation).body(api.json("{'surplus':true}")).answers(400);
      }
      for (var body : bodies(operation)) {
        for (var place : places(body.schema(), body.value())) {
          var surplus = surplus(body.value(), place.path(), 0);
          var call = caller(operation).body(surplus);
          int status = call.send().status();
          assertThat(status == 400)
              .as("%s %s answers %d", operation.id(), surplus.toText(), status)
              .isEqualTo(place.isClosed());
          if (place.isClosed()) {
            refused++;
          } else {
            accepted++;
          }
        }
      }
    }
    assertThat(refused).isGreaterThan(30);
    assertThat(accepted).isGreaterThan(5);
  }

  /// Where the server refuses what no schema can say: an action that the resource has not, numbers
  /// that are no key, a time zone that there is not, windows that overlap, and what is no host.
  private static final Pattern KNOWS_MORE =
      Pattern.compile(
          "(client|delegation)\\.create /covers/0/actions.*|.*/jwks?/.*"
              + "|purpose\\.[a-z]+ /hours/(zone|windows)|issuer\\.[a-z]+ /issuer");

  /// A body, what its schema has against it, and what the server says.
  private record Judged(String place, Json body, List<String> problems, Answer answer) {
    boolean isWronglyAccepted() {
      return !problems.isEmpty() && answer.status() != 400;
    }

    boolean isWronglyRefused() {
      return problems.isEmpty()
          && !KNOWS_MORE.matcher(place).matches()
          && answer.object().text("code").equals(Optional.of("field-invalid"));
    }

    @Override
    public String toString() {
      var said = answer.response().body();
      return "%s %s: the schema says %s, the server %s".formatted(place, body, problems, said);
    }
  }

  @Test
  void aBodyIsRefusedExactlyWhenItIsNotAsDescribed() throws InterruptedException {
    var checks = new ArrayList<Callable<Judged>>();
    var schemas = new HashSet<String>();
    for (var operation : api.document().operations()) {
      for (var body : bodies(operation)) {
        if (schemas.add(body.schema() + body.value())) {
          ApiVariations.of(api.document(), body.schema(), body.value())
              .forEach(one -> checks.add(() -> judged(operation, body.schema(), one)));
        }
      }
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      var judged = threads.invokeAll(checks, 60, TimeUnit.SECONDS).stream().map(Future::resultNow);
      var found = judged.toList();
      assertThat(found).noneMatch(Judged::isWronglyAccepted).noneMatch(Judged::isWronglyRefused);
      assertThat(found).filteredOn(one -> one.problems().isEmpty()).hasSizeGreaterThan(200);
      assertThat(found).filteredOn(one -> !one.problems().isEmpty()).hasSizeGreaterThan(800);
    }
  }

  private static Judged judged(Operation operation, String schema, Variation variation) {
    var place = operation.id() + " " + variation.at();
    var answer = harmless(operation).body(variation.body()).send();
    var problems = api.document().problems(schema, variation.body());
    return new Judged(place, variation.body(), problems, answer);
  }

  /// A call that reads its body and then finds nothing to change, but for things that are made.
  private static Call harmless(Operation operation) {
    if (operation.has("id") && !operation.statuses().contains("428")) {
      var example = operation.parameter("id").flatMap(one -> one.text("example")).orElseThrow();
      return caller(operation).of(example.substring(0, 4) + "0".repeat(26));
    }
    return operation.statuses().contains("428")
        ? api.call(operation.id()).header("If-Match", "\"999\"")
        : caller(operation);
  }

  private static Call caller(Operation operation) {
    var call =
        operation.isSecuredBy("management")
            ? api.call(operation.id())
            : story.asCrm(operation.id());
    return operation.statuses().contains("428") ? call.header("If-Match", "\"1\"") : call;
  }

  /// An example of a JSON body, and where its schema is.
  private record Body(String schema, Json value) {}

  private static List<Body> bodies(Operation operation) {
    var bodies = new ArrayList<Body>();
    if (operation.id().startsWith("oauth.regist")) {
      // What may be in it depends on the token that comes along: RegistrationTest.
      return bodies;
    }
    operation
        .text()
        .object("requestBody")
        .flatMap(body -> api.document().resolved(body).object("content"))
        .flatMap(content -> content.object("application/json"))
        .ifPresent(
            media -> {
              var schema = media.object("schema").flatMap(one -> one.text("$ref")).orElseThrow();
              ApiDocument.examples(media).values().stream()
                  .map(api::real)
                  .forEach(example -> bodies.add(new Body(schema, example)));
            });
    return bodies;
  }

  /// An object within a body, found by the members and items on the way to it.
  private record Place(List<String> path, boolean isClosed) {}

  private static List<Place> places(String schema, Json value) {
    var places = new ArrayList<Place>();
    collect(schema, value, List.of(), places);
    return places;
  }

  private static void collect(String at, Json value, List<String> path, List<Place> places) {
    var schema = (Json.Obj) api.document().at(at);
    var reference = schema.text("$ref");
    if (reference.isPresent()) {
      collect(reference.get(), value, path, places);
    } else if (value instanceof Json.Obj(var members)) {
      places.add(new Place(path, schema.flag("additionalProperties").equals(Optional.of(false))));
      members.forEach(
          (name, member) -> {
            var below = at + "/properties/" + name;
            if (schema.object("properties").flatMap(all -> all.get(name)).isPresent()) {
              collect(below, member, longer(path, name), places);
            }
          });
    } else if (value instanceof Json.Arr(var items)) {
      for (int i = 0; i < items.size(); i++) {
        collect(at + "/items", items.get(i), longer(path, String.valueOf(i)), places);
      }
    }
  }

  private static List<String> longer(List<String> path, String step) {
    var longer = new ArrayList<>(path);
    longer.add(step);
    return List.copyOf(longer);
  }

  /// The value with one more member in the object at `path`.
  private static Json surplus(Json value, List<String> path, int depth) {
    return switch (value) {
      case Json.Obj(var members) -> {
        var more = new LinkedHashMap<>(members);
        if (depth == path.size()) {
          more.put("surplus", Json.flag(true));
        } else {
          more.computeIfPresent(path.get(depth), (_, inner) -> surplus(inner, path, depth + 1));
        }
        yield new Json.Obj(more);
      }
      case Json.Arr(var items) -> {
        var changed = new ArrayList<>(items);
        int index = Integer.parseInt(path.get(depth));
        changed.set(index, surplus(items.get(index), path, depth + 1));
        yield Json.array(changed);
      }
      default -> value;
    };
  }
}
