package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Formatting changes white space and nothing else, and once is enough.
final class FormatterTest {

  private static String format(String text) {
    try {
      return Formatter.format(text);
    } catch (CedarSyntaxException e) {
      throw new AssertionError(text, e);
    }
  }

  private static List<String> tokens(String text) throws CedarSyntaxException {
    return Lexer.tokens(text).stream().map(Token::text).toList();
  }

  private static List<String> comments(String text) {
    return text.lines().filter(line -> line.contains("// c")).map(String::strip).toList();
  }

  /// Policies of this repository, drawn ones, and those of the public corpus where a checkout has
  /// it.
  private static List<String> corpus() throws IOException {
    var texts = new ArrayList<String>();
    for (var folder : List.of("src/main/resources/policy", "examples")) {
      try (var files = Files.walk(Path.of(folder))) {
        for (var file : files.filter(one -> one.toString().endsWith(".cedar")).toList()) {
          texts.add(Files.readString(file));
        }
      }
    }
    for (int seed = 0; seed < 1_000; seed++) {
      texts.add(new PolicyGenerator(new Random(seed)).policy("p").print());
    }
    var archive = "handwritten.tar.gz";
    if (Files.exists(Corpus.FOLDER.resolve(archive))) {
      Corpus.files(archive)
          .forEach(
              (name, text) -> {
                if (name.endsWith(".cedar")) {
                  texts.add(text);
                }
              });
    }
    return texts;
  }

  @Test
  void theMeaningStaysAndOnceIsEnough() throws IOException, CedarSyntaxException {
    var random = new Random(1);
    var texts = corpus();
    assertThat(texts).hasSizeGreaterThan(1_000);
    for (var text : texts) {
      var formatted = format(text);
      assertThat(tokens(formatted)).isEqualTo(tokens(text));
      assertThat(format(formatted)).isEqualTo(formatted);
      var torn = torn(text, random);
      assertThat(tokens(format(torn))).isEqualTo(tokens(text));
      assertThat(format(format(torn))).isEqualTo(format(torn));
      assertThat(comments(format(torn))).hasSameSizeAs(comments(torn));
    }
  }

  /// The same tokens with other white space, and comments in all places.
  private static String torn(String text, Random random) throws CedarSyntaxException {
    var out = new StringBuilder();
    for (var token : Lexer.tokens(text)) {
      var gaps =
          List.of(" ", "\n", "\n\n\n  ", "\t", " // c\n", "\r\n", "\n// c " + out.length() + "\n");
      out.append(gaps.get(random.nextInt(gaps.size()))).append(token.text());
    }
    return out.toString();
  }

  @Test
  void whatItLooksLike() {
    var text =
        """
        @id( "a" )  // c1
        permit(principal==User :: "x",action in[Action::"a" ,Action::"b"],resource)
          when{ context . ip . isInRange( ip("10.0.0.0/8") )&&!(1- -2<context["n"])
        // c2
        ||{ a:1 }.a==1 };


        // c3
        forbid(principal,action,
        resource
        ) unless { if true then [ ]==[1] else principal has x.y } ;
        """;
    assertThat(format(text))
        .isEqualTo(
            """
            @id("a") // c1
            permit (principal == User::"x", action in [Action::"a", Action::"b"], resource)
            when { context.ip.isInRange(ip("10.0.0.0/8")) && !(1 - -2 < context["n"])
              // c2
              || { a: 1 }.a == 1 };

            // c3
            forbid (principal, action,
              resource
            ) unless { if true then [] == [1] else principal has x.y };
            """);
  }
}
