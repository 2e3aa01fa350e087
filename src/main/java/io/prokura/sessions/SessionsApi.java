package io.prokura.sessions;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.refused;

import io.prokura.directory.Directory;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Named;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.List;

/// `/api/v1/users/{id}/sessions`, `/api/v1/users/{id}/logout` and `/api/v1/sessions/{id}/end`:
/// where somebody is signed in, and how others end that.
public final class SessionsApi {
  private static final Named<Id.Session> SESSION = new Named<>(Id.Session::parse, "session");
  private final Database database;
  private final Changes changes;
  private final Directory directory;
  private final Sessions sessions;
  private final Applications applications;
  private final Limits limits;

  /// The ids of the applications that a session is used at.
  @FunctionalInterface
  public interface Applications {
    List<String> of(Tx tx, Id.Session session);
  }

  public SessionsApi(
      Database database,
      Changes changes,
      Directory directory,
      Sessions sessions,
      Applications applications,
      Limits limits) {
    this.database = database;
    this.changes = changes;
    this.directory = directory;
    this.sessions = sessions;
    this.applications = applications;
    this.limits = limits;
  }

  private record Used(Session session, List<String> clients) {}

  /// Lists the sessions of a user whose time is not over; refuses `NOT_FOUND`.
  public Result<Response> list(Caller caller, Request request) {
    var named = user(request);
    if (!(named instanceof Ok(var user))) {
      return named.refusal();
    }
    return Page.answer(
        request,
        limits,
        database,
        (tx, after, count) ->
            sessions.page(tx, user, after, count).stream()
                .map(session -> used(tx, session))
                .toList(),
        used -> used.session().id().text(),
        SessionsApi::view);
  }

  /// Ends a session for the `reason` in the body; refuses `NOT_FOUND`.
  public Result<Response> end(Caller caller, Request request) {
    return changes.applyReasoned(
        caller,
        request,
        SESSION::in,
        (tx, id, reason) -> {
          var clients = applications.of(tx, id);
          return sessions
              .end(tx, caller.principal(), id, reason)
              .map(ended -> Reply.ok(view(new Used(ended, clients)), 0));
        });
  }

  /// Ends every session of a user for the `reason` in the body; refuses `NOT_FOUND`.
  public Result<Response> logout(Caller caller, Request request) {
    return changes.applyReasoned(
        caller,
        request,
        this::user,
        (tx, user, reason) -> {
          var ended = sessions.endAll(tx, caller.principal(), user, reason);
          return Result.ok(
              Reply.ok(
                  Json.object()
                      .put("user", user.text())
                      .put("sessions", ended.stream().map(one -> one.id().text()).toList())
                      .build(),
                  0));
        });
  }

  private Result<Id.User> user(Request request) {
    return Id.User.parse(request.pathParameter("id"))
        .filter(id -> directory.user(id).isPresent())
        .map(Result::ok)
        .orElseGet(() -> refused(NOT_FOUND, "there is no such user"));
  }

  private Used used(Tx tx, Session session) {
    return new Used(session, applications.of(tx, session.id()));
  }

  private static Json.Obj view(Used used) {
    var session = used.session();
    return Json.object()
        .put("id", session.id().text())
        .put("user", session.user().text())
        .put("startedAt", session.startedAt().toString())
        .put("seenAt", session.seenAt().toString())
        .put("endsAt", session.endsAt().toString())
        .put("amr", session.amr())
        .put("acr", session.acr())
        .put("issuer", session.account().map(account -> account.issuer().text()))
        .put("clients", used.clients())
        .build();
  }
}
