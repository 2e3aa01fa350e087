package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// Where applications on this machine are told that somebody has signed out: each has a path of its
/// own. It answers as it is told to, and 204 otherwise.
final class Receiver implements AutoCloseable {
  /// Answers nothing before the test is over.
  static final int HANGS = 0;

  private final HttpServer server;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Map<String, List<String>> tokens = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Integer> answers = new ConcurrentLinkedQueue<>();

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::receive);
    server.start();
  }

  String uri(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /// Has the next requests answered with these statuses.
  void answers(Integer... statuses) {
    answers.addAll(List.of(statuses));
  }

  /// What came to a path, in that order.
  List<String> at(String path) {
    return tokens.computeIfAbsent(path, _ -> new CopyOnWriteArrayList<>());
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      var type = exchange.getRequestHeaders().getFirst("Content-Type");
      boolean isForm = "application/x-www-form-urlencoded".equals(type);
      var sent = isForm && body.startsWith("logout_token=") ? body.substring(13) : "bad: " + body;
      Integer next = answers.poll();
      int status = next == null ? 204 : next;
      at(exchange.getRequestURI().toString()).add(URLDecoder.decode(sent, UTF_8));
      if (status == HANGS) {
        over.await();
        return;
      }
      exchange.sendResponseHeaders(status, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
  }
}
