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

/// The keys that sign tokens. The next key is published before it signs, and a key stays published
/// until the last token it signed has expired, so verifiers that fetch the JWK Set now and then
/// never meet an unknown key.
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
  private final AtomicReference<KeyRing> ring = new AtomicReference<>(new KeyRing(List.of()));

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
    ring.set(new KeyRing(database.read(tx -> SigningKeyStore.all(tx, crypto, json, seal))));
  }

  /// The key that signs now.
  public SigningKey signing() {
    return ring.get().active(world.now()).key();
  }

  /// The published key with this id.
  public Optional<VerificationKey> find(String kid) {
    return ring.get().find(kid);
  }

  public JwkSet jwks() {
    return ring.get().jwks();
  }

  /// Publishes a new key, to sign after the lead time. Nothing happens when one waits already.
  /// Returns the id of the newest key.
  public String rotate(Tx tx) {
    var newest = ring.get().newest();
    if (newest.activeFrom().isAfter(world.now())) {
      return newest.key().kid();
    }
    return add(tx, times.lead());
  }

  /// Makes the first key, the next key when it is time, and forgets keys that no valid token needs.
  public void tick() {
    var now = world.now();
    var keys = ring.get();
    if (keys.isEmpty()) {
      database.inTransaction(
          tx -> SigningKeyStore.isEmpty(tx) ? add(tx, Duration.ZERO) : "already there");
      return;
    }
    if (!keys.newest().activeFrom().plus(times.period()).minus(times.lead()).isAfter(now)) {
      database.inTransaction(this::rotate);
    }
    var active = keys.active(now);
    if (!active.activeFrom().plus(times.linger()).isAfter(now)) {
      database.inTransaction(tx -> forgetBefore(tx, active));
    }
  }

  /// Wraps the private keys again under the newest master key.
  public Rewrap rewrap() {
    return new Rewrap(List.of(), (tx, _) -> SigningKeyStore.rewrap(tx, seal));
  }

  private String add(Tx tx, Duration lead) {
    var key = SigningKey.generate(crypto, world, Algorithm.ES256);
    var activeFrom = world.now().plus(lead);
    SigningKeyStore.insert(tx, seal, new KeyRing.Timed(key, activeFrom), world.now());
    feed.publish(tx, KIND, key.kid());
    audit.append(
        tx,
        Event.about("key.published", key.kid())
            .number("activeFrom", activeFrom.toEpochMilli())
            .build());
    return key.kid();
  }

  private int forgetBefore(Tx tx, KeyRing.Timed active) {
    int forgotten = SigningKeyStore.deleteBefore(tx, active.activeFrom());
    if (forgotten > 0) {
      feed.publish(tx, KIND, active.key().kid());
      audit.append(
          tx, Event.about("key.withdrawn", active.key().kid()).number("count", forgotten).build());
    }
    return forgotten;
  }
}
