package io.prokura.pages;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.pages.Texts.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.Refusals;
import io.prokura.http.Cookies;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.issuers.Issuers;
import io.prokura.issuers.TrustedIssuer;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import io.prokura.upstream.Arrived;
import io.prokura.upstream.Begun;
import io.prokura.upstream.Upstream;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `/login/upstream`: signing in by a trusted issuer. A form of ours begins it, so that no link of
/// a stranger does. Linking an account goes the same way to the issuer and back.
public final class UpstreamPages {
  private static final String ROUTE = "upstream";
  private static final String COOKIE = "prokura-upstream";
  private static final String RETURN_TO = "return_to";
  private static final List<String> PARAMETERS = List.of("code", "state", "iss", "error");

  private final Issuers issuers;
  private final Upstream upstream;
  private final LinkedAccountPages linked;
  private final Sessions sessions;
  private final Refusals refusals;
  private final Cookies cookies;
  private final Forms forms;

  public UpstreamPages(
      String issuer,
      Issuers issuers,
      Upstream upstream,
      LinkedAccountPages linked,
      Sessions sessions,
      Refusals refusals,
      Forms forms) {
    this.linked = linked;
    this.issuers = issuers;
    this.upstream = upstream;
    this.sessions = sessions;
    this.refusals = refusals;
    cookies = new Cookies(issuer);
    this.forms = forms;
  }

  /// A button for each issuer by which people sign in.
  public Response choose(Request request) {
    var returnTo =
        request.query() instanceof Ok(var query)
            ? ReturnTo.of(query.get(RETURN_TO).orElse(""))
            : ReturnTo.ME;
    var all = issuers.forSignIn();
    return forms.show(
        request,
        token ->
            Layout.page(
                200,
                text("upstream.title"),
                Html.of(
                    "<p>{}</p>{}<a class=\"alone\" href=\"/login?return_to={}\">{}</a>",
                    text(all.isEmpty() ? "upstream.none" : "upstream.hint"),
                    Html.all(all.stream().map(one -> button(one, token, returnTo)).toList()),
                    URLEncoder.encode(returnTo.path(), UTF_8),
                    text("upstream.back"))));
  }

  private static Html button(TrustedIssuer issuer, Html token, ReturnTo returnTo) {
    return Html.of(
        "<form method=\"post\" action=\"/login/upstream/{}\">\n{}{}{}</form>",
        issuer.id().text(),
        token,
        Layout.hidden(RETURN_TO, returnTo.path()),
        Layout.button(issuer.name()));
  }

  /// Sends the browser to the issuer.
  public Response begin(Request request) {
    return forms.sent(
        request,
        (form, _) -> {
          var returnTo = ReturnTo.of(form.get(RETURN_TO).orElse("")).path();
          return Id.Issuer.parse(request.pathParameter("id"))
              .flatMap(id -> upstream.begin(id, returnTo))
              .map(this::away)
              .orElseGet(UpstreamPages::failed);
        });
  }

  /// Sends the browser to the issuer for who wants to link an account there.
  public Response link(Request request) {
    return linked.begin(request, this::away);
  }

  private Response away(Begun begun) {
    var link = Html.of("<a class=\"button\" href=\"{}\">{}</a>", begun.url(), text("continue"));
    return cookies.set(
        Layout.onward(text("upstream.onward"), begun.url(), link),
        COOKIE,
        begun.pending(),
        begun.kept());
  }

  /// Takes what the issuer sent the browser back with. Only what the browser set out for comes of
  /// it: a session, or an account that can be linked in the session there is.
  public Response callback(Request request) {
    var id = Id.Issuer.parse(request.pathParameter("id"));
    var sent = request.query();
    if (id.isEmpty() || !(sent instanceof Ok(var query))) {
      refusals.count(
          ROUTE, sent instanceof Refused<?> odd ? odd.reason() : NOT_FOUND, request.peer());
      return failed();
    }
    var arrived = new Arrived(parameters(query), cookies.get(request, COOKIE), request.peer());
    if (linked.isLinking(arrived)) {
      return cookies.remove(linked.arrived(request, id.get(), arrived), COOKIE);
    }
    var earlier = sessions.of(request).map(Session::id);
    var completed = upstream.complete(id.get(), arrived, earlier);
    if (completed instanceof Refused<?> wrong) {
      refusals.count(ROUTE, wrong.reason(), request.peer());
    }
    return completed instanceof Ok(var done)
        ? sessions.give(
            cookies.remove(forms.forget(Response.seeOther(done.returnTo())), COOKIE),
            done.started())
        : cookies.remove(failed(), COOKIE);
  }

  private static Map<String, String> parameters(Form query) {
    var parameters = new HashMap<String, String>();
    for (var name : PARAMETERS) {
      query.get(name).ifPresent(value -> parameters.put(name, value));
    }
    return parameters;
  }

  private static Response failed() {
    return Layout.refusal(400, text("request.title"), text("upstream.failed"));
  }
}
