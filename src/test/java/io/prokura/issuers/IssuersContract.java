package io.prokura.issuers;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.cutoff.CutOffs;
import io.prokura.directory.Registers;
import io.prokura.issuers.TrustedIssuer.Grant;
import io.prokura.issuers.TrustedIssuer.KeySource;
import io.prokura.issuers.TrustedIssuer.SignIn;
import io.prokura.issuers.TrustedIssuer.Terms;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwkSet;
import io.prokura.jose.SigningKey;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.sql.Database;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What the register of issuers does on every database. A subclass names the database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class IssuersContract {
  private static final String OWN = "https://iam.example";
  private static final SignIn SIGN_IN =
      new SignIn("prokura", List.of("openid"), "email", "name", true, List.of("example.org"), true);

  private final Registers all;
  private final Issuers issuers;

  IssuersContract(Database database) {
    all = new Registers(database);
    var cutOffs = new CutOffs(all.feed, database, all.audit, all.world);
    issuers = new Issuers(OWN, database, all.feed, all.audit, cutOffs, all.seal, Crypto.jdk());
  }

  @AfterAll
  void close() {
    all.close();
  }

  private TrustedIssuer fresh(KeySource keys, Optional<SignIn> signIn) {
    return new TrustedIssuer(
        Id.Issuer.random(all.world),
        "https://%s.example".formatted(all.fresh("issuer")),
        "Other",
        new Terms(keys, Set.of(Grant.JWT_BEARER), signIn),
        true,
        1);
  }

  private TrustedIssuer registered(Optional<String> secret) {
    var issuer = fresh(new KeySource.Discovered(), Optional.of(SIGN_IN));
    return all.done(tx -> issuers.register(tx, all.admin, issuer, secret));
  }

  @Test
  void keepsEveryKindOfTerms() {
    var key = SigningKey.generate(Crypto.jdk(), all.world, Algorithm.ES256).verificationKey();
    for (var keys :
        List.of(
            new KeySource.Discovered(),
            new KeySource.At("https://keys.example/jwks"),
            new KeySource.Inline(new JwkSet(List.of(key))))) {
      for (var signIn : List.of(Optional.of(SIGN_IN), Optional.<SignIn>empty())) {
        var issuer = fresh(keys, signIn);
        all.done(tx -> issuers.register(tx, all.admin, issuer, Optional.empty()));
        assertThat(issuers.find(issuer.id())).contains(issuer);
        assertThat(issuers.named(issuer.issuer())).contains(issuer);
      }
    }
  }

  @Test
  void takesNoIssuerTwiceAndNeverItself() {
    var first = registered(Optional.empty());
    var again =
        new TrustedIssuer(
            Id.Issuer.random(all.world), first.issuer(), "Again", first.terms(), true, 1);
    assertThat(all.refusal(tx -> issuers.register(tx, all.admin, again, Optional.empty())))
        .isEqualTo(Refusal.DUPLICATE);
    var own = new TrustedIssuer(again.id(), OWN, "Own", first.terms(), true, 1);
    assertThat(all.refusal(tx -> issuers.register(tx, all.admin, own, Optional.empty())))
        .isEqualTo(Refusal.FIELD_INVALID);
  }

  @Test
  void believesNothingOfWhoIsDeactivated() {
    var issuer = registered(Optional.empty());
    all.done(tx -> issuers.deactivate(tx, all.admin, issuer.id(), "test"));
    all.feed.catchUp();
    assertThat(issuers.named(issuer.issuer())).isEmpty();
    assertThat(all.refusal(tx -> issuers.deactivate(tx, all.admin, issuer.id(), "test")))
        .isEqualTo(Refusal.STATE_CONFLICT);
    all.done(tx -> issuers.activate(tx, all.admin, issuer.id(), "test"));
    all.feed.catchUp();
    assertThat(issuers.named(issuer.issuer())).isPresent();
  }

  @Test
  void changesTermsButNeverTheIdentifier() {
    var issuer = registered(Optional.empty());
    var terms = new Terms(new KeySource.Discovered(), Set.of(), Optional.empty());
    var next = new TrustedIssuer(issuer.id(), issuer.issuer(), "New", terms, true, 1);
    var other = new TrustedIssuer(issuer.id(), "https://elsewhere.example", "New", terms, true, 1);
    assertThat(all.refusal(tx -> issuers.replace(tx, all.admin, other, Optional.empty())))
        .isEqualTo(Refusal.FIELD_INVALID);
    all.done(tx -> issuers.replace(tx, all.admin, next, Optional.empty()));
    all.feed.catchUp();
    assertThat(issuers.find(issuer.id())).contains(next.withVersion(2));
    assertThat(all.refusal(tx -> issuers.replace(tx, all.admin, next, Optional.empty())))
        .isEqualTo(Refusal.PRECONDITION_STALE);
  }

  @Test
  void keepsSecretsSealedAndOutOfTheRecord() {
    var issuer = registered(Optional.of("first secret of ours"));
    assertThat(issuers.secret(issuer.id())).contains("first secret of ours");
    all.done(tx -> issuers.replace(tx, all.admin, issuer, Optional.empty()));
    assertThat(issuers.secret(issuer.id())).contains("first secret of ours");
    var next = issuer.withVersion(2);
    all.done(tx -> issuers.replace(tx, all.admin, next, Optional.of("second secret")));
    assertThat(issuers.secret(issuer.id())).contains("second secret");
    assertThat(all.leaves()).noneMatch(leaf -> leaf.contains("secret of ours"));
    assertThat(all.leaves()).anyMatch(leaf -> leaf.contains(issuer.issuer()));
    assertThat(issuers.secret(registered(Optional.empty()).id())).isEmpty();
  }
}
