package io.prokura.jose;

import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A proof that whoever sends a request holds a key (RFC 9449 §4.2). Whether it was used before,
/// and whether its nonce is one of ours, is for the caller to find out: `id` and `nonce` are there.
public record DpopProof(
    VerificationKey key,
    Algorithm algorithm,
    String id,
    Instant issuedAt,
    Optional<String> nonce,
    Optional<String> ath) {
  /// How old a proof may be, besides the skew of clocks.
  public static final Duration AGE_MAX = Duration.ofSeconds(60);

  /// The longest `jti` that is taken, in characters.
  public static final int ID_MAX = 256;

  private static final ExpectedType TYPE = ExpectedType.of("dpop+jwt");

  /// The thumbprint that a token bound to this key names as `jkt` (RFC 9449 §6.1).
  public String jkt() {
    return key.thumbprint();
  }

  /// Whether this is a proof for `accessToken` (RFC 9449 §4.3, check 12): `ath` is there and its
  /// hash.
  public boolean isFor(String accessToken) {
    return ath.filter(hash(accessToken)::equals).isPresent();
  }

  /// The `ath` of a proof for `accessToken`.
  public static String hash(String accessToken) {
    return Base64Url.encode(Crypto.sha256(accessToken.getBytes(UTF_8)));
  }

  /// A proof by `key` for a request of `method` to `uri`, made at `now` under the name `id`, which
  /// nobody may use twice; with a token it is a proof for that token alone.
  public static String write(
      SigningKey key,
      String method,
      URI uri,
      Optional<String> accessToken,
      Instant now,
      String id) {
    var claims =
        Json.object()
            .put("jti", id)
            .put("htm", method)
            .put("htu", uri.toString())
            .put("iat", now.getEpochSecond())
            .put("ath", accessToken.map(DpopProof::hash));
    return JwtWriter.mintWithKey(key, "dpop+jwt", claims.build());
  }

  /// Judges `proof` at `now` as one for a request of `method` to one of `addresses`, which must be
  /// those that are configured and not the one the request says. Refuses with `reason` another
  /// `typ`, a `jwk` that is missing or not public, a wrong signature, another method or address, an
  /// `iat` outside the window, and claims that are missing or of the wrong kind.
  public static Result<DpopProof> check(
      Crypto crypto,
      UnverifiedJwt proof,
      String method,
      List<URI> addresses,
      Instant now,
      Duration skew,
      Refusal reason) {
    var jwk = proof.unverifiedHeader().object("jwk");
    if (jwk.isEmpty()) {
      return refused(reason, "the proof's jwk is missing");
    }
    var parsed = VerificationKey.parse(crypto, jwk.get(), reason);
    if (!(parsed instanceof Result.Ok<VerificationKey>(var key))) {
      return parsed.refusal();
    }
    var verified = proof.verify(key, TYPE, reason);
    if (!(verified instanceof Result.Ok<Jwt>(var jwt))) {
      return verified.refusal();
    }
    var claims = jwt.claims();
    if (!claims.text("htm").equals(Optional.of(method))) {
      return refused(reason, "the proof is for another method");
    }
    var target = claims.text("htu").flatMap(DpopProof::normal);
    if (target.isEmpty()
        || addresses.stream().noneMatch(uri -> target.equals(normal(uri.toString())))) {
      return refused(reason, "the proof is for another address");
    }
    var issued = JwtTimes.checkIssued(claims, now, AGE_MAX, skew, reason);
    if (!(issued instanceof Result.Ok<Instant>(var issuedAt))) {
      return issued.refusal();
    }
    var id = claims.text("jti").filter(text -> !text.isEmpty() && text.length() <= ID_MAX);
    if (id.isEmpty()) {
      return refused(reason, "the proof's jti is missing or too long");
    }
    if (isNoText(claims, "nonce") || isNoText(claims, "ath")) {
      return refused(reason, "the proof's nonce or ath is not a text");
    }
    return ok(
        new DpopProof(
            key, proof.algorithm(), id.get(), issuedAt, claims.text("nonce"), claims.text("ath")));
  }

  private static boolean isNoText(Json.Obj claims, String name) {
    return claims.get(name).isPresent() && claims.text(name).isEmpty();
  }

  /// An address without query and fragment, with scheme and host in lower case and without the
  /// port that the scheme implies (RFC 3986 §6.2.2, §6.2.3); empty for what is no such address.
  private static Optional<String> normal(String text) {
    try {
      var uri = new URI(text).normalize();
      if (uri.getScheme() == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
        return Optional.empty();
      }
      var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
      int implied = scheme.equals("https") ? 443 : 80;
      var port = uri.getPort() == -1 || uri.getPort() == implied ? "" : ":" + uri.getPort();
      var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      return Optional.of(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
