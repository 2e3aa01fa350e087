package io.prokura.issuers;

import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.issuers.TrustedIssuer.KeySource;
import io.prokura.jose.Crypto;
import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwkSet;
import io.prokura.jose.Jwt;
import io.prokura.jose.UnverifiedJwt;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.outbound.Fetched;
import io.prokura.outbound.Outbound;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;

/// The keys and the metadata of trusted issuers, fetched where they are not registered, and kept
/// for each issuer apart: a key of one never verifies another's words.
///
/// What was fetched is used for ten minutes and then fetched anew; while that fails, for four hours
/// at most. A token with a key that is not there has them fetched early, once a minute at most, so
/// that nobody can have an issuer asked without end.
public final class IssuerKeys {
  private static final int DOCUMENT_MAX = 64 * 1024;
  private static final int CACHED_MAX = 5_000;
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final Duration KEPT = Duration.ofHours(4);
  private static final Duration EARLY_EVERY = Duration.ofMinutes(1);

  private final World world;
  private final Outbound outbound;
  private final Crypto crypto;
  private final JsonReader json;
  private final ConcurrentMap<Id.Issuer, Held> held =
      Caffeine.newBuilder().maximumSize(CACHED_MAX).<Id.Issuer, Held>build().asMap();

  public IssuerKeys(World world, Outbound outbound, Crypto crypto, JsonReader json) {
    this.world = world;
    this.outbound = outbound;
    this.crypto = crypto;
    this.json = json;
  }

  /// What is known of one version of an issuer: since when, and when it was last asked for.
  private record Held(long version, Optional<Documents> documents, Instant since, Instant tried) {
    boolean isOf(TrustedIssuer issuer) {
      return version == issuer.version();
    }
  }

  private record Documents(Optional<IssuerMetadata> metadata, JwkSet keys) {}

  /// What the issuer says of itself; empty when it can't be fetched or is no issuer's of this name.
  public Optional<IssuerMetadata> metadata(TrustedIssuer issuer) {
    return current(issuer, false).documents().flatMap(Documents::metadata);
  }

  /// The token as what the issuer signed; refuses with `reason`.
  public Result<Jwt> verify(
      TrustedIssuer issuer, UnverifiedJwt token, ExpectedType type, Refusal reason) {
    var known = keys(current(issuer, false));
    var keys = known.find(token).isPresent() ? known : keys(current(issuer, true));
    return token.verify(keys::find, type, reason);
  }

  private static JwkSet keys(Held held) {
    return held.documents().map(Documents::keys).orElseGet(() -> new JwkSet(java.util.List.of()));
  }

  private Held current(TrustedIssuer issuer, boolean early) {
    var now = world.now();
    var known = held.get(issuer.id());
    return known != null && known.isOf(issuer) && !isDue(known, early, now)
        ? known
        : held.compute(
            issuer.id(),
            (_, last) ->
                last != null && last.isOf(issuer) && !isDue(last, early, now)
                    ? last
                    : fetched(issuer, Optional.ofNullable(last).filter(l -> l.isOf(issuer)), now));
  }

  private static boolean isDue(Held held, boolean early, Instant now) {
    boolean mayAsk = !now.isBefore(held.tried().plus(EARLY_EVERY));
    boolean isStale = !now.isBefore(held.since().plus(FRESH)) || held.documents().isEmpty();
    boolean isOver = !now.isBefore(held.since().plus(KEPT)) && held.documents().isPresent();
    return isOver || (mayAsk && (early || isStale));
  }

  private Held fetched(TrustedIssuer issuer, Optional<Held> last, Instant now) {
    var documents = documents(issuer);
    if (documents instanceof Ok(var fresh)) {
      return new Held(issuer.version(), Optional.of(fresh), now, now);
    }
    return last.filter(old -> now.isBefore(old.since().plus(KEPT)))
        .map(old -> new Held(old.version(), old.documents(), old.since(), now))
        .orElseGet(() -> new Held(issuer.version(), Optional.empty(), now, now));
  }

  private Result<Documents> documents(TrustedIssuer issuer) {
    var discovered =
        issuer.terms().keys() instanceof KeySource.Discovered || issuer.terms().signIn().isPresent()
            ? discover(issuer)
            : Optional.<IssuerMetadata>empty();
    return switch (issuer.terms().keys()) {
      case KeySource.Inline(var keys) -> ok(new Documents(discovered, keys));
      case KeySource.At(var uri) -> fetchKeys(uri).map(keys -> new Documents(discovered, keys));
      case KeySource.Discovered _ ->
          discovered.isPresent()
              ? fetchKeys(discovered.get().jwksUri()).map(keys -> new Documents(discovered, keys))
              : refused(Refusal.TOKEN_INVALID, "the issuer's metadata can't be fetched");
    };
  }

  private Optional<IssuerMetadata> discover(TrustedIssuer issuer) {
    return document(IssuerMetadata.url(issuer.issuer()))
        .flatMap(found -> IssuerMetadata.read(found, issuer.issuer(), outbound::takes));
  }

  private Result<JwkSet> fetchKeys(String uri) {
    var document = document(uri);
    return document.isPresent()
        ? JwkSet.parse(crypto, document.get(), Refusal.TOKEN_INVALID)
        : refused(Refusal.TOKEN_INVALID, "the issuer's keys can't be fetched");
  }

  private Optional<Json.Obj> document(String url) {
    return outbound.get(url, "application/json", DOCUMENT_MAX) instanceof Fetched.Answered answer
            && json.readObject(answer.text().getBytes(UTF_8)) instanceof Ok(var document)
        ? Optional.of(document)
        : Optional.empty();
  }
}
