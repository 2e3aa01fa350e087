package io.prokura.app;

import static io.prokura.app.CodeFlow.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.sun.net.httpserver.HttpServer;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Applications that are known by a document at a URL, and documents that try to be more than they
/// may.
final class ClientDocumentTest {
  private static final String WIKI = "https://wiki.example";
  private static final List<String> READING = List.of("pages.read");
  private static final String GOOD =
      """
      {'client_id': '<url>', 'client_name': 'Notebook',
       'redirect_uris': ['https://console.example/cb'], 'token_endpoint_auth_method': 'none'}
      """;

  /// What the server at the document's URL answers.
  private record Served(int status, Map<String, String> headers, String body) {}

  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final World world = new World(() -> Instant.now().plus(passed.get()), new SecureRandom());
  private final AtomicInteger fetches = new AtomicInteger();
  private final AtomicReference<Served> served = new AtomicReference<>(json(""));
  private HttpServer documents;
  private String url;
  private Company company;
  private Person erin;
  private CodeFlow flow;

  @BeforeEach
  void found() throws IOException {
    documents = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    documents.createContext("/", exchange -> answerWith(exchange));
    documents.start();
    url = "http://127.0.0.1:" + documents.getAddress().getPort() + "/app";
    serve(GOOD);
    company = Company.found(TestDatabases.sqlite(), world);
    company.make(
        "wiki",
        "resources",
        """
        {'identifier': 'https://wiki.example', 'name': 'Wiki', 'types': ['page'],
         'agentFacing': false, 'enforcers': ['<crm-server>'],
         'actions': [{'name': 'pages.read', 'sensitivity': 'low'}]}
        """);
    erin = Person.of(company);
    company.permit("erin", "wiki", "['pages.read']", "own");
    flow = new CodeFlow(company, erin.browser);
  }

  @AfterEach
  void close() {
    company.close();
    documents.stop(0);
  }

  private void answerWith(com.sun.net.httpserver.HttpExchange exchange) {
    fetches.incrementAndGet();
    var answer = served.get();
    var body = answer.body().getBytes(UTF_8);
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    try (exchange) {
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Served json(String body) {
    return new Served(200, Map.of("Content-Type", "application/json"), body);
  }

  private void serve(String body) {
    served.set(json(body.replace("<url>", url).replace('\'', '"')));
  }

  private void pass(Duration time) {
    passed.set(time);
    Eventually.holds("a node that follows the clock", company.server::ready);
  }

  private HttpResponse<String> authorize(String... more) {
    var all = new LinkedHashMap<>(flow.request("client_id", url, "resource", WIKI));
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return erin.browser.open("/oauth2/authorize?" + Browser.encoded(all));
  }

  private HttpResponse<String> post(String path, String... pairs) {
    var form = new StringBuilder();
    for (int i = 0; i < pairs.length; i += 2) {
      form.append(i == 0 ? "" : "&").append(pairs[i]).append('=');
      form.append(URLEncoder.encode(pairs[i + 1], UTF_8));
    }
    return company.server.send(
        HttpRequest.newBuilder(company.server.uri(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form.toString())));
  }

  private String code(String... more) {
    var allowed = flow.decide(authorize(more), "allow", READING);
    return answer(allowed).getOrDefault("code", "");
  }

  private HttpResponse<String> redeem(String code, String... more) {
    var all =
        new java.util.ArrayList<>(
            List.of("grant_type", "authorization_code", "code", code, "client_id", url));
    all.addAll(List.of("code_verifier", CodeFlow.VERIFIER));
    all.addAll(List.of(more));
    return post("/oauth2/token", all.toArray(String[]::new));
  }

  private Json.Obj claims(String jwt) {
    return company.server.object(
        new String(Base64.getUrlDecoder().decode(jwt.split("\\.", -1)[1]), UTF_8));
  }

  private boolean isActive(String token) {
    return company
        .server
        .form(
            "/oauth2/introspect",
            company.id("crm-server"),
            company.secret("crm-server"),
            "token=" + token)
        .body()
        .contains("\"active\":true");
  }

  /// Only the person is told; nothing goes anywhere.
  private void assertUnknown(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(CodeFlow.location(response)).isEmpty();
    assertThat(company.server.get("/api/v1/clients", company.token).body())
        .doesNotContain("\"origin\":\"document\"");
  }

  @Test
  void aDocumentIsAllThatAnApplicationNeeds() {
    var asked = authorize("scope", "openid pages.read");
    erin.browser.open(CodeFlow.location(asked));
    assertThat(erin.browser.page()).contains("Notebook", "127.0.0.1", "not verified");
    var code = answer(flow.decide(asked, "allow", READING)).getOrDefault("code", "");
    var tokens = redeem(code);
    assertThat(claims(flow.member(tokens, "id_token")).text("aud")).hasValue(url);
    assertThat(isActive(flow.member(tokens, "access_token"))).isTrue();
    var refreshed =
        post(
            "/oauth2/token",
            "grant_type",
            "refresh_token",
            "refresh_token",
            flow.member(tokens, "refresh_token"),
            "client_id",
            url);
    assertThat(isActive(flow.member(refreshed, "access_token"))).isTrue();
    assertThat(fetches).as("kept for a while").hasValue(1);
    assertThat(company.server.get("/api/v1/clients", company.token).body())
        .contains("\"document\":\"" + url + "\"", "\"origin\":\"document\"");
  }

  @Test
  void itsRequestsMayBePushed() {
    var form = new java.util.ArrayList<String>();
    flow.request("client_id", url, "resource", WIKI)
        .forEach((name, value) -> form.addAll(List.of(name, value)));
    var pushed = post("/oauth2/par", form.toArray(String[]::new));
    assertThat(pushed.statusCode()).as(pushed.body()).isEqualTo(201);
    var uri = company.server.object(pushed.body()).text("request_uri").orElseThrow();
    var asked =
        erin.browser.open(
            "/oauth2/authorize?" + Browser.encoded(Map.of("client_id", url, "request_uri", uri)));
    assertThat(answer(flow.decide(asked, "allow", READING))).containsKey("code");
  }

  /// A request is kept before anybody can know that it should have been pushed.
  @Test
  void whatHasToBePushedIsNotTakenFromABrowserThatSignsInFirst() {
    serve(GOOD.replace("'none'", "'none', 'require_pushed_authorization_requests': true"));
    erin.browser.cookies.clear();
    var login = CodeFlow.location(authorize());
    assertThat(login).startsWith("/login?return_to=");
    pass(Duration.ofMinutes(1));
    erin.signIn(world.now());
    var path = java.net.URLDecoder.decode(login.substring(login.indexOf('=') + 1), UTF_8);
    assertThat(answer(erin.browser.open(path)))
        .containsEntry("error", "invalid_request")
        .doesNotContainKey("code");
    var handle = path.substring(path.lastIndexOf("%3A") + "%3A".length());
    var page = erin.browser.open("/consent?request=" + handle);
    assertThat(page.statusCode()).isEqualTo(400);
    assertThat(page.body()).contains("has to push");
  }

  @Test
  void nothingIsFetchedForWhoHasNotSignedIn() {
    var stranger = new Browser(company.server.uri("").getPort());
    var request = flow.request("client_id", url, "resource", WIKI);
    var sent = stranger.open("/oauth2/authorize?" + Browser.encoded(request));
    assertThat(CodeFlow.location(sent)).startsWith("/login");
    assertThat(fetches).hasValue(0);
  }

  @Test
  void aRequestThatIsKeptElsewhereIsNeverFetched() {
    for (var client : List.of(company.id("console"), "https://app.example/", "x")) {
      var request = flow.request("client_id", client, "request_uri", url);
      var sent = erin.browser.open("/oauth2/authorize?" + Browser.encoded(request));
      if (client.equals(company.id("console"))) {
        assertThat(answer(sent)).containsEntry("error", "request_uri_not_supported");
      } else {
        assertThat(sent.statusCode()).as(client).isEqualTo(400);
      }
    }
    assertThat(fetches).hasValue(0);
  }

  @Test
  void aDocumentThatIsNotInOrderMakesNobodyKnown() {
    var bad =
        List.of(
            json(GOOD.replace("<url>", "https://other.example/app").replace('\'', '"')),
            json(GOOD.replace("<url>", url + "/").replace('\'', '"')),
            json("{}"),
            json("[]"),
            json("{\"client_id\": \"" + url + "\", \"client_id\": \"" + url + "\"}"),
            json(good().replace("\"none\"", "\"client_secret_basic\"")),
            json(good().replace("\"none\"", "\"none\", \"client_secret\": \"x\"")),
            json(good().replace("https://console.example/cb", "javascript:alert(1)")),
            json(good().replace("Notebook", "N".repeat(6_000))),
            new Served(200, Map.of("Content-Type", "text/html"), good()),
            new Served(404, Map.of("Content-Type", "application/json"), good()),
            new Served(302, Map.of("Location", url + "/other"), ""));
    for (var one : bad) {
      served.set(one);
      assertUnknown(authorize());
    }
    assertThat(fetches).as("errors are not kept, redirects not followed").hasValue(bad.size());
    serve(GOOD);
    assertThat(CodeFlow.location(authorize())).startsWith("/consent");
  }

  private String good() {
    return GOOD.replace("<url>", url).replace('\'', '"');
  }

  @Test
  void anAddressThatIsNoDocumentsIsNotAskedFor() {
    int port = documents.getAddress().getPort();
    for (var other :
        List.of(
            url + "#x",
            "http://user@127.0.0.1:" + port + "/app",
            "http://127.0.0.1:" + port + "/a/../app",
            "http://127.0.0.1:" + port + "/a/%2e%2E/app",
            "http://127.0.0.1:" + port,
            "http://[::ffff:127.0.0.1]:" + port + "/app",
            "http://2130706433:" + port + "/app",
            "http://0.0.0.0:" + port + "/app",
            "https://10.0.0.1/app",
            "https://169.254.169.254/latest/meta-data/",
            "https://[fd00::1]/app",
            "file:///etc/passwd",
            "ftp://127.0.0.1:" + port + "/app")) {
      assertUnknown(authorize("client_id", other));
    }
    assertThat(fetches).hasValue(0);
  }

  @Test
  void onlyTheAddressesInTheDocumentAreAnswered() {
    assertThat(authorize("redirect_uri", "https://elsewhere.example/cb").statusCode())
        .isEqualTo(400);
    assertThat(authorize("redirect_uri", "https://console.example/cb/x").statusCode())
        .isEqualTo(400);
  }

  @Test
  void itHasNoSecretAndPassesForNobodyElse() {
    var code = code();
    var basic =
        company.server.form(
            "/oauth2/token", url, "x", "grant_type=authorization_code&code=" + code);
    assertThat(flow.error(basic)).isEqualTo("invalid_client");
    assertThat(flow.error(flow.redeem(code))).as("as the console").isEqualTo("invalid_grant");
    assertThat(flow.member(redeem(code), "access_token")).isNotEmpty();
  }

  @Test
  void whatItsServerSaysOfKeepingItCountsWithinBounds() {
    served.set(
        new Served(
            200, Map.of("Content-Type", "application/json", "Cache-Control", "max-age=0"), good()));
    var token = flow.member(redeem(code()), "access_token");
    assertThat(fetches).as("a minute at least").hasValue(1);
    pass(Duration.ofMinutes(2));
    serve(GOOD.replace("example/cb'", "example/cb', 'https://elsewhere.example/cb'"));
    var again = authorize();
    assertThat(fetches).hasValue(2);
    assertThat(CodeFlow.location(again)).as("people are asked again").startsWith("/consent");
    assertThat(isActive(token)).as("what it had is over").isFalse();
  }

  @Test
  void whatCannotBeFetchedCountsForADayAndWhatIsBadNotAtAll() {
    served.set(
        new Served(
            200, Map.of("Content-Type", "application/json", "Cache-Control", "no-store"), good()));
    code();
    pass(Duration.ofMinutes(2));
    served.set(new Served(500, Map.of(), ""));
    assertThat(answer(authorize())).containsKey("code");
    pass(Duration.ofMinutes(4));
    serve(GOOD.replace("<url>", "https://other.example/app"));
    assertThat(authorize().statusCode()).isEqualTo(400);
    assertThat(flow.error(redeem("any"))).isEqualTo("invalid_client");
  }

  @Test
  void anAdministratorStopsIt() {
    code();
    var list = company.server.get("/api/v1/clients?limit=200", company.token).body();
    var one = java.util.regex.Pattern.compile("\"id\":\"(cli_[0-9a-z]+)\",\"name\":\"Notebook\"");
    company.known("notebook", one.matcher(list).results().findFirst().orElseThrow().group(1));
    company.step("clients", "notebook", "deactivate");
    assertThat(authorize().statusCode()).isEqualTo(400);
    pass(Duration.ofMinutes(30));
    assertThat(authorize().statusCode()).isEqualTo(400);
    assertThat(fetches).hasValue(1);
  }

  @Test
  void itProvesItselfByTheKeysInItsDocument() {
    var prover = new Prover(Instant.now());
    serve(
        GOOD.replace(
            "'none'", "'private_key_jwt', 'jwks': {'keys': [" + prover.key().toPublicJWK() + "]}"));
    var code = code();
    assertThat(flow.error(redeem(code))).as("without a proof").isEqualTo("invalid_client");
    var other = new Prover(Instant.now());
    assertThat(flow.error(redeem(code, proof(other)))).isEqualTo("invalid_client");
    assertThat(flow.member(redeem(code, proof(prover)), "access_token")).isNotEmpty();
  }

  private String[] proof(Prover prover) {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(url)
            .subject(url)
            .audience(company.server.issuer())
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(Instant.now()))
            .expirationTime(Date.from(Instant.now().plusSeconds(60)))
            .build();
    var header = new JWSHeader.Builder(JWSAlgorithm.ES256).type(new JOSEObjectType("JWT")).build();
    return new String[] {
      "client_assertion_type",
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      "client_assertion",
      prover.proof(header, claims)
    };
  }

  @Test
  void nothingGetsToTheServersOwnApisThroughIt() {
    var refused = answer(authorize("resource", company.server.issuer() + "/api/v1"));
    assertThat(refused).containsEntry("error", "invalid_scope");
  }

  @Test
  void theMetadataSaysThatDocumentsAreTaken() {
    assertThat(company.server.get("/.well-known/oauth-authorization-server", "").body())
        .contains("\"client_id_metadata_document_supported\":true");
  }
}
