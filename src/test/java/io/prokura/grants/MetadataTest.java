package io.prokura.grants;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.TestServer;
import io.prokura.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The metadata of RFC 8414 come from the configuration alone, whatever a caller or a proxy says
/// about where the server is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MetadataTest {
  private static final String PATH = "/.well-known/oauth-authorization-server";
  private static final String RESOURCE = "/.well-known/oauth-protected-resource";
  private static final String OPENID = "/.well-known/openid-configuration";

  private final TestServer server = TestServer.start();

  @AfterAll
  void end() {
    server.close();
  }

  private Json.Obj metadata() {
    var response = server.send(HttpRequest.newBuilder(server.uri(PATH)));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    return server.object(response.body());
  }

  @Test
  void everyAddressBeginsWithTheIssuer() {
    var metadata = metadata();
    assertThat(metadata.text("issuer")).hasValue(server.issuer());
    for (var endpoint :
        List.of("token", "introspection", "revocation", "backchannel_authentication")) {
      assertThat(metadata.text(endpoint + "_endpoint").orElseThrow())
          .startsWith(server.issuer() + "/oauth2/");
    }
    assertThat(metadata.text("jwks_uri")).hasValue(server.issuer() + "/oauth2/jwks");
  }

  @Test
  void itSaysWhatTheServerDoesAndNothingElse() {
    var metadata = metadata();
    assertThat(metadata.texts("grant_types_supported").orElseThrow())
        .containsExactlyInAnyOrder(
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "urn:openid:params:grant-type:ciba",
            "urn:ietf:params:oauth:grant-type:device_code");
    assertThat(metadata.texts("backchannel_token_delivery_modes_supported").orElseThrow())
        .containsExactly("poll", "ping");
    var methods = Set.of("client_secret_basic", "client_secret_post", "private_key_jwt");
    var withNone = Set.of("client_secret_basic", "client_secret_post", "private_key_jwt", "none");
    var algorithms = Set.of("ES256", "EdDSA", "PS256", "RS256");
    for (var endpoint : List.of("token", "introspection", "revocation")) {
      var auth = endpoint + "_endpoint_auth_";
      assertThat(metadata.texts(auth + "methods_supported").orElseThrow())
          .containsExactlyInAnyOrderElementsOf(
              endpoint.equals("introspection") ? methods : withNone);
      assertThat(metadata.texts(auth + "signing_alg_values_supported").orElseThrow())
          .containsExactlyInAnyOrderElementsOf(algorithms);
    }
    assertThat(metadata.texts("response_types_supported").orElseThrow()).containsExactly("code");
    assertThat(metadata.texts("code_challenge_methods_supported").orElseThrow())
        .containsExactly("S256");
    assertThat(metadata.texts("id_token_signing_alg_values_supported").orElseThrow())
        .containsExactly("ES256", "EdDSA", "RS256");
    assertThat(metadata.texts("subject_types_supported").orElseThrow())
        .containsExactly("public", "pairwise");
    assertThat(metadata.text("end_session_endpoint")).hasValue(server.issuer() + "/oauth2/logout");
    assertThat(metadata.flag("backchannel_logout_supported")).hasValue(true);
    assertThat(metadata.flag("backchannel_logout_session_supported")).hasValue(true);
    assertThat(metadata.text("registration_endpoint"))
        .hasValue(server.issuer() + "/oauth2/register");
    assertThat(metadata.flag("client_id_metadata_document_supported")).hasValue(true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example",
        "Host: evil.example:8420",
        "Host: localhost:8420\r\nX-Forwarded-Host: evil.example",
        "Host: localhost:8420\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1",
        "Host: localhost:8420\r\nX-Forwarded-Prefix: /evil\r\nX-Original-URL: /evil",
        "Host: localhost:8420\r\nForwarded: host=evil.example;proto=https",
      })
  void whatARequestSaysOfTheHostChangesNothing(String headers) throws IOException {
    for (var path : List.of(PATH, OPENID, RESOURCE + "/api/v1")) {
      var answer = raw("GET " + path + " HTTP/1.1\r\n" + headers);
      assertThat(answer).startsWith("HTTP/1.1 200 ");
      assertThat(server.object(answer.substring(answer.indexOf("\r\n\r\n") + 4)))
          .isEqualTo(path.startsWith(RESOURCE) ? resource("/api/v1") : metadata());
    }
  }

  private Json.Obj resource(String path) {
    return server.object(server.send(HttpRequest.newBuilder(server.uri(RESOURCE + path))).body());
  }

  /// A caller without a token is told where to learn which one it needs, and finds that there, of
  /// the resource that it called (RFC 9728 §3.3, §5).
  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1, /api/v1/agents, manage",
    "POST, /access/v1, /access/v1/evaluation, decide",
    "GET, /oauth2/userinfo, /oauth2/userinfo, openid",
  })
  void aCallerFindsWhatTokenAnApiWants(String method, String api, String path, String scope) {
    var refused =
        server.send(
            HttpRequest.newBuilder(server.uri(path)).method(method, BodyPublishers.noBody()));
    assertThat(refused.statusCode()).isEqualTo(401);
    var challenge =
        refused.headers().allValues("WWW-Authenticate").stream()
            .filter(one -> one.startsWith("Bearer "))
            .findFirst()
            .orElseThrow();
    assertThat(challenge).contains("scope=\"" + scope + "\"").doesNotContain("error");
    assertThat(challenge)
        .contains("resource_metadata=\"" + server.issuer() + RESOURCE + api + "\"");
    var metadata = resource(api);
    assertThat(metadata.text("resource")).hasValue(server.issuer() + api);
    assertThat(metadata.texts("authorization_servers")).hasValue(List.of(server.issuer()));
    assertThat(metadata.texts("scopes_supported").orElseThrow()).contains(scope);
    assertThat(metadata().texts("protected_resources").orElseThrow())
        .contains(server.issuer() + api);
    assertThat(resource("")).isEqualTo(resource("/api/v1"));
  }

  @Test
  void anAbsoluteTargetChangesNothing() throws IOException {
    var answer = raw("GET http://evil.example" + PATH + " HTTP/1.1\r\nHost: evil.example");
    assertThat(answer).doesNotContain("evil");
  }

  private String raw(String head) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.uri("/").getPort())) {
      socket.setSoTimeout(10_000);
      var request = head + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
