package io.prokura.issuers;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.issuers.TrustedIssuer.KeySource;
import io.prokura.issuers.TrustedIssuer.Terms;
import io.prokura.jose.Crypto;
import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwkSet;
import io.prokura.jose.Jwt;
import io.prokura.jose.JwtReader;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.outbound.Outbound;
import io.prokura.outbound.Outbound.Bounds;
import io.prokura.outbound.Outbound.Reach;
import io.prokura.outbound.Resolver;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Whose keys are believed, for how long, and how often they are asked for.
final class IssuerKeysTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private final World world = new World(now::get, new SecureRandom());
  private final JsonReader json = new JsonReader(Limits.standard());
  private final StandInIssuer other = new StandInIssuer(world);
  private final Id.Issuer id = Id.Issuer.random(world);
  private final IssuerKeys keys = keys(Reach.LOOPBACK_TOO);

  @AfterEach
  void stop() {
    other.close();
  }

  private IssuerKeys keys(Reach reach) {
    var bounds = new Bounds(Duration.ofSeconds(30), 8, 1_000);
    var tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var outbound = new Outbound(world, bounds, reach, Resolver.SYSTEM, tls);
    return new IssuerKeys(world, outbound, Crypto.jdk(), json);
  }

  private TrustedIssuer issuer(KeySource source) {
    return issuer(id, source, 1);
  }

  private TrustedIssuer issuer(Id.Issuer as, KeySource source, long version) {
    var terms = new Terms(source, Set.of(), Optional.empty());
    return new TrustedIssuer(as, other.issuer(), "Other", terms, true, version);
  }

  private Result<Jwt> verify(TrustedIssuer issuer) {
    return verify(issuer, other.sign(Json.object().put("sub", "x").build()));
  }

  private Result<Jwt> verify(TrustedIssuer issuer, String token) {
    var read = new JwtReader(json).read(token, Refusal.TOKEN_INVALID);
    assertThat(read).isInstanceOf(Ok.class);
    var unverified = ((Ok<io.prokura.jose.UnverifiedJwt>) read).value();
    return keys.verify(issuer, unverified, ExpectedType.of("JWT"), Refusal.TOKEN_INVALID);
  }

  private void later(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  @Test
  void keysAreFoundByTheMetadataOfTheIssuer() {
    var issuer = issuer(new KeySource.Discovered());

    assertThat(verify(issuer)).isInstanceOf(Ok.class);
    assertThat(verify(issuer)).isInstanceOf(Ok.class);
    assertThat(other.asked).containsExactly("/.well-known/openid-configuration", "/jwks");
    assertThat(keys.metadata(issuer))
        .contains(
            new IssuerMetadata(
                other.issuer() + "/jwks",
                other.issuer() + "/authorize",
                other.issuer() + "/token",
                true));
  }

  @Test
  void metadataOfAnotherNameIsNobodys() {
    other.saidIssuer = other.issuer() + "/";

    assertThat(verify(issuer(new KeySource.Discovered()))).isInstanceOf(Result.Refused.class);
    assertThat(other.asked).containsExactly("/.well-known/openid-configuration");
  }

  @Test
  void metadataLeadsNowhereThatNothingIsFetchedFrom() {
    other.saidJwksUri = "http://10.0.0.1/jwks";

    assertThat(verify(issuer(new KeySource.Discovered()))).isInstanceOf(Result.Refused.class);
    assertThat(other.asked).containsExactly("/.well-known/openid-configuration");
  }

  @Test
  void anIssuerOnThisMachineIsOutOfReachOfAPublicServer() {
    var token = other.sign(Json.object().put("sub", "x").build());
    var read = new JwtReader(json).read(token, Refusal.TOKEN_INVALID);
    var verified =
        keys(Reach.PUBLIC)
            .verify(
                issuer(new KeySource.At(other.issuer() + "/jwks")),
                ((Ok<io.prokura.jose.UnverifiedJwt>) read).value(),
                ExpectedType.of("JWT"),
                Refusal.TOKEN_INVALID);

    assertThat(verified).isInstanceOf(Result.Refused.class);
    assertThat(other.asked).isEmpty();
  }

  @Test
  void aKeyThatIsNewIsFetchedAtOnceButNotAgainAndAgain() {
    var issuer = issuer(new KeySource.At(other.issuer() + "/jwks"));
    assertThat(verify(issuer)).isInstanceOf(Ok.class);
    later(Duration.ofMinutes(1));
    other.rotate();

    assertThat(verify(issuer)).isInstanceOf(Ok.class);
    assertThat(other.asked).hasSize(2);
    other.key = other.newKey();
    for (int i = 0; i < 10; i++) {
      assertThat(verify(issuer)).isInstanceOf(Result.Refused.class);
    }
    assertThat(other.asked).hasSize(2);
    later(Duration.ofMinutes(1));
    assertThat(verify(issuer)).isInstanceOf(Result.Refused.class);
    assertThat(other.asked).hasSize(3);
  }

  @Test
  void aKeyThatIsWithdrawnIsNotBelievedForLong() {
    var issuer = issuer(new KeySource.At(other.issuer() + "/jwks"));
    var token = other.sign(Json.object().put("sub", "x").build());
    assertThat(verify(issuer, token)).isInstanceOf(Ok.class);
    other.rotate();
    later(Duration.ofMinutes(10));

    assertThat(verify(issuer, token)).isInstanceOf(Result.Refused.class);
  }

  @Test
  void keysOutliveAnOutageOfTheIssuerButNotForEver() {
    var issuer = issuer(new KeySource.At(other.issuer() + "/jwks"));
    assertThat(verify(issuer)).isInstanceOf(Ok.class);
    other.fails = true;
    later(Duration.ofHours(3));
    assertThat(verify(issuer)).isInstanceOf(Ok.class);
    later(Duration.ofHours(1));

    assertThat(verify(issuer)).isInstanceOf(Result.Refused.class);
  }

  @Test
  void anIssuerThatFailsIsNotAskedAgainAndAgain() {
    var issuer = issuer(new KeySource.At(other.issuer() + "/jwks"));
    other.fails = true;
    for (int i = 0; i < 10; i++) {
      assertThat(verify(issuer)).isInstanceOf(Result.Refused.class);
    }

    assertThat(other.asked).hasSize(1);
  }

  @Test
  void keysOfOneIssuerAreNeverAnothers() {
    var mine = other.newKey().verificationKey();
    var first = issuer(new KeySource.At(other.issuer() + "/jwks"));
    var second =
        issuer(Id.Issuer.random(world), new KeySource.Inline(new JwkSet(List.of(mine))), 1);
    assertThat(verify(first)).isInstanceOf(Ok.class);

    assertThat(verify(second)).isInstanceOf(Result.Refused.class);
  }

  @Test
  void newTermsOfAnIssuerCountAtOnce() {
    assertThat(verify(issuer(new KeySource.At(other.issuer() + "/jwks")))).isInstanceOf(Ok.class);
    var mine = other.newKey().verificationKey();
    var changed = issuer(id, new KeySource.Inline(new JwkSet(List.of(mine))), 2);

    assertThat(verify(changed)).isInstanceOf(Result.Refused.class);
  }
}
