package io.prokura.cli;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;

/// A server's management API and the token the caller proves itself with.
final class Remote implements AutoCloseable {
  private static final int TRIES = 3;
  private static final int KEY_BYTES = 16;

  private final HttpCaller http;
  private final URI server;
  private final String token;

  private Remote(URI server, String token, HttpCaller http) {
    this.http = http;
    this.server = server;
    this.token = token;
  }

  /// The API at `server`. Throws [Failure] when the token would go over an open line: plain HTTP
  /// is for this machine only.
  static Remote at(String server, String token, HttpCaller http) {
    var uri = parse(server);
    if (uri.getScheme().equals("http") && !isLoopback(uri)) {
      throw Failure.usage("a token goes over https only, or stays on this machine: " + server);
    }
    return new Remote(uri, token, http);
  }

  private static URI parse(String server) {
    try {
      var uri = new URI(server.endsWith("/") ? server.substring(0, server.length() - 1) : server);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null && uri.getRawQuery() == null && uri.getFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw Failure.usage("not the address of a server: " + server);
    }
    throw Failure.usage("not the address of a server: " + server);
  }

  /// Whether the address is one of this machine's own, which no line leads to.
  static boolean isLoopback(URI uri) {
    try {
      return InetAddress.getByName(uri.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  URI server() {
    return server;
  }

  /// What the caller proves itself with.
  String token() {
    return token;
  }

  /// A copy of the server's log in `directory`, still to be fetched.
  LogCopy copy(HttpCaller caller, Path directory) {
    return new LogCopy(caller, URI.create(server + "/log"), token, directory);
  }

  Answer get(String path) {
    return done(send(call("GET", path)));
  }

  /// Changes something. The request carries an `Idempotency-Key`, so it is sent again when no
  /// answer came, and done once all the same.
  Answer change(String method, String path, Json.Obj body, String key, Map<String, String> more) {
    var call = call(method, path).json(body).with("Idempotency-Key", key);
    for (var header : more.entrySet()) {
      call = call.with(header.getKey(), header.getValue());
    }
    for (int i = 1; ; i++) {
      try {
        var answer = http.send(call);
        if (answer.status() != 503 || i == TRIES) {
          return done(answer);
        }
      } catch (HttpCaller.NoAnswerException e) {
        if (i == TRIES || !e.isSent()) {
          throw noAnswer(e, e.isSent() ? repeat(key) : "");
        }
      }
      pause();
    }
  }

  private static String repeat(String key) {
    return "; it may have been done: repeat it with --idempotency-key " + key;
  }

  /// Waits a quarter of a second.
  static void pause() {
    try {
      Thread.sleep(250);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A key that no other request has.
  static String key(World world) {
    return HexFormat.of().formatHex(world.bytes(KEY_BYTES));
  }

  private Call call(String method, String path) {
    return Call.of(method, URI.create(server + path)).bearer(token);
  }

  private Answer send(Call call) {
    try {
      return http.send(call);
    } catch (HttpCaller.NoAnswerException e) {
      throw noAnswer(e, "");
    }
  }

  private Failure noAnswer(HttpCaller.NoAnswerException e, String more) {
    return Failure.unreachable("no answer from " + server + ": " + e.getMessage() + more);
  }

  private static Answer done(Answer answer) {
    if (!answer.isSuccess()) {
      throw Failure.refused(answer.refusal());
    }
    return answer;
  }

  @Override
  public void close() {
    http.close();
  }
}
