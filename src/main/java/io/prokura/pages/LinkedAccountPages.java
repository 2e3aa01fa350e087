package io.prokura.pages;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static io.prokura.pages.Texts.text;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.issuers.Issuers;
import io.prokura.issuers.TrustedIssuer;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.sessions.LinkedAccount;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import io.prokura.signin.Presence;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import io.prokura.upstream.Arrived;
import io.prokura.upstream.Begun;
import io.prokura.upstream.Linking;
import io.prokura.upstream.Linking.Linked;
import io.prokura.upstream.Linking.Offer;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// `/me/linked-accounts`: the accounts at trusted issuers by which somebody signs in. They are
/// linked and unlinked only in a session that began a short while ago, because whoever adds one of
/// their own keeps the way in.
public final class LinkedAccountPages {
  private static final ReturnTo HERE = new ReturnTo("/me/linked-accounts");
  private static final String OFFER = "offer";
  private static final String UNLINKED = "an account elsewhere was unlinked";

  private final Database database;
  private final Issuers issuers;
  private final Linking linking;
  private final WaysIn ways;
  private final Presence presence;
  private final Sessions sessions;
  private final Forms forms;

  public LinkedAccountPages(
      Database database,
      Issuers issuers,
      Linking linking,
      WaysIn ways,
      Presence presence,
      Sessions sessions,
      Forms forms) {
    this.database = database;
    this.issuers = issuers;
    this.linking = linking;
    this.ways = ways;
    this.presence = presence;
    this.sessions = sessions;
    this.forms = forms;
  }

  /// What `/me` shows of this page, for who has something to see there.
  Html link(Session session) {
    return issuers.forSignIn().isEmpty() && linked(session).isEmpty()
        ? Html.NONE
        : Html.of("<li><a href=\"{}\">{}</a></li>", HERE.path(), text("linked.title"));
  }

  private List<Linked> linked(Session session) {
    return database.read(tx -> linking.of(tx, session.user()));
  }

  /// The accounts that are linked, and where there are more to link.
  public Response show(Request request) {
    var session = sessions.of(request);
    return session.isEmpty()
        ? HERE.login()
        : forms.show(request, token -> page(session.get(), token));
  }

  private Response page(Session session, Html token) {
    boolean fresh = presence.isRecent(session);
    var own = linked(session);
    var list =
        own.isEmpty()
            ? Html.of("<p>{}</p>", text("linked.none"))
            : Html.of(
                "<ul class=\"sessions\">{}</ul>",
                Html.all(own.stream().map(one -> item(one, fresh, token)).toList()));
    return Layout.wide(
        200,
        text("linked.title"),
        Html.of(
            "<p>{}</p>{}{}{}",
            text("linked.explained"),
            list,
            fresh ? toLink(own.isEmpty(), token) : anew(),
            back()));
  }

  private static Html anew() {
    return Html.of(
        "<p><a href=\"/login?return_to={}\">{}</a></p>", HERE.path(), text("linked.anew"));
  }

  private Html toLink(boolean isFirst, Html token) {
    var all = issuers.forSignIn();
    return all.isEmpty()
        ? Html.NONE
        : Html.of(
            "<h2>{}</h2>{}",
            text(isFirst ? "linked.first" : "linked.more"),
            Html.all(all.stream().map(one -> toLink(one, token)).toList()));
  }

  private static Html toLink(TrustedIssuer issuer, Html token) {
    return Html.of(
        "<form method=\"post\" action=\"{}/{}/link\">\n{}{}</form>",
        HERE.path(),
        issuer.id().text(),
        token,
        Layout.button(text("linked.at", issuer.name())));
  }

  private static Html item(Linked one, boolean fresh, Html token) {
    return Html.of(
        "<li><strong>{}</strong>{}<dl><dt>{}</dt><dd class=\"key\">{}</dd><dt>{}</dt><dd>{}</dd>"
            + "</dl>{}</li>",
        one.issuer(),
        one.signsIn() ? Html.NONE : Html.of("<p class=\"hint\">{}</p>", text("linked.unused")),
        text("linked.known-as"),
        one.link().sub(),
        text("linked.since"),
        MePages.time(one.link().linkedAt()),
        fresh
            ? Html.of(
                "<form method=\"post\" action=\"{}/{}/unlink\">{}"
                    + "<button class=\"small second danger\" type=\"submit\" aria-label=\"{}\">"
                    + "{}</button></form>",
                HERE.path(),
                one.link().id().text(),
                token,
                text("linked.unlink.label", one.issuer()),
                text("linked.unlink"))
            : Html.NONE);
  }

  /// Sends the browser to an issuer; `away` makes the page that does.
  Response begin(Request request, Function<Begun, Response> away) {
    return sentSoon(
        request,
        (session, _) ->
            Id.Issuer.parse(request.pathParameter("id"))
                .flatMap(id -> linking.begin(session, id))
                .map(away)
                .orElseGet(() -> failed(Refusal.TOKEN_INVALID)));
  }

  /// Whether a browser comes back from linking.
  boolean isLinking(Arrived arrived) {
    return linking.hasBegun(arrived);
  }

  /// Shows whose account the issuer says it is, and asks whether to link it.
  Response arrived(Request request, Id.Issuer issuer, Arrived arrived) {
    var session = sessions.of(request);
    if (session.isEmpty()) {
      return HERE.login();
    }
    return switch (linking.complete(session.get(), issuer, arrived)) {
      case Ok(var offer) -> forms.show(request, token -> question(offer, token));
      case Refused<Offer> refused -> failed(refused.reason());
    };
  }

  private static Response question(Offer offer, Html token) {
    return Layout.page(
        200,
        text("linked.question"),
        Html.of(
            "<dl class=\"facts\"><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd class=\"key\">{}</dd></dl>"
                + "<p>{}</p><form method=\"post\" action=\"{}\">\n{}{}{}</form>"
                + "<a class=\"alone\" href=\"{}\">{}</a>",
            text("linked.where"),
            offer.issuer(),
            text("linked.account"),
            offer.account(),
            text("linked.question.hint"),
            HERE.path(),
            token,
            Layout.hidden(OFFER, offer.sealed()),
            Layout.button(text("linked.submit")),
            HERE.path(),
            text("linked.cancel")));
  }

  /// Links the account that was shown. Nothing else changes.
  public Response accept(Request request) {
    return forms.sentSignedIn(
        request,
        HERE,
        (session, form, _) ->
            switch (linking.accept(session, form.get(OFFER).orElse(""), request.peer())) {
              case Ok<?> _ -> Response.seeOther(HERE.path());
              case Refused<?> refused -> failed(refused.reason());
            });
  }

  /// Unlinks an account of who is signed in; another's is one that there is not. Every other
  /// session of the person ends, since whoever came by that account may have had a further one by
  /// other means. This one goes on under another id, unless it began by the account itself.
  public Response unlink(Request request) {
    return sentSoon(
        request,
        (session, _) -> {
          var id = Id.Link.parse(request.pathParameter("id"));
          Result<Optional<Sessions.Started>> ended =
              id.isEmpty()
                  ? refused(NOT_FOUND, "there is no such link")
                  : database.inTransaction(tx -> unlinked(tx, session, id.get(), request.peer()));
          return switch (ended) {
            case Ok(var started) when started.isPresent() ->
                sessions.give(forms.forget(Response.seeOther(HERE.path())), started.get());
            case Ok<?> _ -> sessions.take(forms.forget(signedOut()));
            case Refused<?> refused when refused.reason() == STATE_CONFLICT ->
                failure(409, text("linked.last.title"), text("linked.last"));
            case Refused<?> _ -> Response.seeOther(HERE.path());
          };
        });
  }

  private static Response signedOut() {
    return Layout.outcome(
        200, text("linked.gone.title"), text("linked.gone"), "/login", text("login.title"));
  }

  /// The session that goes on; nothing where this one began by the account.
  private Result<Optional<Sessions.Started>> unlinked(
      Tx tx, Session session, Id.Link id, String peer) {
    var user = session.user();
    boolean signsIn =
        linking.of(tx, user).stream().anyMatch(one -> one.link().id().equals(id) && one.signsIn());
    if (signsIn && ways.isLast(tx, user)) {
      return refused(STATE_CONFLICT, "it is the only way in which the user signs in");
    }
    if (linking.unlink(tx, user, id) instanceof Refused<?> refused) {
      return refused.refusal();
    }
    if (session.account().map(LinkedAccount::link).equals(Optional.of(id))) {
      sessions.endAll(tx, user, user, UNLINKED);
      return ok(Optional.empty());
    }
    return sessions.replaceAll(tx, session, peer, UNLINKED).map(Optional::of);
  }

  /// The form of somebody who signed in a short while ago.
  private Response sentSoon(Request request, BiFunction<Session, Html, Response> page) {
    return forms.sentSignedIn(
        request,
        HERE,
        (session, _, token) ->
            presence.isRecent(session) ? page.apply(session, token) : HERE.login());
  }

  private static Response failed(Refusal reason) {
    return reason == Refusal.DUPLICATE
        ? failure(409, text("linked.failed.title"), text("linked.taken"))
        : failure(400, text("linked.failed.title"), text("linked.failed"));
  }

  private static Response failure(int status, String title, String detail) {
    return Layout.outcome(status, title, detail, HERE.path(), text("linked.title"));
  }

  private static Html back() {
    return Html.of("<a class=\"alone\" href=\"/me\">{}</a>", text("me.back"));
  }
}
