package io.prokura.app;

import static io.prokura.app.LinkedHome.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.passkeys.Device;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Nobody is led to take away the last way in which they sign in, in whatever order they try.
final class WaysInTest {
  private static final Pattern REMOVE = Pattern.compile("action=\"(/me/passkeys/[^\"]+/remove)\"");
  private static final String ONLY = "is the only thing you sign in with";

  private final LinkedHome all = new LinkedHome();
  private final Home home = all.home;

  @AfterEach
  void close() {
    all.close();
  }

  private Device added(Browser from, int number) {
    var device = new Device("http://localhost:8420", "localhost", number);
    from.open("/me");
    var said = device.create(PasskeyPagesTest.options(from));
    var sent =
        from.submit(
            "/me/passkeys",
            Map.of(
                "client_data", said.clientData(),
                "attestation", said.attestationObject(),
                "name", "device " + number));
    assertThat(sent.statusCode()).isEqualTo(303);
    return device;
  }

  /// The addresses at which somebody removes their passkeys.
  private static List<String> removals(Browser from) {
    from.open("/me");
    return REMOVE.matcher(from.page()).results().map(one -> one.group(1)).toList();
  }

  private static HttpResponse<String> remove(Browser from) {
    return from.submit(removals(from).getFirst(), Map.of());
  }

  /// Somebody at another browser, who tries to sign in there with a passkey.
  private Browser comesWith(Device device) {
    var other = home.another();
    other.open("/login");
    var said = device.get(PasskeyPagesTest.options(other));
    other.submit("/login/passkey", PasskeyPagesTest.fields(said));
    return other;
  }

  private boolean signsIn(Device device) {
    return Home.isSignedIn(comesWith(device));
  }

  @Test
  void thePasskeyStaysOnceTheAccountIsUnlinked() {
    var erin = all.newcomer("erin");
    var device = added(erin, 1);
    assertThat(all.unlink(erin).statusCode()).as("the passkey is left").isEqualTo(200);
    assertThat(all.links()).isEmpty();
    assertThat(Home.isSignedIn(erin)).as("by that account").isFalse();
    erin = comesWith(device);
    for (int tries = 0; tries < 2; tries++) {
      var refused = remove(erin);
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(refused.body()).contains("This passkey " + ONLY);
    }
    assertThat(removals(erin)).hasSize(1);
    assertThat(signsIn(device)).isTrue();
  }

  @Test
  void theAccountStaysOnceThePasskeyIsRemoved() {
    var erin = all.newcomer("erin");
    var links = all.links();
    var device = added(erin, 1);
    assertThat(remove(erin).statusCode()).as("the account is left").isEqualTo(303);
    assertThat(signsIn(device)).isFalse();
    for (int tries = 0; tries < 2; tries++) {
      var refused = all.unlink(erin);
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(refused.body()).contains("This account " + ONLY);
    }
    var other = home.another();
    all.signIn(other, "erin");
    assertThat(Home.isSignedIn(other)).isTrue();
    assertThat(all.links()).as("and is nobody new").isEqualTo(links);
  }

  @Test
  void ofTwoPasskeysTheLaterOneToGoStays() {
    var erin = all.newcomer("erin");
    added(erin, 1);
    var device = added(erin, 2);
    assertThat(all.unlink(erin).statusCode()).isEqualTo(200);
    erin = comesWith(device);
    assertThat(remove(erin).statusCode()).isEqualTo(303);
    assertThat(remove(erin).statusCode()).isEqualTo(409);
    assertThat(removals(erin)).hasSize(1);
  }

  @Test
  void anAccountThatSignsNobodyInNowIsNoWayIn() {
    var erin = all.newcomer("erin");
    var device = added(erin, 1);
    all.deactivate(all.firstId);
    assertThat(Home.isSignedIn(erin)).as("by that account").isFalse();
    erin = comesWith(device);
    assertThat(remove(erin).statusCode()).isEqualTo(409);
    assertThat(all.unlink(erin).statusCode()).as("what is of no use can go").isEqualTo(303);
    assertThat(all.links()).isEmpty();
    assertThat(remove(erin).statusCode()).isEqualTo(409);
  }

  @Test
  void thePasskeyOfAnotherNeitherCountsNorGoes() {
    var hers = added(home.browser, 1);
    var address = removals(home.browser).getFirst();
    var mallory = all.newcomer("mallory");
    mallory.open("/me");
    mallory.submit(address, Map.of());
    assertThat(signsIn(hers)).isTrue();
    assertThat(all.unlink(mallory).statusCode()).isEqualTo(409);
    mallory.open(PAGE);
    assertThat(mallory.page()).contains("mallory");
    assertThat(remove(home.browser).statusCode()).as("she has a password").isEqualTo(303);
  }
}
