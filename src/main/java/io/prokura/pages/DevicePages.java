package io.prokura.pages;

import static io.prokura.pages.Texts.text;

import io.prokura.audit.Refusals;
import io.prokura.authorize.PolledFlow;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.pages.Layout.Fault;
import io.prokura.pages.Layout.Field;
import io.prokura.sessions.Session;
import io.prokura.sessions.Sessions;
import io.prokura.signin.Throttle;
import java.time.Duration;
import java.util.List;

/// `/device`: where a person types in the code that a device shows them (RFC 8628 §3.3). Codes are
/// short, so tries are few; they are never taken from a link, which anybody could send.
public final class DevicePages {
  private static final String ROUTE = "device";
  private static final String PATH = "/device";
  private static final String CODE = "code";
  private static final int TRIES_OF_PERSON = 5;
  private static final int TRIES_OF_SOURCE = 20;

  private final PolledFlow flow;
  private final Sessions sessions;
  private final Refusals refusals;
  private final Forms forms;
  private final Throttle throttle;

  public DevicePages(
      World world, PolledFlow flow, Sessions sessions, Refusals refusals, Forms forms) {
    this.flow = flow;
    this.sessions = sessions;
    this.refusals = refusals;
    this.forms = forms;
    throttle = new Throttle(world);
  }

  /// Asks for the code.
  public Response ask(Request request) {
    return sessions.of(request).isEmpty()
        ? new ReturnTo(PATH).login()
        : forms.show(request, token -> page(200, token, List.of()));
  }

  private static Response page(int status, Html token, List<Fault> faults) {
    return Layout.page(
        status,
        text("device.title"),
        Html.of(
            "<p>{}</p>{}<form method=\"post\" action=\"{}\">{}{}{}</form>",
            text("device.hint"),
            Layout.faults(faults),
            PATH,
            token,
            Layout.field(
                new Field(CODE, text("device.code"), text("device.code.hint"), "text", "", "off"),
                faults),
            Layout.button(text("continue"))));
  }

  /// Takes the code and goes on to what the device asks for.
  public Response enter(Request request) {
    return forms.sentSignedIn(
        request,
        new ReturnTo(PATH),
        (session, form, token) -> entered(request, session, form.get(CODE).orElse(""), token));
  }

  private Response entered(Request request, Session session, String code, Html token) {
    var budgets =
        List.of(
            new Throttle.Budget("person " + session.user().text(), TRIES_OF_PERSON),
            new Throttle.Budget("source " + request.peer(), TRIES_OF_SOURCE));
    var wait = throttle.take(budgets);
    if (wait.isPresent()) {
      return later(token, wait.get());
    }
    var found = flow.claim(code, session);
    if (found instanceof Ok(var id)) {
      budgets.forEach(throttle::giveBack);
      return Response.seeOther(RequestPages.path(id));
    }
    refusals.record(session.user(), ROUTE, (Refused<?>) found, request.peer());
    return page(400, token, List.of(new Fault(CODE, text("device.unknown"))));
  }

  private static Response later(Html token, Duration wait) {
    var fault = Fault.ofForm(text("device.wait", Layout.inWords(wait)));
    return Layout.later(page(429, token, List.of(fault)), wait);
  }
}
