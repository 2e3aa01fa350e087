package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Erin is asked elsewhere, by CIBA and by a code on a device, for more than she or who asks has:
/// an application gets the rest (RFC 6749 §3.3), an agent nothing.
abstract class NarrowingContract {
  private final Instant began = Instant.now();
  private final World world = new World(() -> began, new SecureRandom());
  private Company company;
  private Person erin;
  private Backchannel pages;

  /// How a client asks, and what it polls with.
  enum Way {
    CIBA("/oauth2/bc-authorize", "auth_req_id", Backchannel.TYPE),
    DEVICE(
        "/oauth2/device_authorization",
        "device_code",
        "urn:ietf:params:oauth:grant-type:device_code");

    private final String path;
    private final String secret;
    private final String grantType;

    Way(String path, String secret, String grantType) {
      this.path = path;
      this.secret = secret;
      this.grantType = grantType;
    }
  }

  abstract Database database();

  @BeforeEach
  void found() {
    company = Company.found(database(), world);
    erin = Person.of(company.server, began);
    company.known("erin", erin.id);
    company.permit("erin", "crm", "['tickets.read']", "own");
    company.make(
        "reader",
        "clients",
        """
        {'name': 'reader', 'resource': '<crm>',
         'covers': [{'resource': '<crm>', 'actions': ['tickets.read', 'tickets.delete']}]}
        """);
    company.secret("reader", "clients");
    pages = new Backchannel(company, erin.browser);
  }

  @AfterEach
  void close() {
    company.close();
  }

  private HttpResponse<String> send(String path, String client, Map<String, String> form) {
    return company.server.form(
        path, company.id(client), company.secret(client), Browser.encoded(form));
  }

  private HttpResponse<String> ask(Way way, String client, String scopes) {
    var form = new LinkedHashMap<>(Map.of("scope", scopes, "resource", Company.CRM));
    if (way == Way.CIBA) {
      form.put("login_hint", "erin");
    }
    return send(way.path, client, form);
  }

  private Json.Obj asked(Way way, String client, String scopes) {
    var answer = ask(way, client, scopes);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return company.server.object(answer.body());
  }

  /// The page on which Erin finds the request.
  private String page(Way way, Json.Obj asked) {
    if (way == Way.DEVICE) {
      erin.browser.open("/device");
      var code = asked.text("user_code").orElseThrow();
      return CodeFlow.location(erin.browser.submit("/device", Map.of("code", code)));
    }
    return pages.waiting().getFirst();
  }

  private List<String> offered(String page) {
    erin.browser.open(page);
    var parts = erin.browser.page().split("name=\"scope\" value=\"", -1);
    return Arrays.stream(parts).skip(1).map(it -> it.substring(0, it.indexOf('"'))).toList();
  }

  private HttpResponse<String> poll(Way way, String client, Json.Obj asked) {
    return send(
        "/oauth2/token",
        client,
        Map.of("grant_type", way.grantType, way.secret, asked.text(way.secret).orElseThrow()));
  }

  private void assertGranted(HttpResponse<String> answer, String scope, String inToken) {
    assertThat(pages.member(answer, "scope")).isEqualTo(scope);
    assertThat(pages.claims(pages.member(answer, "access_token")).text("scope")).hasValue(inToken);
  }

  @ParameterizedTest
  @EnumSource
  void whatThePersonDoesNotHaveIsLeftOut(Way way) {
    var asked = asked(way, "console", "openid tickets.read tickets.close");
    var page = page(way, asked);
    assertThat(offered(page)).contains("tickets.read").doesNotContain("tickets.close");
    var done = pages.decide(page, "allow", "tickets.read");
    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    assertGranted(poll(way, "console", asked), "openid tickets.read", "tickets.read");
  }

  @ParameterizedTest
  @EnumSource
  void whatTheApplicationMayNotIsLeftOut(Way way) {
    company.permit("erin", "crm", "['tickets.close']", "own");
    var asked = asked(way, "reader", "tickets.read tickets.close");
    var page = page(way, asked);
    assertThat(offered(page)).containsExactly("tickets.read");
    assertThat(pages.decide(page, "allow", "tickets.read").statusCode()).isEqualTo(200);
    assertGranted(poll(way, "reader", asked), "tickets.read", "tickets.read");
  }

  /// What was left out is not to be had by ticking what the page does not have.
  @ParameterizedTest
  @EnumSource
  void whatWasLeftOutCannotBeAllowed(Way way) {
    var asked = asked(way, "console", "tickets.read tickets.close");
    var page = page(way, asked);
    for (var chosen : List.of("tickets.close", "tickets.delete", "*")) {
      assertThat(pages.decide(page, "allow", "tickets.read", chosen).statusCode())
          .as(chosen)
          .isEqualTo(400);
    }
    assertThat(pages.error(poll(way, "console", asked))).isEqualTo("authorization_pending");
  }

  /// Who asks can mend it, and no person was bothered yet.
  @ParameterizedTest
  @EnumSource
  void whatNobodyKnowsIsRefusedAtOnce(Way way) {
    for (var scopes : List.of("tickets.read tickets.x", "openid tickets.read tickets.x")) {
      for (var client : List.of("console", "triage")) {
        assertThat(pages.error(ask(way, client, scopes))).as(scopes).isEqualTo("invalid_scope");
      }
    }
    assertThat(pages.waiting()).isEmpty();
  }

  /// Where nothing is left there is nothing to allow, for whichever reason.
  @ParameterizedTest
  @EnumSource
  void nothingIsNotNarrowedToEverything(Way way) {
    company.make(
        "writer",
        "clients",
        """
        {'name': 'writer', 'resource': '<crm>',
         'covers': [{'resource': '<crm>', 'actions': ['tickets.delete']}]}
        """);
    company.secret("writer", "clients");
    assertNothingToAllow(way, "writer", "tickets.close");
    assertNothingToAllow(way, "writer", "openid tickets.read");
  }

  /// An agent that got less than its task needs would find out in the middle of it.
  @ParameterizedTest
  @EnumSource
  void anAgentGetsWhatItAskedForOrNothing(Way way) {
    assertNothingToAllow(way, "triage", "tickets.read tickets.close");
    company.permit("erin", "crm", "['tickets.delete']", "own");
    assertNothingToAllow(way, "triage", "tickets.read tickets.delete");
    var asked = asked(way, "triage", "tickets.read");
    var page = page(way, asked);
    assertThat(pages.decide(page, "allow", "tickets.read").statusCode()).isEqualTo(200);
    assertGranted(poll(way, "triage", asked), "tickets.read", "tickets.read");
  }

  /// Refused at once, or shown as what nobody can allow and never issued.
  private void assertNothingToAllow(Way way, String client, String scopes) {
    var answer = ask(way, client, scopes);
    if (answer.statusCode() == 400) {
      assertThat(pages.error(answer)).as(scopes).isEqualTo("invalid_scope");
      return;
    }
    var asked = company.server.object(answer.body());
    var page = page(way, asked);
    assertThat(offered(page)).as(scopes).isEmpty();
    for (var scope : scopes.split(" ", -1)) {
      assertThat(pages.decide(page, "allow", scope).statusCode()).as(scopes).isEqualTo(400);
    }
    assertThat(pages.error(poll(way, client, asked))).isEqualTo("authorization_pending");
    assertThat(pages.decide(page, "deny").statusCode()).isEqualTo(200);
  }
}
