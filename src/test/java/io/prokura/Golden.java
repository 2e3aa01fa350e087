package io.prokura;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A text that may change only on purpose. `-Dgolden=update` writes it anew; the difference is then
/// reviewed like code.
public final class Golden {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  private Golden() {}

  public static void check(String name, String actual) {
    var file = FOLDER.resolve(name);
    try {
      if ("update".equals(System.getProperty("golden"))) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
      assertThat(file).as("the golden file %s; ./check --golden writes it", file).exists();
      assertThat(actual).as("the golden file %s", file).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new AssertionError("cannot read " + file, e);
    }
  }

  /// The lines of a golden file, for tests of everything that is in it.
  public static List<String> lines(String name) {
    try {
      return Files.readAllLines(FOLDER.resolve(name));
    } catch (IOException e) {
      throw new AssertionError("cannot read " + name, e);
    }
  }

  /// The names of the golden files in `folder`.
  public static Set<String> names(String folder) {
    try (var files = Files.list(FOLDER.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    } catch (IOException e) {
      throw new AssertionError("cannot list " + folder, e);
    }
  }
}
