package io.prokura.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/// One keep-alive connection of the load to the server, with at most one request under way.
final class Connection {
  private final SocketChannel channel;
  private final SelectionKey key;
  private final HttpReply reply;
  private ByteBuffer sending = ByteBuffer.allocate(0);
  private int request;
  private long sentAt;
  private boolean goesOn;

  private Connection(SocketChannel channel, SelectionKey key, HttpReply reply) {
    this.channel = channel;
    this.key = key;
    this.reply = reply;
  }

  /// A connection whose responses have at most `responseMax` bytes.
  static Connection open(int port, Selector selector, int responseMax) throws IOException {
    var channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    var key = channel.register(selector, SelectionKey.OP_READ);
    var connection = new Connection(channel, key, new HttpReply(responseMax));
    connection.key.attach(connection);
    return connection;
  }

  /// Sends the request with the number `number`, whose bytes are `bytes`.
  void send(int number, ByteBuffer bytes) throws IOException {
    send(number, bytes, System.nanoTime());
  }

  /// Sends a request that was to be sent at `dueAt`.
  void send(int number, ByteBuffer bytes, long dueAt) throws IOException {
    request = number;
    sentAt = dueAt;
    goesOn = false;
    write(bytes);
  }

  /// Sends what follows the response, as part of the same request.
  void goOn(ByteBuffer bytes) throws IOException {
    goesOn = true;
    write(bytes);
  }

  private void write(ByteBuffer bytes) throws IOException {
    sending = bytes;
    reply.clear();
    flush();
  }

  private void flush() throws IOException {
    channel.write(sending);
    key.interestOps(
        sending.hasRemaining()
            ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
            : SelectionKey.OP_READ);
  }

  /// Does what the connection is ready for, using `buffer`; true once the response is whole.
  boolean advance(ByteBuffer buffer) throws IOException {
    if (key.isWritable()) {
      flush();
    }
    if (!key.isReadable()) {
      return false;
    }
    buffer.clear();
    if (channel.read(buffer) < 0) {
      throw new EOFException("the server closed the connection");
    }
    return reply.take(buffer.flip());
  }

  /// The number of the request last sent.
  int request() {
    return request;
  }

  /// Whether what is under way follows an earlier response.
  boolean goesOn() {
    return goesOn;
  }

  /// The `System.nanoTime()` at which it was sent, or was to be.
  long sentAt() {
    return sentAt;
  }

  HttpReply reply() {
    return reply;
  }
}
