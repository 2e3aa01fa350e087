package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.authenticators.AuthenticatorApp;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.passkeys.Device;
import io.prokura.sql.TestDatabases;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Erin at the pages of a company's server, in a browser that is not written by us: what she reads
/// there, that she gets everywhere by what has a name, and that nothing asks another host.
abstract class VisitContract {
  private static final String PASSWORD = "seven green bicycles";
  private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");

  private final Instant began = Instant.now();
  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  private final World world = new World(() -> began.plus(passed.get()), new SecureRandom());
  private Company company;
  private Visitor erin;
  private AuthenticatorApp app;
  private CodeFlow flow;

  abstract boolean scripts();

  @BeforeEach
  void setUp() {
    company = Company.found(TestDatabases.sqlite(), world);
    company.replace(
        "crm",
        "resources",
        """
        {'identifier': 'https://crm.example/mcp', 'name': 'CRM', 'types': ['ticket', 'tool'],
         'actions': [{'name': 'tickets.read', 'sensitivity': 'low',
                      'description': 'read what customers wrote'},
                     {'name': 'tickets.close', 'sensitivity': 'high', 'reversible': false,
                      'description': 'close tickets for good'}],
         'enforcers': ['<crm-server>'], 'asserts': ['resource.status']}
        """);
    erin = visitor();
    erin.open(company.server.setupPath());
    assertThat(erin.text()).contains("This makes you the first administrator of this server.");
    app = erin.app();
    erin.fill("User name", "erin");
    erin.fill("Your name", "Erin Example");
    erin.fill("Password", PASSWORD);
    erin.fill("The same password once more", PASSWORD);
    erin.fill("The six digits that the app shows", app.shows(world.now()));
    erin.press("Set up");
    var users = company.server.get("/api/v1/users", company.token).body();
    var id = Pattern.compile("\"id\":\"(usr_[0-9a-z]+)\",\"userName\":\"erin\"").matcher(users);
    assertThat(id.find()).as(users).isTrue();
    company.known("erin", id.group(1));
    company.permit("erin", "crm", "['tickets.read', 'tickets.close']", "own");
    company.permit("triage", "archive", "['files.read']", "own");
    flow = new CodeFlow(company, raw());
    pass();
  }

  @AfterEach
  void close() {
    assertThat(erin.elsewhere()).as("requests to other hosts").isEmpty();
    erin.close();
    company.close();
  }

  private Visitor visitor() {
    return new Visitor(company.server.uri("").getPort(), scripts());
  }

  private Browser raw() {
    return new Browser(company.server.uri("").getPort());
  }

  /// Until the app shows another code.
  private void pass() {
    passed.updateAndGet(before -> before.plus(Duration.ofSeconds(60)));
    Eventually.holds("a node that follows the clock", company.server::ready);
  }

  private String authorizing(String... more) {
    return "/oauth2/authorize?" + Browser.encoded(flow.request(more));
  }

  /// The code in the only request to another host, which is the application's.
  private String code(String method) {
    var asked = erin.elsewhere();
    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst()).startsWith(method + " " + CodeFlow.CALLBACK);
    var code = CODE.matcher(asked.getFirst());
    assertThat(code.find()).as(asked.getFirst()).isTrue();
    return URLDecoder.decode(code.group(1), StandardCharsets.UTF_8);
  }

  private String triage() {
    return company.granted(
        "triage", "grant_type=client_credentials&resource=" + Company.ARCHIVE + "&purpose=support");
  }

  @Test
  void signsInByTheLinkAndThenByPasswordAndCode() {
    assertThat(erin.text()).contains("Keep your recovery codes", "Each is good once.");
    assertThat(erin.codes()).hasSize(10);
    erin.press("I have kept them");
    assertThat(erin.path()).isEqualTo("/me");
    assertThat(erin.text()).contains("Signed in as Erin Example.", "This browser");
    erin.press("Sign out");
    assertThat(erin.text()).contains("Sign out of this browser?");
    erin.press("Sign out");
    assertThat(erin.text()).contains("You are not signed in.");
    erin.open("/me");
    assertThat(erin.path()).isEqualTo("/login");
    erin.fill("User name", "erin");
    erin.fill("Password", "not her password");
    erin.press("Sign in");
    assertThat(erin.text()).contains("There is a problem", "The user name or the password is not");
    erin.fill("Password", PASSWORD);
    erin.press("Sign in");
    assertThat(erin.text()).contains("Confirm that it is you");
    erin.fill("Code", "000000");
    erin.press("Confirm");
    assertThat(erin.text()).contains("The code is not right, or it was used before.");
    erin.fill("Code", app.shows(world.now()));
    erin.press("Confirm");
    assertThat(erin.path()).isEqualTo("/me");
    assertThat(erin.hasButton("Use a passkey")).as("a browser that knows none").isFalse();
  }

  @Test
  void narrowsWhatAnAgentMayDoIsNotAskedAgainAndTakesItBack() {
    erin.open(authorizing("requested_actor", "<triage>"));
    assertThat(erin.text())
        .contains("triage wants to act for you", "You are signed in as Erin Example.")
        .contains("Answered for by", "dana", "Purpose", "support", "What it may do in CRM")
        .contains("read what customers wrote", "close tickets for good", "tickets.close")
        .contains("Sensitive", "You go back to console")
        .containsOnlyOnce("Can't be undone");
    erin.tick("close tickets for good", false);
    erin.tick("One hour", true);
    erin.tick("No, only it may act", true);
    erin.press("Allow");
    erin.press("Continue");
    var tokens = flow.redeem(code("GET"), "actor_token", triage());
    assertThat(flow.member(tokens, "scope")).isEqualTo("tickets.read");
    erin.open(authorizing("requested_actor", "<triage>", "scope", "tickets.read"));
    assertThat(code("GET")).as("without a question").isNotEmpty();
    erin.open("/me");
    assertThat(erin.text()).contains("triage, through console", "Purpose", "support", "CRM");
    erin.press("Take back what triage, through console may do");
    assertThat(erin.text()).contains("Nobody acts for you.");
    var refresh = flow.member(tokens, "refresh_token");
    assertThat(flow.error(flow.refresh(refresh, "actor_token", triage())))
        .isEqualTo("invalid_grant");
    erin.open(authorizing("requested_actor", "<triage>", "scope", "tickets.read"));
    erin.press("Don't allow");
    erin.press("Continue");
    assertThat(erin.elsewhere()).hasSize(1).first().asString().contains("error=access_denied");
  }

  @Test
  void goesBackToTheApplicationByAForm() {
    erin.open(authorizing("response_mode", "form_post"));
    assertThat(erin.text()).contains("console asks for access");
    erin.press("Allow");
    if (!scripts()) {
      erin.press("Continue");
    }
    assertThat(erin.elsewhere()).containsExactly("POST " + CodeFlow.CALLBACK);
  }

  @Test
  void connectsADevice() {
    company.make(
        "program",
        "clients",
        """
        {'name': 'Television', 'everything': true, 'public': true,
         'redirectUris': ['http://127.0.0.1/cb'], 'resource': '<crm>'}
        """);
    var id = company.id("program");
    var started =
        object("/oauth2/device_authorization", Map.of("client_id", id, "scope", "tickets.read"));
    erin.open("/device");
    erin.fill("Code", "BBBB-BBBB");
    erin.press("Continue");
    assertThat(erin.text()).contains("No device shows this code");
    erin.fill("Code", started.text("user_code").orElseThrow().toLowerCase(Locale.ROOT));
    erin.press("Continue");
    assertThat(erin.text())
        .contains("Television asks for access", "read what customers wrote", "Asked from")
        .contains("Allow this only if you have just started it yourself");
    erin.press("Allow");
    assertThat(erin.text()).contains("Allowed");
    var polled =
        object(
            "/oauth2/token",
            Map.of(
                "client_id",
                id,
                "grant_type",
                "urn:ietf:params:oauth:grant-type:device_code",
                "device_code",
                started.text("device_code").orElseThrow()));
    assertThat(polled.text("scope")).hasValue("tickets.read");
  }

  private Json.Obj object(String path, Map<String, String> form) {
    var response = raw().post(path, Browser.encoded(form));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return company.server.object(response.body());
  }

  @Test
  void answersAnAgentThatAsksWithoutABrowser() {
    var agent = new Backchannel(company, raw());
    var first = agent.asked("triage", "purpose", "support", "binding_message", "Ticket 4711");
    erin.open("/me");
    assertThat(erin.text()).contains("Waiting for your answer");
    erin.press("triage asks you for something");
    assertThat(erin.text())
        .contains("triage wants to act for you", "Ticket 4711", "Answered for by", "dana");
    erin.press("Allow");
    assertThat(erin.text()).contains("Allowed");
    var token = agent.member(agent.poll("triage", first), "access_token");
    assertThat(agent.isActive(token)).isTrue();
    var second = agent.asked("triage", "purpose", "support");
    erin.open("/me");
    erin.press("triage asks you for something");
    erin.press("Don't allow");
    assertThat(erin.text()).contains("Not allowed");
    assertThat(agent.error(agent.poll("triage", second))).isEqualTo("access_denied");
  }

  @Test
  void saysNoWithoutThePasskeyThatItTakesToSayYes() {
    var device = new Device("http://localhost:8420", "localhost", 1);
    erin.press("I have kept them");
    var made = device.create(company.server.object(erin.options()));
    var fields =
        Map.of(
            "form_token", erin.token(),
            "client_data", made.clientData(),
            "attestation", made.attestationObject(),
            "name", "phone");
    assertThat(erin.forge("/me/passkeys", Browser.encoded(fields))).isLessThan(400);
    var agent = new Backchannel(company, raw());
    var asked = agent.asked("triage", "purpose", "support");
    erin.open("/me");
    erin.press("triage asks you for something");
    assertThat(erin.text())
        .contains("triage wants to act for you", "tickets.read")
        .contains("To allow this you need your passkey, and a browser that runs the script")
        .doesNotContain("Nothing was allowed");
    assertThat(erin.hasButton("Allow")).isFalse();
    assertThat(erin.hasButton("Allow with your passkey")).isFalse();
    var form = "form_token=" + erin.token() + "&decision=allow&scope=tickets.read";
    assertThat(erin.forge(erin.path(), form)).isEqualTo(400);
    erin.press("Don't allow");
    assertThat(erin.text()).contains("Not allowed");
    assertThat(agent.error(agent.poll("triage", asked))).isEqualTo("access_denied");
  }

  @Test
  void readsWhyAPageDoesNotWork() {
    erin.open(authorizing("redirect_uri", "https://evil.example/cb"));
    assertThat(erin.status()).isEqualTo(400);
    assertThat(erin.text()).contains("This does not work", "Nothing was allowed.");
    erin.open("/consent?request=nonsense");
    assertThat(erin.status()).isGreaterThanOrEqualTo(400);
    assertThat(erin.text()).contains("This does not work");
    erin.open("/me/requests/prq_nonsense");
    assertThat(erin.status()).isEqualTo(404);
    assertThat(erin.text()).contains("There is nothing to answer here any more.");
    erin.open("/setup?code=nonsense");
    assertThat(erin.status()).isEqualTo(404);
    assertThat(erin.text()).contains("This link is not good any more");
    erin.open("/oauth2/logout?id_token_hint=nonsense");
    assertThat(erin.text()).contains("sent you here to sign out", "Nothing has changed");
  }

  @Test
  void changesWhatSheSignsInWith() {
    var before = erin.codes();
    erin.open("/me");
    erin.press("Change your password");
    erin.fill("Your present password", "not her password");
    erin.fill("New password", "eight yellow tricycles");
    erin.fill("The new password once more", "eight yellow tricycles");
    erin.press("Change password");
    assertThat(erin.text()).contains("This is not your present password.");
    erin.fill("Your present password", PASSWORD);
    erin.fill("New password", "eight yellow tricycles");
    erin.fill("The new password once more", "eight yellow tricycles");
    erin.press("Change password");
    assertThat(erin.text()).contains("You are signed out everywhere but here.");
    erin.press("Your account");
    erin.press("New recovery codes");
    erin.press("Make new codes");
    assertThat(erin.codes()).hasSize(10).doesNotContainAnyElementsOf(before);
    erin.press("I have kept them");
    erin.press("Use another authenticator app");
    erin.fill("The six digits that the app shows", erin.app().shows(world.now()));
    erin.press("Use this app");
    assertThat(erin.text()).contains("Your app is set up");
  }

  @Test
  void nobodySendsTheFormsOfSomebodyElse() {
    var invited =
        company.server.done(
            "/api/v1/users/" + company.id("alice") + "/invite",
            company.token,
            company.json("{'reason': 'a test'}"));
    var link = invited.text("link").orElseThrow();
    var agent = new Backchannel(company, raw());
    agent.asked("triage", "purpose", "support");
    try (var alice = visitor()) {
      alice.open(link.substring(link.indexOf("/setup")));
      alice.fill("Password", "nine purple unicycles");
      alice.fill("The same password once more", "nine purple unicycles");
      alice.fill("The six digits that the app shows", alice.app().shows(world.now()));
      alice.press("Set up");
      erin.open("/me");
      erin.press("triage asks you for something");
      var request = erin.path();
      var foreign = "form_token=" + erin.token() + "&decision=allow&scope=tickets.read";
      for (var path : List.of(request, "/consent", "/device", "/me/password", "/logout")) {
        assertThat(alice.forge(path, foreign)).as(path).isEqualTo(403);
        assertThat(alice.forge(path, "decision=allow")).as(path).isEqualTo(403);
      }
      alice.open("/device");
      var own = "form_token=" + alice.token() + "&decision=allow&scope=tickets.read";
      assertThat(alice.forge(request, own)).as("another's request").isEqualTo(404);
      alice.open(request);
      assertThat(alice.text()).contains("There is nothing to answer here").doesNotContain("triage");
      assertThat(alice.elsewhere()).isEmpty();
    }
    erin.open("/me");
    assertThat(erin.text()).contains("Waiting for your answer", "Nobody acts for you.");
  }
}
