package io.prokura.pages;

import static io.prokura.kernel.Refusal.FORM_FORGED;
import static io.prokura.pages.Texts.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.Refusals;
import io.prokura.http.Cookies;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Takes care that a form was sent from our own page in the same browser. Every form carries a
/// token that only the holder of a cookie of this browser and, once there is one, of the same
/// session can have; and a browser that says the request comes from another site is turned away,
/// which is on record.
public final class Forms {
  private static final String ROUTE = "form";
  private static final String COOKIE = "prokura-form";
  private static final String TOKEN = "form_token";
  private static final int BYTES = 32;

  /// The boxes of which a form has several.
  private static final Set<String> REPEATABLE = Set.of("scope");

  private final World world;
  private final Cookies cookies;
  private final Sessions sessions;
  private final Refusals refusals;

  public Forms(World world, String issuer, Sessions sessions, Refusals refusals) {
    this.world = world;
    cookies = new Cookies(issuer);
    this.sessions = sessions;
    this.refusals = refusals;
  }

  /// Answers with a page that has a form in it; `page` gets the hidden field to put in there.
  Response show(Request request, Function<Html, Response> page) {
    var known = cookies.get(request, COOKIE);
    var secret =
        known.orElseGet(
            () -> Base64.getUrlEncoder().withoutPadding().encodeToString(world.bytes(BYTES)));
    var response = page.apply(Layout.hidden(TOKEN, token(request, secret)));
    return known.isPresent() ? response : cookies.set(response, COOKIE, secret);
  }

  /// Answers a form that was sent, where it is one of ours; `page` gets the fields, and the hidden
  /// field to put in again.
  Response sent(Request request, BiFunction<Form, Html, Response> page) {
    var read = request.form(REPEATABLE);
    if (!(read instanceof Ok(var form))) {
      note(request, (Refused<?>) read);
      return Layout.refusal(400, text("request.title"), text("request.malformed"));
    }
    var secret = cookies.get(request, COOKIE);
    var wanted = secret.map(known -> token(request, known)).orElse("");
    var given = form.get(TOKEN).orElse("");
    boolean same =
        !wanted.isEmpty() && MessageDigest.isEqual(wanted.getBytes(UTF_8), given.getBytes(UTF_8));
    if (same && !comesFromElsewhere(request)) {
      return page.apply(form, Layout.hidden(TOKEN, wanted));
    }
    note(request, new Refused<>(FORM_FORGED, "the form is not from a page of this browser's"));
    return Layout.refusal(403, text("form.title"), text("form.expired"));
  }

  /// Under the person's name where the browser shows that it is theirs, otherwise as one of many.
  private void note(Request request, Refused<?> why) {
    sessions
        .of(request)
        .ifPresentOrElse(
            who -> refusals.record(who.user(), ROUTE, why, request.peer()),
            () -> refusals.count(ROUTE, why.reason(), request.peer()));
  }

  /// What a page answers to the form of somebody who is signed in.
  @FunctionalInterface
  interface SignedIn {
    Response page(Session session, Form form, Html token);
  }

  /// The same for the form of somebody who is signed in in this browser; whoever is not is sent to
  /// sign in, and on to `returnTo` then.
  Response sentSignedIn(Request request, ReturnTo returnTo, SignedIn page) {
    return sent(
        request,
        (form, token) ->
            sessions
                .of(request)
                .map(session -> page.page(session, form, token))
                .orElseGet(returnTo::login));
  }

  /// A copy of `response` after which no form from before is good any more.
  Response forget(Response response) {
    return cookies.remove(response, COOKIE);
  }

  private static boolean comesFromElsewhere(Request request) {
    return request.headers("Sec-Fetch-Site").stream()
        .anyMatch(site -> !site.equals("same-origin") && !site.equals("none"));
  }

  private String token(Request request, String secret) {
    return digest("form " + secret + " " + sessions.secretOf(request).orElse(""));
  }

  private static String digest(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing", e);
    }
  }
}
