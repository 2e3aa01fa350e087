package io.prokura.app;

import static io.prokura.app.Home.PASSWORD;
import static io.prokura.app.Home.SESSION;
import static io.prokura.app.Home.fields;
import static io.prokura.app.Home.isSignedIn;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// People change what they sign in with; and what whoever has stolen their session gets from it.
final class AuthenticatorPagesTest {
  private static final String NEXT = "eight yellow tricycles";
  private static final Duration LATER = Duration.ofMinutes(11);

  private final Home home = new Home();

  @AfterEach
  void close() {
    home.close();
  }

  private static HttpResponse<String> change(Browser at, String current, String next) {
    at.open("/me/password");
    return at.submit("/me/password", fields("current", current, "password", next, "again", next));
  }

  private HttpResponse<String> enter(String password) {
    home.pass(Duration.ofSeconds(60));
    return home.signIn(home.another(), password, home.app.shows(home.world.now()));
  }

  private List<String> sessions() {
    return home.database.read(
        tx ->
            tx.list(
                "SELECT amr || ' ' || acr || ' ' || started_at || ' ' || ends_at FROM session",
                row -> row.text(1)));
  }

  private static Optional<String> location(HttpResponse<String> response) {
    return response.headers().firstValue("Location");
  }

  @Test
  void aNewPasswordEndsEveryOtherSessionAndGivesThisOneANewId() {
    var other = home.signedIn();
    var thief = home.another();
    thief.cookies.put(SESSION, home.browser.cookies.get(SESSION));
    assertThat(isSignedIn(thief)).isTrue();
    var before = sessions();
    var done = change(home.browser, PASSWORD, NEXT);
    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    assertThat(done.body()).contains("Your password is changed").doesNotContain(NEXT);
    assertThat(isSignedIn(home.browser)).isTrue();
    assertThat(isSignedIn(other)).as("another browser").isFalse();
    assertThat(isSignedIn(thief)).as("who knew the session").isFalse();
    assertThat(sessions()).as("proven no more and lasting no longer").hasSize(1);
    assertThat(before).containsAll(sessions());
    assertThat(home.entries("password.changed")).isEqualTo(1);
    assertThat(enter(PASSWORD).statusCode()).isEqualTo(400);
    assertThat(enter(NEXT).statusCode()).isEqualTo(303);
  }

  @Test
  void aPasswordThatIsNotGoodEnoughChangesNothing() {
    for (var bad :
        List.of("short", "x".repeat(257), "password1234", "all of danas keys", "aaaaaaaaaaaaaaa")) {
      var answer = change(home.browser, PASSWORD, bad);
      assertThat(answer.statusCode()).as(bad).isEqualTo(400);
      assertThat(answer.body()).contains("href=\"#password\"").doesNotContain("value=\"" + bad);
    }
    var same = change(home.browser, PASSWORD, PASSWORD);
    assertThat(same.statusCode()).isEqualTo(400);
    assertThat(same.body()).contains("the password you have already");
    home.browser.open("/me/password");
    var differing =
        home.browser.submit(
            "/me/password", fields("current", PASSWORD, "password", NEXT, "again", NEXT + "."));
    assertThat(differing.body()).contains("href=\"#again\"").doesNotContain("href=\"#password\"");
    assertThat(home.entries("password.changed")).isZero();
    assertThat(enter(PASSWORD).statusCode()).isEqualTo(303);
  }

  @Test
  void aStolenSessionChangesNothingAndCanNotGuess() {
    var thief = home.another();
    thief.cookies.put(SESSION, home.browser.cookies.get(SESSION));
    for (int i = 0; i < 5; i++) {
      assertThat(change(thief, "a wrong guess " + i, NEXT).statusCode()).isEqualTo(400);
    }
    var waiting = change(thief, PASSWORD, NEXT);
    assertThat(waiting.statusCode()).as("even the right one").isEqualTo(429);
    assertThat(waiting.headers().firstValue("Retry-After")).isPresent();
    assertThat(home.entries("password.changed")).isZero();
    assertThat(home.entries("request.refused")).isEqualTo(5);
    assertThat(change(home.signedIn(), PASSWORD, NEXT).statusCode())
        .as("the person in a session of their own")
        .isEqualTo(200);
    assertThat(isSignedIn(thief)).isFalse();
  }

  @Test
  void formsOfAnotherSessionDoNothing() {
    var other = home.signedIn();
    for (var path : List.of("/me/password", "/me/recovery-codes", "/me/authenticator")) {
      other.open(path);
      var stolen =
          fields(
              "form_token",
              other.hidden().getOrDefault("form_token", ""),
              "enrolment",
              other.hidden().getOrDefault("enrolment", ""),
              "current",
              PASSWORD,
              "password",
              NEXT,
              "again",
              NEXT,
              "shown",
              "000000");
      var form = Browser.encoded(stolen);
      assertThat(home.browser.post(path, form).statusCode()).as(path).isEqualTo(403);
      var nobody = home.another();
      assertThat(nobody.post(path, form).statusCode()).as(path).isEqualTo(403);
      assertThat(location(nobody.open(path)))
          .hasValue("/login?return_to=" + path.replace("/", "%2F"));
    }
    assertThat(home.entries("password.changed")).isZero();
    assertThat(home.entries("recovery-codes.replaced")).isZero();
  }

  @Test
  void newRecoveryCodesAreShownOnceAndTheOldOnesAreDead() {
    assertThat(home.browser.open("/me").body()).contains("(10 left)");
    assertThat(home.browser.open("/me/recovery-codes").body()).doesNotContain("name=\"current\"");
    assertThat(home.browser.submit("/me/recovery-codes", fields()).statusCode()).isEqualTo(200);
    var fresh = Home.codes(home.browser);
    assertThat(fresh).hasSize(10).doesNotContainAnyElementsOf(home.recovery);
    assertThat(home.browser.open("/me/recovery-codes").body()).doesNotContain(fresh.getFirst());
    assertThat(home.signIn(home.another(), PASSWORD, home.recovery.getFirst()).statusCode())
        .isEqualTo(400);
    assertThat(home.signIn(home.another(), PASSWORD, fresh.getFirst()).statusCode()).isEqualTo(303);
    assertThat(home.entries("recovery-codes.replaced")).isEqualTo(1);
  }

  @Test
  void recoveryCodesTakeThePasswordWhenSigningInIsLongAgo() {
    home.pass(LATER);
    assertThat(home.browser.open("/me/recovery-codes").body()).contains("name=\"current\"");
    for (var form : List.of(fields(), fields("current", ""), fields("current", "not the one"))) {
      var refused = home.browser.submit("/me/recovery-codes", form);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(Home.codes(home.browser)).isEmpty();
    }
    assertThat(home.entries("recovery-codes.replaced")).isZero();
    var done = home.browser.submit("/me/recovery-codes", fields("current", PASSWORD));
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(Home.codes(home.browser)).hasSize(10);
  }

  @Test
  void anotherAppTakesThePlaceOfTheOneBefore() {
    home.browser.open("/me/authenticator");
    var next = Home.shownApp(home.browser);
    var enrolment = home.browser.hidden().getOrDefault("enrolment", "");
    assertThat(home.browser.submit("/me/authenticator", fields("shown", "000000")).statusCode())
        .isEqualTo(400);
    var shown = next.shows(home.world.now());
    assertThat(home.browser.submit("/me/authenticator", fields("shown", shown)).statusCode())
        .isEqualTo(200);
    assertThat(home.signIn(home.another(), PASSWORD, shown).statusCode())
        .as("the code was used")
        .isEqualTo(400);
    home.browser.open("/me/authenticator");
    var again = fields("shown", shown, "enrolment", enrolment);
    assertThat(home.browser.submit("/me/authenticator", again).statusCode())
        .as("the same secret, by which its code would be good again")
        .isEqualTo(400);
    assertThat(enter(PASSWORD).statusCode()).as("the app before").isEqualTo(400);
    home.app = next;
    assertThat(enter(PASSWORD).statusCode()).isEqualTo(303);
    assertThat(home.entries("authenticator-app.replaced")).isEqualTo(1);
  }

  @Test
  void anotherAppTakesThePasswordAndASecretOfThisSession() {
    var other = home.signedIn();
    other.open("/me/authenticator");
    var foreign = other.hidden().getOrDefault("enrolment", "");
    var app = Home.shownApp(other);
    home.browser.open("/me/authenticator");
    var form = fields("shown", app.shows(home.world.now()), "enrolment", foreign);
    assertThat(location(home.browser.submit("/me/authenticator", form)))
        .as("a secret that another session was shown")
        .hasValue("/me/authenticator");
    home.pass(LATER);
    home.browser.open("/me/authenticator");
    var own = Home.shownApp(home.browser);
    var shown = own.shows(home.world.now());
    assertThat(home.browser.submit("/me/authenticator", fields("shown", shown)).statusCode())
        .as("without the password")
        .isEqualTo(400);
    assertThat(home.entries("authenticator-app.replaced")).isZero();
    var proven = fields("shown", shown, "current", PASSWORD);
    assertThat(home.browser.submit("/me/authenticator", proven).statusCode()).isEqualTo(200);
  }

  @Test
  void whoHasNoPasswordHasNothingToChange() {
    home.database.inTransaction(tx -> tx.run("DELETE FROM user_password"));
    assertThat(home.browser.open("/me").body()).doesNotContain("/me/password");
    for (var path : List.of("/me/password", "/me/recovery-codes", "/me/authenticator")) {
      assertThat(location(home.browser.open(path))).as(path).hasValue("/me");
      home.browser.open("/me");
      assertThat(location(home.browser.submit(path, fields()))).as(path).hasValue("/me");
    }
  }
}
