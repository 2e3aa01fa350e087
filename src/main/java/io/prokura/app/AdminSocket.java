package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.kernel.Outage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Function;

/// The door for whoever owns the machine: a Unix socket that only the server's own user can open.
/// It takes one line and answers with one line of JSON.
final class AdminSocket implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("prokura.admin");
  private static final int LINE_MAX = 8 * 1024;

  private final ServerSocketChannel server;
  private final Path file;

  private AdminSocket(ServerSocketChannel server, Path file) {
    this.server = server;
    this.file = file;
  }

  /// Opens the socket `admin.sock` in `folder`, which becomes the user's own, and answers with what
  /// `verbs` makes of the line; of one that it makes nothing of, that it is unknown.
  static AdminSocket open(Path folder, Function<String, Optional<String>> verbs) {
    try {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      var file = folder.resolve("admin.sock");
      refuseUsed(folder, file);
      Files.deleteIfExists(file);
      var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(file));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      var socket = new AdminSocket(server, file);
      Thread.ofVirtual().name("admin-socket").start(() -> socket.accept(verbs));
      return socket;
    } catch (IOException e) {
      throw new Outage("cannot open the admin socket in " + folder, e);
    }
  }

  /// A socket that a crash left behind has nobody who accepts.
  private static void refuseUsed(Path folder, Path file) {
    try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      throw new Outage("another process uses the data folder " + folder);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "nobody answers at {0}: {1}", file, e.getMessage());
    }
  }

  private void accept(Function<String, Optional<String>> verbs) {
    while (server.isOpen()) {
      try {
        var caller = server.accept();
        // One that connects and says nothing must not keep the next one waiting.
        Thread.ofVirtual().start(() -> serve(caller, verbs));
      } catch (IOException e) {
        if (server.isOpen()) {
          LOG.log(Level.WARNING, "admin socket: {0}", e.getMessage());
        }
      }
    }
  }

  private static void serve(SocketChannel caller, Function<String, Optional<String>> verbs) {
    try (caller) {
      answer(caller, verbs);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "admin socket: {0}", e.getMessage());
    } catch (Outage e) {
      LOG.log(Level.ERROR, "admin socket: no answer", e);
    }
  }

  private static void answer(SocketChannel caller, Function<String, Optional<String>> verbs)
      throws IOException {
    var line = new ByteArrayOutputStream();
    var in = Channels.newInputStream(caller);
    for (int c = in.read(); c >= 0 && c != '\n' && line.size() < LINE_MAX; c = in.read()) {
      line.write(c);
    }
    if (line.size() == 0) {
      // Somebody who only looked whether anybody answers.
      return;
    }
    var answer = verbs.apply(line.toString(UTF_8)).orElse("{\"error\":\"unknown\"}");
    var bytes = ByteBuffer.wrap((answer + "\n").getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      caller.write(bytes);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "admin socket: {0}", e.getMessage());
    }
  }
}
