package io.prokura.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.Refusals;
import io.prokura.authenticators.Authenticators;
import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.World;
import io.prokura.passkeys.Assertion;
import io.prokura.passkeys.Passkeys;
import io.prokura.seal.Seal;
import io.prokura.sessions.Sessions;
import io.prokura.signin.Throttle.Budget;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Signs people in: first the password, then a code of their app or a recovery code; or a passkey
/// in the place of both.
///
/// A stranger can lock nobody out: tries count against the pair of name and network address, and
/// against the address. A browser in which somebody signed in before is known by a cookie and has
/// tries of its own for that person, whatever happens elsewhere. Only who knows the password can
/// use the tries up that an account has for second factors, and again not those of known browsers.
public final class SignIn {
  private static final int PAIR_FREE = 5;
  private static final int SOURCE_FREE = 50;
  private static final int ACCOUNT_FREE = 10;
  private static final int DEVICE_BYTES = 16;
  private static final Duration PENDING = Duration.ofMinutes(5);
  private static final String ROUTE = "POST /login";

  private final World world;
  private final Database database;
  private final Directory directory;
  private final Authenticators authenticators;
  private final Passkeys passkeys;
  private final Sessions sessions;
  private final Seal seal;
  private final Refusals refusals;
  private final Throttle throttle;

  /// `seal` encrypts what browsers carry between the steps.
  public SignIn(
      World world,
      Database database,
      Directory directory,
      Authenticators authenticators,
      Passkeys passkeys,
      Sessions sessions,
      Seal seal,
      Refusals refusals) {
    this.world = world;
    this.database = database;
    this.directory = directory;
    this.authenticators = authenticators;
    this.passkeys = passkeys;
    this.sessions = sessions;
    this.seal = seal;
    this.refusals = refusals;
    throttle = new Throttle(world);
  }

  /// Whoever tries: the network address, and what their browser says of who signed in before.
  public record Visitor(String peer, Optional<String> device) {}

  /// Whether so many wait that who tries [#password] now is turned away.
  public boolean isBusy() {
    return authenticators.isBusy();
  }

  /// The first step. A name that nobody has is answered like a wrong password, and as late.
  public Outcome password(String userName, String password, Visitor visitor) {
    long checked = sessions.checked();
    var user = directory.userNamed(userName).filter(User::active).map(User::id);
    var device = user.flatMap(id -> knownDevice(visitor, id));
    var own = device.orElseGet(() -> pair(userName, visitor));
    var budgets = device.isPresent() ? List.of(own) : List.of(own, source(visitor));
    var wait = throttle.take(budgets);
    if (wait.isPresent()) {
      return new Outcome.Wait(wait.get());
    }
    return switch (authenticators.password(user, password)) {
      case WRONG -> wrong(visitor);
      case BUSY -> {
        budgets.forEach(throttle::giveBack);
        yield new Outcome.Busy();
      }
      case RIGHT -> {
        budgets.forEach(throttle::giveBack);
        yield new Outcome.SecondFactorNeeded(pending(user.orElseThrow(), checked));
      }
    };
  }

  /// The second step: six digits are a code of the app, anything else is a recovery code. The
  /// browser's earlier session ends with the new one's beginning.
  public Outcome secondFactor(
      Optional<String> pending, String code, Visitor visitor, Optional<Id.Session> earlier) {
    var proven = pending.flatMap(this::proven);
    if (proven.isEmpty()) {
      return new Outcome.Expired();
    }
    var user = proven.get().user();
    var budgets = new ArrayList<Budget>();
    var device = knownDevice(visitor, user);
    if (device.isPresent()) {
      budgets.add(new Budget("code " + device.get().name(), PAIR_FREE));
    } else {
      budgets.add(new Budget("code " + user.text() + " " + network(visitor), PAIR_FREE));
      budgets.add(new Budget("code " + user.text(), ACCOUNT_FREE));
    }
    var wait = throttle.take(budgets);
    if (wait.isPresent()) {
      return new Outcome.Wait(wait.get());
    }
    var started = started(proven.get(), code, visitor, earlier);
    if (started.isEmpty()) {
      return wrong(visitor);
    }
    budgets.forEach(throttle::clear);
    return new Outcome.SignedIn(started.get(), device(user));
  }

  /// The one step with a passkey, whose device has verified its user: two factors at once. There is
  /// nothing to guess, so tries are not counted against anybody. The browser's earlier session ends
  /// with the new one's beginning.
  public Outcome passkey(
      Optional<String> offered, Assertion said, Visitor visitor, Optional<Id.Session> earlier) {
    long checked = sessions.checked();
    var outcome =
        database.<Outcome>inTransaction(
            tx ->
                switch (passkeys.finishSignIn(tx, offered, said)) {
                  case Passkeys.Outcome.Proven(var user)
                      when directory.user(user).filter(User::active).isPresent() -> {
                    earlier.ifPresent(id -> sessions.end(tx, user, id, "signed in anew"));
                    var started = sessions.start(tx, user, checked, Passkeys.AMR, visitor.peer());
                    yield new Outcome.SignedIn(started, device(user));
                  }
                  case Passkeys.Outcome.Proven _, Passkeys.Outcome.Wrong _ -> new Outcome.Wrong();
                  case Passkeys.Outcome.Expired _ -> new Outcome.Expired();
                });
    return outcome instanceof Outcome.Wrong ? wrong(visitor) : outcome;
  }

  private Optional<Sessions.Started> started(
      Proven proven, String code, Visitor visitor, Optional<Id.Session> earlier) {
    var plain = code.replaceAll("[\\s-]", "");
    boolean isDigits = plain.matches("[0-9]{6}");
    var user = proven.user();
    if (directory.user(user).filter(User::active).isEmpty()) {
      return Optional.empty();
    }
    return database.<Optional<Sessions.Started>>inTransaction(
        tx -> {
          boolean good =
              isDigits
                  ? authenticators.useOneTimeCode(tx, user, plain)
                  : authenticators.useRecoveryCode(tx, user, plain);
          if (!good) {
            return Optional.empty();
          }
          earlier.ifPresent(id -> sessions.end(tx, user, id, "signed in anew"));
          var amr = isDigits ? List.of("pwd", "otp", "mfa") : List.of("pwd", "mfa");
          return Optional.of(sessions.start(tx, user, proven.checked(), amr, visitor.peer()));
        });
  }

  private Outcome wrong(Visitor visitor) {
    refusals.count(ROUTE, Refusal.CLIENT_NOT_AUTHENTICATED, visitor.peer());
    return new Outcome.Wrong();
  }

  /// Whose password was right, and the newest cut-off that was known before.
  private record Proven(Id.User user, long checked) {}

  private String pending(Id.User user, long checked) {
    var until = world.now().plus(PENDING).toEpochMilli();
    return sealed("pending", user.text() + " " + checked + " " + until);
  }

  private Optional<Proven> proven(String pending) {
    return opened("pending", pending)
        .filter(part -> Long.parseLong(part.get(2)) > world.now().toEpochMilli())
        .map(part -> new Proven(new Id.User(part.get(0)), Long.parseLong(part.get(1))));
  }

  /// What makes a browser known as one in which `user` signed in.
  public String device(Id.User user) {
    var random = Base64.getUrlEncoder().withoutPadding().encodeToString(world.bytes(DEVICE_BYTES));
    return sealed("device", user.text() + " " + random);
  }

  private Optional<Budget> knownDevice(Visitor visitor, Id.User user) {
    return visitor
        .device()
        .flatMap(device -> opened("device", device))
        .filter(part -> part.get(0).equals(user.text()))
        .map(part -> new Budget("device " + part.get(0) + " " + part.get(1), PAIR_FREE));
  }

  private String sealed(String kind, String text) {
    return seal.wrapToText(text.getBytes(UTF_8), kind.getBytes(UTF_8));
  }

  private Optional<List<String>> opened(String kind, String sealed) {
    return seal.unwrapText(sealed, kind.getBytes(UTF_8))
        .map(bytes -> List.of(new String(bytes, UTF_8).split(" ", -1)));
  }

  private static Budget pair(String userName, Visitor visitor) {
    var name = userName.toLowerCase(Locale.ROOT);
    var bounded = name.length() > User.USER_NAME_MAX ? "" : name;
    return new Budget("pair " + network(visitor) + " " + bounded, PAIR_FREE);
  }

  private static Budget source(Visitor visitor) {
    return new Budget("source " + network(visitor), SOURCE_FREE);
  }

  /// The address, of which whoever has one in IPv6 has 2^64.
  private static String network(Visitor visitor) {
    var groups = visitor.peer().split(":", -1);
    return groups.length < 8 ? visitor.peer() : String.join(":", List.of(groups).subList(0, 4));
  }
}
