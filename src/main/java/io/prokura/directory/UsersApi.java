package io.prokura.directory;

import static io.prokura.kernel.Result.ok;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Named;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.Optional;

/// `/api/v1/users`: people, as provisioned.
public final class UsersApi {
  private static final Named<Id.User> USER = new Named<>(Id.User::parse, "user");
  private static final String NAME = "1 to 200 printable characters";
  private static final int EMAIL_MAX = 254;

  private final Database database;
  private final Changes changes;
  private final Users users;
  private final World world;
  private final Limits limits;

  public UsersApi(Database database, Changes changes, Users users, World world, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.users = users;
    this.world = world;
    this.limits = limits;
  }

  public Result<Response> register(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var user = read(new Fields(body), Id.User.random(world), 1);
          return user instanceof Ok(var fresh)
              ? users
                  .register(tx, caller.principal(), fresh)
                  .map(done -> Reply.created(view(done), done.version()))
              : user.refusal();
        });
  }

  public Result<Response> list(Caller caller, Request request) {
    return Page.answer(
        request, limits, database, users::page, user -> user.id().text(), UsersApi::view);
  }

  public Result<Response> get(Caller caller, Request request) {
    return USER.shown(request, database, users::find, UsersApi::reply);
  }

  public Result<Response> replace(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          if (!(USER.in(request) instanceof Ok(var id))) {
            return USER.missing();
          }
          var user = read(new Fields(body), id, version);
          return user instanceof Ok(var next)
              ? users.replace(tx, caller.principal(), next).map(UsersApi::reply)
              : user.refusal();
        });
  }

  public Result<Response> deactivate(Caller caller, Request request) {
    return setActive(caller, request, users::deactivate);
  }

  public Result<Response> activate(Caller caller, Request request) {
    return setActive(caller, request, users::activate);
  }

  @FunctionalInterface
  private interface Transition {
    Result<User> apply(Tx tx, Id.Principal by, Id.User id, String reason);
  }

  private Result<Response> setActive(Caller caller, Request request, Transition transition) {
    return changes.applyReasoned(
        caller,
        request,
        USER::in,
        (tx, id, reason) ->
            transition.apply(tx, caller.principal(), id, reason).map(UsersApi::reply));
  }

  private static Result<User> read(Fields fields, Id.User id, long version) {
    var userName = fields.required("userName", NAME, UsersApi::named, "");
    var displayName = fields.optional("displayName", NAME, UsersApi::named).orElse(userName);
    var email = fields.optional("email", "an e-mail address", UsersApi::email).orElse("");
    var roles = fields.list("roles", "a management role", ManagementRole::parse);
    var problem = fields.problem();
    return problem.isPresent()
        ? problem.get().refusal()
        : ok(User.fresh(id, userName, displayName, email, roles).withVersion(version));
  }

  private static Optional<String> named(String text) {
    return Optional.of(text).filter(User::isUserName);
  }

  /// Only what would break elsewhere is refused: whether mail arrives is not for a pattern to say.
  private static Optional<String> email(String text) {
    int at = text.indexOf('@');
    boolean plausible =
        at > 0
            && at == text.lastIndexOf('@')
            && at < text.length() - 1
            && text.indexOf(' ') < 0
            && Names.isPrintable(text, EMAIL_MAX);
    return text.isEmpty() || plausible ? Optional.of(text) : Optional.empty();
  }

  private static Reply reply(User user) {
    return Reply.ok(view(user), user.version());
  }

  private static Json.Obj view(User user) {
    return Json.object()
        .put("id", user.id().text())
        .put("userName", user.userName())
        .put("displayName", user.displayName())
        .put("email", user.email())
        .put("active", user.active())
        .put("roles", ManagementRole.words(user.roles()))
        .build();
  }
}
