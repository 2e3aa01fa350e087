package io.prokura.fuzz;

/// Where Jazzer enters. The name of the target comes as a system property, since what Jazzer calls
/// is static.
public final class FuzzEntry {
  private static final FuzzTarget TARGET =
      FuzzTarget.valueOf(System.getProperty("fuzz.target", "JSON"));

  private FuzzEntry() {}

  /// Loads what the target needs, which can take longer than an input may; the name is Jazzer's.
  public static void fuzzerInitialize() {
    TARGET.run(new byte[0]);
  }

  /// Tries one input; the name is Jazzer's.
  public static void fuzzerTestOneInput(byte[] input) {
    TARGET.run(input);
  }
}
