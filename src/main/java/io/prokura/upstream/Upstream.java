package io.prokura.upstream;

import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.directory.User;
import io.prokura.directory.Users;
import io.prokura.issuers.IdToken;
import io.prokura.issuers.TrustedIssuer.SignIn;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.sessions.LinkedAccount;
import io.prokura.sessions.Sessions;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import io.prokura.upstream.Pending.Purpose;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Signs people in by a trusted issuer. Who somebody is follows from their link alone; who has none
/// becomes a new user where the issuer is trusted to make them, and never one who is there already,
/// whatever name or address the issuer tells of them.
public final class Upstream {
  private static final Set<String> METHODS =
      Set.of("pwd", "otp", "hwk", "swk", "sc", "pin", "fpt", "face", "mfa");
  private static final int NAME_MAX = 200;
  private static final int RETURN_TO_MAX = 1_500;

  private final World world;
  private final Database database;
  private final CodeFlow flow;
  private final Links links;
  private final Users users;
  private final Sessions sessions;

  public Upstream(
      World world, Database database, CodeFlow flow, Links links, Users users, Sessions sessions) {
    this.world = world;
    this.database = database;
    this.flow = flow;
    this.links = links;
    this.users = users;
    this.sessions = sessions;
  }

  /// Somebody who is signed in now, and the path they wanted to go to.
  public record SignedIn(Sessions.Started started, String returnTo) {}

  /// Sends a browser to the issuer; empty when nobody can sign in by it now. `returnTo` is a path
  /// of this server.
  public Optional<Begun> begin(Id.Issuer issuer, String returnTo) {
    var onward = returnTo.length() > RETURN_TO_MAX ? "/me" : returnTo;
    return flow.begin(issuer, sessions.checked(), new Purpose.SignIn(onward));
  }

  /// Signs in whom the issuer names in its answer. Refuses `TOKEN_INVALID` for an answer that
  /// proves nothing or names somebody unknown who is not to be made a user, `DUPLICATE` where that
  /// user would have the name of another, and `PRINCIPAL_NOT_ACTIVE`. The browser's earlier session
  /// ends with the new one's beginning, however it had begun.
  public Result<SignedIn> complete(
      Id.Issuer issuer, Arrived arrived, Optional<Id.Session> earlier) {
    var completed = flow.complete(issuer, Purpose.SignIn.class::isInstance, arrived);
    if (!(completed instanceof Ok(var done))) {
      return completed.refusal();
    }
    var signIn = done.issuer().terms().signIn().orElseThrow();
    var amr = methods(done.token().claims());
    return database.inTransaction(
        tx -> {
          var known =
              links.find(tx, done.token()).filter(link -> link.principal() instanceof Id.User);
          var found = known.isPresent() ? ok(known.get()) : created(tx, done.token(), signIn);
          if (!(found instanceof Ok(var link))) {
            return found.refusal();
          }
          if (!(link.principal() instanceof Id.User user)
              || users.find(tx, user).filter(User::active).isEmpty()) {
            return refused(PRINCIPAL_NOT_ACTIVE, "the user is not active");
          }
          earlier.ifPresent(id -> sessions.end(tx, user, id, "signed in anew"));
          var pending = done.pending();
          var account = new LinkedAccount(link.issuer(), link.id());
          var started =
              sessions.startUpstream(tx, user, account, pending.checked(), amr, arrived.peer());
          return pending.purpose() instanceof Purpose.SignIn(var returnTo)
              ? ok(new SignedIn(started, returnTo))
              : refused(TOKEN_INVALID, "this is no sign-in");
        });
  }

  private Result<Link> created(Tx tx, IdToken token, SignIn signIn) {
    var claims = token.claims();
    var email = trustedEmail(signIn, claims);
    var userName = claims.text(signIn.userNameClaim()).filter(User::isUserName).orElse("");
    // What looks like an address is somebody's address, so it has to be proven theirs.
    boolean isTheirs = userName.indexOf('@') < 0 || userName.equalsIgnoreCase(email);
    if (!signIn.createUsers()
        || userName.isEmpty()
        || !isTheirs
        || !isOfItsDomains(signIn, claims)) {
      return refused(TOKEN_INVALID, "nobody here is whom the issuer names");
    }
    if (users.findNamed(tx, userName).isPresent()) {
      return refused(DUPLICATE, "the user name is another's");
    }
    var display =
        claims
            .text(signIn.displayNameClaim())
            .filter(name -> User.isUserName(name) && name.length() <= NAME_MAX)
            .orElse(userName);
    var user = User.fresh(Id.User.random(world), userName, display, email, Set.of());
    var registered = users.register(tx, user.id(), user);
    return registered instanceof Ok<User>
        ? links.link(tx, user.id(), token.issuer(), token.sub(), user.id())
        : registered.refusal();
  }

  private static String trustedEmail(SignIn signIn, Json.Obj claims) {
    return signIn.trustsEmail() && claims.flag("email_verified").orElse(false)
        ? claims.text("email").filter(User::isUserName).orElse("")
        : "";
  }

  /// Whether the address that an issuer tells of somebody is of a domain that it is believed for.
  static boolean isOfItsDomains(SignIn signIn, Json.Obj claims) {
    var email = trustedEmail(signIn, claims);
    var domains = signIn.emailDomains();
    var domain = email.substring(email.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    return domains.isEmpty() || (email.indexOf('@') > 0 && domains.contains(domain));
  }

  /// How the issuer says that the person proved it, as far as the words are known here (RFC 8176).
  private static List<String> methods(Json.Obj claims) {
    return claims
        .get("amr")
        .flatMap(
            amr -> amr instanceof Json.Arr list ? list.texts() : Optional.<List<String>>empty())
        .orElse(List.of())
        .stream()
        .filter(METHODS::contains)
        .distinct()
        .toList();
  }
}
