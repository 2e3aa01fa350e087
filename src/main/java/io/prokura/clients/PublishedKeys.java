package io.prokura.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwkSet;
import io.prokura.jose.VerificationKey;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.outbound.Fetched;
import io.prokura.outbound.Outbound;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

/// The keys that clients publish at URLs (`jwks_uri`, RFC 7591 §2).
///
/// What was fetched counts for ten minutes; while it can't be fetched anew, for four hours. Who
/// asks for newer keys has them fetched early, but no URL more often than twice a minute, whatever
/// comes of it, so that nobody can have this server ask somebody without end. One fetches for all
/// who ask for the same URL at once; when too many wait for answers, the others go on with what is
/// known.
public final class PublishedKeys {
  private static final int DOCUMENT_MAX = 32 * 1024;
  private static final int REMEMBERED_MAX = 2_000;
  private static final int WAITING_MAX = 64;
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final Duration KEPT = Duration.ofHours(4);
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final List<String> TYPES = List.of("application/json", "application/jwk-set+json");

  private final World world;
  private final Outbound outbound;
  private final Crypto crypto;
  private final JsonReader json;
  private final Semaphore waiting = new Semaphore(WAITING_MAX);
  private final ConcurrentMap<String, CompletableFuture<Held>> running = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Held> held =
      Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).<String, Held>build().asMap();

  public PublishedKeys(World world, Outbound outbound, Crypto crypto, JsonReader json) {
    this.world = world;
    this.outbound = outbound;
    this.crypto = crypto;
    this.json = json;
  }

  /// The keys of a URL, when they were fetched, and when that was last tried.
  private record Held(List<VerificationKey> keys, Instant since, Instant tried) {
    static final Held NOTHING = new Held(List.of(), Instant.MIN, Instant.MIN);

    boolean isTriedLately(Instant now) {
      return now.isBefore(tried.plus(EVERY));
    }

    boolean isFresh(Instant now) {
      return now.isBefore(since.plus(FRESH));
    }

    boolean isOver(Instant now) {
      return !now.isBefore(since.plus(KEPT));
    }
  }

  /// Whether keys are fetched from `uri` at all, as far as its text tells.
  public boolean takes(String uri) {
    return outbound.takes(uri);
  }

  /// The keys at `uri`; none when there are none that can be had.
  List<VerificationKey> at(String uri) {
    return current(uri, false);
  }

  /// The keys at `uri`, fetched anew unless they were lately.
  List<VerificationKey> newest(String uri) {
    return current(uri, true);
  }

  private List<VerificationKey> current(String uri, boolean early) {
    var known = known(uri);
    return good(isDue(known, early) ? renewed(uri, early) : known);
  }

  private Held known(String uri) {
    return held.getOrDefault(uri, Held.NOTHING);
  }

  private List<VerificationKey> good(Held one) {
    return one.isOver(world.now()) ? List.of() : one.keys();
  }

  private boolean isDue(Held one, boolean early) {
    var now = world.now();
    return !one.isTriedLately(now) && (early || !one.isFresh(now));
  }

  private Held renewed(String uri, boolean early) {
    var mine = new CompletableFuture<Held>();
    var others = running.putIfAbsent(uri, mine);
    if (others != null) {
      return waited(uri, others);
    }
    try {
      var known = known(uri);
      if (isDue(known, early)) {
        held.put(uri, fetched(uri, known));
      }
    } finally {
      running.remove(uri, mine);
      mine.complete(known(uri));
    }
    return known(uri);
  }

  private Held waited(String uri, CompletableFuture<Held> others) {
    if (!waiting.tryAcquire()) {
      return known(uri);
    }
    try {
      return others.join();
    } finally {
      waiting.release();
    }
  }

  private Held fetched(String uri, Held known) {
    var keys = fetch(uri);
    var now = world.now();
    return keys.map(all -> new Held(all, now, now))
        .orElseGet(() -> new Held(good(known), known.since(), now));
  }

  private Optional<List<VerificationKey>> fetch(String uri) {
    return outbound.get(uri, String.join(", ", TYPES), DOCUMENT_MAX)
                instanceof Fetched.Answered answer
            && TYPES.contains(answer.mediaType())
            && json.readObject(answer.text().getBytes(UTF_8)) instanceof Ok(var document)
            && JwkSet.parse(crypto, document, Refusal.TOKEN_INVALID) instanceof Ok(var set)
            && set.keys().size() <= Credentials.HELD_MAX
        ? Optional.of(set.keys())
        : Optional.empty();
  }
}
