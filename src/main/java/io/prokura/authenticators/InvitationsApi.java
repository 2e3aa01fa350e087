package io.prokura.authenticators;

import static io.prokura.kernel.Refusal.NOT_FOUND;

import io.prokura.directory.Directory;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Reply;

/// `/api/v1/users/{id}/invite`: makes the one-time link by which a person sets up how to sign in.
/// The link is in this answer only. Whoever has it becomes the person, so it is an administrator's.
public final class InvitationsApi {
  private final String issuer;
  private final Changes changes;
  private final Directory directory;
  private final Authenticators authenticators;

  public InvitationsApi(
      String issuer, Changes changes, Directory directory, Authenticators authenticators) {
    this.issuer = issuer;
    this.changes = changes;
    this.directory = directory;
    this.authenticators = authenticators;
  }

  /// Invites a person, in the place of an earlier invitation; refuses `NOT_FOUND`.
  public Result<Response> invite(Caller caller, Request request) {
    return changes.applyReasoned(
        caller,
        request,
        this::user,
        (tx, id, reason) -> {
          var code = authenticators.invite(tx, caller.principal(), id, reason);
          return Result.ok(
              Reply.ok(
                  Json.object()
                      .put("user", id.text())
                      .put("link", issuer + "/setup?code=" + code)
                      .build(),
                  0));
        });
  }

  private Result<Id.User> user(Request request) {
    return Id.User.parse(request.pathParameter("id"))
        .filter(id -> directory.user(id).isPresent())
        .map(Result::ok)
        .orElseGet(() -> Result.refused(NOT_FOUND, "there is no such user"));
  }
}
