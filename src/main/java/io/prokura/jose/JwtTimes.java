package io.prokura.jose;

import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// When a JWT holds, by its claims `exp`, `nbf` and `iat` (RFC 7519 §4.1.4 to §4.1.6). Numeric
/// dates may have a fraction and must lie between 1970 and 9999.
public final class JwtTimes {
  private static final long SECONDS_MAX = 253_402_300_799L;

  private final Instant expiresAt;
  private final @Nullable Instant notBefore;
  private final @Nullable Instant issuedAt;

  private JwtTimes(Instant expiresAt, @Nullable Instant notBefore, @Nullable Instant issuedAt) {
    this.expiresAt = expiresAt;
    this.notBefore = notBefore;
    this.issuedAt = issuedAt;
  }

  /// Judges the claims at `now`. `exp` must be there and at most `late` ago; `nbf` and `iat` may be
  /// absent and lie at most `ahead`. Both allow for clocks that differ. Refuses with `reason`.
  public static Result<JwtTimes> check(
      Json.Obj claims, Instant now, Duration late, Duration ahead, Refusal reason) {
    for (var name : new String[] {"exp", "nbf", "iat"}) {
      if (claims.get(name).isPresent() && date(claims, name).isEmpty()) {
        return refused(reason, name + " is not a date between 1970 and 9999");
      }
    }
    var expiresAt = date(claims, "exp");
    if (expiresAt.isEmpty()) {
      return refused(reason, "exp is missing");
    }
    if (!now.minus(late).isBefore(expiresAt.get())) {
      return refused(reason, "the token has expired");
    }
    var latest = now.plus(ahead);
    var notBefore = date(claims, "nbf");
    if (notBefore.filter(latest::isBefore).isPresent()) {
      return refused(reason, "the token is not valid yet");
    }
    var issuedAt = date(claims, "iat");
    if (issuedAt.filter(latest::isBefore).isPresent()) {
      return refused(reason, "iat lies in the future");
    }
    return ok(new JwtTimes(expiresAt.get(), notBefore.orElse(null), issuedAt.orElse(null)));
  }

  /// The `iat` of a proof that has no `exp` (RFC 9449 §4.3, RFC 8417 §2.2): it must be there, not
  /// older than `ageMax` and not ahead, both allowing for `skew`. Refuses with `reason`.
  public static Result<Instant> checkIssued(
      Json.Obj claims, Instant now, Duration ageMax, Duration skew, Refusal reason) {
    var issuedAt = date(claims, "iat");
    if (issuedAt.isEmpty()) {
      return refused(reason, "iat is missing or not a date between 1970 and 9999");
    }
    boolean fresh =
        !issuedAt.get().isBefore(now.minus(ageMax).minus(skew))
            && !issuedAt.get().isAfter(now.plus(skew));
    return fresh ? ok(issuedAt.get()) : refused(reason, "iat is too old or lies in the future");
  }

  /// The claim `name` as a numeric date (RFC 7519 §2), to the millisecond; empty when it is absent,
  /// no number or out of range.
  public static Optional<Instant> date(Json.Obj claims, String name) {
    return switch (claims.get(name).orElse(new Json.Null())) {
      case Json.Whole(var seconds) when seconds >= 0 && seconds <= SECONDS_MAX ->
          Optional.of(Instant.ofEpochSecond(seconds));
      case Json.Fraction(var seconds) when seconds >= 0 && seconds <= SECONDS_MAX ->
          Optional.of(Instant.ofEpochMilli((long) (seconds * 1000)));
      case Json.Whole _, Json.Fraction _ -> Optional.empty();
      case Json.Obj _, Json.Arr _, Json.Str _, Json.Bool _, Json.Null _ -> Optional.empty();
    };
  }

  public Instant expiresAt() {
    return expiresAt;
  }

  public Optional<Instant> notBefore() {
    return Optional.ofNullable(notBefore);
  }

  public Optional<Instant> issuedAt() {
    return Optional.ofNullable(issuedAt);
  }
}
