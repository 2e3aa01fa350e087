package io.prokura.selftest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/// A place on this machine where nobody should come: the address in a token or a request that a
/// server must not fetch. A server on another machine can't come here, and is not found out by it.
final class Listener implements AutoCloseable {
  private final ServerSocketChannel channel;

  Listener() {
    try {
      channel = ServerSocketChannel.open();
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      channel.configureBlocking(false);
    } catch (IOException e) {
      throw new Unclear("this machine has no port to listen on: " + e.getMessage());
    }
  }

  String address(String path) {
    return "http://127.0.0.1:" + channel.socket().getLocalPort() + path;
  }

  /// The answer, or one that tells that the server came here for it.
  Reply unvisited(Reply reply) {
    try (var visitor = channel.accept()) {
      return visitor == null ? reply : Reply.fault("the server fetched what the attacker named");
    } catch (IOException e) {
      throw new Unclear("nobody can tell whether the server came: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new Unclear("the port can't be closed: " + e.getMessage());
    }
  }
}
