package io.prokura.issuers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.issuers.TrustedIssuer.KeySource;
import io.prokura.issuers.TrustedIssuer.Terms;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtReader;
import io.prokura.jose.JwtWriter;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
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
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens that are not what the issuer told this server about this sign-in.
final class IdTokensTest {
  private static final String CLIENT = "prokura";
  private static final String NONCE = "the nonce";

  private final Instant now = Instant.now();
  private final World world = new World(() -> now, new SecureRandom());
  private final JsonReader json = new JsonReader(Limits.standard());
  private final StandInIssuer honest = new StandInIssuer(world);
  private final StandInIssuer hostile = new StandInIssuer(world);
  private final TrustedIssuer first = trusted(honest);
  private final TrustedIssuer second = trusted(hostile);
  private final IdTokens tokens = tokens();

  @AfterEach
  void stop() {
    honest.close();
    hostile.close();
  }

  private TrustedIssuer trusted(StandInIssuer issuer) {
    var terms = new Terms(new KeySource.Discovered(), Set.of(), Optional.empty());
    return new TrustedIssuer(Id.Issuer.random(world), issuer.issuer(), "", terms, true, 1);
  }

  private IdTokens tokens() {
    var bounds = new Bounds(Duration.ofSeconds(30), 8, 1_000);
    var tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var outbound = new Outbound(world, bounds, Reach.LOOPBACK_TOO, Resolver.SYSTEM, tls);
    return new IdTokens(
        world,
        Limits.standard(),
        new JwtReader(json),
        new IssuerKeys(world, outbound, Crypto.jdk(), json));
  }

  private Json.Obj claims(Consumer<Json.Builder> change) {
    var claims =
        Json.object()
            .put("iss", honest.issuer())
            .put("sub", "alice")
            .put("aud", CLIENT)
            .put("nonce", NONCE)
            .put("iat", now.getEpochSecond())
            .put("exp", now.getEpochSecond() + 300);
    var all = new LinkedHashMap<>(claims.build().members());
    var other = Json.object();
    change.accept(other);
    all.putAll(other.build().members());
    return new Json.Obj(all);
  }

  private Result<IdToken> verify(String compact) {
    return tokens.verify(first, CLIENT, NONCE, compact);
  }

  private void refused(Consumer<Json.Builder> change) {
    assertThat(verify(honest.sign(claims(change)))).isInstanceOf(Result.Refused.class);
  }

  @Test
  void aGoodTokenNamesWhoSignedIn() {
    var verified = verify(honest.sign(claims(_ -> {})));

    assertThat(verified)
        .isInstanceOfSatisfying(
            Ok.class,
            ok -> {
              var token = (IdToken) ok.value();
              assertThat(token.sub()).isEqualTo("alice");
              assertThat(token.issuer()).isEqualTo(first.id());
            });
    var listed = claims(claims -> claims.put("aud", List.of(CLIENT)).put("azp", CLIENT));
    assertThat(verify(honest.sign(listed))).isInstanceOf(Ok.class);
  }

  @Test
  void anotherIssuersTokenIsNotThisOnes() {
    var inItsName = hostile.sign(claims(_ -> {}));
    var inItsOwn = hostile.sign(claims(claims -> claims.put("iss", hostile.issuer())));

    assertThat(verify(inItsName)).isInstanceOf(Result.Refused.class);
    assertThat(verify(inItsOwn)).isInstanceOf(Result.Refused.class);
    assertThat(tokens.verify(second, CLIENT, NONCE, inItsName)).isInstanceOf(Result.Refused.class);
    assertThat(tokens.verify(second, CLIENT, NONCE, inItsOwn)).isInstanceOf(Ok.class);
  }

  @Test
  void theSameSubOfTwoIssuersIsTwoPeople() {
    var here = verify(honest.sign(claims(_ -> {})));
    var there =
        tokens.verify(
            second,
            CLIENT,
            NONCE,
            hostile.sign(claims(claims -> claims.put("iss", hostile.issuer()))));

    assertThat(((Ok<IdToken>) here).value().issuer())
        .isNotEqualTo(((Ok<IdToken>) there).value().issuer());
  }

  @Test
  void aTokenForSomebodyElseIsNotTaken() {
    refused(claims -> claims.put("aud", "other"));
    refused(claims -> claims.put("aud", List.of(CLIENT, "other")));
    refused(claims -> claims.put("aud", List.of("other", CLIENT)).put("azp", CLIENT));
    refused(claims -> claims.put("aud", List.of()));
    refused(claims -> claims.put("aud", new Json.Null()));
    refused(claims -> claims.put("azp", "other"));
    refused(claims -> claims.put("azp", List.of(CLIENT)));
  }

  @Test
  void aTokenOfAnotherRequestIsNotTaken() {
    refused(claims -> claims.put("nonce", "other"));
    refused(claims -> claims.put("nonce", ""));
    refused(claims -> claims.put("nonce", new Json.Null()));
    var without = honest.sign(claims(claims -> claims.put("nonce", "")));
    assertThat(tokens.verify(first, CLIENT, "", without)).isInstanceOf(Result.Refused.class);
  }

  @Test
  void aTokenOutOfItsTimeIsNotTaken() {
    long seconds = now.getEpochSecond();
    refused(claims -> claims.put("exp", seconds - 61));
    refused(claims -> claims.put("exp", new Json.Null()));
    refused(claims -> claims.put("iat", seconds + 120));
    refused(claims -> claims.put("iat", seconds - 700));
    refused(claims -> claims.put("iat", new Json.Null()));
    refused(claims -> claims.put("nbf", seconds + 120));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "\u00e4"})
  void nobodyIsCalledThis(String sub) {
    refused(claims -> claims.put("sub", sub));
    refused(claims -> claims.put("sub", "a".repeat(256)));
  }

  @Test
  void aTokenOfAnotherKindIsNotTaken() {
    for (var typ : List.of("at+jwt", "logout+jwt", "secevent+jwt", "client-authentication+jwt")) {
      var token = JwtWriter.mint(honest.key, typ, claims(_ -> {}));
      assertThat(verify(token)).as(typ).isInstanceOf(Result.Refused.class);
    }
  }

  @Test
  void aTokenThatNobodySignedIsNotTaken() {
    var good = honest.sign(claims(_ -> {}));
    var payload = good.substring(good.indexOf('.') + 1, good.lastIndexOf('.'));
    for (var header : List.of("{\"alg\":\"none\"}", "{\"alg\":\"HS256\"}", "{}")) {
      var encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(UTF_8));
      assertThat(verify(encoded + "." + payload + ".")).isInstanceOf(Result.Refused.class);
      assertThat(verify(encoded + "." + payload + ".AAAA")).isInstanceOf(Result.Refused.class);
    }
    var forged = JwtWriter.mint(hostile.newKey(), "JWT", claims(_ -> {}));
    assertThat(verify(forged)).isInstanceOf(Result.Refused.class);
  }

  @Test
  void nothingIsBelievedOfWhoIsDeactivated() {
    var token = honest.sign(claims(_ -> {}));
    var deactivated = first.withActive(false);

    assertThat(tokens.verify(deactivated, CLIENT, NONCE, token)).isInstanceOf(Result.Refused.class);
  }
}
