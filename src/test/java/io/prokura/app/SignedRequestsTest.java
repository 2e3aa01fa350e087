package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.authenticators.AuthenticatorApp;
import io.prokura.jose.Crypto;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.passkeys.Assertion;
import io.prokura.passkeys.Device;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Agents ask Erin without her browser, and she, who has a passkey, signs with it what she allows;
/// and what whoever has got hold of her session, of a signature or of a form may try.
final class SignedRequestsTest {
  private static final String READ = "tickets.read";
  private static final String CLOSE = "tickets.close";
  private static final Pattern KEY = Pattern.compile("class=\"key\">([A-Z2-7 ]+)<");
  private static final Pattern REMOVE = Pattern.compile("action=\"(/me/passkeys/[^\"]+/remove)\"");

  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final Instant began = Instant.now();
  private final World world = new World(() -> began.plus(passed.get()), new SecureRandom());
  private final Database database = TestDatabases.sqlite();
  private final Device device = new Device("http://localhost:8420", "localhost", 1);
  private Company company;
  private Person erin;
  private Backchannel flow;

  @BeforeEach
  void found() {
    company = Company.found(database, world);
    erin = Person.of(company.server, began);
    company.known("erin", erin.id);
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    flow = new Backchannel(company, erin.browser);
    add(erin.browser, device);
  }

  @AfterEach
  void close() {
    company.close();
  }

  private static void add(Browser to, Device with) {
    to.open("/me");
    var said = with.create(PasskeyPagesTest.options(to));
    var made = Map.of("client_data", said.clientData(), "attestation", said.attestationObject());
    var fields = new LinkedHashMap<>(made);
    fields.put("name", "phone");
    assertThat(to.submit("/me/passkeys", fields).statusCode()).isEqualTo(303);
  }

  private void later(Duration time) {
    passed.updateAndGet(before -> before.plus(time));
    Eventually.holds("a node that follows the clock", company.server::ready);
  }

  /// Asks for reading and closing; what the agent polls with, and where Erin finds it.
  private Asked ask() {
    var before = flow.waiting();
    var secret = flow.asked("triage", "scope", READ + " " + CLOSE);
    var waiting = new ArrayList<>(flow.waiting());
    waiting.removeAll(before);
    assertThat(waiting).hasSize(1);
    return new Asked(secret, waiting.getFirst());
  }

  private record Asked(String secret, String path) {}

  private static Map<String, List<String>> chosen(String... scopes) {
    return Map.of("depth", List.of("1"), "lasts", List.of("day"), "scope", List.of(scopes));
  }

  /// The page of a request as a browser shows it: its hidden fields, and what it has signed.
  private record Showing(Map<String, String> hidden, Json.Obj options) {}

  private static Showing show(Browser at, String path) {
    assertThat(at.open(path).statusCode()).isEqualTo(200);
    return new Showing(at.hidden(), PasskeyPagesTest.options(at));
  }

  private Showing show(String path) {
    return show(erin.browser, path);
  }

  /// Sends the form of `showing` with `said` in it and these scopes ticked.
  private static HttpResponse<String> send(
      Browser from, String path, Showing showing, Assertion said, String... scopes) {
    var form = new LinkedHashMap<>(showing.hidden());
    form.putAll(PasskeyPagesTest.fields(said));
    form.put("decision", "allow");
    form.put("depth", "1");
    form.put("lasts", "day");
    var ticked = new StringBuilder(Browser.encoded(form));
    for (var scope : scopes) {
      ticked.append("&scope=").append(scope);
    }
    return from.post(path, ticked.toString());
  }

  private HttpResponse<String> send(
      String path, Showing showing, Assertion said, String... scopes) {
    return send(erin.browser, path, showing, said, scopes);
  }

  /// Nothing came of it, and the last entry says why.
  private void isRefused(HttpResponse<String> answer, Asked asked, String reason) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("Nothing was allowed", "Don&#39;t allow");
    var entries =
        leaves().stream().filter(one -> one.contains("\"type\":\"request.unproven\"")).toList();
    assertThat(entries).isNotEmpty();
    assertThat(entries.getLast())
        .contains("\"reason\":\"" + reason + "\"")
        .contains(asked.path().substring(asked.path().lastIndexOf('/') + 1));
    later(Duration.ofSeconds(60));
    assertThat(flow.error(flow.poll("triage", asked.secret()))).isEqualTo("authorization_pending");
    assertThat(grants()).isEmpty();
  }

  private List<String> leaves() {
    return database.read(
        tx ->
            tx.list(
                "SELECT leaf FROM entry ORDER BY seq",
                row -> new String(row.bytes(1), StandardCharsets.UTF_8)));
  }

  private List<String> grants() {
    return database.read(
        tx ->
            tx.list(
                "SELECT id FROM authorization_grant UNION SELECT id FROM consent",
                row -> row.text(1)));
  }

  @Test
  void whatIsAllowedIsSignedAndSaysSo() {
    later(Duration.ofMinutes(20));
    var asked = ask();
    var showing = show(asked.path());
    assertThat(erin.browser.page())
        .contains("Allow with your passkey", "data-chosen=\"depth lasts scope\"")
        .contains("src=\"/assets/passkeys.js\"");
    var said = device.sign(showing.options(), chosen(READ));
    var done = send(asked.path(), showing, said, READ);
    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);

    var claims = flow.claims(flow.member(flow.poll("triage", asked.secret()), "access_token"));
    assertThat(claims.text("scope")).hasValue(READ);
    assertThat(claims.texts("amr")).hasValue(List.of("pop", "user", "mfa"));
    assertThat(claims.text("acr")).hasValue("urn:prokura:acr:two-factors");
    assertThat(claims.number("auth_time")).hasValue(world.now().getEpochSecond());

    var passkey =
        database.<List<String>>read(tx -> tx.list("SELECT id FROM passkey", one -> one.text(1)));
    var entry =
        leaves().stream().filter(one -> one.contains("\"type\":\"request.answered\"")).toList();
    assertThat(entry).hasSize(1);
    assertThat(entry.getFirst())
        .contains("\"allowed\":true", "\"passkey\":\"" + passkey.getFirst() + "\"")
        .contains("\"digest\":\"" + challenge(said) + "\"")
        .doesNotContain("Erin", "triage");
    isMadeAgainByAnAuditor(asked, challenge(said));
  }

  /// The digest from what the entry is sealed with.
  private void isMadeAgainByAnAuditor(Asked asked, String digest) {
    var id = asked.path().substring(asked.path().lastIndexOf('/') + 1);
    var entry = company.server.get("/api/v1/audit/" + id, company.server.operatorToken());
    assertThat(entry.statusCode()).as(entry.body()).isEqualTo(200);
    var opened = company.server.object(entry.body()).object("opened").orElseThrow();
    var shown = opened(opened, "shown");
    assertThat(company.server.object(shown).text("request")).hasValue(id);
    assertThat(shown)
        .contains(company.id("triage"), "\"name\":\"support\"", erin.id, READ, CLOSE, "nonce");
    var whole =
        "{\"chosen\":%s,\"shown\":\"%s\"}".formatted(opened(opened, "chosen"), sha256(shown));
    assertThat(sha256(whole)).isEqualTo(digest);
  }

  private static String opened(Json.Obj fields, String name) {
    return fields.object(name).flatMap(one -> one.text("value")).orElseThrow();
  }

  private static String sha256(String text) {
    var hash = Crypto.sha256(text.getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  /// The challenge in what the browser said.
  private String challenge(Assertion said) {
    var clientData = Base64.getUrlDecoder().decode(said.clientData());
    return company
        .server
        .object(new String(clientData, StandardCharsets.UTF_8))
        .text("challenge")
        .orElseThrow();
  }

  @Test
  void whoeverHasTheSessionAloneAllowsNothingAndMayAlwaysRefuse() {
    var asked = ask();
    isRefused(flow.decide(asked.path(), "allow", READ), asked, "passkey-missing");
    assertThat(erin.browser.page()).contains("use your passkey to allow this");
    erin.signIn(world.now());
    isRefused(flow.decide(asked.path(), "allow", READ), asked, "passkey-missing");
    assertThat(flow.decide(asked.path(), "deny").statusCode()).isEqualTo(200);
    later(Duration.ofSeconds(60));
    assertThat(flow.error(flow.poll("triage", asked.secret()))).isEqualTo("access_denied");
  }

  @Test
  void aSignatureForOneRequestAllowsNoOther() {
    var one = ask();
    var other = ask();
    var showing = show(one.path());
    var said = device.sign(showing.options(), chosen(READ));
    isRefused(send(other.path(), showing, said, READ), other, "request-changed");
    var others = show(other.path());
    isRefused(send(other.path(), others, said, READ), other, "passkey-wrong");
    var anew = show(one.path());
    isRefused(send(one.path(), anew, said, READ), one, "passkey-wrong");
  }

  @Test
  void aReplayedSignatureAllowsNothing() {
    var asked = ask();
    var showing = show(asked.path());
    var said = device.sign(showing.options(), chosen(READ));
    assertThat(send(asked.path(), showing, said, READ).statusCode()).isEqualTo(200);
    assertThat(send(asked.path(), showing, said, READ).statusCode()).isEqualTo(404);
    int before = grants().size();
    var next = ask();
    assertThat(send(next.path(), showing, said, READ).statusCode()).isEqualTo(400);
    assertThat(send(next.path(), show(next.path()), said, READ).statusCode()).isEqualTo(400);
    assertThat(grants()).hasSize(before);
    assertThat(flow.error(flow.poll("triage", next.secret()))).isEqualTo("authorization_pending");
  }

  @Test
  void aChoiceThatWasWidenedAfterItWasSignedAllowsNothing() {
    var asked = ask();
    var showing = show(asked.path());
    var said = device.sign(showing.options(), chosen(READ));
    isRefused(send(asked.path(), showing, said, READ, CLOSE), asked, "passkey-wrong");
    var both = show(asked.path());
    var wide = device.sign(both.options(), chosen(READ, CLOSE));
    isRefused(send(asked.path(), both, wide, READ), asked, "passkey-wrong");
    assertThat(send(asked.path(), both, wide, READ, CLOSE).statusCode()).isEqualTo(200);
  }

  @Test
  void aRequestThatChangedSinceItWasShownIsLookedAtAgain() {
    var asked = ask();
    var showing = show(asked.path());
    var said = device.sign(showing.options(), chosen(READ));
    company.replace(
        "crm",
        "resources",
        """
        {'identifier': 'https://crm.example/mcp', 'name': 'CRM', 'types': ['ticket', 'tool'],
         'actions': [{'name': 'tickets.read', 'sensitivity': 'high',
                      'description': 'read what everybody wrote'},
                     {'name': 'tickets.close', 'sensitivity': 'medium', 'reversible': true},
                     {'name': 'tickets.delete', 'sensitivity': 'high'}],
         'enforcers': ['<crm-server>'], 'asserts': ['resource.status']}
        """);
    isRefused(send(asked.path(), showing, said, READ), asked, "request-changed");
    assertThat(erin.browser.page()).contains("read what everybody wrote");
    var again = show(asked.path());
    var anew = device.sign(again.options(), chosen(READ));
    assertThat(send(asked.path(), again, anew, READ).statusCode()).isEqualTo(200);
  }

  @Test
  void aSignatureInAnotherSessionOrTooLateAllowsNothing() {
    var asked = ask();
    var showing = show(asked.path());
    var said = device.sign(showing.options(), chosen(READ));
    later(Duration.ofSeconds(60));
    var other = erin.with(new Browser(company.server.uri("").getPort()));
    other.signIn(world.now());
    var theirs = new LinkedHashMap<>(show(other.browser, asked.path()).hidden());
    theirs.put("offer", showing.hidden().get("offer"));
    var moved = new Showing(theirs, showing.options());
    isRefused(send(other.browser, asked.path(), moved, said, READ), asked, "request-changed");
    later(Duration.ofMinutes(4));
    isRefused(send(asked.path(), showing, said, READ), asked, "passkey-expired");
  }

  @Test
  void aSignInSignsNothing() {
    var asked = ask();
    erin.browser.open("/login");
    var said = device.get(PasskeyPagesTest.options(erin.browser));
    var showing = show(asked.path());
    isRefused(send(asked.path(), showing, said, READ), asked, "passkey-wrong");
    var swapped = new LinkedHashMap<>(showing.hidden());
    swapped.put("offer", erin.browser.cookies.get("prokura-passkey"));
    isRefused(
        send(asked.path(), new Showing(swapped, showing.options()), said, READ),
        asked,
        "passkey-expired");
  }

  @Test
  void nobodysPasskeyButHersAllowsIt() {
    var invited =
        company.server.done(
            "/api/v1/users/" + company.id("alice") + "/invite",
            company.token,
            company.json("{'reason': 'a test'}"));
    var link = invited.text("link").orElseThrow();
    var alice = new Browser(company.server.uri("").getPort());
    alice.open(link.substring(link.indexOf("/setup")));
    var key = KEY.matcher(alice.page());
    assertThat(key.find()).isTrue();
    alice.submit(
        "/setup",
        Map.of(
            "password", "nine purple unicycles",
            "again", "nine purple unicycles",
            "shown", new AuthenticatorApp(key.group(1)).shows(world.now())));
    var hers = new Device("http://localhost:8420", "localhost", 2);
    add(alice, hers);
    var asked = ask();
    var showing = show(asked.path());
    var said = hers.sign(showing.options(), chosen(READ));
    isRefused(send(asked.path(), showing, said, READ), asked, "passkey-wrong");
    hers.handle = device.handle;
    var posing = hers.sign(showing.options(), chosen(READ));
    isRefused(send(asked.path(), showing, posing, READ), asked, "passkey-wrong");
  }

  @Test
  void aPasskeyThatComesOrGoesWhileThePageIsOpenIsNoWayAround() {
    var asked = ask();
    var showing = show(asked.path());
    var said = device.sign(showing.options(), chosen(READ));
    erin.browser.open("/me");
    var remove = REMOVE.matcher(erin.browser.page());
    assertThat(remove.find()).isTrue();
    assertThat(erin.browser.submit(remove.group(1), Map.of()).statusCode()).isEqualTo(303);
    isRefused(send(asked.path(), showing, said, READ), asked, "passkey-wrong");

    erin.signIn(world.now());
    erin.browser.open(asked.path());
    assertThat(erin.browser.page()).doesNotContain("passkey");
    var plain = Browser.encoded(erin.browser.hidden()) + "&decision=allow&scope=" + READ;
    add(erin.browser, new Device("http://localhost:8420", "localhost", 3));
    isRefused(erin.browser.post(asked.path(), plain), asked, "passkey-missing");
  }

  @Test
  void aDevicesRequestIsSignedAsWell() {
    company.make(
        "program",
        "clients",
        """
        {'name': 'Television', 'everything': true, 'public': true,
         'redirectUris': ['http://127.0.0.1/cb'], 'resource': '<crm>'}
        """);
    var form = Map.of("client_id", company.id("program"), "scope", READ, "resource", Company.CRM);
    var started =
        new Browser(company.server.uri("").getPort())
            .post("/oauth2/device_authorization", Browser.encoded(form));
    var code = company.server.object(started.body()).text("user_code").orElseThrow();
    erin.browser.open("/device");
    var path = CodeFlow.location(erin.browser.submit("/device", Map.of("code", code)));
    assertThat(flow.decide(path, "allow", READ).statusCode()).isEqualTo(400);
    var showing = show(path);
    var chosen =
        Map.of("depth", List.<String>of(), "lasts", List.of("day"), "scope", List.of(READ));
    var hidden = new LinkedHashMap<>(showing.hidden());
    hidden.putAll(PasskeyPagesTest.fields(device.sign(showing.options(), chosen)));
    var sent = Browser.encoded(hidden) + "&decision=allow&lasts=day&scope=" + READ;
    assertThat(erin.browser.post(path, sent).statusCode()).isEqualTo(200);
  }
}
