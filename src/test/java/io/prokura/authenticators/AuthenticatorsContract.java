package io.prokura.authenticators;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.authenticators.PasswordHashing.Verdict;
import io.prokura.directory.Registers;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What authenticators must do on every database, and what nobody may get from them.
abstract class AuthenticatorsContract {
  private static final String PASSWORD = "a password of some length";
  private static final PasswordHash.Cost CHEAP = new PasswordHash.Cost(64, 1, 1);

  private final Registers at;
  private final Authenticators authenticators;
  private final Id.User alice;

  AuthenticatorsContract(Database database) {
    at = new Registers(database);
    authenticators = costing(CHEAP);
    alice = at.user("alice").id();
  }

  private Authenticators costing(PasswordHash.Cost cost) {
    var hashing = PasswordHashing.costing(at.world, cost, Runnable::run, 2, 8);
    return new Authenticators(at.world, at.database, at.audit, at.seal, hashing);
  }

  @AfterEach
  void close() {
    at.close();
  }

  private <T> T in(Function<Tx, T> work) {
    return at.done(tx -> Result.ok(work.apply(tx)));
  }

  private boolean uses(Function<Tx, Boolean> work) {
    return in(work);
  }

  private <T> Optional<T> maybe(Function<Tx, Optional<T>> work) {
    return in(work);
  }

  private String shown(Enrolment enrolment) {
    var secret = Base32.decode(enrolment.shown()).orElseThrow();
    return Totp.code(secret, Totp.step(at.now.get()), 1_000_000, 6);
  }

  /// Sets Alice up; the secret of her app.
  private Enrolment setUp(List<String> recovery) {
    var code = in(tx -> authenticators.invite(tx, at.admin, alice, "new here"));
    var enrolment = authenticators.enrolment(code);
    var prepared =
        authenticators.prepare(code, PASSWORD, enrolment.sealed(), shown(enrolment)).orElseThrow();
    recovery.addAll(in(tx -> authenticators.setUp(tx, alice, prepared)).orElseThrow());
    return enrolment;
  }

  private long entries(String type) {
    return at.leaves().stream().filter(one -> one.contains("\"type\":\"" + type + "\"")).count();
  }

  @Test
  void aPasswordIsRightOnlyForItsUser() {
    setUp(new ArrayList<>());
    var bob = at.user("bob").id();
    assertThat(authenticators.password(Optional.of(alice), PASSWORD)).isEqualTo(Verdict.RIGHT);
    assertThat(authenticators.password(Optional.of(alice), PASSWORD + " "))
        .isEqualTo(Verdict.WRONG);
    assertThat(authenticators.password(Optional.of(bob), PASSWORD)).isEqualTo(Verdict.WRONG);
    assertThat(authenticators.password(Optional.of(bob), "")).isEqualTo(Verdict.WRONG);
    assertThat(authenticators.password(Optional.empty(), "")).isEqualTo(Verdict.WRONG);
    assertThat(entries("authenticators.set-up")).isEqualTo(1);
  }

  @Test
  void aHashOfAnotherCostIsMadeAnewOnceAndStaysGood() {
    setUp(new ArrayList<>());
    var dearer = costing(new PasswordHash.Cost(128, 2, 1));
    assertThat(dearer.password(Optional.of(alice), "wrong")).isEqualTo(Verdict.WRONG);
    assertThat(entries("password.rehashed")).isZero();
    assertThat(dearer.password(Optional.of(alice), PASSWORD)).isEqualTo(Verdict.RIGHT);
    assertThat(dearer.password(Optional.of(alice), PASSWORD)).isEqualTo(Verdict.RIGHT);
    assertThat(entries("password.rehashed")).isEqualTo(1);
    var stored = in(tx -> AuthenticatorStore.password(tx, alice)).orElseThrow();
    assertThat(stored.cost()).isEqualTo(new PasswordHash.Cost(128, 2, 1));
  }

  @Test
  void aCodeOfTheAppIsGoodOnce() {
    var enrolment = setUp(new ArrayList<>());
    var first = shown(enrolment);
    assertThat(uses(tx -> authenticators.useOneTimeCode(tx, alice, first)))
        .as("the code that proved the app is used up")
        .isFalse();
    at.now.updateAndGet(now -> now.plusSeconds(30));
    var second = shown(enrolment);
    assertThat(uses(tx -> authenticators.useOneTimeCode(tx, alice, second))).isTrue();
    assertThat(uses(tx -> authenticators.useOneTimeCode(tx, alice, second))).isFalse();
    at.now.updateAndGet(now -> now.plusSeconds(30));
    assertThat(uses(tx -> authenticators.useOneTimeCode(tx, alice, second))).isFalse();
    var bob = at.user("bob").id();
    assertThat(uses(tx -> authenticators.useOneTimeCode(tx, bob, second))).isFalse();
  }

  @Test
  void aCodeOfTheAppIsGoodOnceHoweverOftenItComesAtOnce() throws Exception {
    var enrolment = setUp(new ArrayList<>());
    at.now.updateAndGet(now -> now.plusSeconds(30));
    var code = shown(enrolment);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Boolean> use = () -> in(tx -> authenticators.useOneTimeCode(tx, alice, code));
      var answers = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 8; i++) {
        answers.add(threads.submit(use));
      }
      int good = 0;
      for (var answer : answers) {
        good += answer.get() ? 1 : 0;
      }
      assertThat(good).isEqualTo(1);
    }
  }

  @Test
  void aRecoveryCodeIsGoodOnceAndOnlyForItsUser() {
    var codes = new ArrayList<String>();
    setUp(codes);
    assertThat(codes).hasSize(10).doesNotHaveDuplicates().allMatch(one -> one.length() == 19);
    var bob = at.user("bob").id();
    var code = codes.getFirst();
    assertThat(uses(tx -> authenticators.useRecoveryCode(tx, bob, code))).isFalse();
    var typed = " " + code.replace("-", " ").toUpperCase(java.util.Locale.ROOT);
    assertThat(uses(tx -> authenticators.useRecoveryCode(tx, alice, typed))).isTrue();
    assertThat(uses(tx -> authenticators.useRecoveryCode(tx, alice, code))).isFalse();
    int left = in(tx -> authenticators.recoveryCodesLeft(tx, alice));
    assertThat(left).isEqualTo(9);
    assertThat(entries("recovery-code.used")).isEqualTo(1);
    var old = codes.get(1);
    setUp(codes);
    assertThat(uses(tx -> authenticators.useRecoveryCode(tx, alice, old)))
        .as("a code from before they were set up anew")
        .isFalse();
  }

  @Test
  void aLinkIsGoodOnceForAWhileAndUntilTheNext() {
    var first = in(tx -> authenticators.invite(tx, at.admin, alice, "new here"));
    var second = in(tx -> authenticators.invite(tx, at.admin, alice, "new here"));
    assertThat(maybe(tx -> authenticators.invitation(tx, first))).isEmpty();
    assertThat(maybe(tx -> authenticators.invitation(tx, second)))
        .contains(new Invitation(Optional.of(alice)));
    var enrolment = authenticators.enrolment(second);
    assertThat(authenticators.isProven(first, enrolment.sealed(), shown(enrolment)))
        .as("a secret made for another link")
        .isFalse();
    var prepared = authenticators.prepare(second, PASSWORD, enrolment.sealed(), shown(enrolment));
    assertThat(maybe(tx -> authenticators.setUp(tx, alice, prepared.orElseThrow()))).isPresent();
    assertThat(maybe(tx -> authenticators.setUp(tx, alice, prepared.orElseThrow()))).isEmpty();
    assertThat(maybe(tx -> authenticators.invitation(tx, second))).isEmpty();
    var third = in(tx -> authenticators.invite(tx, at.admin, alice, "new here"));
    at.now.updateAndGet(now -> now.plus(Authenticators.INVITED));
    assertThat(maybe(tx -> authenticators.invitation(tx, third))).isEmpty();
  }

  @Test
  void theFirstLinkEndsWhenSomebodyCanSignIn() {
    var first = in(tx -> authenticators.inviteFirst(tx, at.admin)).orElseThrow();
    assertThat(maybe(tx -> authenticators.invitation(tx, first)))
        .contains(new Invitation(Optional.empty()));
    setUp(new ArrayList<>());
    assertThat(maybe(tx -> authenticators.invitation(tx, first))).isEmpty();
    assertThat(maybe(tx -> authenticators.inviteFirst(tx, at.admin))).isEmpty();
  }

  @Test
  void nothingSecretIsStoredReadable() {
    var codes = new ArrayList<String>();
    var enrolment = setUp(codes);
    var secret = Base32.decode(enrolment.shown()).orElseThrow();
    var stored = in(tx -> AuthenticatorStore.secret(tx, alice)).orElseThrow();
    var hex = HexFormat.of();
    assertThat(hex.formatHex(stored.sealed)).doesNotContain(hex.formatHex(secret));
    assertThat(String.join("", at.leaves()))
        .doesNotContain(PASSWORD, enrolment.shown(), codes.getFirst());
  }

  @Test
  void whoComesWhenTheLineIsFullIsTurnedAway() {
    var full = PasswordHashing.costing(at.world, CHEAP, Runnable::run, 1, -1);
    assertThat(full.isFull()).isTrue();
    assertThat(full.hash(PASSWORD)).isEmpty();
    assertThat(full.verdict(Optional.empty(), PASSWORD)).isEqualTo(Verdict.BUSY);
    var room = PasswordHashing.costing(at.world, CHEAP, Runnable::run, 1, 0);
    for (int i = 0; i < 3; i++) {
      assertThat(room.isFull()).isFalse();
      assertThat(room.verdict(Optional.empty(), PASSWORD)).isEqualTo(Verdict.WRONG);
    }
  }

  @Test
  void theSameTextInOtherCodePointsIsTheSamePassword() {
    var memory = new FixedBlockPool(CHEAP.memory());
    var hash = PasswordHash.of("geheimnis f\u00fcr mich", CHEAP, at.world, memory);
    assertThat(hash.isOf("geheimnis fu\u0308r mich", memory)).isTrue();
    assertThat(hash.isOf("geheimnis fur mich", memory)).isFalse();
  }
}
