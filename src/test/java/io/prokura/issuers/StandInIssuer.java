package io.prokura.issuers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwkSet;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Another issuer, as a server on this machine: it publishes metadata and keys, and signs whatever
/// it is told to.
public final class StandInIssuer implements AutoCloseable {
  private final HttpServer server;
  private final World world;
  private final List<SigningKey> published = new ArrayList<>();

  /// The paths that were asked for.
  public final List<String> asked = new CopyOnWriteArrayList<>();

  /// The forms that came to the token endpoint.
  public final List<String> forms = new CopyOnWriteArrayList<>();

  /// What the token endpoint answers with.
  public String idToken = "";

  public boolean sendsIssuer = true;
  public SigningKey key;
  public boolean fails;
  public String saidIssuer;
  public String saidJwksUri;

  public StandInIssuer(World world) {
    this.world = world;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    key = newKey();
    published.add(key);
    saidIssuer = issuer();
    saidJwksUri = issuer() + "/jwks";
    server.createContext("/", this::answer);
    server.start();
  }

  public String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public SigningKey newKey() {
    return SigningKey.generate(Crypto.jdk(), world, Algorithm.ES256);
  }

  /// Signs with another key from now on and publishes that alone.
  public void rotate() {
    key = newKey();
    published.clear();
    published.add(key);
  }

  public String sign(Json.Obj claims) {
    return JwtWriter.mint(key, "JWT", claims);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    asked.add(path);
    var keys = published.stream().map(SigningKey::verificationKey).toList();
    if (path.equals("/token")) {
      forms.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    }
    var body =
        path.equals("/jwks")
            ? new JwkSet(keys).toJson()
            : path.equals("/token")
                ? Json.object().put("id_token", idToken).put("token_type", "Bearer").build()
                : Json.object()
                    .put("issuer", saidIssuer)
                    .put("jwks_uri", saidJwksUri)
                    .put("authorization_endpoint", issuer() + "/authorize")
                    .put("token_endpoint", issuer() + "/token")
                    .put("authorization_response_iss_parameter_supported", sendsIssuer)
                    .build();
    var bytes = body.toText().getBytes(UTF_8);
    exchange.sendResponseHeaders(fails ? 500 : 200, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
