package io.prokura.pages;

import static io.prokura.kernel.Refusal.AUTHENTICATION_UNMET;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.pages.Texts.text;

import io.prokura.audit.Refusals;
import io.prokura.authorize.AnswerProofs;
import io.prokura.authorize.PolledFlow;
import io.prokura.authorize.PolledRequest;
import io.prokura.authorize.PolledRequest.Channel;
import io.prokura.directory.Directory;
import io.prokura.directory.Groups;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import io.prokura.sql.Database;
import java.util.Optional;

/// The page on which a person decides about a request that reached them without their browser.
public final class RequestPages {
  private static final String ROUTE = "requests";
  private static final String BASE = "/me/requests/";

  private final PolledFlow flow;
  private final Sessions sessions;
  private final Refusals refusals;
  private final Forms forms;
  private final ConsentPage page;

  public RequestPages(
      PolledFlow flow,
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

  /// Where the page of a request is.
  static String path(Id.PolledRequest id) {
    return BASE + id.text();
  }

  /// Asks the person about a request of theirs; another's is one that there is not.
  public Response ask(Request request) {
    var session = sessions.of(request);
    var id = Id.PolledRequest.parse(request.pathParameter("id"));
    if (session.isEmpty()) {
      return id.map(RequestPages::path).map(ReturnTo::new).orElse(ReturnTo.ME).login();
    }
    var found = id.map(known -> flow.open(known, session.get())).orElseGet(RequestPages::unknown);
    return found instanceof Ok(var open)
        ? forms.show(
            request, token -> page(open, session.get(), request.peer(), token, Optional.empty()))
        : unanswerable(request, session.get(), (Refused<?>) found);
  }

  private static <T> Result<T> unknown() {
    return Result.refused(NOT_FOUND, "there is no such request");
  }

  private Response page(
      PolledFlow.Open open, Session session, String peer, Html token, Optional<String> problem) {
    var action = path(open.request().id());
    if (!(open.question() instanceof Ok(var question))) {
      return impossible(open, action, (Refused<?>) open.question(), token);
    }
    return page.of(
        question,
        token,
        new ConsentPage.Place(
            action,
            Html.NONE,
            facts(open, peer),
            text("requests.back"),
            flow.need(open, question, session),
            problem));
  }

  /// Who asks and when, and what tells a request of the person's own from one that somebody else
  /// would have them allow.
  private static Html facts(PolledFlow.Open open, String peer) {
    var more =
        switch (open.request().channel()) {
          case Channel.Backchannel(var words) ->
              words.isEmpty()
                  ? Html.NONE
                  : Html.of(
                      "<dt>{}</dt><dd><q>{}</q><br><span class=\"hint\">{}</span></dd>",
                      text("requests.message"),
                      words,
                      text("requests.message.hint"));
          case Channel.Device(var source) ->
              Html.of(
                  "<dt>{}</dt><dd>{}<br><span class=\"hint\">{}</span>"
                      + "<br><strong class=\"mark\">{}</strong></dd>",
                  text("device.source"),
                  source,
                  text("device.here", peer),
                  text("device.warning"));
        };
    return Html.of(
        "<dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd>{}",
        text("requests.client"),
        open.client().name(),
        text("requests.asked"),
        MePages.time(open.request().createdAt()),
        more);
  }

  /// What nobody could allow can be got rid of.
  private static Response impossible(
      PolledFlow.Open open, String action, Refused<?> why, Html token) {
    return Layout.page(
        200,
        text("requests.title", open.client().name()),
        Html.of(
            """
            <p>{}</p><p class="hint">{}</p>
            <form method="post" action="{}">{}
            <button type="submit" name="decision" value="deny">{}</button>
            </form>
            """,
            text("requests.impossible"),
            why.detail(),
            action,
            token,
            text("consent.deny")));
  }

  /// Takes what the person decided. Where allowing it takes another proof than came, they are
  /// asked again.
  public Response decide(Request request) {
    return forms.sentSignedIn(
        request,
        ReturnTo.ME,
        (session, form, token) -> {
          var id = Id.PolledRequest.parse(request.pathParameter("id"));
          var decided =
              id.map(known -> decided(known, session, form)).orElseGet(RequestPages::unknown);
          if (decided instanceof Ok) {
            return done(ConsentChoice.of(form).allowed());
          }
          var why = (Refused<?>) decided;
          return why.reason() == AUTHENTICATION_UNMET
                  && flow.open(id.orElseThrow(), session) instanceof Ok(var open)
              ? page(open, session, request.peer(), token, Optional.of(why.detail()))
              : unanswerable(request, session, why);
        });
  }

  private Result<PolledRequest> decided(Id.PolledRequest id, Session session, Form form) {
    var choice = ConsentChoice.of(form);
    return choice.allowed()
        ? flow.allow(
            id,
            session,
            new PolledFlow.Allowance(choice.scopes(), choice.lasts(), choice.depth(), said(form)))
        : flow.deny(id, session);
  }

  private static Optional<AnswerProofs.Said> said(Form form) {
    return form.has("signature")
        ? Optional.of(
            new AnswerProofs.Said(
                form.get("offer").orElse(""),
                ConsentChoice.sent(form),
                PasskeyPages.assertion(form)))
        : Optional.empty();
  }

  private static Response done(boolean allowed) {
    return Layout.page(
        200,
        text(allowed ? "requests.allowed" : "requests.denied"),
        Html.of(
            "<p>{}</p><a class=\"button\" href=\"/me\">{}</a>",
            text(allowed ? "requests.allowed.hint" : "requests.denied.hint"),
            text("me.title")));
  }

  private Response unanswerable(Request request, Session session, Refused<?> why) {
    refusals.record(session.user(), ROUTE, why, request.peer());
    return Layout.page(
        why.reason().status(),
        text("request.title"),
        Html.of("<p>{}</p><p class=\"hint\">{}</p>", text("requests.gone"), why.detail()));
  }
}
