package io.prokura.app;

import static io.prokura.app.Home.SESSION;
import static io.prokura.app.Home.isSignedIn;
import static io.prokura.app.LinkedHome.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// People link accounts that they have elsewhere, and unlink them; and how others may try to get a
/// way in of their own into somebody's account.
final class LinkedAccountPagesTest {
  private static final Duration LATER = Duration.ofMinutes(11);
  private static final String PENDING = "prokura-upstream";

  private final LinkedHome all = new LinkedHome();
  private final Home home = all.home;

  @AfterEach
  void close() {
    all.close();
  }

  private static Optional<String> location(HttpResponse<String> response) {
    return response.headers().firstValue("Location");
  }

  @Test
  void aLinkedAccountSignsItsPersonInUntilItIsUnlinked() {
    var other = home.signedIn();
    var asked = all.offered(home.browser, "dana-there");
    assertThat(asked.body())
        .contains("First &lt;b&gt;", "dana-there &lt;i&gt;", "Link this account?")
        .doesNotContain("<b>", "<i>");
    assertThat(all.links()).as("before she says so").isEmpty();
    assertThat(location(home.browser.submit(PAGE, Map.of()))).hasValue(PAGE);
    assertThat(home.browser.open(PAGE).body()).contains("dana-there", "First &lt;b&gt;");
    assertThat(all.links()).containsExactly("dana-there dana");
    assertThat(home.entries("user.linked")).isEqualTo(1);
    assertThat(isSignedIn(other)).as("nothing else ends").isTrue();
    var byIt = home.another();
    assertThat(all.signIn(byIt, "dana-there").statusCode()).isEqualTo(303);
    assertThat(byIt.open("/me").body()).contains("Signed in as Dana.");

    assertThat(location(all.unlink(home.browser))).hasValue(PAGE);
    assertThat(all.links()).isEmpty();
    assertThat(home.entries("user.unlinked")).isEqualTo(1);
    assertThat(isSignedIn(home.browser)).isTrue();
    assertThat(isSignedIn(byIt)).as("who came by it").isFalse();
    assertThat(isSignedIn(other)).isFalse();
    var again = home.another();
    all.signIn(again, "dana-there");
    assertThat(again.open("/me").body()).as("somebody new now").doesNotContain("as Dana.");
  }

  @Test
  void oneWhoBeganLinkingCanNotHaveItEndInTheBrowserOfAnother() {
    var mallory = all.newcomer("mallory");
    var back = all.back(all.first, all.beginLinking(mallory, all.firstId), "mallory-2");
    var victim = home.browser;
    assertThat(victim.open(back).statusCode()).as("nothing begun").isEqualTo(400);
    all.beginLinking(victim, all.firstId);
    assertThat(victim.open(back).statusCode()).as("begun with another state").isEqualTo(400);
    victim.cookies.put(PENDING, mallory.cookies.get(PENDING));
    assertThat(victim.open(back).statusCode()).as("and with her cookie").isEqualTo(400);
    assertThat(home.entries("request.refused")).as("under Dana's name").isEqualTo(2);

    assertThat(mallory.open(back).statusCode()).isEqualTo(200);
    var offer = mallory.hidden().get("offer");
    victim.open(PAGE);
    assertThat(victim.submit(PAGE, Map.of("offer", offer)).statusCode())
        .as("what was offered to her")
        .isEqualTo(400);
    assertThat(all.links()).containsExactly("mallory mallory@example.org");
  }

  @Test
  void aThiefOfTheAddressAloneSignsInAsNobody() {
    var back = all.back(all.first, all.beginLinking(home.browser, all.firstId), "dana-there");
    var thief = home.another();
    assertThat(thief.open(back).statusCode()).isEqualTo(400);
    thief.cookies.put(PENDING, home.browser.cookies.get(PENDING));
    assertThat(location(thief.open(back)))
        .hasValueSatisfying(to -> assertThat(to).contains("/login"));
    assertThat(thief.cookies).doesNotContainKey(SESSION);
    assertThat(isSignedIn(thief)).isFalse();
    assertThat(all.links()).isEmpty();
  }

  @Test
  void whoSignedOutAndInAgainMeanwhileLinksNothing() {
    var back = all.back(all.first, all.beginLinking(home.browser, all.firstId), "dana-there");
    var next = home.signedIn();
    next.cookies.put(PENDING, home.browser.cookies.get(PENDING));
    assertThat(next.open(back).statusCode()).isEqualTo(400);
    assertThat(all.links()).isEmpty();
  }

  @Test
  void signingInLinksNothingAndLinkingSignsNobodyIn() {
    var other = home.signedIn();
    var signIn = all.back(all.first, all.beginSignIn(other, all.firstId), "stranger");
    assertThat(other.open(signIn).statusCode()).isEqualTo(303);
    assertThat(other.open("/me").body()).doesNotContain("as Dana.");
    assertThat(all.links()).containsExactly("stranger stranger@example.org");

    var session = home.browser.cookies.get(SESSION);
    assertThat(all.offered(home.browser, "stranger").statusCode()).isEqualTo(409);
    assertThat(home.browser.cookies).containsEntry(SESSION, session);
    assertThat(home.browser.open("/me").body()).contains("as Dana.");
  }

  @Test
  void anAnswerAndAnOfferCountOnce() {
    var back = all.back(all.first, all.beginLinking(home.browser, all.firstId), "dana-there");
    var pending = home.browser.cookies.get(PENDING);
    assertThat(home.browser.open(back).statusCode()).isEqualTo(200);
    var offer = home.browser.hidden().get("offer");
    assertThat(home.browser.submit(PAGE, Map.of()).statusCode()).isEqualTo(303);
    home.browser.cookies.put(PENDING, pending);
    assertThat(home.browser.open(back).statusCode()).isEqualTo(400);

    all.unlink(home.browser);
    home.browser.open(PAGE);
    assertThat(home.browser.submit(PAGE, Map.of("offer", offer)).statusCode()).isEqualTo(400);
    assertThat(all.links()).isEmpty();
  }

  @Test
  void anOfferIsGoodForFiveMinutes() {
    all.offered(home.browser, "dana-there");
    home.pass(Duration.ofMinutes(5));
    assertThat(home.browser.submit(PAGE, Map.of()).statusCode()).isEqualTo(400);
    assertThat(all.links()).isEmpty();
  }

  @Test
  void nobodyTakesTheAccountOfAnother() {
    all.newcomer("erin");
    var taken = all.offered(home.browser, "erin");
    assertThat(taken.statusCode()).isEqualTo(409);
    assertThat(taken.body()).contains("signs somebody in here already").doesNotContain("erin");
    assertThat(home.entries("request.refused")).isEqualTo(1);

    all.offered(home.browser, "shared");
    var mallory = all.newcomer("mallory");
    assertThat(all.linked(mallory, "shared").statusCode()).isEqualTo(303);
    home.browser.open(PAGE);
    all.offered(home.browser, "other");
    var mine = home.browser.hidden().get("offer");
    assertThat(all.linked(mallory, "other").statusCode()).isEqualTo(303);
    home.browser.open(PAGE);
    assertThat(home.browser.submit(PAGE, Map.of("offer", mine)).statusCode())
        .as("linked by another since it was offered")
        .isEqualTo(409);
    assertThat(all.links()).noneMatch(one -> one.endsWith(" dana"));
  }

  @Test
  void oneIssuersAnswerIsNeverTakenForAnothers() {
    var sent = all.beginLinking(home.browser, all.firstId);
    var pending = home.browser.cookies.get(PENDING);
    var elsewhere = all.back(all.first, sent, "x").replace(all.firstId, all.secondId);
    assertThat(home.browser.open(elsewhere).statusCode()).isEqualTo(400);
    home.browser.cookies.put(PENDING, pending);
    assertThat(home.browser.open(all.back(all.second, sent, "x")).statusCode()).isEqualTo(400);
    assertThat(all.first.forms).isEmpty();
    assertThat(all.second.forms).isEmpty();
  }

  @Test
  void anAccountOutsideTheDomainsOfItsIssuerIsNotLinked() {
    var out = all.beginLinking(home.browser, all.secondId);
    var back = all.back(all.second, out, "dana", "dana@elsewhere.example");
    assertThat(home.browser.open(back).statusCode()).isEqualTo(400);
    var in = all.beginLinking(home.browser, all.secondId);
    assertThat(home.browser.open(all.back(all.second, in, "dana")).statusCode()).isEqualTo(200);
  }

  @Test
  void aSessionThatBeganLongAgoLinksAndUnlinksNothing() {
    all.linked(home.browser, "dana-there");
    home.browser.open(PAGE);
    var hidden = Objects.requireNonNull(home.browser.hidden().get("form_token"));
    var token = Map.of("form_token", hidden);
    var link = PAGE + "/" + all.firstId + "/link";
    home.pass(LATER);
    assertThat(location(home.browser.submit(link, Map.of())))
        .hasValue("/login?return_to=%2Fme%2Flinked-accounts");
    var page = home.browser.open(PAGE).body();
    assertThat(page)
        .contains("dana-there", "/login?return_to=/me/linked-accounts")
        .doesNotContain("<form", "/unlink\"");
    var id =
        home.database.<String>read(
            tx -> tx.one("SELECT id FROM subject_link", row -> row.text(1)).orElseThrow());
    assertThat(location(home.browser.submit(PAGE + "/" + id + "/unlink", token)))
        .hasValue("/login?return_to=%2Fme%2Flinked-accounts");
    assertThat(all.links()).containsExactly("dana-there dana");
  }

  @Test
  void noFormFromElsewhereLinksOrUnlinks() {
    all.offered(home.browser, "dana-there");
    var offer = home.browser.hidden();
    assertThat(home.browser.post(PAGE, "offer=" + offer.get("offer")).statusCode()).isEqualTo(403);
    home.browser.headers.put("Sec-Fetch-Site", "cross-site");
    assertThat(home.browser.post(PAGE, Browser.encoded(offer)).statusCode()).isEqualTo(403);
    home.browser.headers.remove("Sec-Fetch-Site");
    var link = PAGE + "/" + all.firstId + "/link";
    assertThat(home.browser.post(link, "").statusCode()).isEqualTo(403);
    var mallory = all.newcomer("mallory");
    mallory.open(PAGE);
    var hers = Browser.encoded(Map.of("form_token", mallory.hidden().get("form_token")));
    assertThat(home.browser.post(link, hers).statusCode()).as("her token").isEqualTo(403);
    assertThat(all.links()).noneMatch(one -> one.endsWith(" dana"));
  }

  @Test
  void nobodyUnlinksTheAccountOfAnother() {
    all.linked(home.browser, "dana-there");
    var mallory = all.newcomer("mallory");
    var id =
        home.database.<String>read(
            tx ->
                tx.one("SELECT id FROM subject_link WHERE sub = 'dana-there'", row -> row.text(1))
                    .orElseThrow());
    mallory.open(PAGE);
    mallory.submit(PAGE + "/" + id + "/unlink", Map.of());
    assertThat(all.links()).contains("dana-there dana");
    assertThat(isSignedIn(home.browser)).isTrue();
  }

  @Test
  void theLastWayInStays() {
    var erin = all.newcomer("erin");
    var refused = all.unlink(erin);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("only thing you sign in with");
    assertThat(all.signIn(home.another(), "erin").statusCode()).isEqualTo(303);

    assertThat(all.linked(erin, "erin-2").statusCode()).isEqualTo(303);
    assertThat(all.unlink(erin, "erin-2").statusCode()).as("another is left").isEqualTo(303);
    assertThat(all.unlink(erin, "erin").statusCode()).as("and is the last").isEqualTo(409);
    assertThat(all.links()).hasSize(1);
  }

  @Test
  void aSessionThatBeganByTheAccountThatIsUnlinkedEndsToo() {
    all.linked(home.browser, "dana-there");
    var byIt = home.another();
    all.signIn(byIt, "dana-there");
    assertThat(byIt.open("/me").body()).contains("First &lt;b&gt;");
    var done = all.unlink(byIt, "dana-there");
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.body()).contains("You had signed in by it", "href=\"/login\"");
    assertThat(byIt.cookies).doesNotContainKey(SESSION);
    assertThat(isSignedIn(home.browser)).isFalse();
    assertThat(all.links()).isEmpty();
  }

  /// A password in the place of the issuer's word: nothing rests on that any more.
  @Test
  void whoSignsInAnewByAPasswordStaysWhenTheIssuerIsNotBelievedAnyMore() {
    all.linked(home.browser, "dana-there");
    var mixed = home.another();
    all.signIn(mixed, "dana-there");
    var before = mixed.cookies.get(SESSION);
    home.pass(Duration.ofSeconds(60));
    home.signIn(mixed, Home.PASSWORD, home.app.shows(home.world.now()));
    all.deactivate(all.firstId);
    assertThat(isSignedIn(mixed)).isTrue();
    assertThat(mixed.open("/me").body()).doesNotContain("First &lt;b&gt;");
    mixed.cookies.put(SESSION, before);
    assertThat(isSignedIn(mixed)).as("the one before").isFalse();
  }

  /// The issuer's word in the place of a password: whoever steps up rests on that alone.
  @Test
  void whoSignsInAnewByTheIssuerEndsWithIt() {
    all.linked(home.browser, "dana-there");
    var other = home.signedIn();
    var before = other.cookies.get(SESSION);
    all.signIn(other, "dana-there");
    assertThat(isSignedIn(other)).isTrue();
    var copy = home.another();
    copy.cookies.put(SESSION, before);
    assertThat(isSignedIn(copy)).as("the one before").isFalse();
    all.deactivate(all.firstId);
    assertThat(isSignedIn(other)).isFalse();
    assertThat(isSignedIn(home.browser)).as("who only linked it").isTrue();
  }

  @Test
  void whoIsNotSignedInIsSentToSignIn() {
    assertThat(location(home.another().open(PAGE)))
        .hasValue("/login?return_to=%2Fme%2Flinked-accounts");
  }
}
