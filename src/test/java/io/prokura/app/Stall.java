package io.prokura.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A way to a port on loopback that can fall silent: connections stay open and carry nothing, as
/// when a machine or a network between disappears.
final class Stall implements AutoCloseable {
  private final ServerSocket door;
  private final int port;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Way> ways = ConcurrentHashMap.newKeySet();
  private volatile boolean silent;

  /// One connection through here. Once silent it stays so.
  private static final class Way {
    final Socket in;
    final Socket out;
    volatile boolean silent;

    Way(Socket in, Socket out) {
      this.in = in;
      this.out = out;
    }
  }

  /// Leads to `port`.
  Stall(int port) {
    this.port = port;
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var _ = threads.submit(this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  /// Carries nothing more: neither on the connections there are nor on new ones.
  void begin() {
    silent = true;
    ways.forEach(way -> way.silent = true);
  }

  /// Carries what comes on connections that are made from now on.
  void end() {
    silent = false;
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        var way = new Way(door.accept(), new Socket(InetAddress.getLoopbackAddress(), port));
        way.silent = silent;
        ways.add(way);
        var _ = threads.submit(() -> carry(way, way.in, way.out));
        var _ = threads.submit(() -> carry(way, way.out, way.in));
      } catch (IOException e) {
        // Closed, or nobody listens behind: whoever came sees that by himself.
      }
    }
  }

  private static void carry(Way way, Socket from, Socket to) {
    var bytes = new byte[8192];
    try {
      for (int n = from.getInputStream().read(bytes);
          n >= 0;
          n = from.getInputStream().read(bytes)) {
        if (!way.silent) {
          to.getOutputStream().write(bytes, 0, n);
        }
      }
    } catch (IOException e) {
      // One end is closed; the other is told so below.
    }
    if (!way.silent) {
      close(way);
    }
  }

  private static void close(Way way) {
    try (var _ = way.in;
        var _ = way.out) {
      way.silent = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ways.forEach(Stall::close);
    threads.shutdownNow();
  }
}
