package io.prokura.sessions;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.cutoff.CutOffs;
import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.http.Cookies;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Begins and ends people's sessions and finds the one that a browser's request belongs to. The
/// browser holds a random text of which only the SHA-256 is stored. A session ends when it is
/// ended, when it was not used for a while, after a time however much it is used, with its user,
/// and with the account elsewhere by which it began.
public final class Sessions {
  private static final String COOKIE = "prokura-session";
  private static final int SECRET_BYTES = 32;
  private static final int PER_USER_MAX = 50;
  private static final int SWEEP_MAX = 200;
  private static final Duration SEEN_EVERY_MAX = Duration.ofMinutes(1);

  private final Times times;
  private final String issuer;
  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final CutOffs cutOffs;
  private final Directory directory;
  private final Cookies cookies;
  private final List<Ending> endings = new CopyOnWriteArrayList<>();

  /// How long a session lasts: unused, and at most.
  public record Times(Duration idle, Duration lifetime) {}

  public Sessions(
      Times times,
      String issuer,
      World world,
      Database database,
      AuditLog audit,
      CutOffs cutOffs,
      Directory directory) {
    this.times = times;
    this.issuer = issuer;
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.cutOffs = cutOffs;
    this.directory = directory;
    cookies = new Cookies(issuer);
  }

  /// What is to happen in the transaction in which a session is ended.
  @FunctionalInterface
  public interface Ending {
    void ended(Tx tx, Session session);
  }

  /// Has `ending` happen with the end of every session, also of those whose time is over.
  public void follow(Ending ending) {
    endings.add(ending);
  }

  /// A session that has just begun and what its browser gets.
  public record Started(Session session, String secret) {}

  /// The newest cut-off this node knows; to be read before somebody's proof is checked.
  public long checked() {
    return cutOffs.applied();
  }

  /// Begins a session of a user who has just proven who they are, checked since `checked` was read.
  /// It has a secret of its own, so that nobody who knew an earlier one has this one.
  public Started start(Tx tx, Id.User user, long checked, List<String> amr, String source) {
    return start(tx, user, checked, amr, Session.TWO_FACTORS, Optional.empty(), source);
  }

  /// The same for a user whom a trusted issuer named by `account`, and says `amr` of how they
  /// proved it there. The session ends with the account and with what its issuer is believed.
  public Started startUpstream(
      Tx tx, Id.User user, LinkedAccount account, long checked, List<String> amr, String source) {
    var acr = amr.contains("mfa") ? Session.TWO_FACTORS : Session.UPSTREAM;
    return start(tx, user, checked, amr, acr, Optional.of(account), source);
  }

  private Started start(
      Tx tx,
      Id.User user,
      long checked,
      List<String> amr,
      String acr,
      Optional<LinkedAccount> account,
      String source) {
    for (var old : SessionStore.oldest(tx, user, PER_USER_MAX - 1)) {
      end(tx, user, old, "too many sessions");
    }
    var now = world.now();
    var until = now.plus(times.lifetime());
    var id = Id.Session.random(world);
    var session = new Session(id, user, checked, amr, acr, account, now, now, until);
    return begin(tx, session, source);
  }

  /// Ends `old` and every other session of its user, and begins one in its place that holds what
  /// was proven for `old`, and when, and lasts no longer; refuses `NOT_FOUND` when `old` has ended.
  public Result<Started> replaceAll(Tx tx, Session old, String source, String reason) {
    var user = old.user();
    if (SessionStore.find(tx, old.id()).isEmpty()) {
      return Result.refused(NOT_FOUND, "there is no such session");
    }
    endAll(tx, user, user, reason);
    var session =
        new Session(
            Id.Session.random(world),
            user,
            old.checked(),
            old.amr(),
            old.acr(),
            old.account(),
            old.startedAt(),
            world.now(),
            old.endsAt());
    return Result.ok(begin(tx, session, source));
  }

  private Started begin(Tx tx, Session session, String source) {
    var secret = Base64.getUrlEncoder().withoutPadding().encodeToString(world.bytes(SECRET_BYTES));
    SessionStore.insert(tx, session, digest(secret));
    audit.append(
        tx,
        Event.about("session.started", session.id())
            .by(session.user())
            .words("amr", session.amr())
            .reference("issuer", session.account().map(LinkedAccount::issuer))
            .reference("link", session.account().map(LinkedAccount::link))
            .free("source", source)
            .build());
    return new Started(session, secret);
  }

  /// The living session that a request belongs to.
  public Optional<Session> of(Request request) {
    return cookies.get(request, COOKIE).flatMap(this::find);
  }

  /// The session with this id if it is alive, for who proves otherwise that they are in it.
  public Optional<Session> alive(Id.Session id) {
    long known = cutOffs.applied();
    return database
        .<Optional<Session>>read(tx -> SessionStore.find(tx, id))
        .filter(this::isAlive)
        .map(session -> session.foundAlive(known));
  }

  /// What a request says its session's secret is, for what is to be bound to it.
  public Optional<String> secretOf(Request request) {
    return cookies.get(request, COOKIE);
  }

  Optional<Session> find(String secret) {
    var now = world.now();
    long known = cutOffs.applied();
    return database
        .<Optional<Session>>read(tx -> SessionStore.ofDigest(tx, digest(secret)))
        .filter(this::isAlive)
        .map(
            session -> {
              if (session.seenAt().plus(seenEvery()).isBefore(now)) {
                database.inTransaction(
                    tx -> {
                      SessionStore.see(tx, session.id(), now);
                      return tx;
                    });
              }
              return session.foundAlive(known);
            });
  }

  private Duration seenEvery() {
    var tenth = times.idle().dividedBy(10);
    return tenth.compareTo(SEEN_EVERY_MAX) < 0 ? tenth : SEEN_EVERY_MAX;
  }

  private boolean isAlive(Session session) {
    var now = world.now();
    return now.isBefore(session.endsAt())
        && now.isBefore(session.seenAt().plus(times.idle()))
        && directory.user(session.user()).filter(User::active).isPresent()
        && cutOffs.killer(session.lineage(issuer), session.checked()).isEmpty();
  }

  /// Ends a session and whatever rests on it; refuses `NOT_FOUND`.
  public Result<Session> end(Tx tx, Id.Principal by, Id.Session id, String reason) {
    var found = SessionStore.find(tx, id);
    if (found.isEmpty()) {
      return Result.refused(NOT_FOUND, "there is no such session");
    }
    end(tx, by, found.get(), reason);
    return Result.ok(found.get());
  }

  /// Ends a session of the user's own; refuses `NOT_FOUND` for everybody else's.
  public Result<Session> endOwn(Tx tx, Id.User user, Id.Session id, String reason) {
    return SessionStore.find(tx, id).filter(session -> session.user().equals(user)).isPresent()
        ? end(tx, user, id, reason)
        : Result.refused(NOT_FOUND, "there is no such session");
  }

  /// Ends every session of a user; which they were.
  public List<Session> endAll(Tx tx, Id.Principal by, Id.User user, String reason) {
    var all = SessionStore.oldest(tx, user, 0);
    all.forEach(session -> end(tx, by, session, reason));
    return all;
  }

  private void end(Tx tx, Id.Principal by, Session session, String reason) {
    SessionStore.delete(tx, session.id());
    audit.append(
        tx,
        Event.about("session.ended", session.id())
            .by(by)
            .reference("user", session.user())
            .free("reason", reason)
            .build());
    cutOffs.write(tx, session.id(), by, reason);
    endings.forEach(ending -> ending.ended(tx, session));
  }

  /// At most `count` sessions of a user whose time is not over, in the order of their ids, from the
  /// one after `after`.
  public List<Session> page(Tx tx, Id.User user, String after, int count) {
    var now = world.now();
    return SessionStore.page(tx, user, now, now.minus(times.idle()), after, count);
  }

  /// A copy of `response` that gives the browser its session.
  public Response give(Response response, Started started) {
    return cookies.set(response, COOKIE, started.secret());
  }

  /// A copy of `response` that takes the session from the browser.
  public Response take(Response response) {
    return cookies.remove(response, COOKIE);
  }

  /// Ends the sessions whose time is over however much they were used, called now and then: one
  /// that was not used here may be in use in an application until then. On several nodes each is
  /// ended by one. Nothing is cut off with them: what was granted in them has times of its own.
  public void tick() {
    boolean mayBeMore = true;
    while (mayBeMore) {
      mayBeMore = database.<Integer>inTransaction(this::expire) == SWEEP_MAX;
    }
  }

  private int expire(Tx tx) {
    var now = world.now();
    var over = SessionStore.over(tx, now, SWEEP_MAX);
    for (var session : over) {
      if (SessionStore.delete(tx, session.id())) {
        audit.append(
            tx,
            Event.about("session.expired", session.id()).reference("user", session.user()).build());
        endings.forEach(ending -> ending.ended(tx, session));
      }
    }
    return over.size();
  }

  /// Ends the sessions that began by an issuer which was cut off since, called again and again.
  /// They are dead from the moment of the cut-off, with what was granted in them; this takes them
  /// from the lists and has applications told. A bounded number at a time, so that turning off an
  /// issuer by which thousands are signed in holds nobody up.
  public void endCutOff() {
    while (!database.<List<Session>>read(tx -> SessionStore.cutOff(tx, 1)).isEmpty()) {
      database.inTransaction(this::endCutOff);
    }
  }

  private Tx endCutOff(Tx tx) {
    for (var session : SessionStore.cutOff(tx, SWEEP_MAX)) {
      SessionStore.delete(tx, session.id());
      audit.append(
          tx,
          Event.about("session.ended", session.id())
              .reference("user", session.user())
              .reference("issuer", session.account().map(LinkedAccount::issuer))
              .free("reason", "the issuer by which it began was cut off")
              .build());
      endings.forEach(ending -> ending.ended(tx, session));
    }
    return tx;
  }

  private static String digest(String secret) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(secret.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing", e);
    }
  }
}
