package io.prokura;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Habits that no compiler checks, over the sources themselves.
final class TidyTest {
  private static final int FILE_LINES_MAX = 400;
  private static final int METHOD_LINES_MAX = 60;
  private static final int COLUMNS_MAX = 100;

  private static final Pattern METHOD =
      Pattern.compile(
          "^ {2}(?:[A-Za-z@<].*)?[a-zA-Z_]+\\(.*(?:\\{|,|\\()$|^ {2}\\S.*\\) (?:throws .*)?\\{$");

  private static final Pattern TYPE =
      Pattern.compile("\\b(?:record|class|interface|enum)\\b [A-Z]");

  private static final Pattern CITATION = Pattern.compile("RFC (\\d{3,5})(?: §([\\d.]+\\d|\\d+))?");

  private static final Set<String> NAMES =
      Set.of(
          "Service",
          "Manager",
          "Helper",
          "Util",
          "Utils",
          "Impl",
          "Handler",
          "Processor",
          "Provider",
          "Factory",
          "Base",
          "Abstract",
          "Context",
          "Info",
          "DTO");

  @Test
  void filesMethodsAndLinesStayShort() throws IOException {
    var found = new ArrayList<String>();
    for (var file : sources("src/main/java")) {
      var lines = Files.readAllLines(file);
      if (lines.size() > FILE_LINES_MAX) {
        found.add("%s has %d lines".formatted(file, lines.size()));
      }
      found.addAll(longMethods(file, lines));
    }
    for (var file : sources("src")) {
      var lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).length() > COLUMNS_MAX && !lines.get(i).startsWith("import ")) {
          found.add("%s:%d is longer than %d".formatted(file, i + 1, COLUMNS_MAX));
        }
      }
    }
    assertThat(found).isEmpty();
  }

  private static List<String> longMethods(Path file, List<String> lines) {
    var found = new ArrayList<String>();
    int start = -1;
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      if (METHOD.matcher(line).find() && !TYPE.matcher(line).find()) {
        start = i;
      }
      if (line.equals("  }") && start >= 0) {
        if (i - start + 1 > METHOD_LINES_MAX) {
          found.add("%s:%d is a method of %d lines".formatted(file, start + 1, i - start + 1));
        }
        start = -1;
      }
    }
    return found;
  }

  @Test
  void nothingIsLeftForLaterOrSwitchedOff() throws IOException {
    var banned =
        Pattern.compile("\\b(?:TODO|FIXME|XXX)\\b|@Disabled|@Ignore|printStackTrace\\(|/work/");
    var found = new ArrayList<String>();
    for (var file : sources("src")) {
      if (file.endsWith("TidyTest.java")) {
        continue;
      }
      var lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (banned.matcher(lines.get(i)).find()) {
          found.add("%s:%d %s".formatted(file, i + 1, lines.get(i).strip()));
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void namesAreTheFieldsOwn() throws IOException {
    var found = new ArrayList<String>();
    for (var file : sources("src/main/java")) {
      var name = file.getFileName().toString().replace(".java", "");
      for (var word : NAMES) {
        if (name.endsWith(word) || (word.equals("Abstract") && name.startsWith(word))) {
          found.add(file.toString());
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void everyCitedSpecificationIsDescribed() throws IOException {
    var citations = new TreeMap<Integer, Set<String>>();
    for (var file : sources("src/main/java")) {
      var matcher = CITATION.matcher(Files.readString(file));
      while (matcher.find()) {
        var sections =
            citations.computeIfAbsent(Integer.valueOf(matcher.group(1)), _ -> new TreeSet<>());
        if (matcher.group(2) != null) {
          sections.add(matcher.group(2));
        }
      }
    }
    var text = new StringBuilder();
    citations.forEach(
        (rfc, sections) ->
            text.append(("RFC " + rfc + " " + String.join(" ", sections)).strip()).append('\n'));
    Golden.check("citations.txt", text.toString());
    var specs = Files.readString(Path.of("docs/specs.md"), UTF_8);
    assertThat(citations.keySet())
        .allSatisfy(rfc -> assertThat(specs).as("docs/specs.md").contains("RFC " + rfc));
  }

  private static List<Path> sources(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
