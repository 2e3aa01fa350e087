package io.prokura.clients;

import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agents;
import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.cutoff.CutOffs;
import io.prokura.directory.Directory;
import io.prokura.feed.Cached;
import io.prokura.feed.Feed;
import io.prokura.jose.Crypto;
import io.prokura.jose.VerificationKey;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import io.prokura.tls.ClientCertificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The verbs over credentials: add, revoke, and which of them are good now.
///
/// When a credential was last used is kept in memory and written from time to time without an
/// entry; a crash loses a little of it.
public final class Credentials {
  /// Secrets and keys that one holder may have at a time, so that it can change them without a
  /// moment in which it has none.
  public static final int HELD_MAX = 10;

  /// URLs of keys that one holder may have at a time.
  private static final int PUBLISHED_MAX = 2;

  private static final String KIND = "credential";
  private static final int CACHED_MAX = 100_000;
  private static final int USES_MAX = 100_000;
  private static final int FLUSH_MAX = 1_000;
  private static final int FLUSHES_MAX = 10;

  private final World world;
  private final Database database;
  private final Feed feed;
  private final AuditLog audit;
  private final CutOffs cutOffs;
  private final Agents agents;
  private final Directory directory;
  private final Clients clients;
  private final CredentialStore store;
  private final Cached<List<Credential>> cached;
  private final Map<String, Instant> uses = new ConcurrentHashMap<>();

  public Credentials(
      World world,
      Database database,
      Feed feed,
      AuditLog audit,
      CutOffs cutOffs,
      Agents agents,
      Directory directory,
      Clients clients,
      Crypto crypto) {
    this.world = world;
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    this.cutOffs = cutOffs;
    this.agents = agents;
    this.directory = directory;
    this.clients = clients;
    store = new CredentialStore(crypto);
    cached = new Cached<>(feed, KIND, CACHED_MAX, this::load);
  }

  /// A credential and when it was last used, if that is known.
  record Listed(Credential credential, Optional<Instant> lastUsed) {}

  private Optional<List<Credential>> load(String holder) {
    return Optional.of(database.read(tx -> store.live(tx, holder, world.now())));
  }

  /// The credential with this id, revoked or not. Read from the database.
  public Optional<Credential> find(Id.Credential id) {
    return database.read(tx -> store.find(tx, id));
  }

  /// The credentials that prove `holder` now, from memory; none for a holder nobody knows.
  public List<Credential> live(Holder holder) {
    var now = world.now();
    return cached.get(holder.id().text()).orElse(List.of()).stream()
        .filter(credential -> credential.isLive(now))
        .toList();
  }

  /// The credentials that prove `holder` now.
  public List<Credential> live(Tx tx, Holder holder) {
    return store.live(tx, holder.id().text(), world.now());
  }

  /// The highest cut-off number that has been applied to what [#live] answers.
  long cutOffsApplied() {
    return cutOffs.applied();
  }

  /// The public keys that are registered for `holder` now, from memory.
  public List<VerificationKey> keys(Holder holder) {
    return live(holder).stream().flatMap(credential -> keys(credential).stream()).toList();
  }

  /// The public keys that are registered with a credential.
  static List<VerificationKey> keys(Credential credential) {
    return credential.kind() instanceof Credential.Kind.Keys(var keys) ? keys : List.of();
  }

  /// Adds `credential`. Refuses `NOT_FOUND` for a holder nobody knows, `STATE_CONFLICT` for one
  /// that is gone for good or has [#HELD_MAX] secrets and keys, `FIELD_INVALID` when it has
  /// expired, and `DUPLICATE` for a key or certificate that was ever registered before: it belongs
  /// to one holder, and a revoked one does not come back. A name in certificates comes back, but is
  /// one holder's at a time.
  public Result<Credential> add(Tx tx, Id by, Credential credential) {
    var holder = existing(tx, credential.holder());
    if (!(holder instanceof Ok)) {
      return holder.refusal();
    }
    if (!credential.isLive(world.now())) {
      return refused(FIELD_INVALID, "expiresAt lies in the past");
    }
    var live = store.live(tx, credential.holder().id().text(), world.now());
    int held = live.stream().mapToInt(one -> one.kind().count()).sum();
    if (held + credential.kind().count() > HELD_MAX) {
      return refused(
          STATE_CONFLICT,
          "there may be %d secrets and keys at a time; revoke one first".formatted(HELD_MAX));
    }
    // Each of them may have to be asked for one proof.
    if (credential.kind() instanceof Credential.Kind.KeysAt && published(live) >= PUBLISHED_MAX) {
      return refused(
          STATE_CONFLICT, "there may be %d URLs of keys at a time".formatted(PUBLISHED_MAX));
    }
    if (!store.insert(tx, credential)) {
      return refused(DUPLICATE, "the key, certificate or name was registered before");
    }
    feed.publish(tx, KIND, credential.holder().id().text());
    audit.append(tx, described(by, credential));
    return ok(credential);
  }

  private static long published(List<Credential> live) {
    return live.stream().filter(one -> one.kind() instanceof Credential.Kind.KeysAt).count();
  }

  /// A secret as it is told once, to whoever had it added.
  public record Told(String text, Credential credential) {}

  /// Adds a secret that the server draws. Refuses as [#add(Tx, Id, Credential)] does.
  public Result<Told> addSecret(Tx tx, Id by, Holder holder, Optional<Instant> expiresAt) {
    var secret = SecretHash.draw(world);
    var kind = new Credential.Kind.Secret(SecretHash.of(secret));
    return add(tx, by, fresh(holder, kind, expiresAt)).map(added -> new Told(secret, added));
  }

  /// Adds public keys. Refuses as [#add(Tx, Id, Credential)] does.
  public Result<Credential> addKeys(
      Tx tx, Id by, Holder holder, List<VerificationKey> keys, Optional<Instant> end) {
    return add(tx, by, fresh(holder, new Credential.Kind.Keys(keys), end));
  }

  /// Adds what needs nothing drawn. Refuses as [#add(Tx, Id, Credential)] does.
  public Result<Credential> add(
      Tx tx, Id by, Holder holder, Credential.Kind kind, Optional<Instant> end) {
    return add(tx, by, fresh(holder, kind, end));
  }

  /// Those who might be proven by the certificate, from the database; [#live] has to agree.
  List<Holder> holders(ClientCertificate certificate) {
    return database.read(tx -> CredentialStore.holders(tx, certificate, world.now())).stream()
        .flatMap(id -> Holder.parse(id).stream())
        .toList();
  }

  private Credential fresh(Holder holder, Credential.Kind kind, Optional<Instant> expiresAt) {
    return new Credential(
        Id.Credential.random(world), holder, kind, world.now(), expiresAt, Optional.empty());
  }

  private Result<Holder> existing(Tx tx, Holder holder) {
    return switch (holder) {
      case Holder.Agent(var id) -> {
        var agent = agents.find(tx, id);
        if (agent.isEmpty()) {
          yield refused(NOT_FOUND, "there is no such agent");
        }
        yield agent.get().state().isOpen()
            ? ok(holder)
            : refused(STATE_CONFLICT, "the agent is " + agent.get().state().word());
      }
      case Holder.Workload(var id) ->
          directory.existingWorkload(tx, id) instanceof Ok
              ? ok(holder)
              : refused(NOT_FOUND, "there is no such workload");
      case Holder.Application(var id) ->
          clients.find(tx, id).isPresent()
              ? ok(holder)
              : refused(NOT_FOUND, "there is no such client");
    };
  }

  private static Event described(Id by, Credential credential) {
    var event =
        Event.about("credential.added", credential.id())
            .by(by)
            .reference("holder", credential.holder().id())
            .word("kind", credential.kind().word())
            .words("keys", keys(credential).stream().map(VerificationKey::thumbprint).toList());
    switch (credential.kind()) {
      case Credential.Kind.Certificate(var thumbprint, _) -> event.word("certificate", thumbprint);
      case Credential.Kind.Named(var name, _) ->
          event.free("name", name.kind().word() + " " + name.value());
      case Credential.Kind.KeysAt(var uri) -> event.word("jwksUri", uri);
      case Credential.Kind.Secret _, Credential.Kind.Keys _ -> {}
    }
    credential.expiresAt().ifPresent(end -> event.number("expiresAt", end.toEpochMilli()));
    return event.build();
  }

  /// Ends a credential and everything that rests on it. Refuses `NOT_FOUND`, and `STATE_CONFLICT`
  /// for one that is revoked already.
  public Result<Credential> revoke(Tx tx, Id by, Id.Credential id, String reason) {
    var found = store.find(tx, id);
    if (found.isEmpty()) {
      return refused(NOT_FOUND, "there is no such credential");
    }
    if (!store.revoke(tx, id, world.now())) {
      return refused(STATE_CONFLICT, "the credential is revoked already");
    }
    var holder = found.get().holder().id();
    feed.publish(tx, KIND, holder.text());
    cutOffs.write(tx, id, by, reason);
    audit.append(
        tx,
        Event.about("credential.revoked", id)
            .by(by)
            .reference("holder", holder)
            .free("reason", reason)
            .build());
    return ok(store.find(tx, id).orElseThrow());
  }

  /// Refuses `NOT_FOUND` for a holder nobody knows.
  Result<List<Listed>> page(Tx tx, Holder holder, String after, int count) {
    return existing(tx, holder) instanceof Refused<Holder> refused && refused.reason() == NOT_FOUND
        ? refused.refusal()
        : ok(store.page(tx, holder.id(), after, count).stream().map(this::withUse).toList());
  }

  private Listed withUse(Listed listed) {
    var use = Optional.ofNullable(uses.get(listed.credential().id().text()));
    return new Listed(listed.credential(), use.or(listed::lastUsed));
  }

  /// Remembers that a credential has just proved its holder.
  void used(Id.Credential id) {
    if (uses.size() < USES_MAX || uses.containsKey(id.text())) {
      uses.put(id.text(), world.now());
    }
  }

  /// Writes when credentials were last used, a thousand in a transaction and ten thousand at a
  /// time.
  public void tick() {
    for (int i = 0; i < FLUSHES_MAX && writeUses() == FLUSH_MAX; i++) {
      // A full batch may not have been the last.
    }
  }

  private int writeUses() {
    var some = uses.entrySet().stream().limit(FLUSH_MAX).toList();
    if (some.isEmpty()) {
      return 0;
    }
    database.inTransaction(
        tx -> {
          some.forEach(use -> CredentialStore.used(tx, use.getKey(), use.getValue()));
          return some.size();
        });
    some.forEach(use -> uses.remove(use.getKey(), use.getValue()));
    return some.size();
  }
}
