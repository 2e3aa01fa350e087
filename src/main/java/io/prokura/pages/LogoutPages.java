package io.prokura.pages;

import static io.prokura.pages.Layout.button;
import static io.prokura.pages.Layout.hidden;
import static io.prokura.pages.Texts.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.Refusals;
import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.logout.LogoutRequest;
import io.prokura.logout.LogoutRequests;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import io.prokura.sql.Database;
import java.net.URLEncoder;
import java.util.Optional;
import java.util.stream.Collectors;

/// The logout endpoint (OpenID Connect RP-Initiated Logout 1.0 §2): an application sends somebody's
/// browser here to sign them out, and they are asked unless the application knows their session.
public final class LogoutPages {
  private static final String ROUTE = "logout";

  private final Database database;
  private final LogoutRequests requests;
  private final Directory directory;
  private final Sessions sessions;
  private final Refusals refusals;
  private final Forms forms;

  public LogoutPages(
      Database database,
      LogoutRequests requests,
      Directory directory,
      Sessions sessions,
      Refusals refusals,
      Forms forms) {
    this.database = database;
    this.requests = requests;
    this.directory = directory;
    this.sessions = sessions;
    this.refusals = refusals;
    this.forms = forms;
  }

  /// Takes a logout request, in a query or in a form.
  public Response logout(Request request) {
    boolean isForm = request.method().equals("POST");
    var read = isForm ? request.form() : request.query();
    if (!(read instanceof Ok(var form))) {
      return unanswerable(request, (Refused<?>) read);
    }
    var found = requests.read(form);
    return found instanceof Ok(var asked)
        ? answer(request, form, asked, isForm)
        : unanswerable(request, (Refused<?>) found);
  }

  private Response answer(Request request, Form form, LogoutRequest asked, boolean isForm) {
    var session = sessions.of(request);
    if (session.isEmpty()) {
      // Browsers keep our cookies back where another site's form is sent, but not when they follow
      // a redirect.
      return isForm ? Response.seeOther("/oauth2/logout?" + encoded(form)) : away(asked);
    }
    return requests.isAbout(asked, session.get())
        ? ended(session, away(asked))
        : forms.show(request, token -> question(session.get(), form, asked, token));
  }

  private static String encoded(Form form) {
    return LogoutRequests.PARAMETERS.stream()
        .filter(form::has)
        .map(name -> name + "=" + URLEncoder.encode(form.get(name).orElse(""), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private Response question(Session session, Form form, LogoutRequest asked, Html token) {
    var name = directory.user(session.user()).map(User::displayName).orElse("");
    var fields =
        LogoutRequests.PARAMETERS.stream()
            .filter(form::has)
            .map(field -> hidden(field, form.get(field).orElse("")))
            .toList();
    return Layout.page(
        200,
        text("logout.title"),
        Html.of(
            "{}<p>{}</p><form method=\"post\" action=\"/oauth2/logout/confirm\">\n{}{}{}</form>"
                + "<p><a href=\"/me\">{}</a></p>",
            asked
                .client()
                .map(client -> Html.of("<p>{}</p>", text("logout.asked", client.name())))
                .orElse(Html.NONE),
            text("logout.question", name),
            token,
            Html.all(fields),
            button(text("logout.submit")),
            text("logout.stay")));
  }

  /// Takes the person's word that they want to be signed out.
  public Response confirm(Request request) {
    return forms.sent(
        request,
        (form, _) -> {
          var read = requests.read(form);
          return read instanceof Ok(var asked)
              ? ended(sessions.of(request), onward(asked))
              : unanswerable(request, (Refused<?>) read);
        });
  }

  private Response ended(Optional<Session> session, Response next) {
    session.ifPresent(
        one ->
            database.inTransaction(
                tx -> sessions.end(tx, one.user(), one.id(), "signed out by an application")));
    return sessions.take(forms.forget(next));
  }

  private static Response away(LogoutRequest asked) {
    return Response.seeOther(asked.returnTo().orElse("/logout"));
  }

  /// The same after a form of ours, which browsers hold to the form's own targets.
  private static Response onward(LogoutRequest asked) {
    return asked
        .returnTo()
        .map(
            to ->
                Layout.onward(
                    text("return.title"),
                    to,
                    Html.of("<a class=\"button\" href=\"{}\">{}</a>", to, text("continue"))))
        .orElseGet(() -> away(asked));
  }

  private Response unanswerable(Request request, Refused<?> why) {
    refusals.count(ROUTE, why.reason(), request.peer());
    return Layout.page(
        400,
        text("request.title"),
        Html.of(
            "<p>{}</p><p class=\"hint\">{}</p><p><a href=\"/logout\">{}</a></p>",
            text("logout.unanswerable"),
            why.detail(),
            text("logout.here")));
  }
}
