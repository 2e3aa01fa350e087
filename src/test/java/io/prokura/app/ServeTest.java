package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The program as it is started from the command line, in a process of its own.
final class ServeTest {

  @Test
  void policiesThatCannotBeUsedKeepTheServerFromStartingWithOneLineEach() throws Exception {
    var folder = TestDatabases.folder();
    Files.writeString(folder.resolve("a.cedar"), "permit (principal is A, action, resource);\n");
    Files.writeString(folder.resolve("b.cedar"), "permit");
    var ended = serve("--organisation", folder.toString());
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.lines())
        .noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "));
    assertThat(ended.lines().stream().dropWhile(line -> !line.startsWith("prokura: ")).toList())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("prokura: a.cedar:1:9: "),
            line -> assertThat(line).startsWith("prokura: b.cedar:1:7: "));
  }

  private record Ended(int status, List<String> lines) {}

  /// Runs the program until it ends by itself.
  private static Ended serve(String... options) throws IOException, InterruptedException {
    var home = TestDatabases.folder();
    var output = home.resolve("output");
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.prokura.app.Main",
                "serve",
                "--port",
                "0",
                "--issuer",
                "http://localhost:8420"));
    command.addAll(List.of(options));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    for (var variable : List.of("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")) {
      builder.environment().put(variable, home.resolve(variable).toString());
    }
    var process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends by itself").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(output, UTF_8).lines().toList());
  }
}
