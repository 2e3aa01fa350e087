package io.prokura.passkeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.directory.Registers;
import io.prokura.directory.User;
import io.prokura.kernel.Result;
import io.prokura.passkeys.Passkeys.Outcome;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What passkeys must do on every database, and what nobody may get with them.
abstract class PasskeysContract {
  private static final String ORIGIN = "https://iam.example.org";
  private static final String HOST = "iam.example.org";

  private final Registers at;
  private final Passkeys passkeys;
  private final User alice;
  private final User bob;
  private final Device device = new Device(ORIGIN, HOST, 1);

  PasskeysContract(Database database) {
    at = new Registers(database);
    passkeys = new Passkeys(at.world, ORIGIN, at.audit, at.seal);
    alice = at.user("alice");
    bob = at.user("bob");
  }

  @AfterEach
  void close() {
    at.close();
  }

  private <T> T in(Function<Tx, T> work) {
    return at.done(tx -> Result.ok(work.apply(tx)));
  }

  private Offer offeredTo(User user) {
    return in(tx -> passkeys.beginRegistration(tx, user));
  }

  private Optional<Passkey> finish(User user, Offer offer, Attestation said) {
    return this.<Optional<Passkey>>in(
        tx ->
            passkeys.finishRegistration(tx, user.id(), Optional.of(offer.sealed()), said, "phone"));
  }

  private Passkey added(User user, Device to) {
    var offer = offeredTo(user);
    return finish(user, offer, to.create(offer.options())).orElseThrow();
  }

  private Outcome answer(Offer offer, Assertion said) {
    return in(tx -> passkeys.finishSignIn(tx, Optional.of(offer.sealed()), said));
  }

  private Outcome signIn(Device with) {
    var offer = passkeys.beginSignIn();
    return answer(offer, with.get(offer.options()));
  }

  private List<Passkey> listed(User user) {
    return in(tx -> passkeys.of(tx, user.id()));
  }

  private long entries(String type) {
    return at.leaves().stream().filter(one -> one.contains("\"type\":\"" + type + "\"")).count();
  }

  @Test
  void aPasskeySignsItsOwnerInUntilItIsRemoved() {
    var passkey = added(alice, device);
    assertThat(listed(alice)).containsExactly(passkey);
    assertThat(signIn(device)).isEqualTo(new Outcome.Proven(alice.id()));
    assertThat(signIn(device)).isEqualTo(new Outcome.Proven(alice.id()));
    assertThat(listed(alice).getFirst().usedAt()).contains(at.now.get());
    boolean byBob = in(tx -> passkeys.remove(tx, bob.id(), passkey.id()));
    assertThat(byBob).isFalse();
    boolean byAlice = in(tx -> passkeys.remove(tx, alice.id(), passkey.id()));
    assertThat(byAlice).isTrue();
    assertThat(signIn(device)).isEqualTo(new Outcome.Wrong());
    assertThat(entries("passkey.added")).isEqualTo(1);
    assertThat(entries("passkey.removed")).isEqualTo(1);
  }

  @Test
  void theHandleIsTheSameForAllOfAPersonsPasskeysAndNotTheirId() {
    added(alice, device);
    var second = new Device(ORIGIN, HOST, 2);
    added(alice, second);
    var bobs = new Device(ORIGIN, HOST, 3);
    added(bob, bobs);
    assertThat(second.handle).isEqualTo(device.handle).isNotEqualTo(bobs.handle);
    var readable = new String(Base64.getUrlDecoder().decode(device.handle), UTF_8);
    assertThat(readable).doesNotContain(alice.id().text());
  }

  @Test
  void aPageOfAnotherOriginOrHostGetsNothing() {
    added(alice, device);
    for (var origin :
        List.of(
            "https://evil.example",
            "https://iam.example.org.evil.example",
            "https://sub.iam.example.org",
            "http://iam.example.org",
            "https://iam.example.org:8443")) {
      device.origin = origin;
      assertThat(signIn(device)).as(origin).isEqualTo(new Outcome.Wrong());
      var offer = offeredTo(bob);
      var other = new Device(origin, HOST, 4);
      assertThat(finish(bob, offer, other.create(offer.options()))).as(origin).isEmpty();
    }
    device.origin = ORIGIN;
    device.host = "example.org";
    assertThat(signIn(device)).isEqualTo(new Outcome.Wrong());
    var offer = offeredTo(bob);
    var other = new Device(ORIGIN, "example.org", 5);
    assertThat(finish(bob, offer, other.create(offer.options()))).isEmpty();
    device.host = HOST;
    assertThat(signIn(device)).isEqualTo(new Outcome.Proven(alice.id()));
  }

  @Test
  void anAnswerToAnotherChallengeIsWrong() {
    added(alice, device);
    var mine = passkeys.beginSignIn();
    var other = passkeys.beginSignIn();
    var said = device.get(other.options());
    assertThat(answer(mine, said)).isEqualTo(new Outcome.Wrong());
    var offer = offeredTo(bob);
    var another = new Device(ORIGIN, HOST, 6).create(offeredTo(bob).options());
    assertThat(finish(bob, offer, another)).isEmpty();
  }

  @Test
  void whatWasOfferedForOneThingOrPersonIsGoodForNoOther() {
    added(alice, device);
    var toAdd = offeredTo(alice);
    assertThat(answer(toAdd, device.get(toAdd.options()))).isEqualTo(new Outcome.Expired());
    var other = new Device(ORIGIN, HOST, 7);
    assertThat(finish(bob, toAdd, other.create(toAdd.options()))).isEmpty();
    var none = this.<Outcome>in(tx -> passkeys.finishSignIn(tx, Optional.empty(), said()));
    assertThat(none).isEqualTo(new Outcome.Expired());
    var made = new Offer(toAdd.options(), "made-up");
    assertThat(answer(made, said())).isEqualTo(new Outcome.Expired());
  }

  private Assertion said() {
    return device.get(passkeys.beginSignIn().options());
  }

  @Test
  void anAnswerIsGoodOnce() {
    added(alice, device);
    device.count = 0;
    var offer = passkeys.beginSignIn();
    var said = device.get(offer.options());
    device.count = 5;
    var counted = device.get(offer.options());
    assertThat(answer(offer, counted)).isEqualTo(new Outcome.Proven(alice.id()));
    assertThat(answer(offer, counted)).isNotInstanceOf(Outcome.Proven.class);
    assertThat(answer(offer, said)).isNotInstanceOf(Outcome.Proven.class);
    assertThat(answer(offer, device.get(offer.options())))
        .as("a fresh answer to a challenge that was answered")
        .isEqualTo(new Outcome.Expired());
  }

  @Test
  void anAnswerOfADeviceThatDoesNotCountIsGoodOnce() {
    device.count = 0;
    added(alice, device);
    device.count = 0;
    var offer = passkeys.beginSignIn();
    var said = device.get(offer.options());
    assertThat(answer(offer, said)).isEqualTo(new Outcome.Proven(alice.id()));
    assertThat(answer(offer, said)).isEqualTo(new Outcome.Expired());
    device.count = 0;
    assertThat(signIn(device)).isEqualTo(new Outcome.Proven(alice.id()));
  }

  @Test
  void aRegistrationIsGoodOnce() {
    var offer = offeredTo(alice);
    var said = device.create(offer.options());
    var passkey = finish(alice, offer, said).orElseThrow();
    assertThat(finish(alice, offer, said)).isEmpty();
    boolean removed = in(tx -> passkeys.remove(tx, alice.id(), passkey.id()));
    assertThat(removed).isTrue();
    assertThat(finish(alice, offer, said)).as("after it was removed").isEmpty();
  }

  @Test
  void aChallengeIsGoodForFiveMinutes() {
    added(alice, device);
    var offer = passkeys.beginSignIn();
    var toAdd = offeredTo(alice);
    at.now.updateAndGet(now -> now.plus(Duration.ofMinutes(5)));
    assertThat(answer(offer, device.get(offer.options()))).isEqualTo(new Outcome.Expired());
    var other = new Device(ORIGIN, HOST, 8);
    assertThat(finish(alice, toAdd, other.create(toAdd.options()))).isEmpty();
    assertThat(signIn(device)).isEqualTo(new Outcome.Proven(alice.id()));
  }

  @Test
  void nobodySignsInAsAnotherOrTakesTheirCredential() {
    added(alice, device);
    var bobs = new Device(ORIGIN, HOST, 9);
    added(bob, bobs);
    var own = bobs.handle;
    bobs.handle = device.handle;
    assertThat(signIn(bobs)).as("with the handle of another").isEqualTo(new Outcome.Wrong());
    bobs.handle = "";
    assertThat(signIn(bobs)).as("without a handle").isEqualTo(new Outcome.Wrong());
    bobs.handle = own;
    var theirs = new Device(ORIGIN, HOST, 1);
    theirs.handle = device.handle;
    assertThat(signIn(theirs))
        .as("their credential's id, another key")
        .isEqualTo(new Outcome.Wrong());
    var offer = offeredTo(bob);
    assertThat(finish(bob, offer, theirs.create(offer.options())))
        .as("a credential that is somebody's")
        .isEmpty();
    assertThat(signIn(device)).isEqualTo(new Outcome.Proven(alice.id()));
  }

  @Test
  void theDeviceMustHaveVerifiedItsUser() {
    device.verifies = false;
    var offer = offeredTo(alice);
    assertThat(finish(alice, offer, device.create(offer.options()))).isEmpty();
    device.verifies = true;
    added(alice, device);
    device.verifies = false;
    assertThat(signIn(device)).isEqualTo(new Outcome.Wrong());
  }

  @Test
  void aCountThatGoesBackIsRefusedAndRecorded() {
    device.count = 7;
    added(alice, device);
    device.count = 9;
    assertThat(signIn(device)).isEqualTo(new Outcome.Proven(alice.id()));
    for (int copied : List.of(9, 3, 0)) {
      device.count = copied;
      assertThat(signIn(device)).as("count " + copied).isEqualTo(new Outcome.Wrong());
    }
    assertThat(entries("passkey.refused")).isEqualTo(3);
    device.count = 10;
    var offer = passkeys.beginSignIn();
    var said = device.get(offer.options());
    var forged = with(said, Assertion::signature, 20);
    assertThat(answer(offer, forged)).isEqualTo(new Outcome.Wrong());
    assertThat(entries("passkey.refused")).as("a stranger writes no entry").isEqualTo(3);
    assertThat(answer(offer, said)).isEqualTo(new Outcome.Proven(alice.id()));
  }

  @Test
  void oneKindOfDeviceDoesNotBecomeAnother() {
    added(alice, device);
    device.backupEligible = true;
    assertThat(signIn(device)).isEqualTo(new Outcome.Wrong());
  }

  @Test
  void nothingThatWasSignedCanBeChanged() {
    added(alice, device);
    var offer = passkeys.beginSignIn();
    var said = device.get(offer.options());
    for (int i = 0; i < 60; i++) {
      assertThat(answer(offer, with(said, Assertion::signature, i))).isEqualTo(new Outcome.Wrong());
    }
    for (int i = 0; i < 37; i++) {
      assertThat(answer(offer, with(said, Assertion::authenticatorData, i)))
          .isEqualTo(new Outcome.Wrong());
    }
    for (int i = 0; i < 60; i++) {
      assertThat(answer(offer, with(said, Assertion::clientData, i)))
          .isEqualTo(new Outcome.Wrong());
    }
    assertThat(answer(offer, said)).isEqualTo(new Outcome.Proven(alice.id()));
  }

  /// `said` with one bit of one part turned over.
  private static Assertion with(Assertion said, Function<Assertion, String> part, int at) {
    var bytes = Base64.getUrlDecoder().decode(part.apply(said));
    bytes[at] ^= 1;
    var changed = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    UnaryOperator<String> put = old -> old.equals(part.apply(said)) ? changed : old;
    return new Assertion(
        said.credential(),
        put.apply(said.clientData()),
        put.apply(said.authenticatorData()),
        put.apply(said.signature()),
        said.userHandle());
  }

  @Test
  void garbageIsWrongAndNothingElse() {
    added(alice, device);
    var offer = passkeys.beginSignIn();
    var good = device.get(offer.options());
    for (var bad : List.of("", "A", "?", "oA", "////", "e30", "v_8", "A".repeat(9_000))) {
      assertThat(answer(offer, new Assertion(good.credential(), bad, bad, bad, good.userHandle())))
          .isEqualTo(new Outcome.Wrong());
      assertThat(answer(offer, new Assertion(bad, bad, bad, bad, bad)))
          .isEqualTo(new Outcome.Wrong());
      var toAdd = offeredTo(alice);
      var made = new Device(ORIGIN, HOST, 10).create(toAdd.options());
      assertThat(finish(alice, toAdd, new Attestation(bad, made.attestationObject()))).isEmpty();
      assertThat(finish(alice, toAdd, new Attestation(made.clientData(), bad))).isEmpty();
    }
    assertThat(answer(offer, good)).isEqualTo(new Outcome.Proven(alice.id()));
  }

  @Test
  void onePersonHasOnlySoMany() {
    for (int i = 0; i < Passkeys.PER_USER_MAX; i++) {
      added(alice, new Device(ORIGIN, HOST, 100 + i));
    }
    var offer = offeredTo(alice);
    assertThat(finish(alice, offer, device.create(offer.options()))).isEmpty();
    in(
        tx -> {
          passkeys.removeAll(tx, alice.id());
          return tx;
        });
    assertThat(listed(alice)).isEmpty();
    added(alice, device);
  }
}
