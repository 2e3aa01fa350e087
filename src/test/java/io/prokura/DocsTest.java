package io.prokura;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The pages say what the code says.
final class DocsTest {
  private static final Path ERRORS = Path.of("docs/errors.md");
  private static final String WIRE = "../src/test/resources/golden/refusals/";
  private static final Path API = Path.of("docs/api.md");
  private static final Path SPECS = Path.of("docs/specs.md");
  private static final Path DECISIONS = Path.of("docs/decisions");
  private static final Path README = Path.of("README.md");
  private static final Path ROUTES = Path.of("src/test/resources/golden/routes.txt");

  @Test
  void everyReasonToSayNoHasOneSection() throws IOException {
    var expected = new ArrayList<>(Arrays.stream(Refusal.values()).map(Refusal::slug).toList());
    expected.add("outage");
    expected.add("internal-error");
    assertThat(all("(?m)^## (\\S+)$", Files.readString(ERRORS), match -> match.group(1)))
        .as("sections of %s, in the order of the catalogue", ERRORS)
        .containsExactlyElementsOf(expected);
  }

  @Test
  void everySectionStatesTheCodeAndStatusOfTheCatalogueAndShowsIt() throws IOException {
    var page = Files.readString(ERRORS);
    for (var refusal : Refusal.values()) {
      assertThat(page)
          .as("%s: %s", ERRORS, refusal.slug())
          .contains(
              "## %s\n\n`%s` · %d · [on the wire](%s%s.http)\n\n**When.** "
                  .formatted(
                      refusal.slug(), refusal.error(), refusal.status(), WIRE, refusal.slug()));
    }
  }

  @Test
  void theApiPageNamesEveryRouteInItsOrder() throws IOException {
    assertThat(ROUTES).as("the golden list of routes; ./check --golden writes it").exists();
    var routes =
        Files.readAllLines(ROUTES).stream()
            .filter(line -> !line.isBlank())
            .map(line -> line.strip().split("\\s+"))
            .map(columns -> columns[0] + " " + columns[1])
            .toList();
    var page = Files.readString(API);
    var named =
        all(
            "(?m)^\\| `([A-Z]+) (/\\S*)` \\| \\S.* \\|$",
            page,
            match -> match.group(1) + " " + match.group(2));
    assertThat(named).as("rows of %s against %s", API, ROUTES).containsExactlyElementsOf(routes);
  }

  @Test
  void theSpecificationsPageCoversWhatTheSourcesCite() throws IOException {
    var cited = new TreeSet<String>();
    for (var file : files("src/main", ".java")) {
      var text = Files.readString(file);
      cited.addAll(all("\\bRFC \\d{3,5}\\b", text, MatchResult::group));
      cited.addAll(all("\\bdraft-[a-z0-9]+(?:-[a-z0-9]+)+", text, MatchResult::group));
      cited.addAll(all("\\bC2SP ([a-z]+-[a-z]+)", text, match -> "C2SP " + match.group(1)));
    }
    var page = Files.readString(SPECS);
    assertThat(cited).isNotEmpty().allSatisfy(name -> assertThat(page).contains(name));
    assertThat(page).contains("Cedar 4.5", "AuthZEN Authorization API 1.0", "C2SP XAES-256-GCM");
  }

  @Test
  void everyDependencyIsDecidedOn() throws IOException {
    var decided = new StringBuilder();
    for (var file : files("docs/decisions", ".md")) {
      decided.append(Files.readString(file));
    }
    var pom = Files.readString(Path.of("pom.xml"));
    var blocks = all("(?s)<(dependency|path)>.*?</\\1>", pom, MatchResult::group);
    assertThat(blocks).isNotEmpty();
    for (var block : blocks) {
      var artifact =
          all("<artifactId>([^<]+)</artifactId>", block, match -> match.group(1)).getFirst();
      assertThat(decided.toString())
          .as("a line for %s in %s: why it, why not another, its licence", artifact, DECISIONS)
          .containsPattern("\\| `" + Pattern.quote(artifact) + "` \\| .+ \\| .+ \\|");
    }
  }

  @Test
  void decisionsAreNumberedWithoutAGapAndListed() throws IOException {
    var index = Files.readString(DECISIONS.resolve("README.md"));
    int number = 0;
    for (var file : files(DECISIONS.toString(), ".md")) {
      var name = file.getFileName().toString();
      if (!name.equals("README.md")) {
        number++;
        assertThat(name).startsWith("%04d-".formatted(number));
        assertThat(Files.readString(file))
            .startsWith("# %d. ".formatted(number))
            .contains("\n## Context\n", "\n## Decision\n", "\n## Consequences\n");
        assertThat(index).contains("](" + name + ")");
      }
    }
    assertThat(number).isPositive();
  }

  @Test
  void theReadmeShowsHowToStartAndEveryConfigurationKey() throws IOException {
    var readme = Files.readString(README);
    assertThat(readme).contains("./prokura demo", "./check", "./prokura serve");
    var config = Files.readString(Path.of("src/main/java/io/prokura/app/Config.java"));
    var keys = all("keys\\.put\\(\"(\\w+)\"", config, match -> match.group(1));
    assertThat(keys).isNotEmpty();
    assertThat(all("(?m)^\\| `(\\w+)` \\|", readme, match -> match.group(1)))
        .as("the table of configuration keys in %s", README)
        .containsExactlyElementsOf(keys);
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    var pages = new ArrayList<>(files("docs", ".md"));
    pages.add(README);
    pages.add(Path.of("CONTRIBUTING.md"));
    for (var page : pages) {
      for (var link : all("\\]\\(([^)\\s]+)\\)", Files.readString(page), m -> m.group(1))) {
        if (!link.contains("://")) {
          assertThat(leads(page, link)).as("the link %s in %s", link, page).isTrue();
        }
      }
    }
  }

  private static boolean leads(Path page, String link) throws IOException {
    int hash = link.indexOf('#');
    var target = hash < 0 ? link : link.substring(0, hash);
    var file = target.isEmpty() ? page : page.resolveSibling(target);
    if (!Files.exists(file)) {
      return false;
    }
    return hash < 0
        || all("(?m)^#+ (.+)$", Files.readString(file), heading -> anchor(heading.group(1)))
            .contains(link.substring(hash + 1));
  }

  /// The anchor that renderers of Markdown give to a heading.
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
  }

  private static List<Path> files(String folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static <T> List<T> all(String pattern, String text, Function<MatchResult, T> read) {
    return Pattern.compile(pattern).matcher(text).results().map(read).toList();
  }
}
