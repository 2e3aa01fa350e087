package io.prokura.pages;

import static io.prokura.pages.Texts.text;

import io.prokura.agents.Agent;
import io.prokura.agents.Agents;
import io.prokura.authorize.AskingClients;
import io.prokura.authorize.Consent;
import io.prokura.authorize.Consents;
import io.prokura.authorize.PolledFlow;
import io.prokura.authorize.PolledRequest;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.directory.Directory;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.issuers.Issuers;
import io.prokura.issuers.TrustedIssuer;
import io.prokura.kernel.Id;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import io.prokura.sql.Database;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// `/me`: who somebody is here, what they allowed, where they are signed in, and by what.
public final class MePages {
  private static final int SHOWN_MAX = 50;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Database database;
  private final Directory directory;
  private final Agents agents;
  private final PolledFlow requests;
  private final AskingClients clients;
  private final Catalogue catalogue;
  private final Consents consents;
  private final Sessions sessions;
  private final Issuers issuers;
  private final Forms forms;
  private final PasskeyPages passkeys;
  private final AuthenticatorPages authenticators;
  private final LinkedAccountPages linked;

  public MePages(
      Database database,
      Directory directory,
      Agents agents,
      PolledFlow requests,
      AskingClients clients,
      Catalogue catalogue,
      Consents consents,
      Sessions sessions,
      Issuers issuers,
      PasskeyPages passkeys,
      AuthenticatorPages authenticators,
      LinkedAccountPages linked,
      Forms forms) {
    this.linked = linked;
    this.authenticators = authenticators;
    this.passkeys = passkeys;
    this.database = database;
    this.directory = directory;
    this.agents = agents;
    this.requests = requests;
    this.clients = clients;
    this.catalogue = catalogue;
    this.consents = consents;
    this.sessions = sessions;
    this.issuers = issuers;
    this.forms = forms;
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
    return forms.sentSignedIn(
        request,
        ReturnTo.ME,
        (session, _, _) -> {
          var user = session.user();
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
    return forms.sentSignedIn(
        request,
        ReturnTo.ME,
        (session, _, _) -> {
          var user = session.user();
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
            "<p>{}</p><a class=\"alone\" href=\"/logout\">{}</a>{}"
                + "<h2>{}</h2>{}<h2>{}</h2><ul class=\"sessions\">{}</ul>{}",
            text("me.who", user.displayName()),
            text("logout.title"),
            waiting(requests.waiting(session.user())),
            text("me.allowed"),
            allowed(consents.of(session.user()), token),
            text("me.sessions"),
            Html.all(
                own.stream()
                    .sorted(Comparator.comparing(one -> !one.id().equals(session.id())))
                    .map(one -> item(one, one.id().equals(session.id()), token))
                    .toList()),
            signInBy(Html.of("{}{}", authenticators.links(session), linked.link(session)))));
  }

  private static Html signInBy(Html items) {
    return items.markup().isEmpty()
        ? Html.NONE
        : Html.of("<h2>{}</h2><ul class=\"links\">{}</ul>", text("me.authenticators"), items);
  }

  private Html waiting(List<PolledRequest> all) {
    return all.isEmpty()
        ? Html.NONE
        : Html.of(
            "<h2>{}</h2><ul class=\"sessions\">{}</ul>",
            text("requests.waiting"),
            Html.all(all.stream().map(this::item).toList()));
  }

  private Html item(PolledRequest request) {
    return Html.of(
        "<li><a href=\"{}\">{}</a><dl><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl></li>",
        RequestPages.path(request.id()),
        text("requests.title", clients.name(request.clientId())),
        text("requests.asked"),
        time(request.createdAt()),
        text("me.ends"),
        time(request.expiresAt()));
  }

  private Html allowed(List<Consent> all, Html token) {
    return all.isEmpty()
        ? Html.of("<p>{}</p>", text("me.allowed.nothing"))
        : Html.of(
            "<ul class=\"sessions\">{}</ul>",
            Html.all(all.stream().map(one -> item(one, token)).toList()));
  }

  private Html item(Consent consent, Html token) {
    var client = clients.name(consent.clientId());
    var agent =
        consent
            .actor()
            .filter(acting -> !acting.agent().text().equals(consent.clientId()))
            .flatMap(acting -> agents.find(acting.agent()))
            .map(Agent::name);
    var name = agent.map(one -> text("me.allowed.through", one).replace("[]", client));
    var purpose =
        consent.actor().flatMap(acting -> catalogue.purpose(acting.purpose())).map(Purpose::name);
    var resource = catalogue.resourceAt(consent.resource()).map(Resource::name).orElse("");
    return Html.of(
        "<li><strong>{}</strong><dl>{}<dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl>"
            + "<form method=\"post\" action=\"/me/consents/{}/withdraw\">{}"
            + "<button class=\"small second danger\" type=\"submit\" aria-label=\"{}\">"
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

  private Html item(Session session, boolean isThis, Html token) {
    return Html.of(
        "<li>{}<dl><dt>{}</dt><dd>{}</dd>{}<dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl>{}"
            + "</li>",
        isThis ? Html.of("<strong>{}</strong>", text("me.current")) : Html.NONE,
        text("me.started"),
        time(session.startedAt()),
        session
            .account()
            .flatMap(account -> issuers.find(account.issuer()))
            .map(TrustedIssuer::name)
            .map(name -> Html.of("<dt>{}</dt><dd>{}</dd>", text("me.by"), name))
            .orElse(Html.NONE),
        text("me.seen"),
        time(session.seenAt()),
        text("me.ends"),
        time(session.endsAt()),
        isThis
            ? Html.NONE
            : Html.of(
                "<form method=\"post\" action=\"/me/sessions/{}/end\">{}"
                    + "<button class=\"small second danger\" type=\"submit\" aria-label=\"{}\">"
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
