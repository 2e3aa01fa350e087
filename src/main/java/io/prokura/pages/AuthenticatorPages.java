package io.prokura.pages;

import static io.prokura.pages.Layout.button;
import static io.prokura.pages.Layout.faults;
import static io.prokura.pages.Layout.field;
import static io.prokura.pages.Layout.hidden;
import static io.prokura.pages.Texts.text;

import io.prokura.authenticators.Authenticators;
import io.prokura.authenticators.Enrolment;
import io.prokura.authenticators.PasswordRules;
import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.pages.Layout.Fault;
import io.prokura.pages.Layout.Field;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import io.prokura.signin.Presence;
import io.prokura.sql.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// `/me/password`, `/me/recovery-codes` and `/me/authenticator`: where somebody who is signed in
/// changes what they sign in with. A new password takes the present one; the others take that, or
/// to have signed in a short while ago. Who signs in with none of these is sent to `/me`.
public final class AuthenticatorPages {
  private static final ReturnTo PASSWORD = new ReturnTo("/me/password");
  private static final ReturnTo CODES = new ReturnTo("/me/recovery-codes");
  private static final ReturnTo APP = new ReturnTo("/me/authenticator");

  private final Database database;
  private final Directory directory;
  private final Authenticators authenticators;
  private final Sessions sessions;
  private final PresenceCheck check;
  private final Forms forms;

  public AuthenticatorPages(
      Database database,
      Directory directory,
      Authenticators authenticators,
      Presence presence,
      Sessions sessions,
      Forms forms) {
    this.database = database;
    this.directory = directory;
    this.authenticators = authenticators;
    this.sessions = sessions;
    check = new PresenceCheck(presence);
    this.forms = forms;
  }

  /// What `/me` shows of these pages, for who has something to change there.
  Html links(Session session) {
    if (!isSetUp(session)) {
      return Html.NONE;
    }
    int left = database.read(tx -> authenticators.recoveryCodesLeft(tx, session.user()));
    return Html.of(
        "<li><a href=\"{}\">{}</a></li><li><a href=\"{}\">{}</a></li>"
            + "<li><a href=\"{}\">{}</a> {}</li>",
        PASSWORD.path(),
        text("password.title"),
        APP.path(),
        text("app.title"),
        CODES.path(),
        text("codes.title"),
        text("codes.left", left));
  }

  private boolean isSetUp(Session session) {
    return database.read(tx -> authenticators.isSetUp(tx, session.user()));
  }

  /// Asks for the present password and a new one.
  public Response password(Request request) {
    return ask(request, PASSWORD, (_, token) -> passwordForm(200, token, List.of()));
  }

  /// Takes them. Every other session of the person ends, and this one goes on under another id.
  public Response changePassword(Request request) {
    return taken(
        request, PASSWORD, (session, form, token) -> changed(request, session, form, token));
  }

  /// Says what new recovery codes are, and asks for them to be made.
  public Response recoveryCodes(Request request) {
    return ask(request, CODES, (session, token) -> codesForm(session, 200, token, List.of()));
  }

  /// Shows new recovery codes, once; those from before are good no longer.
  public Response replaceRecoveryCodes(Request request) {
    return taken(
        request,
        CODES,
        (session, form, token) ->
            check
                .refusedUnlessRecent(
                    request,
                    session,
                    form,
                    (status, faults) -> codesForm(session, status, token, faults))
                .orElseGet(
                    () ->
                        SetupPages.recoveryCodes(
                            database.inTransaction(
                                tx -> authenticators.replaceRecoveryCodes(tx, session.user())))));
  }

  /// Shows a new secret for an app.
  public Response app(Request request) {
    return ask(
        request,
        APP,
        (session, token) ->
            appForm(session, authenticators.enrolment(session.id().text()), 200, token, List.of()));
  }

  /// Takes the code that the app with the new secret shows; the app from before is good no longer.
  public Response replaceApp(Request request) {
    return taken(request, APP, (session, form, token) -> replaced(request, session, form, token));
  }

  private Response ask(Request request, ReturnTo here, BiFunction<Session, Html, Response> page) {
    var session = sessions.of(request);
    if (session.isEmpty()) {
      return here.login();
    }
    return isSetUp(session.get())
        ? forms.show(request, token -> page.apply(session.get(), token))
        : Response.seeOther(ReturnTo.ME.path());
  }

  private Response taken(Request request, ReturnTo here, Forms.SignedIn page) {
    return forms.sentSignedIn(
        request,
        here,
        (session, form, token) ->
            isSetUp(session)
                ? page.page(session, form, token)
                : Response.seeOther(ReturnTo.ME.path()));
  }

  private Response changed(Request request, Session session, Form form, Html token) {
    var faults = flaws(session, form);
    if (!faults.isEmpty()) {
      return passwordForm(400, token, faults);
    }
    PresenceCheck.Again again = (status, wrong) -> passwordForm(status, token, wrong);
    var refused = check.refused(request, session, form, again);
    if (refused.isPresent()) {
      return refused.get();
    }
    var fresh = authenticators.newPassword(form.get("password").orElse(""));
    if (fresh.isEmpty()) {
      return PresenceCheck.busy(again);
    }
    Result<Sessions.Started> started =
        database.inTransaction(
            tx ->
                authenticators.replacePassword(tx, session.user(), fresh.get())
                    ? sessions.replaceAll(tx, session, request.peer(), "the password was changed")
                    : Result.refused(Refusal.NOT_FOUND, "there is no password to change"));
    return started instanceof Ok(var renewed)
        ? sessions.give(forms.forget(done("password.done", text("password.done.hint"))), renewed)
        : PASSWORD.login();
  }

  private List<Fault> flaws(Session session, Form form) {
    var faults = new ArrayList<Fault>();
    var password = form.get("password").orElse("");
    var name = directory.user(session.user()).map(User::userName).orElse("");
    if (password.equals(form.get(PresenceCheck.CURRENT).orElse(""))) {
      faults.add(new Fault("password", text("password.same")));
    } else {
      PasswordRules.flaw(password, name)
          .ifPresent(flaw -> faults.add(new Fault("password", text("setup.flaw." + flaw))));
    }
    if (!password.equals(form.get("again").orElse(""))) {
      faults.add(new Fault("again", text("setup.again.bad")));
    }
    return faults;
  }

  private Response replaced(Request request, Session session, Form form, Html token) {
    var binding = session.id().text();
    var enrolment =
        form.get("enrolment").flatMap(carried -> authenticators.enrolment(binding, carried));
    if (enrolment.isEmpty()) {
      return Response.seeOther(APP.path());
    }
    PresenceCheck.Again again =
        (status, faults) -> appForm(session, enrolment.get(), status, token, faults);
    var refused = check.refusedUnlessRecent(request, session, form, again);
    if (refused.isPresent()) {
      return refused.get();
    }
    var shown = form.get("shown").orElse("");
    boolean replaced =
        database.inTransaction(
            tx ->
                authenticators.replaceApp(
                    tx, session.user(), binding, enrolment.get().sealed(), shown));
    return replaced
        ? done("app.done", text("app.done.hint"))
        : again.form(400, List.of(new Fault("shown", text("setup.code.bad"))));
  }

  private static Response passwordForm(int status, Html token, List<Fault> faults) {
    return Layout.page(
        status,
        text("password.title"),
        Html.of(
            "{}<p>{}</p><form method=\"post\" action=\"{}\">\n{}{}{}{}{}</form>{}",
            faults(faults),
            text("password.explained"),
            PASSWORD.path(),
            token,
            PresenceCheck.field(faults),
            field(
                new Field(
                    "password",
                    text("password.new"),
                    text("setup.password.hint"),
                    "password",
                    "",
                    "new-password"),
                faults),
            field(
                new Field("again", text("password.again"), "", "password", "", "new-password"),
                faults),
            button(text("password.submit")),
            back()));
  }

  private Response codesForm(Session session, int status, Html token, List<Fault> faults) {
    return Layout.page(
        status,
        text("codes.title"),
        Html.of(
            "{}<p>{}</p><form method=\"post\" action=\"{}\">\n{}{}{}</form>{}",
            faults(faults),
            text("codes.explained"),
            CODES.path(),
            token,
            check.fieldUnlessRecent(session, faults),
            button(text("codes.submit")),
            back()));
  }

  private Response appForm(
      Session session, Enrolment enrolment, int status, Html token, List<Fault> faults) {
    var name = directory.user(session.user()).map(User::userName).orElse("");
    return Layout.page(
        status,
        text("app.title"),
        Html.of(
            "{}<p>{}</p><form method=\"post\" action=\"{}\">\n{}{}{}{}{}{}</form>{}",
            faults(faults),
            text("app.explained"),
            APP.path(),
            token,
            hidden("enrolment", enrolment.sealed()),
            SetupPages.app(enrolment, name),
            field(new Field("shown", text("setup.code"), "", "text", "", "one-time-code"), faults),
            check.fieldUnlessRecent(session, faults),
            button(text("app.submit")),
            back()));
  }

  private static Html back() {
    return Html.of("<a class=\"alone\" href=\"/me\">{}</a>", text("me.back"));
  }

  private static Response done(String title, String hint) {
    return Layout.page(
        200,
        text(title),
        Html.of("<p>{}</p><a class=\"button\" href=\"/me\">{}</a>", hint, text("me.title")));
  }
}
