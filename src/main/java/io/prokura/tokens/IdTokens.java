package io.prokura.tokens;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwtReader;
import io.prokura.jose.JwtWriter;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.keys.SigningKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// Mints ID tokens, which tell an application who signed in (OpenID Connect Core §2), and knows
/// them again as hints.
public final class IdTokens {
  private static final String TYPE = "JWT";
  private static final Duration LIFETIME = Duration.ofMinutes(5);

  private final String issuer;
  private final World world;
  private final SigningKeys keys;
  private final Audiences audiences;
  private final JwtReader reader;
  private final MoreClaims more;

  public IdTokens(
      String issuer,
      World world,
      SigningKeys keys,
      Audiences audiences,
      JwtReader reader,
      MoreClaims more) {
    this.issuer = issuer;
    this.world = world;
    this.keys = keys;
    this.audiences = audiences;
    this.reader = reader;
    this.more = more;
  }

  /// Who signed in, when and how, in answer to what, and what else is told of them.
  public record SignedIn(
      Id.User user,
      Id.Session session,
      UserAuthentication authentication,
      Optional<String> nonce,
      Map<String, Json> more) {}

  /// Signs an ID token for `clientId` that goes along with `accessToken`.
  public String mint(String clientId, SignedIn who, String accessToken) {
    var now = world.now().getEpochSecond();
    var claims =
        Json.object()
            .putAll(who.more())
            .put("iss", issuer)
            .put("sub", audiences.subject(clientId, who.user()))
            .put("aud", audiences.audience(clientId))
            .put("iat", now)
            .put("exp", now + LIFETIME.toSeconds())
            .put("sid", who.session().text())
            .put("at_hash", half(accessToken));
    who.authentication().write(claims);
    who.nonce().ifPresent(nonce -> claims.put("nonce", nonce));
    claims.putAll(more.of(who.user()).members());
    return JwtWriter.mint(audiences.key(clientId), TYPE, claims.build());
  }

  /// Signs an ID token about an agent that signed in at `at` through `clientId`.
  public String mint(
      String clientId, Id.Agent agent, Instant at, Optional<String> nonce, String accessToken) {
    var now = world.now().getEpochSecond();
    var claims =
        Json.object()
            .put("iss", issuer)
            .put("sub", agent.text())
            .put("sub_profile", agent.profile())
            .put("aud", audiences.audience(clientId))
            .put("iat", now)
            .put("exp", now + LIFETIME.toSeconds())
            .put("auth_time", at.getEpochSecond())
            .put("at_hash", half(accessToken));
    nonce.ifPresent(text -> claims.put("nonce", text));
    claims.putAll(more.of(agent).members());
    return JwtWriter.mint(audiences.key(clientId), TYPE, claims.build());
  }

  /// The left half of a token's SHA-256 (OpenID Connect Core §3.1.3.6).
  private static String half(String accessToken) {
    var hash = Crypto.sha256(accessToken.getBytes(US_ASCII));
    return Base64Url.encode(Arrays.copyOf(hash, hash.length / 2));
  }

  /// What an ID token of ours says of who it is for, expired or not; empty when we did not sign it.
  public Optional<Hint> hint(String compact) {
    return signed(compact).map(IdTokens::hint);
  }

  /// The same for one that has not expired.
  public Optional<Hint> current(String compact) {
    return signed(compact)
        .filter(claims -> claims.number("exp").orElse(0L) > world.now().getEpochSecond())
        .map(IdTokens::hint);
  }

  private Optional<Json.Obj> signed(String compact) {
    if (!(reader.read(compact, Refusal.TOKEN_INVALID) instanceof Ok(var unverified))) {
      return Optional.empty();
    }
    var key = unverified.kid().flatMap(keys::find);
    return key.isPresent()
            && unverified.verify(key.get(), ExpectedType.of(TYPE), Refusal.TOKEN_INVALID)
                instanceof Ok(var jwt)
            && jwt.claims().text("iss").equals(Optional.of(issuer))
            && jwt.claims().get("auth_time").isPresent()
        ? Optional.of(jwt.claims())
        : Optional.empty();
  }

  private static Hint hint(Json.Obj claims) {
    return new Hint(
        claims.text("sub").orElse(""),
        claims.text("aud").map(IdTokens::clientId).orElse(""),
        claims.text("sid").flatMap(Id.Session::parse));
  }

  /// The id of the application that an ID token was for, whatever it calls itself.
  private static String clientId(String audience) {
    return Id.Client.parse(audience).map(Id.Client::text).orElse(audience);
  }

  /// What `clientId` knows `user` by.
  public String subject(String clientId, Id.User user) {
    return audiences.subject(clientId, user);
  }

  /// Whether a hint names `user`, as its client knows them.
  public boolean names(Hint hint, Id.User user) {
    return audiences.subject(hint.clientId(), user).equals(hint.subject());
  }

  /// Whom an ID token names, the client that it was for, and the session.
  public record Hint(String subject, String clientId, Optional<Id.Session> session) {}
}
