package io.prokura.registration;

import static io.prokura.kernel.Result.ok;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Named;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// `/api/v1/registration-tokens`: what administrators hand out so that programs register
/// themselves. The text of one is shown once, in the answer that creates it.
public final class RegistrationTokensApi {
  private static final Named<Id.RegistrationToken> REGISTRATION_TOKEN =
      new Named<>(Id.RegistrationToken::parse, "token");
  private static final Duration USUAL = Duration.ofDays(7);
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final long USES_MAX = 100_000;

  private final Database database;
  private final Changes changes;
  private final InitialTokens tokens;
  private final World world;
  private final Limits limits;

  public RegistrationTokensApi(
      Database database, Changes changes, InitialTokens tokens, World world, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.tokens = tokens;
    this.world = world;
    this.limits = limits;
  }

  /// Makes a token for `uses` registrations until `expiresAt`.
  public Result<Response> create(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) ->
            read(new Fields(body))
                .map(
                    fresh -> {
                      var told = tokens.create(tx, caller.principal(), fresh);
                      return Reply.created(view(fresh).put("token", told.text()).build(), 0);
                    }));
  }

  public Result<Response> list(Caller caller, Request request) {
    return Page.answer(
        request,
        limits,
        database,
        tokens::page,
        token -> token.id().text(),
        token -> view(token).build());
  }

  public Result<Response> get(Caller caller, Request request) {
    return REGISTRATION_TOKEN.shown(request, database, tokens::find, this::reply);
  }

  /// Ends a token for the `reason` in the body; what was registered with it stays.
  public Result<Response> revoke(Caller caller, Request request) {
    return changes.applyReasoned(
        caller,
        request,
        REGISTRATION_TOKEN::in,
        (tx, id, reason) -> tokens.revoke(tx, caller.principal(), id, reason).map(this::reply));
  }

  private Result<InitialToken> read(Fields fields) {
    var now = world.now();
    var name = fields.text("name", limits.nameMax());
    long uses = fields.numberOr("uses", 1, 1, USES_MAX);
    boolean pkceOptional = fields.flagOr("pkceOptional", false);
    var expiresAt = fields.instant("expiresAt").orElse(now.plus(USUAL));
    if (!expiresAt.isAfter(now) || expiresAt.isAfter(now.plus(LONGEST))) {
      fields.wrong("expiresAt lies ahead, by a year at most");
    }
    var problem = fields.problem();
    return problem.isPresent()
        ? problem.get().refusal()
        : ok(
            new InitialToken(
                Id.RegistrationToken.random(world),
                name,
                uses,
                0,
                pkceOptional,
                now,
                expiresAt,
                Optional.empty()));
  }

  private Reply reply(InitialToken token) {
    return Reply.ok(view(token).build(), 0);
  }

  private Json.Builder view(InitialToken token) {
    return Json.object()
        .put("id", token.id().text())
        .put("name", token.name())
        .put("state", token.state(world.now()))
        .put("uses", token.usesMax())
        .put("used", token.uses())
        .put("pkceOptional", token.pkceOptional())
        .put("createdAt", token.createdAt().toString())
        .put("expiresAt", token.expiresAt().toString())
        .put("revokedAt", token.revokedAt().map(Instant::toString));
  }
}
