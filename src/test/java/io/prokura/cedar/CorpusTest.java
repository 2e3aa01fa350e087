package io.prokura.cedar;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Decision, determining and erroring policies of the public corpus.
final class CorpusTest {
  private final List<String> disagreements = new ArrayList<>();
  private int requests;

  @Test
  void theHandWrittenCorpusAgrees() throws Exception {
    run("handwritten.tar.gz");
  }

  @Test
  void theGeneratedCorpusAgrees() throws Exception {
    run("corpus-0-3.tar.gz");
  }

  private void run(String archive) throws IOException, CedarSyntaxException {
    assumeThat(Files.exists(Corpus.FOLDER.resolve(archive)))
        .as(archive + " is not in " + Corpus.FOLDER)
        .isTrue();
    var files = Corpus.files(archive);
    for (var entry : files.entrySet()) {
      var name = entry.getKey();
      if (name.endsWith(".json") && !name.endsWith("entities.json")) {
        check(name, (Map<?, ?>) requireNonNull(PlainJson.read(entry.getValue())), files);
      }
    }
    assertThat(requests).isPositive();
    assertThat(disagreements).isEmpty();
  }

  private static String file(Map<String, String> files, Object path) {
    var name = (String) path;
    return requireNonNull(files.getOrDefault(name, files.get(name.replace("corpus-tests/", ""))));
  }

  private void check(String name, Map<?, ?> test, Map<String, String> files) {
    try {
      var policies = PolicySet.parse(file(files, requireNonNull(test.get("policies"))));
      var schema = Schema.parse("schema", file(files, requireNonNull(test.get("schema"))));
      var entities = entities(schema, file(files, requireNonNull(test.get("entities"))));
      for (var item : (List<?>) requireNonNull(test.get("requests"))) {
        check(name, (Map<?, ?>) requireNonNull(item), policies, schema, entities);
        requests++;
      }
    } catch (CedarSyntaxException | TypeMismatchException | SchemaException failure) {
      disagreements.add(name + ": " + failure.getMessage());
    }
  }

  /// The actions of the schema come first, for `action in` is about their groups.
  private static Entities entities(Schema schema, String json)
      throws CedarSyntaxException, TypeMismatchException {
    var entities = new LinkedHashMap<EntityUid, Entity>();
    schema.actionEntities().forEach(action -> entities.put(action.uid(), action));
    for (var entity : schema.readEntities(json)) {
      entities.putIfAbsent(entity.uid(), entity);
    }
    return Entities.of(entities.values());
  }

  private void check(
      String name, Map<?, ?> item, PolicySet policies, Schema schema, Entities entities)
      throws TypeMismatchException {
    var plain = (Map<?, ?>) requireNonNull(item.get("context"));
    var action = PlainValues.reference("action", item.get("action"));
    var request =
        new Request(
            PlainValues.reference("principal", item.get("principal")),
            action,
            PlainValues.reference("resource", item.get("resource")),
            context(schema, action, plain));
    var response = Authorizer.authorize(request, entities, policies);
    var wanted = item.get("decision") + " " + ids(item, "reason") + " " + ids(item, "errors");
    var found =
        (response.allowed() ? "allow" : "deny")
            + " "
            + new HashSet<>(response.determiningIds())
            + " "
            + new HashSet<>(response.errorIds());
    if (!wanted.equals(found)) {
      disagreements.add(
          name + " " + item.get("description") + ": " + wanted + " / " + found + response.errors());
    }
  }

  private static RecordValue context(Schema schema, EntityUid action, Map<?, ?> plain)
      throws TypeMismatchException {
    var type = schema.contextOf(action);
    return type.isEmpty()
        ? PlainValues.record("context", plain)
        : new TypeReader(TypeUndeclared.REFUSE).record("context", type.get(), plain);
  }

  private static Set<Object> ids(Map<?, ?> item, String member) {
    return new HashSet<>((List<?>) requireNonNull(item.get(member)));
  }
}
