package io.prokura.pages;

import static io.prokura.pages.Texts.text;

import io.prokura.agents.Agent;
import io.prokura.agents.Agents;
import io.prokura.authorize.Consent;
import io.prokura.authorize.Consents;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.clients.Client;
import io.prokura.clients.Clients;
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
  private final Agents agents;
  private final Clients clients;
  private final Catalogue catalogue;
  private final Consents consents;
  private final Sessions sessions;
  private final Forms forms;
  private final PasskeyPages passkeys;

  public MePages(
      World world,
      Database database,
      String issuer,
      Directory directory,
      Agents agents,
      Clients clients,
      Catalogue catalogue,
      Consents consents,
      Sessions sessions,
      PasskeyPages passkeys) {
    this.passkeys = passkeys;
    this.database = database;
    this.directory = directory;
    this.agents = agents;
    this.clients = clients;
    this.catalogue = catalogue;
    this.consents = consents;
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

  /// Takes back something that the person had allowed; another's is one that there is not.
  public Response withdraw(Request request) {
    return forms.sent(
        request,
        (_, _) -> {
          var session = sessions.of(request);
          if (session.isEmpty()) {
            return Response.seeOther("/login");
          }
          var user = session.get().user();
          Id.Consent.parse(request.pathParameter("id"))
              .ifPresent(
                  id ->
                      database.inTransaction(
                          tx -> consents.withdraw(tx, user, id, "withdrawn by its user")));
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
            "<p>{}</p><a class=\"alone\" href=\"/logout\">{}</a>"
                + "<h2>{}</h2>{}<h2>{}</h2><ul class=\"sessions\">{}</ul>",
            text("me.who", user.displayName()),
            text("logout.title"),
            text("me.allowed"),
            allowed(consents.of(session.user()), token),
            text("me.sessions"),
            Html.all(
                own.stream()
                    .map(one -> item(one, one.id().equals(session.id()), token))
                    .toList())));
  }

  private Html allowed(List<Consent> all, Html token) {
    return all.isEmpty()
        ? Html.of("<p>{}</p>", text("me.allowed.nothing"))
        : Html.of(
            "<ul class=\"sessions\">{}</ul>",
            Html.all(all.stream().map(one -> item(one, token)).toList()));
  }

  private Html item(Consent consent, Html token) {
    var client =
        Id.Client.parse(consent.clientId()).flatMap(clients::find).map(Client::name).orElse("");
    var agent = consent.actor().flatMap(acting -> agents.find(acting.agent())).map(Agent::name);
    var name = agent.map(one -> text("me.allowed.through", one).replace("[]", client));
    var purpose =
        consent.actor().flatMap(acting -> catalogue.purpose(acting.purpose())).map(Purpose::name);
    var resource = catalogue.resourceAt(consent.resource()).map(Resource::name).orElse("");
    return Html.of(
        "<li><strong>{}</strong><dl>{}<dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl>"
            + "<form method=\"post\" action=\"/me/consents/{}/withdraw\">{}"
            + "<button class=\"small second\" type=\"submit\" aria-label=\"{}\">"
            + "{}</button></form></li>",
        name.orElse(client),
        purpose
            .map(one -> Html.of("<dt>{}</dt><dd>{}</dd>", text("consent.purpose"), one))
            .orElse(Html.NONE),
        resource,
        String.join(", ", consent.scopes().values()),
        text("me.ends"),
        time(consent.expiresAt()),
        consent.id().text(),
        token,
        text("me.withdraw.label", name.orElse(client)),
        text("me.withdraw"));
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
                    + "<button class=\"small second\" type=\"submit\" aria-label=\"{}\">"
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
