package io.prokura.authorize;

import static io.prokura.kernel.Refusal.AUTHORIZATION_PENDING;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.POLLED_REQUEST_DENIED;
import static io.prokura.kernel.Refusal.POLLED_REQUEST_EXPIRED;
import static io.prokura.kernel.Refusal.POLLED_REQUEST_INVALID;
import static io.prokura.kernel.Refusal.SLOW_DOWN;
import static io.prokura.kernel.Refusal.TOO_MANY_WAITING;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.authorize.PolledRequest.Answer;
import io.prokura.authorize.PolledRequest.Channel;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.passkeys.Signing;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Keeps requests that are answered out of band, and tells their clients what became of them. Of
/// what a client polls with only the digest is stored, and it is good for that client alone.
public final class PolledRequests {
  /// How long a client waits between two polls, unless it was told to slow down.
  static final Duration INTERVAL = Duration.ofSeconds(5);

  /// What is added to that for good each time a client polls too fast (RFC 8628 §3.5, CIBA §11).
  static final Duration SLOWER = Duration.ofSeconds(5);

  /// Of one client to one person.
  private static final int OF_PAIR_MAX = 3;

  /// Of one client from one network address, which many may share.
  private static final int OF_SOURCE_MAX = 20;

  private static final int OF_PERSON_MAX = 20;
  private static final int OF_CLIENT_MAX = 1_000;

  /// How long a request is known after it is over.
  private static final Duration KEPT = Duration.ofHours(1);

  private static final int SWEEP_MAX = 5_000;

  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final Notices notices;

  public PolledRequests(World world, Database database, AuditLog audit, Notices notices) {
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.notices = notices;
  }

  /// A request on record, what its client polls with, and what its person has to type in, if they
  /// have to.
  record Kept(PolledRequest request, String secret, Optional<String> userCode) {}

  /// Puts a request on record, whose person is counted as `whom` and whose client is told of the
  /// answer with `noticeToken` where it wants to be. Refuses `TOO_MANY_WAITING` when
  /// its client has too many that wait, or too many for the same person, be there such a person or
  /// not. One too many for a person over all clients is kept for nobody: no client learns of the
  /// others. Two at once may pass a bound by one.
  Result<Kept> keep(PolledRequest request, Id by, String whom, Optional<String> noticeToken) {
    var secret = Secrets.random(world);
    return database.inTransaction(
        tx -> {
          var now = world.now();
          int pairMax =
              switch (request.channel()) {
                case Channel.Backchannel _ -> OF_PAIR_MAX;
                case Channel.Device _ -> OF_SOURCE_MAX;
              };
          if (PolledStore.countOfClient(tx, request.clientId(), whom, now) >= pairMax
              || PolledStore.countOfClient(tx, request.clientId(), now) >= OF_CLIENT_MAX) {
            return refused(TOO_MANY_WAITING, "too many requests wait for an answer already");
          }
          var kept = forFew(tx, request, now);
          var userCode = userCode(tx, kept);
          PolledStore.insert(tx, kept, Secrets.digest(secret), whom, userCode);
          noticeToken.ifPresent(token -> notices.keep(tx, kept.id(), secret, token));
          audit.append(tx, requested(kept, by));
          return ok(new Kept(kept, secret, userCode));
        });
  }

  /// A code that no other request has.
  private Optional<String> userCode(Tx tx, PolledRequest request) {
    return switch (request.channel()) {
      case Channel.Backchannel _ -> Optional.empty();
      case Channel.Device _ ->
          Stream.generate(() -> UserCode.random(world))
              .filter(code -> PolledStore.ofUserCode(tx, code).isEmpty())
              .findFirst();
    };
  }

  private static PolledRequest forFew(Tx tx, PolledRequest request, Instant now) {
    boolean isFlooded =
        request
            .user()
            .filter(user -> PolledStore.countOfUser(tx, user, now) >= OF_PERSON_MAX)
            .isPresent();
    return isFlooded ? request.forNobody() : request;
  }

  private static Event requested(PolledRequest request, Id by) {
    var event =
        Event.about("request.made", request.id())
            .by(by)
            .reference("user", request.user())
            .reference("actor", request.actor())
            .word("resource", request.resource())
            .scopes(request.scopes())
            .word("identity", request.identity().toString())
            .words("levels", request.levels());
    return switch (request.channel()) {
      case Channel.Backchannel(var message) -> event.free("message", message).build();
      case Channel.Device(var source) -> event.free("source", source).build();
    };
  }

  /// The requests that wait for a person, oldest first.
  public List<PolledRequest> waiting(Id.User user) {
    return database.read(tx -> PolledStore.waiting(tx, user, world.now(), OF_PERSON_MAX));
  }

  /// A request that waits for this person; refuses `NOT_FOUND` for everybody else's and for one
  /// that is answered or over.
  Result<PolledRequest> waiting(Id.PolledRequest id, Id.User user) {
    Optional<PolledRequest> found = database.read(tx -> PolledStore.find(tx, id));
    return found
        .filter(one -> one.user().equals(Optional.of(user)))
        .filter(one -> one.answer() instanceof Answer.None)
        .filter(one -> world.now().isBefore(one.expiresAt()))
        .map(Result::ok)
        .orElseGet(() -> refused(NOT_FOUND, "it is answered already, or over, or never was"));
  }

  /// Makes the request whose device shows the code `typed` the person's, who is the only one to
  /// answer it from then on; refuses `NOT_FOUND`.
  Result<Id.PolledRequest> claim(String typed, Id.User user) {
    var code = UserCode.typed(typed);
    return database.inTransaction(
        tx -> {
          var found =
              PolledStore.ofUserCode(tx, code)
                  .filter(one -> world.now().isBefore(one.expiresAt()))
                  .filter(one -> PolledStore.claim(tx, one.id(), user));
          if (found.isEmpty()) {
            return refused(NOT_FOUND, "no device shows this code");
          }
          audit.append(tx, Event.about("request.claimed", found.get().id()).by(user).build());
          return ok(found.get().id());
        });
  }

  /// Answers a request: yes with a grant, no without; refuses `NOT_FOUND` when it was answered or
  /// is over. A yes that was signed is told with the digest that was signed and the passkey, and
  /// with what the digest is of as long as free text is kept.
  Result<PolledRequest> answer(
      Tx tx,
      PolledRequest request,
      Id.User user,
      Optional<Id.Grant> grant,
      Optional<Signing.Signed> signed) {
    if (!PolledStore.answer(tx, request.id(), world.now(), grant)) {
      return refused(NOT_FOUND, "it is answered already, or over");
    }
    notices.start(tx, request.id());
    var event =
        Event.about("request.answered", request.id())
            .by(user)
            .word("client", request.clientId())
            .flag("allowed", grant.isPresent())
            .reference("grant", grant);
    signed.ifPresent(
        one ->
            event
                .reference("passkey", one.passkey())
                .word("digest", one.digest())
                .free("shown", one.shown())
                .free("chosen", one.chosen()));
    audit.append(tx, event.build());
    return ok(request);
  }

  /// The request of `clientId` by `way` that `secret` stands for, when it is allowed and its answer
  /// not taken. Refuses `AUTHORIZATION_PENDING`, `SLOW_DOWN`, `POLLED_REQUEST_DENIED`,
  /// `POLLED_REQUEST_EXPIRED`, and `POLLED_REQUEST_INVALID` for everything else. Not to be called
  /// in a transaction.
  public Result<Id.Grant> poll(String clientId, Class<? extends Channel> way, String secret) {
    var digest = Secrets.digest(secret);
    Optional<PolledRequest> found = database.read(tx -> PolledStore.ofDigest(tx, digest));
    boolean isKnown =
        found
            .filter(one -> one.clientId().equals(clientId) && way.isInstance(one.channel()))
            .isPresent();
    if (!isKnown) {
      return refused(POLLED_REQUEST_INVALID, "there is no such request of this client");
    }
    var request = found.orElseThrow();
    boolean isOver = !world.now().isBefore(request.expiresAt());
    return switch (request.answer()) {
      case Answer.Denied _ -> refused(POLLED_REQUEST_DENIED, "the person did not allow it");
      case Answer.Allowed(_, var taken) when taken ->
          refused(POLLED_REQUEST_INVALID, "the tokens for this request were taken already");
      case Answer.Allowed(var grant, _) ->
          isOver ? refused(POLLED_REQUEST_EXPIRED, "the answer was not taken in time") : ok(grant);
      case Answer.None _ ->
          isOver
              ? refused(POLLED_REQUEST_EXPIRED, "nobody answered in time")
              : pending(request.id());
    };
  }

  private Result<Id.Grant> pending(Id.PolledRequest id) {
    boolean isInTime = database.<Boolean>inTransaction(tx -> noted(tx, id));
    return isInTime
        ? refused(AUTHORIZATION_PENDING, "the person has not answered yet")
        : refused(SLOW_DOWN, "wait longer between two polls, from now on");
  }

  /// Notes a poll; false when it came too soon, from which on the interval is longer.
  private boolean noted(Tx tx, Id.PolledRequest id) {
    var now = world.now();
    var request = PolledStore.find(tx, id).orElseThrow();
    var earliest = request.polledAt().map(last -> last.plus(request.interval()));
    boolean isInTime = earliest.isEmpty() || !now.isBefore(earliest.get());
    var interval = isInTime ? request.interval() : request.interval().plus(SLOWER);
    PolledStore.polled(tx, id, now, interval);
    return isInTime;
  }

  /// Notes that the client of the request that `secret` stands for takes its answer; refuses
  /// `POLLED_REQUEST_INVALID` when it has been taken.
  public Result<Tx> take(Tx tx, String secret) {
    return PolledStore.take(tx, Secrets.digest(secret), world.now())
        ? ok(tx)
        : refused(POLLED_REQUEST_INVALID, "the tokens for this request were taken already");
  }

  /// Forgets requests that are long over, called now and then.
  public void tick() {
    database.inTransaction(tx -> PolledStore.sweep(tx, world.now().minus(KEPT), SWEEP_MAX));
  }
}
