package io.prokura.sessions;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.cutoff.CutOffs;
import io.prokura.directory.Registers;
import io.prokura.directory.Users;
import io.prokura.http.Response;
import io.prokura.issuers.Issuers;
import io.prokura.issuers.TrustedIssuer;
import io.prokura.issuers.TrustedIssuer.KeySource;
import io.prokura.issuers.TrustedIssuer.Terms;
import io.prokura.jose.Crypto;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What sessions must do on every database, and what nobody may get from them.
abstract class SessionsContract {
  private static final String ISSUER = "https://iam.example.org";
  private static final Duration IDLE = Duration.ofHours(1);
  private static final Duration LIFETIME = Duration.ofHours(12);
  private static final List<String> AMR = List.of("pwd", "otp", "mfa");

  private final Registers at;
  private final CutOffs cutOffs;
  private final Sessions sessions;
  private final Users users;
  private final Issuers issuers;
  private final Id.User alice;

  SessionsContract(Database database) {
    at = new Registers(database);
    cutOffs = new CutOffs(at.feed, database, at.audit, at.world);
    sessions = sessions();
    issuers = new Issuers(ISSUER, database, at.feed, at.audit, cutOffs, at.seal, Crypto.jdk());
    users = new Users(at.feed, at.audit, List.of(sessions::endAll));
    alice = at.user("alice").id();
  }

  /// Those of one of several nodes.
  private Sessions sessions() {
    return new Sessions(
        new Sessions.Times(IDLE, LIFETIME),
        ISSUER,
        at.world,
        at.database,
        at.audit,
        cutOffs,
        at.directory);
  }

  @AfterEach
  void close() {
    at.close();
  }

  private Sessions.Started start(Id.User user) {
    long checked = sessions.checked();
    return at.done(tx -> Result.ok(sessions.start(tx, user, checked, AMR, "127.0.0.1")));
  }

  private void pass(Duration time) {
    at.now.updateAndGet(now -> now.plus(time));
  }

  private boolean isAlive(Sessions.Started started) {
    at.feed.catchUp();
    return sessions.find(started.secret()).isPresent();
  }

  private List<Session> listed() {
    return at.done(tx -> Result.ok(sessions.page(tx, alice, "", 200)));
  }

  private long entries(String type) {
    return at.leaves().stream().filter(one -> one.contains("\"type\":\"" + type + "\"")).count();
  }

  @Test
  void isFoundByItsSecretAlone() {
    var started = start(alice);
    assertThat(sessions.find(started.secret())).contains(started.session());
    assertThat(sessions.find(started.session().id().text())).isEmpty();
    assertThat(sessions.find("")).isEmpty();
    assertThat(started.session().startedAt()).isEqualTo(at.now.get());
    assertThat(started.session().acr()).isEqualTo(Session.TWO_FACTORS);
    assertThat(start(alice).secret()).isNotEqualTo(started.secret());
    assertThat(entries("session.started")).isEqualTo(2);
    assertThat(String.join("", at.leaves())).doesNotContain(started.secret());
    List<String> stored =
        at.database.read(tx -> tx.list("SELECT digest FROM session", row -> row.text(1)));
    assertThat(stored).doesNotContain(started.secret()).allMatch(one -> one.length() == 64);
  }

  @Test
  void endsUnusedAndAfterItsLifetimeHoweverMuchItIsUsed() {
    var unused = start(alice);
    pass(IDLE.minusMillis(1));
    assertThat(sessions.find(start(alice).secret())).isPresent();
    pass(Duration.ofMillis(1));
    assertThat(isAlive(unused)).isFalse();
    var used = start(alice);
    for (int i = 0; i < 12; i++) {
      pass(Duration.ofMinutes(59));
      assertThat(isAlive(used)).isTrue();
    }
    pass(Duration.ofMinutes(12));
    assertThat(isAlive(used)).isFalse();
    sessions.tick();
    assertThat(listed()).isEmpty();
  }

  @Test
  void endsAtOnceWhenItIsRevokedAndNoOtherDoes() {
    var one = start(alice);
    var other = start(alice);
    assertThat(listed()).hasSize(2);
    at.done(tx -> sessions.end(tx, at.admin, one.session().id(), "lost laptop"));
    assertThat(sessions.find(one.secret())).isEmpty();
    assertThat(isAlive(other)).isTrue();
    assertThat(at.refusal(tx -> sessions.end(tx, at.admin, one.session().id(), "again")))
        .isEqualTo(NOT_FOUND);
    assertThat(entries("session.ended")).isEqualTo(1);
    var lineage = one.session().lineage(ISSUER);
    assertThat(cutOffs.killer(lineage, one.session().checked()))
        .as("what rests on the session")
        .contains(one.session().id().text());
  }

  @Test
  void whatFollowsHappensOnceWhenItsTimeIsOver() {
    var ended = new ArrayList<Id.Session>();
    var broken = new AtomicBoolean(true);
    sessions.follow(
        (_, session) -> {
          if (broken.get()) {
            throw new IllegalStateException("a fault in the middle");
          }
          ended.add(session.id());
        });
    var first = start(alice).session().id();
    pass(LIFETIME.minusSeconds(1));
    var later = start(alice);
    sessions.tick();
    assertThat(ended).as("before its time").isEmpty();
    pass(Duration.ofSeconds(1));
    assertThatThrownBy(sessions::tick).hasStackTraceContaining("a fault in the middle");
    assertThat(ended).isEmpty();
    assertThat(entries("session.expired")).as("undone with the rest").isZero();
    broken.set(false);
    var another = sessions();
    another.follow((_, session) -> ended.add(session.id()));
    sessions.tick();
    another.tick();
    sessions.tick();
    assertThat(ended).as("by one of two nodes").containsExactly(first);
    assertThat(entries("session.expired")).isEqualTo(1);
    assertThat(entries("session.ended")).isZero();
    assertThat(isAlive(later)).isTrue();
  }

  @Test
  void endsForGoodWhenItsUserIsDeactivated() {
    var started = start(alice);
    at.done(tx -> users.deactivate(tx, at.admin, alice, "left"));
    assertThat(isAlive(started)).isFalse();
    at.done(tx -> users.activate(tx, at.admin, alice, "back"));
    assertThat(isAlive(started)).isFalse();
    assertThat(entries("session.ended")).isEqualTo(1);
  }

  @Test
  void endsByACutOffOfItsUserOrOfTheIssuer() {
    var first = start(alice);
    at.done(tx -> Result.ok(cutOffs.write(tx, alice, at.admin, "stolen")));
    assertThat(isAlive(first)).isFalse();
    var second = start(alice);
    assertThat(isAlive(second)).isTrue();
    at.done(tx -> Result.ok(cutOffs.writeForIssuer(tx, ISSUER, at.admin, "restored")));
    assertThat(isAlive(second)).isFalse();
  }

  /// An account at an issuer that is registered.
  private LinkedAccount elsewhere() {
    var terms = new Terms(new KeySource.Discovered(), Set.of(), Optional.empty());
    var name = "https://" + at.fresh("idp") + ".example";
    var issuer = new TrustedIssuer(Id.Issuer.random(at.world), name, "IdP", terms, true, 1);
    var registered = at.done(tx -> issuers.register(tx, at.admin, issuer, Optional.empty()));
    return new LinkedAccount(registered.id(), Id.Link.random(at.world));
  }

  private Sessions.Started startBy(LinkedAccount account, Id.User user) {
    long checked = sessions.checked();
    return at.done(
        tx -> Result.ok(sessions.startUpstream(tx, user, account, checked, AMR, "127.0.0.1")));
  }

  @Test
  void endsByACutOffOfTheAccountByWhichItBegan() {
    var account = elsewhere();
    var other = elsewhere();
    var byIssuer = startBy(account, alice);
    var byPassword = start(alice);
    var byAnother = startBy(other, alice);
    assertThat(sessions.find(byIssuer.secret())).contains(byIssuer.session());
    at.done(tx -> issuers.deactivate(tx, at.admin, account.issuer(), "broken into"));
    assertThat(isAlive(byIssuer)).isFalse();
    assertThat(isAlive(byPassword)).isTrue();
    assertThat(isAlive(byAnother)).isTrue();
    at.done(tx -> issuers.activate(tx, at.admin, account.issuer(), "mended"));
    assertThat(isAlive(byIssuer)).as("for good").isFalse();
    assertThat(isAlive(startBy(account, alice))).isTrue();
    at.done(tx -> Result.ok(cutOffs.write(tx, other.link(), at.admin, "unlinked")));
    assertThat(isAlive(byAnother)).isFalse();
    assertThat(isAlive(byPassword)).isTrue();
  }

  @Test
  void whatTakesItsPlaceRestsOnTheSameAccount() {
    var account = elsewhere();
    var began = startBy(account, alice);
    var next =
        at.done(tx -> sessions.replaceAll(tx, began.session(), "127.0.0.1", "a new password"));
    assertThat(next.session().account()).contains(account);
    assertThat(isAlive(next)).isTrue();
    at.done(tx -> issuers.deactivate(tx, at.admin, account.issuer(), "broken into"));
    assertThat(isAlive(next)).isFalse();
  }

  @Test
  void whatFollowsHappensOnceForEachThatAnIssuerBeganHoweverManyThereAre() {
    var account = elsewhere();
    var kept = List.of(startBy(elsewhere(), alice), start(alice));
    for (int i = 0; i < 5; i++) {
      var user = at.user(at.fresh("many")).id();
      for (int j = 0; j < 45; j++) {
        startBy(account, user);
      }
    }
    var ended = new ArrayList<Session>();
    var another = sessions();
    another.follow((_, session) -> ended.add(session));
    sessions.follow((_, session) -> ended.add(session));
    another.endCutOff();
    assertThat(ended).as("before").isEmpty();
    at.done(tx -> issuers.deactivate(tx, at.admin, account.issuer(), "broken into"));
    at.done(tx -> issuers.activate(tx, at.admin, account.issuer(), "mended"));
    at.feed.catchUp();
    var after = startBy(account, alice);
    another.endCutOff();
    sessions.endCutOff();
    assertThat(ended).hasSize(5 * 45).doesNotHaveDuplicates();
    assertThat(ended).allMatch(one -> one.account().equals(Optional.of(account)));
    assertThat(entries("session.ended")).isEqualTo(5 * 45);
    assertThat(kept).allMatch(this::isAlive);
    assertThat(isAlive(after)).isTrue();
    assertThat(listed()).hasSize(3);
  }

  @Test
  void theOldestEndsWhenThereAreTooMany() {
    var oldest = start(alice);
    for (int i = 0; i < 50; i++) {
      pass(Duration.ofMillis(1));
      start(alice);
    }
    assertThat(isAlive(oldest)).isFalse();
    assertThat(listed()).hasSize(50);
  }

  @Test
  void itsCookieIsTheHostsAloneAndCannotBeDoubled() {
    var started = start(alice);
    var cookie = sessions.give(Response.empty(204), started).header("Set-Cookie").orElseThrow();
    assertThat(cookie)
        .isEqualTo(
            "__Host-prokura-session="
                + started.secret()
                + "; Path=/; HttpOnly; SameSite=Lax; Secure");
    var pair = "__Host-prokura-session=" + started.secret();
    assertThat(found("a=b; " + pair)).isPresent();
    assertThat(found("prokura-session=" + started.secret())).isEmpty();
    assertThat(found(pair + "; " + pair)).isEmpty();
    assertThat(found(pair + "; __Host-prokura-session=x")).isEmpty();
    assertThat(found("")).isEmpty();
  }

  private Optional<Session> found(String cookies) {
    return sessions.of(at.request("GET", "/me").header("Cookie", cookies).build());
  }
}
