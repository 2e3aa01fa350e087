package io.prokura.pages;

import static io.prokura.pages.Layout.button;
import static io.prokura.pages.Layout.field;
import static io.prokura.pages.Layout.hidden;
import static io.prokura.pages.Texts.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.directory.User;
import io.prokura.http.Cookies;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Id;
import io.prokura.pages.Layout.Field;
import io.prokura.passkeys.Assertion;
import io.prokura.passkeys.Attestation;
import io.prokura.passkeys.Offer;
import io.prokura.passkeys.Passkey;
import io.prokura.passkeys.Passkeys;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import io.prokura.signin.Presence;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/// What the pages have to do with passkeys: the forms at `/login` and `/me` that a script fills in,
/// and the script. Without it the forms stay hidden and everything else goes on working. Passkeys
/// are added and removed only in a session that began a short while ago.
public final class PasskeyPages {
  private static final String TO_SIGN_IN = "prokura-passkey";
  private static final String TO_ADD = "prokura-new-passkey";
  private static final byte[] SCRIPT = script();

  private final Database database;
  private final Passkeys passkeys;
  private final Presence presence;
  private final WaysIn ways;
  private final Cookies cookies;
  private final Forms forms;

  public PasskeyPages(
      Database database,
      String issuer,
      Passkeys passkeys,
      Presence presence,
      WaysIn ways,
      Sessions sessions,
      Forms forms) {
    this.ways = ways;
    this.database = database;
    this.passkeys = passkeys;
    this.presence = presence;
    cookies = new Cookies(issuer);
    this.forms = forms;
  }

  /// The page for signing in: `content`, after it the form for a passkey with a new challenge, and
  /// `other` ways last.
  Response login(int status, Html token, ReturnTo returnTo, Html content, Html other) {
    var offer = passkeys.beginSignIn();
    var again = "/login?return_to=" + URLEncoder.encode(returnTo.path(), UTF_8);
    var form =
        form(
            "get",
            "/login/passkey",
            again,
            offer,
            Html.of(
                "{}{}{}{}{}{}{}{}",
                token,
                hidden("return_to", returnTo.path()),
                hidden("credential", ""),
                hidden("client_data", ""),
                hidden("authenticator_data", ""),
                hidden("signature", ""),
                hidden("user_handle", ""),
                Html.of(
                    "<button class=\"second\" type=\"submit\">{}</button>\n",
                    text("passkey.use"))));
    var all = Html.of("{}{}{}", content, form, other);
    var page = Layout.scripted(status, text("login.title"), all, "");
    return cookies.set(page, TO_SIGN_IN, offer.sealed(), Passkeys.OFFERED);
  }

  /// What this browser was offered to sign in with.
  Optional<String> offered(Request request) {
    return cookies.get(request, TO_SIGN_IN);
  }

  /// A copy of `response` after which what was offered is gone from the browser.
  Response forget(Response response) {
    return cookies.remove(response, TO_SIGN_IN);
  }

  static Assertion assertion(Form form) {
    return new Assertion(
        form.get("credential").orElse(""),
        form.get("client_data").orElse(""),
        form.get("authenticator_data").orElse(""),
        form.get("signature").orElse(""),
        form.get("user_handle").orElse(""));
  }

  /// The page of somebody's account: `content`, and after it their passkeys.
  Response me(Session session, User user, Html token, Html content) {
    List<Passkey> own = database.read(tx -> passkeys.of(tx, user.id()));
    boolean fresh = presence.isRecent(session);
    var list =
        own.isEmpty()
            ? Html.of("<p>{}</p>", text("passkey.none"))
            : Html.of(
                "<ul class=\"sessions\">{}</ul>",
                Html.all(own.stream().map(one -> item(one, fresh, token)).toList()));
    var head = Html.of("{}<h2>{}</h2>{}", content, text("passkey.title"), list);
    if (!fresh) {
      var anew = Html.of("{}<p><a href=\"/login\">{}</a></p>", head, text("passkey.anew"));
      return Layout.wide(200, text("me.title"), anew);
    }
    Offer offer = database.read(tx -> passkeys.beginRegistration(tx, user));
    var page = Html.of("{}{}", head, toAdd(offer, token));
    return cookies.set(
        Layout.scripted(200, text("me.title"), page, "wide"),
        TO_ADD,
        offer.sealed(),
        Passkeys.OFFERED);
  }

  private static Html toAdd(Offer offer, Html token) {
    return form(
        "create",
        "/me/passkeys",
        "/me",
        offer,
        Html.of(
            "{}<p>{}</p>{}{}{}{}",
            token,
            text("passkey.explained"),
            hidden("client_data", ""),
            hidden("attestation", ""),
            field(
                new Field(
                    "name", text("passkey.name"), text("passkey.name.hint"), "text", "", "off"),
                List.of()),
            button(text("passkey.add"))));
  }

  private static Html form(String kind, String action, String again, Offer offer, Html fields) {
    return Html.of(
        "<form method=\"post\" action=\"{}\" data-passkey=\"{}\" data-again=\"{}\""
            + " data-options=\"{}\" hidden>\n"
            + "<p class=\"problem\" role=\"alert\" hidden>{}</p>{}</form>",
        action,
        kind,
        again,
        offer.options().toText(),
        text("passkey.declined"),
        fields);
  }

  private static Html item(Passkey passkey, boolean fresh, Html token) {
    return Html.of(
        "<li><strong>{}</strong><dl><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}</dd></dl>{}</li>",
        passkey.name(),
        text("passkey.added"),
        MePages.time(passkey.createdAt()),
        text("passkey.used"),
        passkey.usedAt().map(MePages::time).orElseGet(() -> text("passkey.used.never")),
        fresh
            ? Html.of(
                "<form method=\"post\" action=\"/me/passkeys/{}/remove\">{}"
                    + "<button class=\"small second danger\" type=\"submit\" aria-label=\"{}\">"
                    + "{}</button></form>",
                passkey.id().text(),
                token,
                text("passkey.remove.label", passkey.name()),
                text("passkey.remove"))
            : Html.NONE);
  }

  /// Adds a passkey to who is signed in.
  public Response add(Request request) {
    return sentSoon(
        request,
        (session, form) -> {
          var said =
              new Attestation(
                  form.get("client_data").orElse(""), form.get("attestation").orElse(""));
          Optional<Passkey> added =
              database.<Optional<Passkey>>inTransaction(
                  tx ->
                      passkeys.finishRegistration(
                          tx,
                          session.user(),
                          cookies.get(request, TO_ADD),
                          said,
                          form.get("name").orElse("")));
          var answer =
              added.isPresent()
                  ? Response.seeOther("/me")
                  : Layout.outcome(
                      400,
                      text("passkey.refused.title"),
                      text("passkey.refused"),
                      "/me",
                      text("me.title"));
          return cookies.remove(answer, TO_ADD);
        });
  }

  /// Removes a passkey of who is signed in; another's is one that there is not. The last way to
  /// sign in stays.
  public Response remove(Request request) {
    return sentSoon(
        request,
        (session, _) -> {
          var id = Id.Credential.parse(request.pathParameter("id"));
          boolean isLast =
              id.isPresent()
                  && database.<Boolean>inTransaction(
                      tx -> {
                        boolean last = isLast(tx, session.user(), id.get());
                        if (!last) {
                          passkeys.remove(tx, session.user(), id.get());
                        }
                        return last;
                      });
          return isLast
              ? Layout.outcome(
                  409, text("linked.last.title"), text("passkey.last"), "/me", text("me.title"))
              : Response.seeOther("/me");
        });
  }

  private boolean isLast(Tx tx, Id.User user, Id.Credential id) {
    return passkeys.of(tx, user).stream().anyMatch(one -> one.id().equals(id))
        && ways.isLast(tx, user);
  }

  /// The form of somebody who signed in a short while ago.
  private Response sentSoon(Request request, BiFunction<Session, Form, Response> page) {
    return forms.sentSignedIn(
        request,
        ReturnTo.ME,
        (session, form, _) ->
            presence.isRecent(session) ? page.apply(session, form) : ReturnTo.ME.login());
  }

  /// `/assets/passkeys.js`, the only script of all pages.
  public Response script(Request request) {
    return Response.bytes(200, "text/javascript; charset=utf-8", SCRIPT)
        .cacheable("public, max-age=300")
        .with("Cross-Origin-Resource-Policy", "same-origin");
  }

  private static byte[] script() {
    var name = "/assets/passkeys.js";
    try (var in = Objects.requireNonNull(PasskeyPages.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read", e);
    }
  }
}
