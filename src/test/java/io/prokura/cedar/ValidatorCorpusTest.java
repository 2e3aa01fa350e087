package io.prokura.cedar;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Whether the public corpus agrees on which policies fit their schema, and on what requests and
/// entities fit it.
final class ValidatorCorpusTest {
  private final List<String> disagreements = new ArrayList<>();
  private int tests;

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
      if (name.endsWith(".json")
          && PlainJson.read(entry.getValue()) instanceof Map<?, ?> test
          && test.containsKey("shouldValidate")) {
        check(name, test, files);
        tests++;
      }
    }
    assertThat(tests).isPositive();
    assertThat(disagreements).isEmpty();
  }

  private void check(String name, Map<?, ?> test, Map<String, String> files)
      throws CedarSyntaxException {
    try {
      var schema = Schema.parse(name, file(files, requireNonNull(test.get("schema"))));
      var validator = new Validator(schema);
      var policies = PolicySet.parse(file(files, requireNonNull(test.get("policies"))));
      var findings =
          policies.policies().values().stream()
              .flatMap(policy -> validator.validate(policy).stream())
              .toList();
      if (!Boolean.valueOf(Validator.accepts(findings)).equals(test.get("shouldValidate"))) {
        disagreements.add(name + ": " + findings);
      }
      var entities = schema.readEntities(file(files, requireNonNull(test.get("entities"))));
      for (var entity : entities) {
        validator
            .problems(entity)
            .forEach(problem -> disagreements.add(name + " entity: " + problem));
      }
    } catch (SchemaException | TypeMismatchException failure) {
      disagreements.add(name + ": " + failure.getMessage());
    }
  }

  private static String file(Map<String, String> files, Object path) {
    var name = (String) path;
    return requireNonNull(files.getOrDefault(name, files.get(name.replace("corpus-tests/", ""))));
  }
}
