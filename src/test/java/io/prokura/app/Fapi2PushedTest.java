package io.prokura.app;

import static io.prokura.app.CodeFlow.location;
import static io.prokura.app.Fapi2Client.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Those modules of the plan for the FAPI 2.0 security profile that are about pushed requests and
/// PKCE; see [Fapi2PlanTest] for the others.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class Fapi2PushedTest {
  private final MovedClock clock = new MovedClock();
  private final World world = clock.world;
  private Company company;
  private Person erin;
  private Fapi2Client first;
  private Fapi2Client second;

  @BeforeAll
  void found() {
    company = Company.found(TestDatabases.sqlite(), world);
    erin = Person.of(company);
    first = new Fapi2Client(company, erin.browser, world, "first", CodeFlow.CALLBACK);
    second = new Fapi2Client(company, erin.browser, world, "second", CodeFlow.CALLBACK);
  }

  @AfterAll
  void close() {
    company.close();
  }

  private void pass(Duration time) {
    clock.pass(time, company.server);
  }

  @Test
  void parEnsureReusedRequestUriPriorToAuthCompletionSucceeds() {
    var pushed = first.push("prompt", "login");
    for (int visit = 0; visit < 2; visit++) {
      assertThat(location(first.open(first.id, pushed))).startsWith("/login");
    }
    pass(Duration.ofSeconds(31));
    erin.signIn(world.now());
    assertThat(first.heard(pushed)).containsKey("code");
  }

  @Test
  void parAttemptReuseRequestUri() {
    var pushed = first.push();
    assertThat(first.heard(pushed)).containsKey("code");
    isRefusedOnAPage(first.open(first.id, pushed));
  }

  @Test
  void parAttemptToUseExpiredRequestUri() {
    var pushed = first.push();
    pass(Duration.ofSeconds(pushed.body().number("expires_in").orElseThrow() + 1));
    isRefusedOnAPage(first.open(first.id, pushed));
  }

  @Test
  void parAttemptToUseRequestUriForDifferentClient() {
    isRefusedOnAPage(first.open(second.id, first.push()));
  }

  private static void isRefusedOnAPage(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(location(response)).isEmpty();
    assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
  }

  private Answer pushed(UnaryOperator<JWTClaimsSet.Builder> change) {
    var claims = change.apply(first.claims()).build();
    return first.push("client_assertion", first.assertion(JWSAlgorithm.PS256, claims));
  }

  private Answer pushedAt(int seconds) {
    var then = Date.from(world.now().plusSeconds(seconds));
    var end = Date.from(world.now().plusSeconds(seconds + 60L));
    return pushed(claims -> claims.issueTime(then).notBeforeTime(then).expirationTime(end));
  }

  @Test
  void parEnsureJwtClientAssertionsNbf8SecondsInTheFutureIsAccepted() {
    assertThat(first.heard(pushedAt(8))).containsKey("code");
  }

  @Test
  void parEnsureJwtClientAssertionsNbfOver60SecondsInTheFutureFails() {
    refused(pushedAt(65), 401, "invalid_client");
  }

  @Test
  void parTestArrayParEndpointAndTokenEndpointUrlAsAudienceFails() {
    var issuer = first.issuer();
    for (var audience :
        List.of(
            List.of(issuer, "https://other.example"),
            List.of(issuer + "/oauth2/par"),
            List.of(issuer + "/oauth2/token"))) {
      refused(pushed(claims -> claims.audience(audience)), 401, "invalid_client");
    }
  }

  @Test
  void parAuthorizationRequestContainingRequestUriFormParam() {
    var answer = first.push("request_uri", "urn:ietf:params:oauth:request_uri:bad");
    refused(answer, 400, "invalid_request");
  }

  @Test
  void parAttemptInvalidHttpMethod() {
    var put =
        HttpRequest.newBuilder(company.server.uri("/oauth2/par"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .PUT(BodyPublishers.ofString(Browser.encoded(first.request())));
    assertThat(company.server.send(put).statusCode()).isEqualTo(405);
  }

  @Test
  void parEnsurePkceRequiredAndPlainPkceRejected() {
    var none = first.push("code_challenge", "", "code_challenge_method", "");
    refused(none, 400, "invalid_request");
    var plain = first.push("code_challenge", CodeFlow.VERIFIER, "code_challenge_method", "plain");
    refused(plain, 400, "invalid_request");
  }

  @Test
  void ensurePkceCodeVerifierRequiredAndIncorrectPkceCodeVerifierRejected() {
    for (var verifier : List.of("", "x".repeat(43))) {
      var proof = List.of(first.prover().proof());
      refused(first.redeem(first.code(), proof, "code_verifier", verifier), 400, "invalid_grant");
    }
  }

  @Test
  void parWithoutDuplicateParameters() {
    assertThat(first.heard(first.push())).containsKey("code");
    var opened = first.push();
    assertThat(first.heard(opened, "response_type", "code", "scope", "openid")).containsKey("code");
  }
}
