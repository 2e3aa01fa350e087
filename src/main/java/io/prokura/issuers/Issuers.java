package io.prokura.issuers;

import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.cutoff.CutOffs;
import io.prokura.feed.Cached;
import io.prokura.feed.Feed;
import io.prokura.issuers.TrustedIssuer.Terms;
import io.prokura.jose.Crypto;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// Registers the servers elsewhere whose words are believed. None is deleted, and the identifier of
/// one never changes: who is linked to it by that stays linked to the same.
public final class Issuers {
  private static final String KIND = "issuer";
  private static final int SIGN_IN_MAX = 200;
  private static final int CACHED_MAX = 5_000;

  private final String own;
  private final Database database;
  private final Feed feed;
  private final AuditLog audit;
  private final CutOffs cutOffs;
  private final Seal seal;
  private final IssuerStore store;
  private final Cached<TrustedIssuer> cached;

  /// `own` is what this server itself is known by; `seal` encrypts secrets.
  public Issuers(
      String own,
      Database database,
      Feed feed,
      AuditLog audit,
      CutOffs cutOffs,
      Seal seal,
      Crypto crypto) {
    this.own = own;
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    this.cutOffs = cutOffs;
    this.seal = seal;
    store = new IssuerStore(crypto);
    cached =
        new Cached<>(
            feed, KIND, CACHED_MAX, id -> database.read(tx -> store.find(tx, new Id.Issuer(id))));
  }

  /// The issuer with this id, active or not, from memory.
  public Optional<TrustedIssuer> find(Id.Issuer id) {
    return cached.get(id.text());
  }

  public Optional<TrustedIssuer> find(Tx tx, Id.Issuer id) {
    return store.find(tx, id);
  }

  /// The active issuer that is known by exactly this identifier.
  public Optional<TrustedIssuer> named(String issuer) {
    return database
        .<Optional<Id.Issuer>>read(tx -> IssuerStore.named(tx, issuer))
        .flatMap(this::find)
        .filter(TrustedIssuer::active);
  }

  /// At most `count` issuers in the order of their ids, from the one after the text `after`.
  public List<TrustedIssuer> page(Tx tx, String after, int count) {
    return store.page(tx, after, count);
  }

  /// The active issuers by which people sign in, at most 200.
  public List<TrustedIssuer> forSignIn() {
    List<TrustedIssuer> all = database.read(tx -> store.page(tx, "", SIGN_IN_MAX));
    return all.stream()
        .filter(issuer -> issuer.active() && issuer.terms().signIn().isPresent())
        .toList();
  }

  /// What this server proves itself with as a client of the issuer, if it is a secret.
  public Optional<String> secret(Id.Issuer id) {
    return database
        .<Optional<byte[]>>read(tx -> IssuerStore.secret(tx, id))
        .map(secret -> new String(seal.unwrap(secret, id.text().getBytes(UTF_8)), UTF_8));
  }

  /// Registers `issuer`; refuses `DUPLICATE` when the identifier is on the register, and
  /// `FIELD_INVALID` when it is this server's own.
  public Result<TrustedIssuer> register(
      Tx tx, Id.Principal by, TrustedIssuer issuer, Optional<String> secret) {
    if (issuer.issuer().equals(own)) {
      return refused(FIELD_INVALID, "the issuer is this server itself");
    }
    if (!IssuerStore.insert(tx, issuer, secret.map(text -> wrapped(issuer.id(), text)))) {
      return refused(DUPLICATE, "the issuer is registered already");
    }
    return ok(changed(tx, issuer, described("issuer.registered", by, issuer, secret)));
  }

  /// Writes name and terms of `issuer` over the version it names; a secret that is there stays
  /// unless there is a new one. Whatever rests on its word ends where it is trusted for less.
  /// Refuses `NOT_FOUND`, `PRECONDITION_STALE`, and `FIELD_INVALID` for another identifier.
  public Result<TrustedIssuer> replace(
      Tx tx, Id.Principal by, TrustedIssuer issuer, Optional<String> secret) {
    var found = existing(tx, issuer.id());
    if (!(found instanceof Ok(var current))) {
      return found;
    }
    if (!current.issuer().equals(issuer.issuer())) {
      return refused(FIELD_INVALID, "the identifier of an issuer never changes");
    }
    var next = issuer.withActive(current.active());
    var written = written(tx, next, described("issuer.changed", by, next, secret));
    if (written instanceof Ok<TrustedIssuer> && secret.isPresent()) {
      IssuerStore.setSecret(tx, issuer.id(), wrapped(issuer.id(), secret.get()));
    }
    if (written instanceof Ok<TrustedIssuer> && isLess(current.terms(), issuer.terms())) {
      cutOffs.write(tx, issuer.id(), by, "the issuer is trusted for less");
    }
    return written;
  }

  /// What follows from the word about an agent may be less after any change of that.
  private static boolean isLess(Terms before, Terms after) {
    return !after.grants().containsAll(before.grants())
        || (before.signIn().isPresent() && after.signIn().isEmpty())
        || before
            .agents()
            .filter(one -> !after.agents().filter(one::isLike).isPresent())
            .isPresent();
  }

  /// Has nothing the issuer says believed any more, and ends what rests on its word; refuses
  /// `NOT_FOUND` and `STATE_CONFLICT`.
  public Result<TrustedIssuer> deactivate(Tx tx, Id.Principal by, Id.Issuer id, String reason) {
    var deactivated = setActive(tx, by, id, false, reason);
    if (deactivated instanceof Ok<TrustedIssuer>) {
      cutOffs.write(tx, id, by, reason);
    }
    return deactivated;
  }

  /// Has a deactivated issuer believed again; refuses `NOT_FOUND` and `STATE_CONFLICT`.
  public Result<TrustedIssuer> activate(Tx tx, Id.Principal by, Id.Issuer id, String reason) {
    return setActive(tx, by, id, true, reason);
  }

  /// Wraps the secrets again under the newest master key.
  public Rewrap rewrap() {
    return new Rewrap(List.of(""), (tx, after) -> IssuerStore.rewrap(tx, seal, after));
  }

  private Result<TrustedIssuer> setActive(
      Tx tx, Id.Principal by, Id.Issuer id, boolean active, String reason) {
    var found = existing(tx, id);
    if (!(found instanceof Ok(var current))) {
      return found;
    }
    if (current.active() == active) {
      return refused(STATE_CONFLICT, "the issuer is " + (active ? "" : "not ") + "active already");
    }
    var type = active ? "issuer.activated" : "issuer.deactivated";
    return written(
        tx, current.withActive(active), Event.about(type, id).by(by).free("reason", reason));
  }

  private Result<TrustedIssuer> written(Tx tx, TrustedIssuer next, Event.Builder event) {
    return IssuerStore.update(tx, next)
        ? ok(changed(tx, next.withVersion(next.version() + 1), event))
        : refused(PRECONDITION_STALE, "the issuer has changed since that version");
  }

  private TrustedIssuer changed(Tx tx, TrustedIssuer issuer, Event.Builder event) {
    feed.publish(tx, KIND, issuer.id().text());
    audit.append(tx, event.number("version", issuer.version()).build());
    return issuer;
  }

  private static Event.Builder described(
      String type, Id.Principal by, TrustedIssuer issuer, Optional<String> secret) {
    return Event.about(type, issuer.id())
        .by(by)
        .word("issuer", issuer.issuer())
        .value("terms", TermsJson.write(issuer.terms()))
        .flag("newSecret", secret.isPresent())
        .free("name", issuer.name());
  }

  private byte[] wrapped(Id.Issuer id, String secret) {
    return seal.wrap(secret.getBytes(UTF_8), id.text().getBytes(UTF_8));
  }

  private Result<TrustedIssuer> existing(Tx tx, Id.Issuer id) {
    return store
        .find(tx, id)
        .map(Result::ok)
        .orElseGet(() -> refused(NOT_FOUND, "there is no such issuer"));
  }
}
