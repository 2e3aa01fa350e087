package io.prokura.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// Calls the server under test where nothing is measured: to set it up, and to check it.
final class ApiClient implements AutoCloseable {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final JsonReader JSON = new JsonReader(Limits.standard());

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final String root;
  private final String bearer;

  /// A caller that may manage `server`.
  ApiClient(ServerProcess server) {
    root = "http://127.0.0.1:" + server.port();
    bearer = "Bearer " + text(object(server.adminToken()), "access_token");
  }

  /// Makes something through the management API and returns what it answers.
  Json.Obj manage(String path, Json.Obj body) {
    return object(
        send(
            HttpRequest.newBuilder(URI.create(root + "/api/v1/" + path))
                .header("Authorization", bearer)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body.bytes()))));
  }

  /// Asks for a token as `client` with the form `parameters`.
  String token(Agent client, String parameters) {
    return text(tokens(client.basic(), parameters), "access_token");
  }

  /// Asks for tokens with the value of `Authorization` and the form `parameters`.
  Json.Obj tokens(String basic, String parameters) {
    return object(
        send(
            HttpRequest.newBuilder(URI.create(root + "/oauth2/token"))
                .header("Authorization", basic)
                .header("Content-Type", FORM)
                .POST(BodyPublishers.ofString(parameters))));
  }

  /// What a browser gets that opens `path` with the value of `Cookie`.
  HttpResponse<String> open(String path, String cookie) {
    return answer(page(path, cookie).GET().build());
  }

  /// What a browser gets that sends a form to `path` with the value of `Cookie`.
  HttpResponse<String> submit(String path, String cookie, String form) {
    var request = page(path, cookie).header("Content-Type", FORM);
    return answer(request.POST(BodyPublishers.ofString(form)).build());
  }

  private HttpRequest.Builder page(String path, String cookie) {
    var request = HttpRequest.newBuilder(URI.create(root + path)).timeout(PATIENCE);
    return cookie.isEmpty() ? request : request.header("Cookie", cookie);
  }

  /// How many entries the newest signed tree has (C2SP tlog-checkpoint): 0 before there is one.
  long treeSize() {
    return Long.parseLong(get("/log/checkpoint").split("\n", -1)[1]);
  }

  /// The receipt of an entry, as it is answered.
  Json.Obj receipt(Id.Entry entry) {
    return object(get("/api/v1/audit/" + entry.text() + "/receipt"));
  }

  private String get(String path) {
    var builder = HttpRequest.newBuilder(URI.create(root + path));
    return send(builder.header("Authorization", bearer).GET());
  }

  /// The value of `Authorization` with which it manages the server.
  String bearer() {
    return bearer;
  }

  private String send(HttpRequest.Builder request) {
    var built = request.timeout(PATIENCE).build();
    var response = answer(built);
    if (response.statusCode() / 100 != 2) {
      throw new BenchmarkFailure(
          "%s %s: %d %s"
              .formatted(
                  built.method(), built.uri().getPath(), response.statusCode(), response.body()));
    }
    return response.body();
  }

  private HttpResponse<String> answer(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString(UTF_8));
    } catch (IOException e) {
      throw new BenchmarkFailure("the server does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkFailure("interrupted", e);
    }
  }

  /// The JSON object that `text` is.
  static Json.Obj object(String text) {
    if (JSON.readObject(text.getBytes(UTF_8)) instanceof Ok(var object)) {
      return object;
    }
    throw new BenchmarkFailure("not JSON: " + text);
  }

  static String text(Json.Obj object, String name) {
    return object
        .text(name)
        .orElseThrow(() -> new BenchmarkFailure("no " + name + " in " + object.toText()));
  }

  @Override
  public void close() {
    http.close();
  }
}
