package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What Erin let the console and triage do goes on by refresh tokens; and what ends it.
final class RefreshTokensTest {
  private static final List<String> READING = List.of("tickets.read");

  private final MovedClock clock = new MovedClock();
  private final World world = clock.world;
  private Company company;
  private Person erin;
  private CodeFlow flow;

  @BeforeEach
  void found() {
    company = Company.found(TestDatabases.sqlite(), world);
    erin = Person.permitted(company);
    flow = new CodeFlow(company, erin.browser);
  }

  @AfterEach
  void close() {
    company.close();
  }

  @Test
  void withdrawnConsentSuspendedAgentAndRevokedTokensStopTheNextRefresh() {
    var tokens =
        flow.redeem(
            flow.code(READING, "requested_actor", "<triage>"), "actor_token", flow.triageToken());
    var refresh = flow.member(tokens, "refresh_token");
    var token = flow.member(tokens, "access_token");
    var held = flow.triageToken();
    company.step("agents", "triage", "suspend");
    assertThat(flow.isActive(token)).isFalse();
    assertThat(flow.error(flow.refresh(refresh, "actor_token", held))).isEqualTo("invalid_grant");
    company.step("agents", "triage", "resume");
    assertThat(flow.refresh(refresh, "actor_token", held).statusCode()).isEqualTo(200);
    erin.browser.open("/me");
    var page = erin.browser.page();
    assertThat(page).contains("triage, through console");
    int at = page.indexOf("/me/consents/");
    erin.browser.submit(page.substring(at, page.indexOf('"', at)), Map.of());
    assertThat(erin.browser.open("/me").body()).contains("Nobody acts for you.");
    assertThat(flow.isActive(token)).isFalse();
    assertThat(flow.error(flow.refresh(refresh, "actor_token", flow.triageToken())))
        .isEqualTo("invalid_grant");
  }

  @Test
  void signingOutEndsWhatWasNotGrantedForLonger() {
    var session = flow.redeem(flow.code(READING));
    var offline = flow.redeem(flow.code(READING, "scope", "offline_access tickets.read"));
    erin.browser.open("/logout");
    erin.browser.submit("/logout", Map.of());
    assertThat(flow.error(flow.refresh(flow.member(session, "refresh_token"))))
        .isEqualTo("invalid_grant");
    assertThat(flow.refresh(flow.member(offline, "refresh_token")).statusCode()).isEqualTo(200);
  }

  @Test
  void refreshingGivesNoMoreThanWasGranted() {
    var refresh = flow.member(flow.redeem(flow.code(READING)), "refresh_token");
    assertThat(flow.error(flow.refresh(refresh, "scope", "tickets.close")))
        .isEqualTo("invalid_scope");
    assertThat(flow.error(flow.refresh(refresh, "resource", Company.ARCHIVE)))
        .isEqualTo("invalid_target");
    assertThat(flow.member(flow.refresh(refresh), "scope")).isEqualTo("tickets.read");
    var revoked =
        company.server.form(
            "/oauth2/revoke", company.id("console"), company.secret("console"), "token=" + refresh);
    assertThat(revoked.statusCode()).isEqualTo(200);
    assertThat(flow.error(flow.refresh(refresh))).isEqualTo("invalid_grant");
  }

  /// A program on Erin's computer, which anybody could pose as.
  private String program() {
    return company
        .make(
            "program",
            "clients",
            """
            {'name': 'program', 'everything': true, 'public': true,
             'redirectUris': ['http://127.0.0.1/cb']}
            """)
        .text("id")
        .orElseThrow();
  }

  private String codeFor(String program) {
    var asked =
        flow.authorize(
            "client_id",
            program,
            "redirect_uri",
            "http://127.0.0.1:51004/cb",
            "scope",
            "tickets.read",
            "prompt",
            "consent");
    erin.browser.open(CodeFlow.location(asked));
    assertThat(erin.browser.page()).contains("on this computer");
    var back = flow.decide(asked, "allow", READING).body();
    assertThat(back).contains("http://127.0.0.1:51004/cb?code=");
    int start = back.indexOf("code=") + "code=".length();
    return back.substring(start, back.indexOf("&amp;", start));
  }

  private Answer asProgram(List<String> proofs, String... form) {
    var party = new Party(company.server, "", "", company.server.stolenKey(), proofs);
    return party.bare(form);
  }

  @Test
  void theRefreshTokenOfAProgramIsReplacedAndAnOldOneEndsItAll() {
    var program = program();
    var first =
        asProgram(
            List.of(),
            "grant_type",
            "authorization_code",
            "client_id",
            program,
            "code",
            codeFor(program),
            "code_verifier",
            CodeFlow.VERIFIER);
    var old = first.text("refresh_token");
    var refresh =
        new String[] {"grant_type", "refresh_token", "client_id", program, "refresh_token", old};
    var next = asProgram(List.of(), refresh).text("refresh_token");
    assertThat(next).isNotEqualTo(old);
    assertThat(asProgram(List.of(), refresh).text("refresh_token"))
        .as("a request repeated at once")
        .isEqualTo(next);
    clock.pass(Duration.ofSeconds(11), company.server);
    assertThat(asProgram(List.of(), refresh).text("error")).isEqualTo("invalid_grant");
    refresh[5] = next;
    assertThat(asProgram(List.of(), refresh).text("error"))
        .as("the thief's and the owner's alike")
        .isEqualTo("invalid_grant");
    assertThat(flow.isActive(first.text("access_token"))).isFalse();
  }

  @Test
  void theRefreshTokenOfAProgramWithAKeyStaysAndIsGoodWithThatKeyAlone() {
    var program = program();
    var prover = new Prover(Instant.now());
    var first =
        asProgram(
            List.of(prover.proof()),
            "grant_type",
            "authorization_code",
            "client_id",
            program,
            "code",
            codeFor(program),
            "code_verifier",
            CodeFlow.VERIFIER);
    assertThat(first.text("token_type")).isEqualTo("DPoP");
    var refresh =
        new String[] {
          "grant_type",
          "refresh_token",
          "client_id",
          program,
          "refresh_token",
          first.text("refresh_token")
        };
    assertThat(asProgram(List.of(), refresh).text("error")).isEqualTo("invalid_grant");
    var thief = new Prover(Instant.now());
    assertThat(asProgram(List.of(thief.proof()), refresh).text("error")).isEqualTo("invalid_grant");
    var again = asProgram(List.of(prover.proof()), refresh);
    assertThat(again.text("token_type")).isEqualTo("DPoP");
    assertThat(asProgram(List.of(prover.proof()), refresh).status()).isEqualTo(200);
  }
}
