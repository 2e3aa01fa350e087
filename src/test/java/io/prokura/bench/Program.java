package io.prokura.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.cli.AdminDoor;
import io.prokura.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The real program, `prokura serve`, as a process of its own that a test starts and kills. All it
/// keeps lies in one folder, where `TestServer` looks for it too.
public final class Program implements AutoCloseable {
  public static final String ISSUER = "http://localhost:8420";

  private static final String LISTENING = "prokura: listening on http://127.0.0.1:";
  private static final Duration START_MAX = Duration.ofSeconds(60);

  private final Child child;
  private final Path folder;
  private final int port;

  private Program(Child child, Path folder, int port) {
    this.child = child;
    this.folder = folder;
    this.port = port;
  }

  /// How a program ended that did not begin to serve.
  ///
  /// @param said what it said on its standard error, without what libraries tell for information
  public record Ended(int status, List<String> said) {}

  /// Starts serving with everything below `folder`; returns when it listens.
  public static Program serve(Path folder, String... options) {
    var child = Child.start("program", command(folder, options), environment(folder), folder);
    try {
      return new Program(child, folder, port(child));
    } catch (RuntimeException e) {
      child.close();
      throw e;
    }
  }

  private static int port(Child child) {
    var line = child.line(START_MAX).orElseThrow(() -> child.failure("did not start"));
    if (!line.startsWith(LISTENING)) {
      throw child.failure("does not say where it listens, but: " + line);
    }
    return Integer.parseInt(line.substring(LISTENING.length()));
  }

  /// Runs the same until it ends by itself.
  public static Ended end(Path folder, String... options) {
    try {
      var errors = Files.createTempFile(folder, "ended", ".log");
      var builder = new ProcessBuilder(command(folder, options)).redirectError(errors.toFile());
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.environment().keySet().removeIf(name -> name.startsWith("PROKURA_"));
      builder.environment().putAll(environment(folder));
      var process = builder.start();
      if (!process.waitFor(START_MAX.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("does not end: " + Files.readString(errors));
      }
      return new Ended(process.exitValue(), told(Files.readAllLines(errors, UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// The lines without those of the JDK's log that only inform; before each of them stands one with
  /// the time and the place.
  private static List<String> told(List<String> lines) {
    var told = new ArrayList<String>();
    for (var line : lines) {
      if (line.startsWith("INFO: ")) {
        told.removeLast();
      } else {
        told.add(line);
      }
    }
    return List.copyOf(told);
  }

  /// The program as it is started outside of tests, but that it starts fast.
  private static List<String> command(Path folder, String... options) {
    var arguments = new ArrayList<>(List.of("serve", "--data", folder.resolve("data").toString()));
    arguments.addAll(List.of(options));
    var command = new ArrayList<>(JavaCommand.server("io.prokura.app.Main", arguments));
    command.removeIf(flag -> flag.startsWith("-Djava.util.logging.") || flag.startsWith("-Xmx"));
    command.addAll(1, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    return command;
  }

  private static Map<String, String> environment(Path folder) {
    return Map.of(
        "PROKURA_PORT",
        "0",
        "PROKURA_ISSUER",
        ISSUER,
        "PROKURA_MASTER_KEY_FILE",
        folder.resolve("secret/master.key").toString(),
        "PROKURA_CHECKPOINT_FILE",
        folder.resolve("state/checkpoint").toString());
  }

  public int port() {
    return port;
  }

  /// What the admin socket answers to `token`.
  public String operatorToken() {
    var given = AdminDoor.ask(folder.resolve("data"));
    return Json.object().put("access_token", given.accessToken()).build().toText();
  }

  /// Kills the process as a power cut would, without a word to it.
  public void kill() {
    var process = ProcessHandle.of(child.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().orTimeout(START_MAX.toSeconds(), TimeUnit.SECONDS).join();
    child.close();
  }

  @Override
  public void close() {
    child.close();
  }
}
