package io.prokura.pages;

import static io.prokura.pages.Texts.text;

import io.prokura.audit.Refusals;
import io.prokura.authorize.AuthorizationFlow;
import io.prokura.authorize.AuthorizationFlow.Step;
import io.prokura.authorize.AuthorizationRequests;
import io.prokura.authorize.Destination;
import io.prokura.authorize.ResponseMode;
import io.prokura.directory.Directory;
import io.prokura.directory.Groups;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import io.prokura.sql.Database;
import java.util.Optional;
import java.util.SequencedMap;

/// The authorization endpoint (RFC 6749 §3.1) and the page on which people decide.
public final class AuthorizePages {
  private static final String ROUTE = "authorize";
  private static final String HANDLE = "request";

  private final AuthorizationFlow flow;
  private final Sessions sessions;
  private final Refusals refusals;
  private final Forms forms;
  private final ConsentPage page;

  public AuthorizePages(
      AuthorizationFlow flow,
      Directory directory,
      Groups groups,
      Database database,
      Sessions sessions,
      Refusals refusals,
      Forms forms) {
    this.flow = flow;
    this.sessions = sessions;
    this.refusals = refusals;
    this.forms = forms;
    page = new ConsentPage(database, directory, groups);
  }

  /// Takes an authorization request, in a query or in a form (OpenID Connect Core §3.1.2.1).
  public Response authorize(Request request) {
    var read =
        request.method().equals("POST")
            ? request.form(AuthorizationRequests.REPEATABLE)
            : request.query(AuthorizationRequests.REPEATABLE);
    var session = sessions.of(request);
    if (!(read instanceof Ok(var parameters))) {
      return unanswerable(request, session, (Refused<?>) read);
    }
    var step = flow.begin(parameters, session);
    return step instanceof Step.SignIn(var path)
        ? new ReturnTo(path).login(parameters.get(LoginPages.HINT))
        : shown(request, session, step, false);
  }

  /// Asks the person about a request that waits.
  public Response ask(Request request) {
    var handle = request.query() instanceof Ok(var query) ? query.get(HANDLE).orElse("") : "";
    var session = sessions.of(request);
    if (session.isEmpty()) {
      return ReturnTo.of("/consent?" + HANDLE + "=" + handle).login();
    }
    var question = flow.question(handle, session.get());
    return question instanceof Ok(var asked)
        ? forms.show(request, token -> page.ofCodeFlow(asked, handle, token))
        : unanswerable(request, session, (Refused<?>) question);
  }

  /// Takes what the person decided.
  public Response decide(Request request) {
    return forms.sentSignedIn(
        request,
        ReturnTo.ME,
        (session, form, _) -> {
          var handle = form.get(HANDLE).orElse("");
          var step = decided(form, handle, session);
          return shown(request, Optional.of(session), step, true);
        });
  }

  private Step decided(Form form, String handle, Session session) {
    var choice = ConsentChoice.of(form);
    return choice.allowed()
        ? flow.allow(handle, session, choice.scopes(), choice.lasts(), choice.depth())
        : flow.deny(handle, session);
  }

  /// What the browser gets for a step. After a form it may not be redirected to another host, for
  /// browsers hold what follows a form to the form's own targets.
  private Response shown(Request request, Optional<Session> session, Step step, boolean afterForm) {
    return switch (step) {
      case Step.SignIn(var path) -> new ReturnTo(path).login();
      case Step.Ask(var handle) -> Response.seeOther("/consent?" + HANDLE + "=" + handle);
      case Step.Unanswerable(var why) -> unanswerable(request, session, why);
      case Step.Answer(var to, var parameters) -> sent(to, parameters, afterForm);
      case Step.Refuse(var to, var parameters, var why) -> {
        note(request, session, why);
        yield sent(to, parameters, afterForm);
      }
    };
  }

  private static Response sent(
      Destination to, SequencedMap<String, String> parameters, boolean afterForm) {
    if (to.mode() == ResponseMode.FORM_POST) {
      return Layout.posting(to.redirectUri(), parameters);
    }
    var location = to.with(parameters);
    return afterForm
        ? Layout.onward(
            text("return.title"),
            location,
            Html.of("<a class=\"button\" href=\"{}\">{}</a>", location, text("continue")))
        : Response.seeOther(location);
  }

  private Response unanswerable(Request request, Optional<Session> session, Refused<?> why) {
    note(request, session, why);
    return Layout.page(
        why.reason().status(),
        text("request.title"),
        Html.of("<p>{}</p><p class=\"hint\">{}</p>", text("request.unanswerable"), why.detail()));
  }

  /// Under the person's name where one is signed in, otherwise as one of many.
  private void note(Request request, Optional<Session> session, Refused<?> why) {
    session.ifPresentOrElse(
        who -> refusals.record(who.user(), ROUTE, why, request.peer()),
        () -> refusals.count(ROUTE, why.reason(), request.peer()));
  }
}
