package io.prokura.demo;

import io.prokura.cli.Call;
import io.prokura.cli.HttpCaller;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server of its own, in a process of its own, with everything it keeps in one folder.
final class ServerProcess {
  private static final int START_TRIES = 600;
  private static final long START_PAUSE_MILLIS = 100;
  private static final long END_SECONDS_MAX = 20;

  private final Process process;
  private final Path log;
  private final String issuer;

  private ServerProcess(Process process, Path log, String issuer) {
    this.process = process;
    this.log = log;
    this.issuer = issuer;
  }

  /// Starts the program that runs here once more, as a server on `port` with its data, keys and
  /// state below `folder`. Nothing of the environment's configuration gets into it.
  static ServerProcess start(Path folder, int port) throws IOException {
    var log = folder.resolve("server.log");
    var builder = new ProcessBuilder(command(folder, port));
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    var environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PROKURA_"));
    environment.put("XDG_DATA_HOME", folder.resolve("data-home").toString());
    environment.put("XDG_CONFIG_HOME", folder.resolve("config-home").toString());
    environment.put("XDG_STATE_HOME", folder.resolve("state-home").toString());
    return new ServerProcess(builder.start(), log, issuer(port));
  }

  static String issuer(int port) {
    return "http://localhost:" + port;
  }

  /// Where a server with everything below `folder` has its data.
  static Path data(Path folder) {
    return folder.resolve("data");
  }

  /// The same Java with the same flags, so that the same AOT cache fits.
  private static List<String> command(Path folder, int port) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (var flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      boolean usual = flag.startsWith("-X") || flag.startsWith("--");
      if (usual && !flag.startsWith("-XX:AOTCacheOutput") && !flag.startsWith("-XX:AOTMode")) {
        command.add(flag);
      }
    }
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "io.prokura.app.Main", "serve"));
    command.addAll(serving(folder, port));
    return command;
  }

  /// The options of `serve`.
  static List<String> serving(Path folder, int port) {
    return List.of("--data", data(folder).toString(), "--port", String.valueOf(port));
  }

  /// A port of this machine that nobody listens on now.
  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String issuer() {
    return issuer;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// The end of what the server printed.
  String lastWords() {
    try {
      var text = Files.readString(log, StandardCharsets.UTF_8);
      return text.substring(Math.max(0, text.length() - 2_000)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /// Waits until a server at `issuer` is ready, a minute at most; false when it isn't by then.
  static boolean isReady(HttpCaller http, String issuer, ServerProcess... own) {
    var ready = Call.of("GET", URI.create(issuer + "/health/ready"));
    for (int i = 0; i < START_TRIES; i++) {
      for (var process : own) {
        if (!process.isAlive()) {
          return false;
        }
      }
      try {
        if (http.send(ready).isSuccess()) {
          return true;
        }
      } catch (HttpCaller.NoAnswerException e) {
        // Nobody listens yet.
      }
      if (!paused()) {
        return false;
      }
    }
    return false;
  }

  private static boolean paused() {
    try {
      Thread.sleep(START_PAUSE_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Returns when the server has ended.
  void await() throws InterruptedException {
    process.waitFor();
  }

  /// Tells the server to end, and makes it when it doesn't. Doing it twice does nothing more.
  void end() {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
