package io.prokura.upstream;

import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.Refusals;
import io.prokura.clients.OneTime;
import io.prokura.directory.User;
import io.prokura.issuers.Issuers;
import io.prokura.issuers.TrustedIssuer;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.seal.Seal;
import io.prokura.sessions.Session;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import io.prokura.upstream.Pending.Purpose;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Links accounts at trusted issuers to the person who holds them, at their own wish, so that they
/// can sign in by them. All of it happens in one session: whoever comes back in another, or from
/// signing in, links nothing. What the issuer answers is an offer at first, which the person takes
/// once they have seen whose account it is: a browser may be signed in there as somebody else
/// without its person knowing (RFC 9700 §4.7). Refusals are on record under the person's name.
public final class Linking {
  private static final String ROUTE = "/me/linked-accounts";

  private final World world;
  private final Database database;
  private final CodeFlow flow;
  private final Issuers issuers;
  private final Links links;
  private final OneTime oneTime;
  private final Seal seal;
  private final Refusals refusals;

  public Linking(
      World world,
      Database database,
      CodeFlow flow,
      Issuers issuers,
      Links links,
      OneTime oneTime,
      Seal seal,
      Refusals refusals) {
    this.world = world;
    this.database = database;
    this.flow = flow;
    this.issuers = issuers;
    this.links = links;
    this.oneTime = oneTime;
    this.seal = seal;
    this.refusals = refusals;
  }

  /// An account that can be linked.
  ///
  /// @param issuer what people call the issuer
  /// @param account what the issuer calls the account
  /// @param sealed what [#accept] takes
  public record Offer(String issuer, String account, String sealed) {}

  /// An account that is linked.
  ///
  /// @param issuer what people call the issuer
  /// @param signsIn whether people sign in by that issuer now
  public record Linked(Link link, String issuer, boolean signsIn) {}

  /// Sends a browser to the issuer; empty when nobody can sign in by it now.
  public Optional<Begun> begin(Session session, Id.Issuer issuer) {
    return flow.begin(issuer, session.checked(), new Purpose.Linking(session.id()));
  }

  /// Whether a browser that comes back from an issuer set out to link an account there.
  public boolean hasBegun(Arrived arrived) {
    return flow.purpose(arrived).filter(Purpose.Linking.class::isInstance).isPresent();
  }

  /// What can be linked to the person of `session`, by the issuer's answer. Refuses `TOKEN_INVALID`
  /// for an answer that proves nothing, is not to this session, or is about an account outside the
  /// domains that the issuer is believed for; and `DUPLICATE` for an account that is linked.
  public Result<Offer> complete(Session session, Id.Issuer issuer, Arrived arrived) {
    var wanted = new Purpose.Linking(session.id());
    var completed = flow.complete(issuer, wanted::equals, arrived);
    Result<Offer> offer =
        completed instanceof Ok(var done) ? offer(session, done) : completed.refusal();
    return recorded(session, arrived.peer(), offer);
  }

  private Result<Offer> offer(Session session, CodeFlow.Done done) {
    var claims = done.token().claims();
    if (!Upstream.isOfItsDomains(done.issuer().terms().signIn().orElseThrow(), claims)) {
      return refused(TOKEN_INVALID, "the account is of no domain that the issuer is believed for");
    }
    var sub = done.token().sub();
    if (links.find(done.issuer().id(), sub).isPresent()) {
      return refused(DUPLICATE, "whom the issuer names is linked already");
    }
    var offered = Offered.of(world, session.id(), done.issuer().id(), sub);
    return ok(new Offer(done.issuer().name(), account(claims, sub), offered.wrapped(seal)));
  }

  private static String account(Json.Obj claims, String sub) {
    return Stream.of("preferred_username", "email", "name")
        .flatMap(name -> claims.text(name).stream())
        .filter(User::isUserName)
        .findFirst()
        .orElse(sub);
  }

  /// Links what was offered in this session. Refuses `TOKEN_INVALID` for what was not, was offered
  /// too long ago or taken already, or is of an issuer that nobody signs in by any more; and
  /// `DUPLICATE` for an account that has been linked meanwhile.
  public Result<Link> accept(Session session, String sealed, String peer) {
    return recorded(session, peer, accepted(session, sealed));
  }

  private Result<Link> accepted(Session session, String sealed) {
    var found = Offered.read(seal, sealed).filter(one -> one.session().equals(session.id()));
    if (found.isEmpty() || !world.now().isBefore(found.get().until())) {
      return refused(TOKEN_INVALID, "this was not offered in this session, or too long ago");
    }
    var offered = found.get();
    var first = oneTime.use("linking", offered.nonce(), offered.since(), offered.until());
    if (first != OneTime.Outcome.FIRST) {
      return refused(TOKEN_INVALID, "this offer has been taken");
    }
    return database.inTransaction(
        tx ->
            issuers.find(tx, offered.issuer()).filter(Linking::signsIn).isPresent()
                ? links.link(tx, session.user(), offered.issuer(), offered.sub(), session.user())
                : refused(TOKEN_INVALID, "the issuer is not one to sign in by"));
  }

  /// The accounts that are linked to `user`.
  public List<Linked> of(Tx tx, Id.User user) {
    return links.of(tx, user).stream().map(link -> linked(tx, link)).toList();
  }

  private Linked linked(Tx tx, Link link) {
    var issuer = issuers.find(tx, link.issuer());
    return new Linked(
        link,
        issuer.map(TrustedIssuer::name).orElse(""),
        issuer.filter(Linking::signsIn).isPresent());
  }

  /// Takes a link of the user's own away and ends what rests on it; refuses `NOT_FOUND` for
  /// everybody else's. Whether it is the last way in which they sign in is not asked.
  public Result<Link> unlink(Tx tx, Id.User user, Id.Link id) {
    return links.of(tx, user).stream()
        .filter(link -> link.id().equals(id))
        .findFirst()
        .map(link -> links.unlink(tx, user, link.issuer(), link.sub(), "unlinked by its user"))
        .orElseGet(() -> refused(NOT_FOUND, "there is no such link"));
  }

  private static boolean signsIn(TrustedIssuer issuer) {
    return issuer.active() && issuer.terms().signIn().isPresent();
  }

  private <T> Result<T> recorded(Session session, String peer, Result<T> result) {
    if (result instanceof Refused<T> refused) {
      refusals.record(session.user(), ROUTE, refused, peer);
    }
    return result;
  }
}
