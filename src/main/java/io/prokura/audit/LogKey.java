package io.prokura.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.SigningKey;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.seal.BrokenSeal;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.NoteSigner;
import io.prokura.tlog.NoteVerifier;
import io.prokura.tlog.SignatureType;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The Ed25519 keys that sign checkpoints, and the log's origin, which is their name. Usually there
/// is one; while it is replaced, the old and the new one both sign. None of them signs tokens.
public final class LogKey {
  private final Database database;
  private final World world;
  private final Crypto crypto;
  private final JsonReader json;
  private final Seal seal;
  private final AtomicReference<Keys> keys;

  /// What is known at one moment: the raw public keys of all that ever signed, in base64url, and
  /// those that sign now.
  private record Keys(String origin, List<String> ever, List<SigningKey> signing) {}

  private LogKey(Database database, World world, Crypto crypto, JsonReader json, Seal seal) {
    this.database = database;
    this.world = world;
    this.crypto = crypto;
    this.json = json;
    this.seal = seal;
    keys = new AtomicReference<>(database.read(this::read));
  }

  /// The key of the log in `database`; a new one, under the origin `origin`, when there is no log.
  /// Throws [Outage] when it is sealed under another master key.
  public static LogKey open(
      Database database, World world, Crypto crypto, JsonReader json, Seal seal, String origin) {
    database.inTransaction(
        tx -> {
          if (LogStore.head(tx).isEmpty() && LogStore.begin(tx, origin)) {
            var key = SigningKey.generate(crypto, world, Algorithm.EDDSA);
            LogKeyStore.insert(tx, stored(1, origin, key, seal));
          }
          for (var key : LogKeyStore.all(tx)) {
            if (key.publicKey().isEmpty()) {
              var secret = unwrap(seal, key);
              var read = SigningKey.ofSecret(crypto, json, secret);
              LogKeyStore.publish(tx, key.number(), publicKey(read));
            }
          }
          return 0;
        });
    return new LogKey(database, world, crypto, json, seal);
  }

  private static LogKeyStore.Stored stored(long number, String origin, SigningKey key, Seal seal) {
    var wrapped = seal.wrap(key.secret(), origin.getBytes(UTF_8));
    return new LogKeyStore.Stored(number, origin, publicKey(key), Optional.of(wrapped));
  }

  private static byte[] unwrap(Seal seal, LogKeyStore.Stored key) {
    try {
      return seal.unwrap(key.wrapped().orElseThrow(), key.bound().getBytes(UTF_8));
    } catch (BrokenSeal e) {
      throw new Outage("the log's key does not open with this master key", e);
    }
  }

  private static String publicKey(SigningKey key) {
    return key.verificationKey().toJwk().text("x").orElseThrow();
  }

  private Keys read(Tx tx) {
    var stored = LogKeyStore.all(tx);
    return new Keys(
        LogStore.head(tx).orElseThrow().origin(),
        stored.stream().map(LogKeyStore.Stored::publicKey).toList(),
        stored.stream()
            .filter(key -> key.wrapped().isPresent())
            .map(key -> SigningKey.ofSecret(crypto, json, unwrap(seal, key)))
            .toList());
  }

  /// Takes note of what was changed in the database: another origin, a key that came or went.
  public void reload() {
    keys.set(database.read(this::read));
  }

  public String origin() {
    return keys.get().origin();
  }

  /// The text by which others verify the log's signatures (C2SP signed-note); of two keys that sign
  /// the older one, which others know already.
  public String vkey() {
    return vkeys().getFirst();
  }

  /// The texts of all keys that sign now, the oldest first.
  public List<String> vkeys() {
    return signers().stream().map(signer -> signer.key().toString()).toList();
  }

  /// What this server's log is known by for good, whatever its origin and keys become: the raw
  /// public key it began with, in base64url.
  public String identity() {
    return keys.get().ever().getFirst();
  }

  List<NoteSigner> signers() {
    return signers(origin());
  }

  /// The signers under another origin.
  List<NoteSigner> signers(String origin) {
    return keys.get().signing().stream()
        .map(key -> new NoteSigner(verifier(origin, publicKey(key)), key::sign))
        .toList();
  }

  /// Whose signature this server accepts on its own checkpoints under `origin`: of any key that
  /// ever signed, since one may have been stored just before a key went.
  LogPolicy policy(String origin) {
    var verifiers = keys.get().ever().stream().map(key -> verifier(origin, key)).toList();
    return new LogPolicy(origin, verifiers, List.of(), 0);
  }

  private static NoteVerifier verifier(String origin, String publicKey) {
    try {
      return NoteVerifier.of(
          origin, SignatureType.ED25519, Base64.getUrlDecoder().decode(publicKey));
    } catch (InvalidException e) {
      throw new IllegalStateException("not a name for a log: " + origin, e);
    }
  }

  /// Adds a key that signs beside those that do; returns its text. In memory it is after a reload.
  String add(Tx tx) {
    var all = LogKeyStore.all(tx);
    var origin = LogStore.head(tx).orElseThrow().origin();
    var key = SigningKey.generate(crypto, world, Algorithm.EDDSA);
    LogKeyStore.insert(tx, stored(all.getLast().number() + 1, origin, key, seal));
    return verifier(origin, publicKey(key)).toString();
  }

  /// Has the newest key sign alone; returns the texts of those that sign no more.
  List<String> retireOlder(Tx tx) {
    var signing =
        new ArrayList<>(
            LogKeyStore.all(tx).stream().filter(key -> key.wrapped().isPresent()).toList());
    var newest = signing.removeLast();
    LogKeyStore.retireBefore(tx, newest.number());
    var origin = LogStore.head(tx).orElseThrow().origin();
    return signing.stream().map(key -> verifier(origin, key.publicKey()).toString()).toList();
  }

  /// Wraps the private keys again under the newest master key.
  public Rewrap rewrap() {
    return new Rewrap(List.of(), (tx, _) -> LogKeyStore.rewrap(tx, seal));
  }
}
