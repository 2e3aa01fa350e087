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

/// The keys that sign tokens: ES256 keys, and keys of another algorithm from the first time that an
/// application or a resource is registered that wants what is for it signed so. The next key is
/// published before it signs, and a key stays published until the last token it signed has expired,
/// so verifiers that fetch the JWK Set now and then never meet an unknown key.
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
  private final AtomicReference<KeyRings> rings = new AtomicReference<>(new KeyRings(List.of()));

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
    rings.set(new KeyRings(database.read(tx -> SigningKeyStore.all(tx, crypto, json, seal))));
  }

  /// The key that signs now what nobody wants signed otherwise.
  public SigningKey signing() {
    return signing(Algorithm.ES256);
  }

  /// The key of an algorithm that we sign by which signs now; not to be called in a transaction.
  public SigningKey signing(Algorithm algorithm) {
    if (rings.get().of(algorithm).isEmpty()) {
      // Registered before keys were made with the registration, or by a node that is ahead.
      database.inTransaction(tx -> ensure(tx, algorithm));
      reload();
    }
    return rings.get().of(algorithm).active(world.now()).key();
  }

  /// Publishes the first key of `algorithm`, to sign at once, where there is none. That takes the
  /// time that a key takes to be made within the transaction, once.
  public String ensure(Tx tx, Algorithm algorithm) {
    return SigningKeyStore.isEmpty(tx, algorithm)
        ? add(tx, algorithm, Duration.ZERO)
        : "already there";
  }

  /// The published key with this id.
  public Optional<VerificationKey> find(String kid) {
    return rings.get().find(kid);
  }

  /// All published keys.
  public JwkSet jwks() {
    return new JwkSet(rings.get().published());
  }

  /// Publishes a new key of each algorithm that is in use, to sign after the lead time. Nothing
  /// happens where one waits already. Returns the id of the newest ES256 key.
  public String rotate(Tx tx) {
    var newest = "";
    for (var ring : rings.get().inUse()) {
      var next = rotate(tx, ring);
      newest = ring.algorithm() == Algorithm.ES256 ? next : newest;
    }
    return newest;
  }

  private String rotate(Tx tx, KeyRing ring) {
    var newest = ring.newest();
    return newest.activeFrom().isAfter(world.now())
        ? newest.key().kid()
        : add(tx, ring.algorithm(), times.lead());
  }

  /// Makes the first key, the next key when it is time, and forgets keys that no valid token needs.
  public void tick() {
    if (rings.get().of(Algorithm.ES256).isEmpty()) {
      database.inTransaction(tx -> ensure(tx, Algorithm.ES256));
    }
    rings.get().inUse().forEach(this::tick);
  }

  private void tick(KeyRing ring) {
    var now = world.now();
    if (!ring.newest().activeFrom().plus(times.period()).minus(times.lead()).isAfter(now)) {
      database.inTransaction(tx -> rotate(tx, ring));
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
