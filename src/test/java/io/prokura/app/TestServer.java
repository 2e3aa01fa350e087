package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;

import io.prokura.bench.Program;
import io.prokura.http.Route;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.seal.MasterKey;
import io.prokura.seal.MasterKeySource;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/// A whole server on loopback for tests, and a caller of its public API.
public final class TestServer implements AutoCloseable {
  /// The domain in which transaction tokens are good, unless a test says otherwise.
  public static final String TRUST_DOMAIN = "crm.internal.example";

  private static final int STARTS_MAX = 5;

  private final String issuer;
  private final Supplier<Running> start;
  private final Function<Algorithm, SigningKey> stolen;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final JsonReader json = new JsonReader(Limits.standard());
  private Running running;

  /// One run of the server.
  private record Running(
      int port, Supplier<String> operator, Supplier<Optional<String>> setupLink, Runnable end) {}

  private TestServer(
      String issuer, Supplier<Running> start, Function<Algorithm, SigningKey> stolen) {
    this.issuer = issuer;
    this.start = start;
    this.stolen = stolen;
    running = start.get();
  }

  /// A caller of the server in `program`, which ends with it.
  static TestServer in(Program program) {
    return new TestServer(
        Program.ISSUER,
        () -> new Running(program.port(), program::operatorToken, Optional::empty, program::close),
        _ -> {
          throw new IllegalStateException("a program keeps its keys to itself");
        });
  }

  public static TestServer start() {
    return start(TestDatabases.sqlite(), TestDatabases.folder(), systemWorld(), "");
  }

  public static World systemWorld() {
    return new World(InstantSource.system(), new SecureRandom());
  }

  /// Starts on `database` with keys and state in `folder`; `organisation` may be empty.
  public static TestServer start(Database database, Path folder, World world, String organisation) {
    return start(() -> database, folder, world, organisation);
  }

  /// Starts on a database that can be opened anew, so that the server can be restarted.
  public static TestServer start(
      Supplier<Database> open, Path folder, World world, String organisation) {
    return inProcess(open, world, config(folder, "http://localhost:8420", organisation));
  }

  /// The same with everything that there can be.
  static TestServer startWithEverything(
      Database database, Path folder, World world, String organisation) {
    return inProcess(() -> database, world, withEverything(folder, organisation));
  }

  /// Starts with these settings on a database that can be opened anew.
  static TestServer inProcess(Supplier<Database> open, World world, Config settings) {
    var database = new AtomicReference<Database>();
    return new TestServer(
        settings.issuer(),
        () -> {
          database.set(open.get());
          var server = Server.start(world, database.get(), settings);
          return new Running(
              server.port(), server::operatorToken, server::setupLink, server::close);
        },
        algorithm -> stolenKey(algorithm, database.get(), world, settings));
  }

  private static SigningKey stolenKey(
      Algorithm algorithm, Database database, World world, Config settings) {
    var file = new MasterKeySource.File(settings.masterKeyFile(), List.of());
    var seal = MasterKey.open(file, world).seal(world, "signing keys");
    var secrets =
        database.<List<byte[]>>read(
            tx ->
                tx.list(
                    "SELECT kid, secret FROM signing_key WHERE algorithm = ? ORDER BY active_from",
                    row -> seal.unwrap(row.bytes(2), row.text(1).getBytes(UTF_8)),
                    algorithm.label()));
    var json = new JsonReader(Limits.standard());
    return SigningKey.ofSecret(Crypto.jdk(), json, secrets.getFirst());
  }

  /// Starts a server whose issuer is the address it listens on, for clients that take every address
  /// from its metadata. The port is looked up before it is taken, so another process may be faster;
  /// then the next one is tried.
  public static TestServer startAtIssuer(World world, String organisation) {
    for (int attempt = 0; ; attempt++) {
      try {
        int port = freePort();
        var issuer = "http://127.0.0.1:" + port;
        var settings =
            config(
                TestDatabases.folder(),
                Map.of(
                    "issuer", issuer, "organisation", organisation, "port", String.valueOf(port)));
        return inProcess(TestDatabases::sqlite, world, settings);
      } catch (RuntimeException e) {
        if (attempt == STARTS_MAX) {
          throw e;
        }
      }
    }
  }

  /// Ends the server and starts it again on its database. Not to be called while others use it.
  public void restart() {
    running.end().run();
    running = start.get();
  }

  /// The key that signs tokens first, as a thief of the database and of the master key has it.
  public SigningKey stolenKey() {
    return stolenKey(Algorithm.ES256);
  }

  /// The same of the keys for one algorithm.
  public SigningKey stolenKey(Algorithm algorithm) {
    return stolen.apply(algorithm);
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Gives the master key of the server in the folder `from` to one that will start in `to`.
  static void copyMasterKey(Path from, Path to) throws IOException {
    var secret = to.resolve("secret");
    Files.copy(from.resolve("secret"), secret, COPY_ATTRIBUTES);
    Files.copy(from.resolve("secret/master.key"), secret.resolve("master.key"), COPY_ATTRIBUTES);
  }

  /// Every row that the route table can have, to look at and not to call.
  static List<Route> routes() {
    try (var database = TestDatabases.sqlite()) {
      var config = withEverything(TestDatabases.folder(), "");
      var app = App.wire(systemWorld(), database, config, Limits.standard());
      return Routes.of(app, new HealthEndpoint(() -> true));
    }
  }

  static Config config(Path folder, String issuer, String organisation) {
    return config(folder, Map.of("issuer", issuer, "organisation", organisation));
  }

  /// The settings of a server where nobody publishes policies that they wrote in.
  static Config withReview(Path folder) {
    return config(folder, Map.of("policyReview", "second-person"));
  }

  /// The settings of a server that issues no transaction tokens.
  static Config withoutTrustDomain(Path folder) {
    return config(folder, Map.of("trustDomain", ""));
  }

  /// The settings of a server that believes what is said of a request's sender on this machine.
  static Config behindAProxy(Path folder) {
    return config(folder, Map.of("proxies", "127.0.0.1"));
  }

  /// The settings of a server that also speaks to clients of WSO2 Asgardeo.
  static Config withCompatibility(Path folder, String organisation) {
    return config(folder, Map.of("asgardeo", "true", "organisation", organisation));
  }

  /// The settings of a server with everything that there can be: the same, and an address for
  /// clients with certificates at a proxy that is not there.
  private static Config withEverything(Path folder, String organisation) {
    var changes = new HashMap<>(Map.of("asgardeo", "true", "organisation", organisation));
    changes.put("proxies", "203.0.113.1");
    changes.put("certificateUrl", "https://mtls.example");
    return config(folder, changes);
  }

  /// The settings of a server of which everything is in `folder`, where `changes` say nothing else.
  private static Config config(Path folder, Map<String, String> changes) {
    var options = new HashMap<String, String>();
    options.put("issuer", "http://localhost:8420");
    options.put("port", "0");
    options.put("data", folder.resolve("data").toString());
    options.put("masterKeyFile", folder.resolve("secret/master.key").toString());
    options.put("checkpointFile", folder.resolve("state/checkpoint").toString());
    options.put("requestObjects", "true");
    options.put("registration", "open");
    options.put("trustDomain", TRUST_DOMAIN);
    options.putAll(changes);
    if (Config.of(Json.object().build(), Map.of(), options, folder) instanceof Ok(var config)) {
      return config;
    }
    throw new AssertionError("the test's configuration is refused");
  }

  public String issuer() {
    return issuer;
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + running.port() + path);
  }

  /// The path by which the first administrator sets up how they sign in.
  String setupPath() {
    var link = running.setupLink().get().orElseThrow();
    return link.substring(link.indexOf("/setup"));
  }

  /// A token of the operator for the management API.
  public String operatorToken() {
    return object(running.operator().get()).text("access_token").orElseThrow();
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// Whether the server says that it can do its work.
  boolean ready() {
    return send(HttpRequest.newBuilder(uri("/health/ready"))).statusCode() == 200;
  }

  /// Sends a request with a body, which may be empty, and a bearer token.
  public HttpResponse<String> send(
      String method, String path, String token, Map<String, String> headers, String body) {
    var request = HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token);
    headers.forEach(request::header);
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return send(request.method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  public HttpResponse<String> get(String path, String token) {
    return send(HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token));
  }

  public HttpResponse<String> post(String path, String token, Json body) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toText())));
  }

  /// Posts and expects the thing to be made or done.
  public Json.Obj done(String path, String token, Json body) {
    var response = post(path, token, body);
    if (response.statusCode() / 100 != 2) {
      throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
    }
    return object(response.body());
  }

  public HttpResponse<String> form(String path, String id, String secret, String form) {
    return basic(path, id, secret, "application/x-www-form-urlencoded", form);
  }

  /// Posts JSON as a client with a secret.
  public HttpResponse<String> ask(String path, String id, String secret, Json body) {
    return basic(path, id, secret, "application/json", body.toText());
  }

  private HttpResponse<String> basic(
      String path, String id, String secret, String type, String body) {
    var basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  public Json.Obj object(String text) {
    if (json.readObject(text.getBytes(UTF_8)) instanceof Ok(var object)) {
      return object;
    }
    throw new AssertionError("not an object: " + text);
  }

  @Override
  public void close() {
    http.close();
    running.end().run();
  }
}
