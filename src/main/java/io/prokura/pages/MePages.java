package io.prokura.pages;

import static io.prokura.pages.Texts.text;

import io.prokura.directory.Directory;
import io.prokura.http.Cookies;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import io.prokura.sql.Database;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// `/me`: who somebody is here, where they are signed in, and their passkeys.
public final class MePages {
  private static final int SHOWN_MAX = 50;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Database database;
  private final Directory directory;
  private final Sessions sessions;
  private final Forms forms;
  private final PasskeyPages passkeys;

  public MePages(
      World world,
      Database database,
      String issuer,
      Directory directory,
      Sessions sessions,
      PasskeyPages passkeys) {
    this.passkeys = passkeys;
    this.database = database;
    this.directory = directory;
    this.sessions = sessions;
    forms = new Forms(world, new Cookies(issuer), sessions);
  }

  /// The page; who is not signed in is sent to sign in first.
  public Response show(Request request) {
    var session = sessions.of(request);
    return session.isEmpty()
        ? Response.seeOther("/login")
        : forms.show(request, token -> page(session.get(), token));
  }

  /// Ends one of the person's own sessions; another's is one that there is not.
  public Response end(Request request) {
    return forms.sent(
        request,
        (_, _) -> {
          var session = sessions.of(request);
          if (session.isEmpty()) {
            return Response.seeOther("/login");
          }
          var user = session.get().user();
          Id.Session.parse(request.pathParameter("id"))
              .ifPresent(
                  id ->
                      database.inTransaction(
                          tx -> sessions.endOwn(tx, user, id, "ended by its user")));
          return Response.seeOther("/me");
        });
  }

  private Response page(Session session, Html token) {
    var user = directory.user(session.user()).orElseThrow();
    List<Session> own = database.read(tx -> sessions.page(tx, session.user(), "", SHOWN_MAX));
    return passkeys.me(
        session,
        user,
        token,
        Html.of(
            "<p>{}</p><a href=\"/logout\">{}</a><h2>{}</h2><ul class=\"sessions\">{}</ul>",
            text("me.who", user.displayName()),
            text("logout.title"),
            text("me.sessions"),
            Html.all(
                own.stream()
                    .map(one -> item(one, one.id().equals(session.id()), token))
                    .toList())));
  }

  private static Html item(Session session, boolean isThis, Html token) {
    return Html.of(
        "<li>{}<dl><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl>{}</li>",
        isThis ? Html.of("<strong>{}</strong>", text("me.current")) : Html.NONE,
        text("me.started"),
        time(session.startedAt()),
        text("me.seen"),
        time(session.seenAt()),
        text("me.ends"),
        time(session.endsAt()),
        isThis
            ? Html.NONE
            : Html.of(
                "<form method=\"post\" action=\"/me/sessions/{}/end\">{}"
                    + "<button class=\"small\" type=\"submit\" aria-label=\"{}\">"
                    + "{}</button></form>",
                session.id().text(),
                token,
                text("me.end.label", time(session.startedAt())),
                text("me.end")));
  }

  static String time(Instant at) {
    return TIME.format(at);
  }
}
