package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.Golden;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What scripts of other sites' pages may read (Fetch §3.2): what an application in a browser needs
/// to get tokens (RFC 9700 §2.6), and nothing that a person's cookies open.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrossOriginTest {
  private static final String ORIGIN = "https://notebook.example";

  private static final List<String> OPEN =
      List.of(
          "/.well-known/oauth-authorization-server",
          "/.well-known/openid-configuration",
          "/.well-known/oauth-protected-resource",
          "/.well-known/oauth-protected-resource/api/v1",
          "/.well-known/oauth-protected-resource/access/v1",
          "/.well-known/oauth-protected-resource/oauth2/userinfo",
          "/oauth2/jwks",
          "/oauth2/par",
          "/oauth2/register",
          "/oauth2/register/x",
          "/oauth2/revoke",
          "/oauth2/token",
          "/oauth2/userinfo");

  private Company company;
  private Person erin;

  @BeforeAll
  void found() {
    company = Company.found(TestDatabases.sqlite());
    erin = Person.of(company);
  }

  @AfterAll
  void close() {
    company.close();
  }

  private HttpResponse<String> asks(String path) {
    return company.server.send(
        HttpRequest.newBuilder(company.server.uri(path))
            .header("Origin", ORIGIN)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "authorization,dpop")
            .method("OPTIONS", BodyPublishers.noBody()));
  }

  private static List<String> all(HttpResponse<String> response, String name) {
    return response.headers().allValues("Access-Control-" + name);
  }

  @Test
  void anApplicationInABrowserGetsItsTokens() {
    for (var path : OPEN) {
      var told = asks(path);
      assertThat(told.statusCode()).as(path).isEqualTo(204);
      assertThat(all(told, "Allow-Origin")).as(path).containsExactly("*");
      assertThat(all(told, "Allow-Credentials")).as(path).isEmpty();
      assertThat(all(told, "Allow-Headers").getFirst())
          .contains("Authorization", "Content-Type", "DPoP");
    }
    assertThat(all(asks("/oauth2/token"), "Allow-Methods")).containsExactly("POST");
    var refused =
        company.server.send(
            HttpRequest.newBuilder(company.server.uri("/oauth2/token"))
                .header("Origin", ORIGIN)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=x")));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(all(refused, "Allow-Origin")).as("an error as well").containsExactly("*");
    assertThat(all(refused, "Expose-Headers").getFirst())
        .contains("DPoP-Nonce", "WWW-Authenticate");
  }

  @Test
  void nothingElseIsReadByScripts() {
    var paths =
        Stream.of("routes.txt", "pages.txt")
            .flatMap(file -> Golden.lines(file).stream())
            .map(line -> line.split(" +", 3)[1].replaceAll("\\{[^}]*}", "x"))
            .filter(path -> !OPEN.contains(path))
            .distinct()
            .toList();
    assertThat(paths).hasSizeGreaterThan(60);
    assertThat(paths).contains("/oauth2/introspect", "/oauth2/authorize", "/consent", "/me");
    for (var path : paths) {
      var told = asks(path);
      assertThat(told.statusCode()).as(path).isNotEqualTo(204);
      assertThat(told.headers().map().keySet())
          .as(path)
          .noneMatch(name -> name.startsWith("access-control-"));
    }
  }

  @Test
  void aPersonsCookiesOpenNothingToScripts() {
    erin.browser.headers.put("Origin", ORIGIN);
    try {
      for (var path : List.of("/me", "/oauth2/authorize", "/consent", "/api/v1/users")) {
        assertThat(all(erin.browser.open(path), "Allow-Origin")).as(path).isEmpty();
      }
      var cookieAlone = erin.browser.open("/oauth2/userinfo");
      assertThat(cookieAlone.statusCode()).isEqualTo(401);
      assertThat(all(cookieAlone, "Allow-Credentials")).isEmpty();
    } finally {
      erin.browser.headers.clear();
    }
  }
}
