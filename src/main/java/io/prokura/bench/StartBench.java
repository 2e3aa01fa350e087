package io.prokura.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.kernel.World;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How long a server on an existing database takes from the start of its process to its first
/// token, and how much memory it has resident once it has been under load.
final class StartBench {
  private static final int STARTS = 5;
  private static final int RESPONSE_MAX = 64 * 1024;

  private final World world;
  private final Settings settings;

  StartBench(World world, Settings settings) {
    this.world = world;
    this.settings = settings;
  }

  Measured measure() {
    try (var workspace = Workspace.open()) {
      byte[] request;
      Measured load;
      double resident;
      try (var stage = Stage.open(workspace, world, settings)) {
        request = Requests.withSecret(stage.organisation().agents().getFirst());
        load = TokenBench.secret(stage);
        resident = stage.server().residentMb();
      }
      var times = new ArrayList<Double>();
      var idle = new ArrayList<Double>();
      for (int i = 0; i < STARTS; i++) {
        long start = System.nanoTime();
        try (var server = ServerProcess.start(workspace)) {
          token(server.port(), request);
          times.add((System.nanoTime() - start) / 1e6);
          idle.add(server.residentMb());
        }
      }
      Collections.sort(times);
      Collections.sort(idle);
      return Measured.of(
              new Figure("first_token_ms", times.get(STARTS / 2), "ms"),
              List.of(
                  new Figure("least", times.getFirst(), "ms"),
                  new Figure("most", times.getLast(), "ms"),
                  new Figure("verified", STARTS, "starts")))
          .and(
              Measured.of(
                  new Figure("resident_mb", resident, "MB"),
                  List.of(new Figure("after_start", idle.get(STARTS / 2), "MB"))))
          .and(load.figures())
          .and(load.details());
    }
  }

  /// Sends `request` over a connection of its own; fails when no token comes back.
  static void token(int port, byte[] request) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    var reply = new HttpReply(RESPONSE_MAX);
    var buffer = ByteBuffer.allocate(RESPONSE_MAX);
    try (var channel = SocketChannel.open(address)) {
      var sending = ByteBuffer.wrap(request);
      while (sending.hasRemaining()) {
        channel.write(sending);
      }
      boolean whole = false;
      while (!whole) {
        buffer.clear();
        if (channel.read(buffer) < 0) {
          throw new EOFException("the server closed the connection");
        }
        whole = reply.take(buffer.flip());
      }
      if (reply.status() != 200 || reply.find(TokenBench.EXPECTED.getBytes(UTF_8)) < 0) {
        throw new BenchmarkFailure("no token: " + reply.status() + " " + reply.body());
      }
    } catch (IOException e) {
      throw new BenchmarkFailure("no token", e);
    }
  }
}
