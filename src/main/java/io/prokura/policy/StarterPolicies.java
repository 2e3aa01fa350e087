package io.prokura.policy;

import java.util.List;

/// Policies for an organisation to begin with, with a schema and the test cases that show what each
/// is for. They come with the program and decide nothing until they are published.
public final class StarterPolicies {
  private static final List<String> NAMES =
      List.of(SourceFile.SCHEMA, "starter" + SourceFile.POLICIES, SourceFile.TESTS);

  private StarterPolicies() {}

  /// The files, under the names that they have in a folder.
  public static List<SourceFile> files() {
    return NAMES.stream()
        .map(name -> new SourceFile(name, SourceFile.builtIn("starter/" + name).text()))
        .toList();
  }
}
