package io.prokura.sessions;

import static io.prokura.kernel.Refusal.NOT_FOUND;

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
import io.prokura.management.Fields;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;

/// People's sessions in the management API: which there are, and the end of one.
public final class SessionsApi {
  private final Database database;
  private final Changes changes;
  private final Sessions sessions;
  private final Directory directory;
  private final Limits limits;

  public SessionsApi(
      Database database, Changes changes, Sessions sessions, Directory directory, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.sessions = sessions;
    this.directory = directory;
    this.limits = limits;
  }

  /// The living sessions of a user; refuses `NOT_FOUND`.
  public Result<Response> list(Caller caller, Request request) {
    var user =
        Id.User.parse(request.pathParameter("id")).filter(id -> directory.user(id).isPresent());
    return user.isEmpty()
        ? Result.refused(NOT_FOUND, "there is no such user")
        : Page.answer(
            request,
            limits,
            database,
            (tx, after, count) -> sessions.page(tx, user.get(), after, count),
            session -> session.id().text(),
            SessionsApi::view);
  }

  /// Ends a session; refuses `NOT_FOUND`.
  public Result<Response> revoke(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var fields = new Fields(body);
          var reason = fields.text("reason", limits.textMax());
          var problem = fields.problem();
          if (problem.isPresent()) {
            return problem.get().refusal();
          }
          var id = Id.Session.parse(request.pathParameter("id"));
          var ended =
              id.isPresent()
                  ? sessions.end(tx, caller.principal(), id.get(), reason)
                  : Result.<Session>refused(NOT_FOUND, "there is no such session");
          return ended instanceof Ok(var session)
              ? Result.ok(Reply.ok(view(session), 0))
              : ended.refusal();
        });
  }

  private static Json.Obj view(Session session) {
    return Json.object()
        .put("id", session.id().text())
        .put("user", session.user().text())
        .put("amr", Json.texts(session.amr()))
        .put("acr", session.acr())
        .put("startedAt", session.startedAt().toString())
        .put("seenAt", session.seenAt().toString())
        .put("endsAt", session.endsAt().toString())
        .build();
  }
}
