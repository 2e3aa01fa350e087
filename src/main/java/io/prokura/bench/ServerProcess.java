package io.prokura.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The server under test: a process of its own, with its database, its master key and its outside
/// checkpoint in a workspace.
final class ServerProcess implements AutoCloseable {
  /// The issuer is configured, because the port is not known before the start.
  static final String ISSUER = "http://localhost:8420";

  private static final String MAIN = "io.prokura.app.Main";
  private static final String LISTENING = "prokura: listening on http://127.0.0.1:";
  private static final Duration START_MAX = Duration.ofMinutes(1);

  private final Child child;
  private final Workspace workspace;
  private final int port;

  private ServerProcess(Child child, Workspace workspace, int port) {
    this.child = child;
    this.workspace = workspace;
    this.port = port;
  }

  /// Starts the server and returns when it listens.
  static ServerProcess start(Workspace workspace) {
    var command =
        JavaCommand.server(
            MAIN,
            List.of(
                "serve",
                "--data",
                workspace.data().toString(),
                "--port",
                "0",
                "--issuer",
                ISSUER,
                "--organisation",
                OrganisationFolder.in(workspace).toString()));
    var environment =
        Map.of(
            "PROKURA_MASTER_KEY_FILE", workspace.masterKey().toString(),
            "PROKURA_CHECKPOINT_FILE", workspace.checkpoint().toString());
    var child = Child.start("server", command, environment, workspace.folder());
    try {
      return new ServerProcess(child, workspace, port(child));
    } catch (RuntimeException e) {
      child.close();
      throw e;
    }
  }

  private static int port(Child child) {
    long until = System.nanoTime() + START_MAX.toNanos();
    while (System.nanoTime() < until) {
      var line = child.line(START_MAX);
      if (line.isEmpty()) {
        throw child.failure("did not start");
      }
      if (line.get().startsWith(LISTENING)) {
        return Integer.parseInt(line.get().substring(LISTENING.length()));
      }
    }
    throw child.failure("does not say where it listens");
  }

  int port() {
    return port;
  }

  /// What the admin socket answers to a request for an administrator's token.
  String adminToken() {
    var address = UnixDomainSocketAddress.of(workspace.data().resolve("admin.sock"));
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(address);
      var line = ByteBuffer.wrap("token\n".getBytes(UTF_8));
      while (line.hasRemaining()) {
        channel.write(line);
      }
      var answer = new BufferedReader(Channels.newReader(channel, UTF_8)).readLine();
      if (answer == null) {
        throw child.failure("gives no token over the admin socket");
      }
      return answer;
    } catch (IOException e) {
      throw new BenchmarkFailure("the admin socket does not answer", e);
    }
  }

  /// A failure of the server, with the end of what it said on its standard error.
  BenchmarkFailure failure(String what) {
    return child.failure(what);
  }

  /// The processor time the server has taken so far.
  Duration cpu() {
    return child.cpu();
  }

  /// The memory that the server has resident, in MB of a million bytes; 0 where there is no `/proc`
  /// to read it from.
  double residentMb() {
    var status = Path.of("/proc", String.valueOf(child.pid()), "status");
    try {
      return Files.exists(status)
          ? Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToDouble(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1.024e-3)
              .findFirst()
              .orElse(0)
          : 0;
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot read " + status, e);
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
