package io.prokura.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Differences read as those of `diff -u`.
final class TextDiffTest {

  private static String lines(int from, int to) {
    var text = new StringBuilder();
    for (int i = from; i <= to; i++) {
      text.append(i).append('\n');
    }
    return text.toString();
  }

  @Test
  void changesFarFromEachOtherHaveHunksOfTheirOwn() {
    var before = lines(1, 20);
    var after = before.replaceFirst("2\n", "two\n").replace("19\n", "");
    assertThat(TextDiff.unified(before, after))
        .isEqualTo(
            """
            @@ -1,5 +1,5 @@
             1
            -2
            +two
             3
             4
             5
            @@ -16,5 +16,4 @@
             16
             17
             18
            -19
             20
            """);
  }

  @Test
  void whatComesAndGoesWholeIsSo() {
    assertThat(TextDiff.unified("", "a\nb\n")).isEqualTo("@@ -0,0 +1,2 @@\n+a\n+b\n");
    assertThat(TextDiff.unified("a\n", "")).isEqualTo("@@ -1 +0,0 @@\n-a\n");
    assertThat(TextDiff.unified("a\n", "a\n")).isEmpty();
  }

  @Test
  void aPolicyInAnotherFileIsNoDifferenceAndOneInAnotherLayoutIsSaidToBe() {
    var reader = new PolicyReader(PolicySetName.ORGANISATION);
    var one = "@id(\"one\") forbid (principal, action, resource);";
    var before =
        reader.read(
            PolicySources.of(PolicySetName.ORGANISATION, List.of(new SourceFile("a.cedar", one))),
            1);
    var moved = List.of(new SourceFile("b.cedar", one.replace(") forbid", ")\nforbid")));
    var sources = PolicySources.of(PolicySetName.ORGANISATION, moved);
    var diff = PolicyDiff.of(before, sources, java.util.Optional.of(reader.read(sources, 1)));
    assertThat(diff.policies())
        .singleElement()
        .extracting(d -> d.kind())
        .isEqualTo(PolicyDiff.Kind.LAYOUT);
    assertThat(diff.files())
        .extracting(d -> d.kind())
        .containsExactly(PolicyDiff.Kind.REMOVED, PolicyDiff.Kind.ADDED);
  }
}
