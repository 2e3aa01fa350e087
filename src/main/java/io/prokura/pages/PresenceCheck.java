package io.prokura.pages;

import static io.prokura.pages.Texts.text;

import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.pages.Layout.Fault;
import io.prokura.pages.Layout.Field;
import io.prokura.sessions.Session;
import io.prokura.signin.Presence;
import io.prokura.signin.Presence.Proof;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The part of a form in which somebody who is signed in gives their password once more, and what
/// they are answered when it does not do.
final class PresenceCheck {
  static final String CURRENT = "current";
  private static final Duration BUSY = Duration.ofSeconds(1);

  private final Presence presence;

  PresenceCheck(Presence presence) {
    this.presence = presence;
  }

  /// A form that is shown again, with what is wrong with it.
  @FunctionalInterface
  interface Again {
    Response form(int status, List<Fault> faults);
  }

  /// The field for the password.
  static Html field(List<Fault> faults) {
    return Layout.field(
        new Field(CURRENT, text("presence.password"), "", "password", "", "current-password"),
        faults);
  }

  /// The field for the password, for who did not sign in a short while ago.
  Html fieldUnlessRecent(Session session, List<Fault> faults) {
    return presence.isRecent(session) ? Html.NONE : field(faults);
  }

  /// What somebody is answered who gave another password than theirs, or may not yet try again;
  /// nothing when it is theirs.
  Optional<Response> refused(Request request, Session session, Form form, Again again) {
    var given = form.get(CURRENT).orElse("");
    return switch (presence.password(session, given, request.peer())) {
      case Proof.Given _ -> Optional.empty();
      case Proof.Wrong _ ->
          Optional.of(again.form(400, List.of(new Fault(CURRENT, text("presence.wrong")))));
      case Proof.Wait(var left) ->
          Optional.of(Layout.later(again.form(429, List.of(LoginPages.waiting(left))), left));
      case Proof.Busy _ -> Optional.of(busy(again));
    };
  }

  /// The same, but nothing for who signed in a short while ago.
  Optional<Response> refusedUnlessRecent(Request request, Session session, Form form, Again again) {
    return presence.isRecent(session) ? Optional.empty() : refused(request, session, form, again);
  }

  /// Too many passwords are being hashed.
  static Response busy(Again again) {
    return Layout.later(again.form(503, List.of(Fault.ofForm(text("login.busy")))), BUSY);
  }
}
