package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A program without a browser shows Erin a code (RFC 8628); and what others may try with codes.
abstract class DeviceContract {
  private static final String TYPE = "urn:ietf:params:oauth:grant-type:device_code";

  private final Instant began = Instant.now();
  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final World world = new World(() -> began.plus(passed.get()), new SecureRandom());
  private Company company;
  private Person erin;
  private Backchannel pages;
  private Browser device;

  abstract Database database();

  @BeforeEach
  void found() {
    company = Company.found(database(), world);
    erin = Person.of(company.server, began);
    company.known("erin", erin.id);
    company.permit("erin", "crm", "['tickets.read', 'tickets.close', 'tickets.delete']", "own");
    company.make(
        "program",
        "clients",
        """
        {'name': 'program', 'everything': true, 'public': true,
         'redirectUris': ['http://127.0.0.1/cb'], 'resource': '<crm>'}
        """);
    pages = new Backchannel(company, erin.browser);
    device = new Browser(company.server.uri("").getPort());
  }

  @AfterEach
  void close() {
    company.close();
  }

  private void later(Duration time) {
    passed.updateAndGet(before -> before.plus(time));
    Eventually.holds("a node that follows the clock", company.server::ready);
  }

  /// Asks as the program, which proves nothing.
  private HttpResponse<String> ask(String... more) {
    var form = new LinkedHashMap<>(Map.of("client_id", company.id("program")));
    form.put("scope", "tickets.read");
    return send("/oauth2/device_authorization", form, more);
  }

  private HttpResponse<String> send(String path, Map<String, String> form, String... more) {
    for (int i = 0; i < more.length; i += 2) {
      form.put(more[i], company.filled(more[i + 1]));
      if (more[i + 1].isEmpty()) {
        form.remove(more[i]);
      }
    }
    return device.post(path, Browser.encoded(form));
  }

  private Json.Obj started(String... more) {
    var response = ask(more);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return company.server.object(response.body());
  }

  private static String text(Json.Obj started, String name) {
    return started.text(name).orElseThrow();
  }

  private HttpResponse<String> poll(Json.Obj started, String... more) {
    var form = new LinkedHashMap<>(Map.of("client_id", company.id("program")));
    form.put("grant_type", TYPE);
    form.put("device_code", text(started, "device_code"));
    return send("/oauth2/token", form, more);
  }

  /// Types a code in, in Erin's browser.
  private HttpResponse<String> enter(String code) {
    erin.browser.open("/device");
    return erin.browser.submit("/device", Map.of("code", code));
  }

  private String page(Json.Obj started) {
    var entered = enter(text(started, "user_code"));
    assertThat(entered.statusCode()).as(entered.body()).isEqualTo(303);
    return CodeFlow.location(entered);
  }

  private void allow(Json.Obj started, String... scopes) {
    assertThat(pages.decide(page(started), "allow", scopes).statusCode()).isEqualTo(200);
  }

  @Test
  void aPersonConnectsADevice() {
    var started = started("scope", "openid tickets.read");
    assertThat(text(started, "verification_uri")).isEqualTo(company.server.issuer() + "/device");
    assertThat(text(started, "user_code")).matches("[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}");
    assertThat(started.get("verification_uri_complete")).isEmpty();
    assertThat(pages.error(poll(started))).isEqualTo("authorization_pending");
    var path = page(started);
    erin.browser.open(path);
    assertThat(erin.browser.page())
        .contains("program", "127.0.0.1", "Allow this only if", "tickets.read")
        .doesNotContain("<script");
    assertThat(pages.decide(path, "allow", "tickets.read").statusCode()).isEqualTo(200);
    var tokens = poll(started);
    var claims = pages.claims(pages.member(tokens, "access_token"));
    assertThat(claims.text("sub")).hasValue(erin.id);
    assertThat(claims.text("client_id")).hasValue(company.id("program"));
    assertThat(pages.claims(pages.member(tokens, "id_token")).text("sub")).hasValue(erin.id);
    assertThat(pages.error(poll(started))).as("a second time").isEqualTo("invalid_grant");
    var refreshed =
        send(
            "/oauth2/token",
            new LinkedHashMap<>(
                Map.of(
                    "client_id",
                    company.id("program"),
                    "grant_type",
                    "refresh_token",
                    "refresh_token",
                    pages.member(tokens, "refresh_token"))));
    assertThat(pages.member(refreshed, "access_token")).isNotEmpty();
  }

  @Test
  void nothingIsAllowedWithoutThePersonWhateverTheyAllowedBefore() {
    allow(started(), "tickets.read");
    var again = started();
    assertThat(pages.error(poll(again))).isEqualTo("authorization_pending");
    var path = page(again);
    assertThat(pages.error(poll(again, "x", "y"))).isIn("authorization_pending", "slow_down");
    assertThat(pages.decide(path, "deny").statusCode()).isEqualTo(200);
    assertThat(pages.error(poll(again))).isEqualTo("access_denied");
  }

  @Test
  void anAgentOnADeviceProvesItself() {
    company.permit("triage", "archive", "['files.read']", "own");
    var started = started("requested_actor", "<triage>");
    allow(started, "tickets.read");
    assertThat(pages.error(poll(started))).isEqualTo("invalid_request");
    var own =
        company.granted(
            "triage",
            "grant_type=client_credentials&resource=" + Company.ARCHIVE + "&purpose=support");
    var tokens = poll(started, "actor_token", own);
    var claims = pages.claims(pages.member(tokens, "access_token"));
    assertThat(claims.object("act").flatMap(act -> act.text("sub"))).hasValue(company.id("triage"));
  }

  @Test
  void aCodeIsTypedAsItComesAndNeverTakenFromALink() {
    var started = started();
    var code = text(started, "user_code");
    erin.browser.open("/device?user_code=" + code + "&code=" + code);
    assertThat(erin.browser.page()).doesNotContain(code);
    assertThat(pages.waiting()).isEmpty();
    var typed = " " + code.toLowerCase(Locale.ROOT).replace("-", " ");
    assertThat(enter(typed).statusCode()).isEqualTo(303);
    assertThat(pages.waiting()).hasSize(1);
  }

  @Test
  void aCodeIsGoodForTheFirstPersonAndForTenMinutes() {
    var started = started();
    var path = page(started);
    assertThat(enter(text(started, "user_code")).statusCode()).as("claimed").isEqualTo(400);
    var stranger = new Browser(company.server.uri("").getPort());
    assertThat(CodeFlow.location(stranger.open("/device"))).startsWith("/login?return_to=");
    assertThat(stranger.post("/device", "code=" + text(started, "user_code")).statusCode())
        .isEqualTo(403);
    assertThat(stranger.post(path, "decision=allow&scope=tickets.read").statusCode())
        .isEqualTo(403);
    var late = started();
    later(Duration.ofMinutes(11));
    assertThat(enter(text(late, "user_code")).statusCode()).isEqualTo(400);
    assertThat(pages.error(poll(late))).isEqualTo("expired_token");
    assertThat(erin.browser.open(path).statusCode()).isEqualTo(404);
  }

  @Test
  void codesCannotBeGuessed() {
    var started = started();
    int refused = 0;
    for (int i = 0; i < 12; i++) {
      refused += enter("BBBB-BBB" + "BCDFGHJKLMNP".charAt(i)).statusCode() == 429 ? 1 : 0;
    }
    assertThat(refused).as("of twelve, after five").isEqualTo(7);
    var waiting = enter(text(started, "user_code"));
    assertThat(waiting.statusCode()).as("the right one has to wait as well").isEqualTo(429);
    assertThat(waiting.body()).contains("role=\"alert\"").doesNotContain("aria-invalid=");
    later(Duration.ofMinutes(2));
    assertThat(enter(text(started, "user_code")).statusCode()).isEqualTo(303);
  }

  @Test
  void whatIsMostSensitiveIsNotForDevices() {
    assertThat(pages.error(ask("scope", "tickets.delete"))).isEqualTo("invalid_scope");
    var all = started("scope", "");
    var path = page(all);
    erin.browser.open(path);
    assertThat(erin.browser.page()).contains("tickets.close").doesNotContain("tickets.delete");
    assertThat(pages.decide(path, "allow", "tickets.delete").statusCode()).isEqualTo(400);
  }

  @Test
  void whatADevicePollsWithIsForItAlone() {
    var started = started();
    allow(started, "tickets.read");
    var code = text(started, "device_code");
    assertThat(company.ask("console", "grant_type=" + TYPE + "&device_code=" + code).body())
        .contains("invalid_grant");
    assertThat(
            pages.error(
                poll(
                    started,
                    "grant_type",
                    "urn:openid:params:grant-type:ciba",
                    "auth_req_id",
                    code)))
        .as("by the other way")
        .isEqualTo("invalid_grant");
    var other = pages.asked("console");
    assertThat(company.ask("console", "grant_type=" + TYPE + "&device_code=" + other).body())
        .contains("invalid_grant");
    assertThat(poll(started).statusCode()).isEqualTo(200);
  }

  @Test
  void aDeviceThatPollsTooFastSlowsDown() {
    var started = started();
    assertThat(pages.error(poll(started))).isEqualTo("authorization_pending");
    assertThat(pages.error(poll(started))).isEqualTo("slow_down");
    later(Duration.ofSeconds(6));
    assertThat(pages.error(poll(started))).isEqualTo("slow_down");
  }

  @Test
  void oneAddressCannotAskWithoutEnd() {
    for (int i = 0; i < 20; i++) {
      assertThat(ask().statusCode()).isEqualTo(200);
    }
    assertThat(pages.error(ask())).isEqualTo("temporarily_unavailable");
    assertThat(List.of(ask("client_id", "cli_00000000000000000000000000").statusCode()))
        .containsExactly(401);
  }
}
