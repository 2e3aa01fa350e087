package io.prokura.pages;

import static io.prokura.pages.Layout.button;
import static io.prokura.pages.Layout.faults;
import static io.prokura.pages.Layout.field;
import static io.prokura.pages.Layout.hidden;
import static io.prokura.pages.Layout.later;
import static io.prokura.pages.Texts.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.http.Cookies;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Result.Ok;
import io.prokura.pages.Layout.Fault;
import io.prokura.pages.Layout.Field;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import io.prokura.signin.Outcome;
import io.prokura.signin.SignIn;
import io.prokura.sql.Database;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/// `/login`, `/login/second-factor` and `/logout`. Whoever needs somebody signed in sends their
/// browser to `/login?return_to=` and a path of this server.
public final class LoginPages {
  private static final String PENDING = "prokura-pending";
  private static final String DEVICE = "prokura-device";
  /// The name that somebody is asked to sign in by (OpenID Connect Core §3.1.2.1).
  static final String HINT = "login_hint";

  private static final String RETURN_TO = "return_to";
  private static final Duration DEVICE_KEPT = Duration.ofDays(365);
  private static final Duration BUSY = Duration.ofSeconds(1);
  private static final Duration PENDING_KEPT = Duration.ofMinutes(5);

  private final Database database;
  private final Directory directory;
  private final SignIn signIn;
  private final Sessions sessions;
  private final BooleanSupplier hasIssuers;
  private final Cookies cookies;
  private final Forms forms;
  private final PasskeyPages passkeys;

  public LoginPages(
      Database database,
      String issuer,
      Directory directory,
      SignIn signIn,
      Sessions sessions,
      PasskeyPages passkeys,
      BooleanSupplier hasIssuers,
      Forms forms) {
    this.database = database;
    this.directory = directory;
    this.signIn = signIn;
    this.sessions = sessions;
    this.hasIssuers = hasIssuers;
    cookies = new Cookies(issuer);
    this.forms = forms;
    this.passkeys = passkeys;
  }

  /// The form for name and password, for who is signed in as well: that is how they prove it anew.
  public Response login(Request request) {
    var returnTo = asked(request);
    var name = hint(request);
    return forms.show(request, token -> login(200, token, returnTo, name, List.of()));
  }

  /// Takes name and password. A crowd is turned away by a page that costs next to nothing to make.
  public Response password(Request request) {
    if (signIn.isBusy()) {
      return later(crowded(request), BUSY);
    }
    return forms.sent(
        request,
        (form, token) -> {
          var returnTo = ReturnTo.of(form.get(RETURN_TO).orElse(""));
          var name = form.get("username").orElse("");
          var outcome = signIn.password(name, form.get("password").orElse(""), visitor(request));
          return switch (outcome) {
            case Outcome.SecondFactorNeeded(var pending) ->
                cookies.set(secondFactorAt(returnTo), PENDING, pending, PENDING_KEPT);
            case Outcome.Wait(var left) ->
                later(login(429, token, returnTo, name, List.of(waiting(left))), left);
            case Outcome.Busy _ ->
                later(login(503, token, returnTo, name, ofForm("login.busy")), BUSY);
            case Outcome.Wrong _, Outcome.SignedIn _, Outcome.Expired _ ->
                login(400, token, returnTo, name, fault("username", "login.wrong"));
          };
        });
  }

  /// Leads back to the form, and on to where the person wanted to go.
  private static Response crowded(Request request) {
    var returnTo =
        request.form() instanceof Ok(var form)
            ? ReturnTo.of(form.get(RETURN_TO).orElse(""))
            : ReturnTo.ME;
    var back = "/login?return_to=" + URLEncoder.encode(returnTo.path(), UTF_8);
    return Layout.outcome(
        503, text("login.busy.title"), text("login.busy"), back, text("login.again"));
  }

  private static Response secondFactorAt(ReturnTo returnTo) {
    var query = URLEncoder.encode(returnTo.path(), UTF_8);
    return Response.seeOther("/login/second-factor?" + RETURN_TO + "=" + query);
  }

  private Response login(
      int status, Html token, ReturnTo returnTo, String name, List<Fault> faults) {
    return passkeys.login(
        status,
        token,
        returnTo,
        Html.of(
            "{}<form method=\"post\" action=\"/login\">\n{}{}{}{}{}</form>",
            faults(faults),
            token,
            hidden(RETURN_TO, returnTo.path()),
            field(new Field("username", text("login.name"), "", "text", name, "username"), faults),
            field(
                new Field(
                    "password", text("login.password"), "", "password", "", "current-password"),
                faults),
            button(text("login.submit"))),
        hasIssuers.getAsBoolean()
            ? Html.of(
                "<a class=\"alone\" href=\"/login/upstream?return_to={}\">{}</a>",
                URLEncoder.encode(returnTo.path(), UTF_8),
                text("upstream.link"))
            : Html.NONE);
  }

  /// Takes what a passkey said in the place of name, password and code, and begins the session.
  public Response passkey(Request request) {
    return forms.sent(
        request,
        (form, token) -> {
          var returnTo = ReturnTo.of(form.get(RETURN_TO).orElse(""));
          var earlier = sessions.of(request).map(Session::id);
          var said = PasskeyPages.assertion(form);
          return switch (signIn.passkey(
              passkeys.offered(request), said, visitor(request), earlier)) {
            case Outcome.SignedIn(var started, var device) ->
                passkeys.forget(signedIn(onward(returnTo), started, device));
            case Outcome.Expired _ -> login(400, token, returnTo, "", ofForm("login.expired"));
            case Outcome.Wrong _, Outcome.Wait _, Outcome.Busy _, Outcome.SecondFactorNeeded _ ->
                login(400, token, returnTo, "", ofForm("passkey.wrong"));
          };
        });
  }

  /// The form for the second factor.
  public Response secondFactor(Request request) {
    var returnTo = asked(request);
    return cookies.get(request, PENDING).isEmpty()
        ? Response.seeOther("/login")
        : forms.show(request, token -> secondFactor(200, token, returnTo, List.of()));
  }

  /// Takes the second factor and begins the session.
  public Response code(Request request) {
    return forms.sent(
        request,
        (form, token) -> {
          var returnTo = ReturnTo.of(form.get(RETURN_TO).orElse(""));
          var pending = cookies.get(request, PENDING);
          var earlier = sessions.of(request).map(Session::id);
          var code = form.get("code").orElse("");
          return switch (signIn.secondFactor(pending, code, visitor(request), earlier)) {
            case Outcome.SignedIn(var started, var device) ->
                signedIn(onward(returnTo), started, device);
            case Outcome.Wait(var left) ->
                later(secondFactor(429, token, returnTo, List.of(waiting(left))), left);
            case Outcome.Expired _, Outcome.Busy _, Outcome.SecondFactorNeeded _ ->
                cookies.remove(login(400, token, returnTo, "", ofForm("login.expired")), PENDING);
            case Outcome.Wrong _ -> secondFactor(400, token, returnTo, fault("code", "code.wrong"));
          };
        });
  }

  private Response signedIn(Response response, Sessions.Started started, String device) {
    var known = cookies.set(response, DEVICE, device, DEVICE_KEPT);
    return sessions.give(cookies.remove(forms.forget(known), PENDING), started);
  }

  private static Response onward(ReturnTo returnTo) {
    return returnTo.isMe()
        ? Response.seeOther(returnTo.path())
        : Layout.onward(
            text("continue.title"),
            returnTo.path(),
            Html.of("<a class=\"button\" href=\"{}\">{}</a>", returnTo.path(), text("continue")));
  }

  private static Response secondFactor(
      int status, Html token, ReturnTo returnTo, List<Fault> faults) {
    return Layout.page(
        status,
        text("code.title"),
        Html.of(
            "{}<form method=\"post\" action=\"/login/second-factor\">\n{}{}{}{}</form>",
            faults(faults),
            token,
            hidden(RETURN_TO, returnTo.path()),
            field(
                new Field(
                    "code", text("code.label"), text("code.hint"), "text", "", "one-time-code"),
                faults),
            button(text("code.submit"))));
  }

  /// Asks whether to sign out, so that no link signs anybody out.
  public Response logout(Request request) {
    var session = sessions.of(request);
    if (session.isEmpty()) {
      return Layout.outcome(
          200, text("logout.title"), text("logout.nobody"), "/login", text("login.title"));
    }
    var name = directory.user(session.get().user()).map(user -> user.displayName()).orElse("");
    return forms.show(
        request,
        token ->
            Layout.page(
                200,
                text("logout.title"),
                Html.of(
                    "<p>{}</p><form method=\"post\" action=\"/logout\">\n{}{}</form>"
                        + "<a class=\"alone\" href=\"/me\">{}</a>",
                    text("logout.question", name),
                    token,
                    button(text("logout.submit")),
                    text("logout.stay"))));
  }

  /// Ends the session of this browser.
  public Response end(Request request) {
    return forms.sent(
        request,
        (_, _) -> {
          sessions
              .of(request)
              .ifPresent(
                  session ->
                      database.inTransaction(
                          tx -> sessions.end(tx, session.user(), session.id(), "signed out")));
          return sessions.take(forms.forget(Response.seeOther("/logout")));
        });
  }

  private SignIn.Visitor visitor(Request request) {
    return new SignIn.Visitor(request.peer(), cookies.get(request, DEVICE));
  }

  private static ReturnTo asked(Request request) {
    return request.query() instanceof Ok(var query)
        ? ReturnTo.of(query.get(RETURN_TO).orElse(""))
        : ReturnTo.ME;
  }

  private static String hint(Request request) {
    return request.query() instanceof Ok(var query)
        ? query.get(HINT).filter(text -> text.length() <= User.USER_NAME_MAX).orElse("")
        : "";
  }

  private static List<Fault> fault(String field, String key) {
    return List.of(new Fault(field, text(key)));
  }

  private static List<Fault> ofForm(String key) {
    return List.of(Fault.ofForm(text(key)));
  }

  static Fault waiting(Duration left) {
    return Fault.ofForm(text("login.wait", Layout.inWords(left)));
  }
}
