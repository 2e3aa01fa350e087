package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.prokura.jose.JwkSet;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The keys of applications and of this server, as the conformance suite of the OpenID Foundation
/// registers, publishes and changes them. Each test is named after the module of the suite that it
/// stands for, or says what else it attacks.
final class OidcKeysTest {
  private static final String SIGNING = "'token_endpoint_auth_method': 'private_key_jwt'";

  private final MovedClock clock = new MovedClock();
  private final World world = clock.world;
  private final AtomicInteger fetches = new AtomicInteger();
  private final AtomicReference<String> published = new AtomicReference<>("{\"keys\":[]}");
  private Company company;
  private Person erin;
  private RelyingParty suite;
  private HttpServer keys;

  @BeforeEach
  void found() throws IOException {
    company = Company.found(TestDatabases.sqlite(), world);
    erin = Person.of(company);
    suite = new RelyingParty(company, erin.browser, world);
    keys = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    keys.createContext(
        "/",
        exchange -> {
          fetches.incrementAndGet();
          var body = published.get().getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          try (exchange) {
            exchange.getResponseBody().write(body);
          }
        });
    keys.start();
  }

  @AfterEach
  void close() {
    company.close();
    keys.stop(0);
  }

  private void pass(Duration time) {
    clock.pass(time, company.server);
  }

  private String uri() {
    return "http://127.0.0.1:" + keys.getAddress().getPort() + "/jwks";
  }

  private void publish(SigningKey key) {
    published.set(set(key).toText());
  }

  private static Json.Obj set(SigningKey key) {
    return new JwkSet(List.of(key.verificationKey())).toJson();
  }

  private String inline(SigningKey key) {
    return SIGNING + ", 'jwks': " + set(key).toText().replace('"', '\'');
  }

  private String byUri() {
    return SIGNING + ", 'jwks_uri': '" + uri() + "'";
  }

  private String error(HttpResponse<String> response) {
    return response.statusCode()
        + " "
        + company.server.object(response.body()).text("error").orElse("");
  }

  @Test
  void registrationJwksUri() {
    publish(suite.key);
    suite.registered(byUri());
    assertThat(suite.told("jwks_uri")).isEqualTo(uri());
    assertThat(fetches).as("nothing is fetched to register").hasValue(0);
    var tokens = suite.tokens();
    assertThat(suite.claims(tokens).text("aud")).hasValue(suite.told("client_id"));
    suite.refreshed(tokens.text("refresh_token").orElseThrow());
    assertThat(fetches).hasValue(1);
  }

  @Test
  void refreshTokenRpKeyRotation() {
    publish(suite.key);
    suite.registered(byUri());
    var tokens = suite.tokens("scope", "openid offline_access", "prompt", "consent");
    suite.key = suite.newKey();
    publish(suite.key);
    pass(Duration.ofSeconds(60));
    var next = suite.refreshed(tokens.text("refresh_token").orElseThrow());
    assertThat(suite.person(next).text("sub")).hasValue(erin.id);
    assertThat(fetches).hasValue(2);
  }

  @Test
  void aKeyThatTheClientTookBackProvesNothing() {
    publish(suite.key);
    suite.registered(byUri());
    var tokens = suite.tokens();
    publish(suite.newKey());
    pass(Duration.ofMinutes(10));
    var refused =
        suite.token(
            "grant_type",
            "refresh_token",
            "refresh_token",
            tokens.text("refresh_token").orElseThrow());
    assertThat(error(refused)).isEqualTo("401 invalid_client");
  }

  @Test
  void strangersCantHaveTheServerAskTheClientWithoutEnd() {
    publish(suite.key);
    suite.registered(byUri());
    suite.tokens();
    pass(Duration.ofSeconds(31));
    suite.key = suite.newKey();
    for (int i = 0; i < 20; i++) {
      var refused = suite.token("grant_type", "refresh_token", "refresh_token", "x");
      assertThat(error(refused)).isEqualTo("401 invalid_client");
    }
    assertThat(fetches).hasValue(2);
  }

  @Test
  void keysOfOneClientAreNoOtherClients() {
    publish(suite.key);
    suite.registered(byUri());
    var other = new RelyingParty(company, erin.browser, world).registered(inline(suite.newKey()));
    other.key = suite.key;
    var refused = other.token("grant_type", "refresh_token", "refresh_token", "x");
    assertThat(error(refused)).isEqualTo("401 invalid_client");
  }

  @Test
  void placesThatNothingIsFetchedFromAreNotRegistered() {
    var both = inline(suite.key) + ", 'jwks_uri': '" + uri() + "'";
    assertThat(error(suite.register(both))).isEqualTo("400 invalid_client_metadata");
    for (var place : List.of("http://10.0.0.1/jwks", "ftp://a.example/", "jwks", "", "https://")) {
      assertThat(error(suite.register(SIGNING + ", 'jwks_uri': '" + place + "'")))
          .as(place)
          .isEqualTo("400 invalid_client_metadata");
    }
    assertThat(error(suite.register(SIGNING))).isEqualTo("400 invalid_client_metadata");
  }

  @Test
  void registrationSectorUriAndSectorBad() {
    var sector = "'subject_type': 'pairwise', 'sector_identifier_uri': '" + uri() + "'";
    published.set("[\"https://other.example/cb\", \"https://console.example/cb\"]");
    suite.registered(sector);
    assertThat(suite.claims(suite.tokens()).text("sub").orElse("")).isNotEqualTo(erin.id);
    published.set("[\"https://other.example/cb\"]");
    assertThat(error(suite.register(sector))).isEqualTo("400 invalid_client_metadata");
    published.set("{}");
    assertThat(error(suite.register(sector))).isEqualTo("400 invalid_client_metadata");
  }

  @Test
  void ensureClientAssertionWithIssAudSucceeds() {
    suite.registered(inline(suite.key));
    for (var audience :
        List.of(company.server.issuer(), company.server.issuer() + "/oauth2/token")) {
      assertThat(error(assertion(audience))).as(audience).isEqualTo("400 invalid_grant");
    }
    for (var audience : List.of("/oauth2/par", "/oauth2/token/", "/oauth2", "/")) {
      assertThat(error(assertion(company.server.issuer() + audience)))
          .as(audience)
          .isEqualTo("401 invalid_client");
    }
  }

  private HttpResponse<String> assertion(String audience) {
    return company.server.send(
        java.net.http.HttpRequest.newBuilder(company.server.uri("/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                java.net.http.HttpRequest.BodyPublishers.ofString(
                    Browser.encoded(
                        java.util.Map.of(
                            "grant_type",
                            "authorization_code",
                            "code",
                            "x",
                            "client_assertion_type",
                            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                            "client_assertion",
                            suite.assertion(audience))))));
  }

  @Test
  void anAdministratorRegistersWhereKeysAre() {
    publish(suite.key);
    var path = "/api/v1/clients/" + company.id("console") + "/credentials";
    var body = company.json("{'kind': 'jwks-uri', 'jwksUri': '" + uri() + "'}");
    var made = company.server.done(path, company.token, body);
    assertThat(made.text("jwksUri")).hasValue(uri());
    suite.as("console", "private_key_jwt");
    assertThat(error(assertion(company.server.issuer()))).isEqualTo("400 invalid_grant");
    assertThat(error(assertion(company.server.issuer() + "/oauth2/token")))
        .as("only older clients address the endpoint")
        .isEqualTo("401 invalid_client");
    company.server.done(path, company.token, body);
    assertThat(company.server.post(path, company.token, body).statusCode()).isEqualTo(409);
    var id = made.text("id").orElseThrow();
    company.server.done(
        "/api/v1/credentials/" + id + "/revoke", company.token, company.json("{'reason': 'x'}"));
    var list = company.server.get(path, company.token).body();
    assertThat(list).contains("\"kind\":\"jwks-uri\"", "\"state\":\"revoked\"");
    for (var place : List.of("http://10.0.0.1/jwks", "ftp://a.example/", "x")) {
      var wrong = company.json("{'kind': 'jwks-uri', 'jwksUri': '" + place + "'}");
      assertThat(company.server.post(path, company.token, wrong).statusCode()).isEqualTo(400);
    }
  }
}
