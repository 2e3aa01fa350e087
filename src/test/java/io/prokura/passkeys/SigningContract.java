package io.prokura.passkeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.directory.Registers;
import io.prokura.directory.User;
import io.prokura.jose.Crypto;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.passkeys.Passkeys.Outcome;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a passkey's signature on something shown is good for on every database, and for what not.
abstract class SigningContract {
  private static final String ORIGIN = "https://iam.example.org";
  private static final String HOST = "iam.example.org";
  private static final Json.Obj SHOWN = shown("req_1");
  private static final Map<String, List<String>> CHOSEN =
      Map.of("scope", List.of("read"), "lasts", List.of("day"), "depth", List.of());

  private final Registers at;
  private final Passkeys passkeys;
  private final User alice;
  private final User bob;
  private final Device device = new Device(ORIGIN, HOST, 1);
  private final Device bobs = new Device(ORIGIN, HOST, 2);
  private Id.Credential passkey = new Id.Credential("");

  SigningContract(Database database) {
    at = new Registers(database);
    passkeys = new Passkeys(at.world, ORIGIN, at.audit, at.seal);
    alice = at.user("alice");
    bob = at.user("bob");
  }

  @BeforeEach
  void add() {
    passkey = added(alice, device).id();
    added(bob, bobs);
  }

  @AfterEach
  void close() {
    at.close();
  }

  private static Json.Obj shown(String request) {
    return Json.object().put("request", request).put("client", "triage \"of\" 1&1 \u00fc").build();
  }

  private <T> T in(Function<Tx, T> work) {
    return at.done(tx -> Result.ok(work.apply(tx)));
  }

  private Passkey added(User user, Device to) {
    var offer = in(tx -> passkeys.beginRegistration(tx, user));
    var said = to.create(offer.options());
    return this.<Optional<Passkey>>in(
            tx ->
                passkeys.finishRegistration(
                    tx, user.id(), Optional.of(offer.sealed()), said, "phone"))
        .orElseThrow();
  }

  private Offer offered(Json.Obj shown) {
    return in(tx -> passkeys.beginSigning(tx, alice.id(), shown));
  }

  private static Json.Obj json(Map<String, List<String>> chosen) {
    var all = Json.object();
    chosen.forEach(all::put);
    return all.build();
  }

  private Signing finish(String sealed, Json.Obj shown, Assertion said) {
    return finish(alice, sealed, shown, CHOSEN, said);
  }

  private Signing finish(
      User user, String sealed, Json.Obj shown, Map<String, List<String>> chosen, Assertion said) {
    return in(tx -> passkeys.finishSigning(tx, user.id(), sealed, shown, json(chosen), said));
  }

  private static String digest(String canonical) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Crypto.sha256(canonical.getBytes(UTF_8)));
  }

  @Test
  void aSignatureIsOfWhatWasShownAndChosen() {
    var offer = offered(SHOWN);
    var signing = finish(offer.sealed(), SHOWN, device.sign(offer.options(), CHOSEN));
    assertThat(signing).isInstanceOf(Signing.Signed.class);
    var signed = (Signing.Signed) signing;
    assertThat(signed.passkey()).isEqualTo(passkey);
    assertThat(signed.chosen())
        .isEqualTo("{\"depth\":[],\"lasts\":[\"day\"],\"scope\":[\"read\"]}");
    assertThat(signed.shown())
        .startsWith("{\"client\":\"triage \\\"of\\\" 1&1 \u00fc\",\"nonce\":\"")
        .endsWith("\",\"request\":\"req_1\"}");
    var whole =
        "{\"chosen\":%s,\"shown\":\"%s\"}".formatted(signed.chosen(), digest(signed.shown()));
    assertThat(signed.digest()).isEqualTo(digest(whole));
    assertThat(in(tx -> passkeys.of(tx, alice.id())).getFirst().usedAt()).contains(at.now.get());
  }

  @Test
  void onlyThePersonsOwnPasskeysAreAskedFor() {
    var allowed = offered(SHOWN).options().get("allowCredentials").orElseThrow();
    var own = Base64.getUrlEncoder().withoutPadding().encodeToString(device.credential);
    assertThat(allowed)
        .isEqualTo(
            Json.array(List.of(Json.object().put("type", "public-key").put("id", own).build())));
    assertThat(this.<Boolean>in(tx -> passkeys.has(tx, alice.id()))).isTrue();
    var carol = at.user("carol").id();
    assertThat(this.<Boolean>in(tx -> passkeys.has(tx, carol))).isFalse();
  }

  @Test
  void aReplayedSignatureIsGoodForNothing() {
    for (int count : List.of(5, 0)) {
      var counted = new Device(ORIGIN, HOST, 10 + count);
      counted.count = count;
      added(alice, counted);
      counted.count = count == 0 ? 0 : counted.count;
      var offer = offered(SHOWN);
      var said = counted.sign(offer.options(), CHOSEN);
      assertThat(finish(offer.sealed(), SHOWN, said)).isInstanceOf(Signing.Signed.class);
      assertThat(finish(offer.sealed(), SHOWN, said)).isNotInstanceOf(Signing.Signed.class);
      var next = offered(SHOWN);
      assertThat(finish(next.sealed(), SHOWN, said)).isEqualTo(new Signing.Wrong());
      counted.count = count == 0 ? 0 : counted.count;
      var anew = counted.sign(offer.options(), CHOSEN);
      assertThat(finish(offer.sealed(), SHOWN, anew))
          .as("another signature for an offer that was taken")
          .isEqualTo(new Signing.Expired());
    }
  }

  @Test
  void aSignatureForOneThingIsGoodForNoOther() {
    var other = shown("req_2");
    var offer = offered(SHOWN);
    var said = device.sign(offer.options(), CHOSEN);
    assertThat(finish(offer.sealed(), other, said)).isEqualTo(new Signing.Changed());
    var others = offered(other);
    assertThat(finish(others.sealed(), other, said)).isEqualTo(new Signing.Wrong());
    assertThat(finish(others.sealed(), SHOWN, said)).isEqualTo(new Signing.Changed());
    assertThat(finish(offer.sealed(), SHOWN, said)).isInstanceOf(Signing.Signed.class);
  }

  @Test
  void aChoiceThatWasChangedAfterwardsIsNotSigned() {
    var offer = offered(SHOWN);
    var said = device.sign(offer.options(), CHOSEN);
    for (var changed :
        List.of(
            Map.of("scope", List.of("read", "write"), "lasts", List.of("day")),
            Map.of("scope", List.of("read"), "lasts", List.of("month"), "depth", List.<String>of()),
            Map.of("scope", List.of("read"), "lasts", List.of("day"), "depth", List.of("4")),
            Map.of("scope", List.<String>of()))) {
      assertThat(finish(alice, offer.sealed(), SHOWN, changed, said))
          .as(changed.toString())
          .isEqualTo(new Signing.Wrong());
    }
    assertThat(finish(offer.sealed(), SHOWN, said)).isInstanceOf(Signing.Signed.class);
  }

  @Test
  void nobodySignsForSomebodyElse() {
    var offer = offered(SHOWN);
    assertThat(finish(offer.sealed(), SHOWN, bobs.sign(offer.options(), CHOSEN)))
        .as("another person's passkey")
        .isEqualTo(new Signing.Wrong());
    assertThat(finish(bob, offer.sealed(), SHOWN, CHOSEN, bobs.sign(offer.options(), CHOSEN)))
        .as("another person's offer")
        .isEqualTo(new Signing.Expired());
    var handle = device.handle;
    device.handle = bobs.handle;
    assertThat(finish(offer.sealed(), SHOWN, device.sign(offer.options(), CHOSEN)))
        .as("another person's handle")
        .isEqualTo(new Signing.Wrong());
    var copied = new Device(ORIGIN, HOST, 1);
    copied.handle = handle;
    assertThat(finish(offer.sealed(), SHOWN, copied.sign(offer.options(), CHOSEN)))
        .as("their credential's id, another key")
        .isEqualTo(new Signing.Wrong());
    device.handle = "";
    assertThat(finish(offer.sealed(), SHOWN, device.sign(offer.options(), CHOSEN)))
        .as("a device that names nobody, as it was told which passkeys are meant")
        .isInstanceOf(Signing.Signed.class);
  }

  @Test
  void aSignInSignsNothingAndASignatureSignsNobodyIn() {
    var signIn = passkeys.beginSignIn();
    var offer = offered(SHOWN);
    var signedIn = device.get(signIn.options());
    assertThat(finish(offer.sealed(), SHOWN, signedIn)).isEqualTo(new Signing.Wrong());
    assertThat(finish(signIn.sealed(), SHOWN, signedIn)).isEqualTo(new Signing.Expired());
    var said = device.sign(offer.options(), CHOSEN);
    assertThat(outcome(offer.sealed(), said)).isEqualTo(new Outcome.Expired());
    assertThat(outcome(signIn.sealed(), said)).isEqualTo(new Outcome.Wrong());
  }

  private Outcome outcome(String sealed, Assertion said) {
    return in(tx -> passkeys.finishSignIn(tx, Optional.of(sealed), said));
  }

  @Test
  void anOfferIsGoodForFiveMinutes() {
    var offer = offered(SHOWN);
    at.now.updateAndGet(now -> now.plus(Passkeys.OFFERED).minusMillis(1));
    var inTime = device.sign(offer.options(), CHOSEN);
    assertThat(finish(offer.sealed(), SHOWN, inTime)).isInstanceOf(Signing.Signed.class);
    var late = offered(SHOWN);
    at.now.updateAndGet(now -> now.plus(Duration.ofMinutes(5)));
    assertThat(finish(late.sealed(), SHOWN, device.sign(late.options(), CHOSEN)))
        .isEqualTo(new Signing.Expired());
  }

  @Test
  void theRulesOfSigningInHoldHereToo() {
    device.verifies = false;
    assertThat(signed()).as("nobody unlocked the device").isEqualTo(new Signing.Wrong());
    device.verifies = true;
    device.origin = "https://evil.example";
    assertThat(signed()).as("another origin").isEqualTo(new Signing.Wrong());
    device.origin = ORIGIN;
    device.count = 9;
    assertThat(signed()).isInstanceOf(Signing.Signed.class);
    device.count = 9;
    assertThat(signed()).as("a copied key").isEqualTo(new Signing.Wrong());
    assertThat(
            at.leaves().stream()
                .filter(one -> one.contains("\"type\":\"passkey.refused\""))
                .count())
        .isEqualTo(1);
    device.count = 10;
    boolean removed = in(tx -> passkeys.remove(tx, alice.id(), passkey));
    assertThat(removed).isTrue();
    assertThat(signed()).as("a passkey that was removed").isEqualTo(new Signing.Wrong());
  }

  private Signing signed() {
    var offer = offered(SHOWN);
    return finish(offer.sealed(), SHOWN, device.sign(offer.options(), CHOSEN));
  }

  @Test
  void garbageSignsNothing() {
    var offer = offered(SHOWN);
    var good = device.sign(offer.options(), CHOSEN);
    for (var bad : List.of("", "A", "?", "oA", "////", "e30", "A".repeat(9_000))) {
      assertThat(finish(bad, SHOWN, good)).isEqualTo(new Signing.Expired());
      var said = new Assertion(good.credential(), bad, bad, bad, good.userHandle());
      assertThat(finish(offer.sealed(), SHOWN, said)).isEqualTo(new Signing.Wrong());
    }
    assertThat(finish(offer.sealed(), SHOWN, good)).isInstanceOf(Signing.Signed.class);
  }
}
