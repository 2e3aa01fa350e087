package io.prokura.keys;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.feed.Feed;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwkSet;
import io.prokura.jose.SigningKey;
import io.prokura.jose.VerificationKey;
import io.prokura.json.JsonReader;
import io.prokura.kernel.World;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// The keys that sign tokens: ES256 keys, and RS256 keys from the first time that an application
/// wants its ID tokens signed so, for these alone. The next key is published before it signs, and a
/// key stays published until the last token it signed has expired, so verifiers that fetch the JWK
/// Set now and then never meet an unknown key.
public final class SigningKeys {
  private static final String KIND = "signing-key";

  private final World world;
  private final Database database;
  private final Crypto crypto;
  private final JsonReader json;
  private final Seal seal;
  private final Feed feed;
  private final AuditLog audit;
  private final KeyTimes times;
  private final AtomicReference<Rings> rings = new AtomicReference<>(Rings.of(List.of()));

  /// The keys of both algorithms.
  private record Rings(KeyRing es256, KeyRing rs256) {
    static Rings of(List<KeyRing.Timed> keys) {
      return new Rings(ring(keys, Algorithm.ES256), ring(keys, Algorithm.RS256));
    }

    private static KeyRing ring(List<KeyRing.Timed> keys, Algorithm algorithm) {
      return new KeyRing(
          keys.stream().filter(timed -> timed.key().algorithm() == algorithm).toList());
    }
  }

  /// When keys follow each other: a key signs for `period`; it is published for `lead` before it
  /// signs and for `linger` after the next one signs, which must outlast every token.
  public record KeyTimes(Duration period, Duration lead, Duration linger) {}

  public SigningKeys(
      World world,
      Database database,
      Crypto crypto,
      JsonReader json,
      Seal seal,
      Feed feed,
      AuditLog audit,
      KeyTimes times) {
    this.world = world;
    this.database = database;
    this.crypto = crypto;
    this.json = json;
    this.seal = seal;
    this.feed = feed;
    this.audit = audit;
    this.times = times;
    feed.follow(KIND, _ -> reload());
    reload();
  }

  private void reload() {
    rings.set(Rings.of(database.read(tx -> SigningKeyStore.all(tx, crypto, json, seal))));
  }

  /// The key that signs now.
  public SigningKey signing() {
    return rings.get().es256().active(world.now()).key();
  }

  /// The key that signs the ID tokens of applications that want RS256. The first one is made when
  /// it is asked for; not to be called in a transaction.
  public SigningKey signingRs256() {
    if (rings.get().rs256().isEmpty()) {
      makeFirst(Algorithm.RS256);
      // Another node may have been faster, and this one not know of its key yet.
      reload();
    }
    return rings.get().rs256().active(world.now()).key();
  }

  /// The published key with this id that verifies access tokens: an ES256 key, and nothing else.
  public Optional<VerificationKey> find(String kid) {
    return rings.get().es256().find(kid);
  }

  /// The published key with this id that verifies ID tokens.
  public Optional<VerificationKey> findForIdTokens(String kid) {
    var all = rings.get();
    return all.es256().find(kid).or(() -> all.rs256().find(kid));
  }

  /// All published keys.
  public JwkSet jwks() {
    var all = rings.get();
    return new JwkSet(
        Stream.concat(all.es256().published().stream(), all.rs256().published().stream()).toList());
  }

  /// Publishes a new key of each algorithm that is in use, to sign after the lead time. Nothing
  /// happens where one waits already. Returns the id of the newest ES256 key.
  public String rotate(Tx tx) {
    var all = rings.get();
    if (!all.rs256().isEmpty()) {
      rotate(tx, all.rs256(), Algorithm.RS256);
    }
    return rotate(tx, all.es256(), Algorithm.ES256);
  }

  private String rotate(Tx tx, KeyRing ring, Algorithm algorithm) {
    var newest = ring.newest();
    return newest.activeFrom().isAfter(world.now())
        ? newest.key().kid()
        : add(tx, algorithm, times.lead());
  }

  /// Makes the first key, the next key when it is time, and forgets keys that no valid token needs.
  public void tick() {
    var all = rings.get();
    if (all.es256().isEmpty()) {
      makeFirst(Algorithm.ES256);
    } else {
      tick(all.es256(), Algorithm.ES256);
    }
    if (!all.rs256().isEmpty()) {
      tick(all.rs256(), Algorithm.RS256);
    }
  }

  private void makeFirst(Algorithm algorithm) {
    database.inTransaction(
        tx ->
            SigningKeyStore.isEmpty(tx, algorithm)
                ? add(tx, algorithm, Duration.ZERO)
                : "already there");
  }

  private void tick(KeyRing ring, Algorithm algorithm) {
    var now = world.now();
    if (!ring.newest().activeFrom().plus(times.period()).minus(times.lead()).isAfter(now)) {
      database.inTransaction(tx -> rotate(tx, ring, algorithm));
    }
    var active = ring.active(now);
    if (!active.activeFrom().plus(times.linger()).isAfter(now)) {
      database.inTransaction(tx -> forgetBefore(tx, active));
    }
  }

  /// Wraps the private keys again under the newest master key.
  public Rewrap rewrap() {
    return new Rewrap(List.of(), (tx, _) -> SigningKeyStore.rewrap(tx, seal));
  }

  private String add(Tx tx, Algorithm algorithm, Duration lead) {
    var key = SigningKey.generate(crypto, world, algorithm);
    var activeFrom = world.now().plus(lead);
    SigningKeyStore.insert(tx, seal, new KeyRing.Timed(key, activeFrom), world.now());
    feed.publish(tx, KIND, key.kid());
    audit.append(
        tx,
        Event.about("key.published", key.kid())
            .number("activeFrom", activeFrom.toEpochMilli())
            .word("algorithm", algorithm.label())
            .build());
    return key.kid();
  }

  private int forgetBefore(Tx tx, KeyRing.Timed active) {
    int forgotten = SigningKeyStore.deleteBefore(tx, active.key().algorithm(), active.activeFrom());
    if (forgotten > 0) {
      feed.publish(tx, KIND, active.key().kid());
      audit.append(
          tx, Event.about("key.withdrawn", active.key().kid()).number("count", forgotten).build());
    }
    return forgotten;
  }
}
