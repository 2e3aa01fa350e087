package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.cli.Terminal;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import io.prokura.tls.TestAuthority;
import io.prokura.tls.TestAuthority.Held;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/// A whole server with TLS on one port: clients that prove themselves by certificates, and tokens
/// that are bound to them.
final class TlsServerTest {
  private static final String ISSUER = "https://localhost:8420";
  private static final String API = "https://things.example";

  private final TestAuthority authority = new TestAuthority("CN=Organisation", Instant.now());
  private final Path folder = TestDatabases.folder();
  private String base = "";
  private String admin = "";

  private Server server(Map<String, String> more) {
    var options =
        new HashMap<>(
            Map.of(
                "issuer",
                ISSUER,
                "port",
                "0",
                "data",
                folder.resolve("data").toString(),
                "masterKeyFile",
                folder.resolve("secret/master.key").toString(),
                "checkpointFile",
                folder.resolve("state/checkpoint").toString()));
    options.putAll(more);
    if (!(Config.of(Json.object().build(), Map.of(), options, folder) instanceof Ok(var config))) {
      throw new AssertionError("the test's configuration is refused");
    }
    var world = new World(InstantSource.system(), new SecureRandom());
    var server = Server.start(world, Serve.open(config), config);
    base = "https://localhost:" + server.port();
    admin = object(server.operatorToken()).text("access_token").orElseThrow();
    return server;
  }

  private Map<String, String> files() throws Exception {
    var held = authority.server();
    return Map.of(
        "tlsCert", file("cert.pem", held.pem()),
        "tlsKey", file("key.pem", held.keyPem()),
        "clientAuthorities", file("authorities.pem", authority.pem()));
  }

  private String file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static Json.Obj object(String text) {
    var read = new JsonReader(Limits.standard()).readObject(text.getBytes(UTF_8));
    if (read instanceof Ok(var object)) {
      return object;
    }
    throw new AssertionError("no JSON: " + text);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, Held... presented)
      throws Exception {
    try (var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(authority.context(presented))
            .build()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  /// Whether a client that comes to `port` without a certificate is asked for one, and what it
  // gets.
  private boolean isAsked(int port) throws Exception {
    var asked = new AtomicBoolean();
    var context = authority.asking(asked);
    try (var socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      var request = "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8)).endsWith("200");
    }
    return asked.get();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(base + path));
  }

  private HttpRequest.Builder bearing(String path, String token) {
    return to(path).header("Authorization", "Bearer " + token);
  }

  private Json.Obj created(String path, String body) throws Exception {
    var answer =
        send(
            bearing("/api/v1/" + path, admin)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k" + path.hashCode() + body.hashCode())
                .POST(BodyPublishers.ofString(body.replace('\'', '"'))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return object(answer.body());
  }

  private static HttpRequest.Builder form(HttpRequest.Builder request, String... pairs) {
    var form = new StringBuilder();
    for (int i = 0; i < pairs.length; i += 2) {
      form.append(i > 0 ? "&" : "").append(pairs[i]).append('=');
      form.append(URLEncoder.encode(pairs[i + 1], UTF_8));
    }
    return request
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(form.toString()));
  }

  private HttpResponse<String> token(String client, String resource, Held... presented)
      throws Exception {
    return send(
        form(
            to("/oauth2/token"),
            "grant_type",
            "client_credentials",
            "client_id",
            client,
            "resource",
            resource),
        presented);
  }

  private String accessToken(String client, String resource, Held held) throws Exception {
    var answer = token(client, resource, held);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return object(answer.body()).text("access_token").orElseThrow();
  }

  private HttpResponse<String> evaluate(HttpRequest.Builder request, Held... presented)
      throws Exception {
    var body =
        "{'subject': {'type': 'user', 'id': 'a'}, 'action': {'name': 'read'},"
            + " 'resource': {'type': 'thing', 'id': 'b'}}";
    return send(
        request
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.replace('\'', '"'))),
        presented);
  }

  private String workload() throws Exception {
    var user =
        created("users", "{'userName': 'dana', 'displayName': 'Dana', 'email': 'd@example.org'}")
            .text("id")
            .orElseThrow();
    return created("workloads", "{'name': 'mail', 'owner': '" + user + "'}")
        .text("id")
        .orElseThrow();
  }

  /// Registers an API that the workload enforces, and lets it call that and the decision point.
  private void permit(String workload) throws Exception {
    var resource =
        created(
            "resources",
            ("{'identifier': '%s', 'name': 'Things', 'types': ['thing'], 'actions': [{'name':"
                    + " 'read', 'sensitivity': 'low'}], 'enforcers': ['%s']}")
                .formatted(API, workload));
    var listed = send(bearing("/api/v1/resources?limit=50", admin));
    var decisions =
        ((Json.Arr) object(listed.body()).get("items").orElseThrow())
            .items().stream()
                .map(Json.Obj.class::cast)
                .filter(one -> one.text("identifier").orElseThrow().equals(ISSUER + "/access/v1"))
                .findFirst()
                .orElseThrow();
    for (var one : List.of(resource, decisions)) {
      var action = one.equals(resource) ? "read" : "decide";
      created(
          "permissions",
          "{'principal': '%s', 'resource': '%s', 'actions': ['%s'], 'mode': 'own'}"
              .formatted(workload, one.text("id").orElseThrow(), action));
    }
  }

  @Test
  void bindsTokensToTheCertificateThatProvedTheClientAndTakesThemWithItOnly() throws Exception {
    try (var server = server(files())) {
      assertThat(server.isOpen()).isTrue();
      var workload = workload();
      permit(workload);
      var held = authority.selfSigned("CN=mail");
      var other = authority.selfSigned("CN=mail");
      var der = Base64.getEncoder().encodeToString(held.leaf().getEncoded());
      var credential =
          created(
              "workloads/" + workload + "/credentials",
              "{'kind': 'certificate', 'certificate': '" + der + "'}");
      var thumbprint = held.presented().thumbprint();
      assertThat(credential.text("thumbprint")).contains(thumbprint);
      assertThat(token(workload, API).statusCode()).isEqualTo(401);
      assertThat(token(workload, API, other).statusCode()).isEqualTo(401);

      var bound = accessToken(workload, API, held);
      var claims =
          object(new String(Base64.getUrlDecoder().decode(bound.split("\\.", -1)[1]), UTF_8));
      var cnf = Json.object().put("x5t#S256", thumbprint).build();
      assertThat(claims.object("cnf")).contains(cnf);
      assertThat(claims.texts("lin").orElseThrow()).contains(credential.text("id").orElseThrow());
      var introspected =
          send(form(to("/oauth2/introspect"), "client_id", workload, "token", bound), held);
      assertThat(object(introspected.body()).flag("active")).contains(true);
      assertThat(object(introspected.body()).object("cnf")).contains(cnf);

      var deciding = accessToken(workload, ISSUER + "/access/v1", held);
      var path = "/access/v1/evaluation";
      assertThat(evaluate(bearing(path, deciding), held).statusCode()).isEqualTo(200);
      for (var presented : new Held[][] {{}, {other}}) {
        assertThat(evaluate(bearing(path, deciding), presented).statusCode()).isEqualTo(401);
        var managing = send(bearing("/api/v1/agents", bound), presented);
        assertThat(managing.statusCode()).isEqualTo(401);
        assertThat(managing.body()).contains("bound to a certificate");
      }
      assertThat(send(bearing("/api/v1/agents", bound), held).body())
          .doesNotContain("bound to a certificate");
      assertThat(evaluate(to(path), held).statusCode()).isEqualTo(200);
      assertThat(evaluate(to(path), other).statusCode()).isEqualTo(401);
      assertThat(evaluate(to(path)).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void believesTheConfiguredAuthoritiesAndSaysSoInItsMetadata() throws Exception {
    try (var server = server(files())) {
      assertThat(server.isOpen()).isTrue();
      var workload = workload();
      permit(workload);
      created(
          "workloads/" + workload + "/credentials",
          "{'kind': 'certificate-name', 'sanUri': 'spiffe://example.org/mail',"
              + " 'boundTokens': false}");
      var name =
          TestAuthority.name(
              io.prokura.tls.CertificateName.Kind.SAN_URI, "spiffe://example.org/mail");
      var compact = accessToken(workload, API, authority.client("CN=mail", name));
      var claims = new String(Base64.getUrlDecoder().decode(compact.split("\\.", -1)[1]), UTF_8);
      assertThat(object(claims).get("cnf")).isEmpty();
      assertThat(token(workload, API, authority.selfSigned("CN=mail", name)).statusCode())
          .isEqualTo(401);
      var metadata = object(send(to("/.well-known/oauth-authorization-server")).body());
      assertThat(metadata.texts("token_endpoint_auth_methods_supported").orElseThrow())
          .contains("tls_client_auth", "self_signed_tls_client_auth");
      assertThat(metadata.flag("tls_client_certificate_bound_access_tokens")).contains(true);
    }
  }

  @Test
  void whereThereIsNoPortForCertificatesEverybodyIsAsked() throws Exception {
    try (var server = server(files())) {
      assertThat(isAsked(server.port())).isTrue();
      assertThat(server.certificatePort()).isEqualTo(server.port());
      assertThat(send(to("/.well-known/oauth-authorization-server")).body())
          .doesNotContain("mtls_endpoint_aliases");
    }
  }

  /// RFC 8705 §5: people's browsers are not asked, and clients know where they are.
  @Test
  void onlyAtThePortForCertificatesIsAnybodyAsked() throws Exception {
    var there = "https://mtls.example:8421";
    var more = new HashMap<>(files());
    more.put("certificatePort", "0");
    more.put("certificateUrl", there);
    try (var server = server(more)) {
      assertThat(isAsked(server.port())).isFalse();
      assertThat(isAsked(server.certificatePort())).isTrue();
      var workload = workload();
      permit(workload);
      var held = authority.selfSigned("CN=mail");
      var der = Base64.getEncoder().encodeToString(held.leaf().getEncoded());
      created(
          "workloads/" + workload + "/credentials",
          "{'kind': 'certificate', 'certificate': '" + der + "'}");
      var ordinary = base;
      assertThat(token(workload, API, held).statusCode()).isEqualTo(401);
      base = "https://localhost:" + server.certificatePort();
      var bound = accessToken(workload, ISSUER + "/access/v1", held);
      var path = "/access/v1/evaluation";
      assertThat(evaluate(bearing(path, bound), held).statusCode()).isEqualTo(200);
      base = ordinary;
      assertThat(evaluate(bearing(path, bound), held).statusCode()).isEqualTo(401);
      var metadata = object(send(to("/.well-known/openid-configuration")).body());
      assertThat(metadata.text("token_endpoint")).contains(ISSUER + "/oauth2/token");
      var aliases = metadata.object("mtls_endpoint_aliases").orElseThrow();
      assertThat(aliases.members()).hasSize(7);
      aliases
          .members()
          .forEach(
              (name, alias) -> {
                var usual = metadata.text(name).orElseThrow();
                assertThat(alias).isEqualTo(Json.text(usual.replace(ISSUER, there)));
              });
    }
  }

  @Test
  void makesACertificateForThisMachineThatCommandsCanTrust() throws Exception {
    var development = folder.resolve("data/tls-dev.pem");
    String first;
    try (var server = server(Map.of("tlsDev", "true"))) {
      first = Files.readString(development);
      for (var name : List.of("tls-dev.pem", "tls-dev-key.pem")) {
        var mode = Files.getPosixFilePermissions(folder.resolve("data").resolve(name));
        assertThat(PosixFilePermissions.toString(mode)).isEqualTo("rw-------");
      }
      var terminal = new Terminal(Map.of("PROKURA_TOKEN", admin), folder);
      for (var host : List.of("localhost", "127.0.0.1")) {
        var address = "https://" + host + ":" + server.port();
        var trusting =
            terminal.run("agent", "list", "--server", address, "--trust", development.toString());
        assertThat(trusting.status()).as(trusting.err()).isZero();
        var blind = terminal.run("agent", "list", "--server", address);
        assertThat(blind.status()).isNotZero();
        assertThat(blind.err()).contains("--trust");
      }
    }
    try (var again = server(Map.of("tlsDev", "true"))) {
      assertThat(again.isOpen()).isTrue();
      assertThat(Files.readString(development)).isEqualTo(first);
    }
  }
}
