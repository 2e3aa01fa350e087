package io.prokura.issuers;

import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Result.refused;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.jose.Crypto;
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
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/// `/api/v1/trusted-issuers`: the servers elsewhere whose words are believed.
public final class IssuersApi {
  private static final Named<Id.Issuer> ISSUER = new Named<>(Id.Issuer::parse, "issuer");
  private static final int URL_MAX = 500;

  private final Database database;
  private final Changes changes;
  private final Issuers issuers;
  private final Crypto crypto;
  private final Predicate<String> urls;
  private final BiPredicate<Tx, Id> known;
  private final World world;
  private final Limits limits;

  /// `urls` says which addresses this server fetches from, `known` whether there is such a role,
  /// purpose, group or active user.
  public IssuersApi(
      Database database,
      Changes changes,
      Issuers issuers,
      Crypto crypto,
      Predicate<String> urls,
      BiPredicate<Tx, Id> known,
      World world,
      Limits limits) {
    this.database = database;
    this.changes = changes;
    this.issuers = issuers;
    this.crypto = crypto;
    this.urls = urls;
    this.known = known;
    this.world = world;
    this.limits = limits;
  }

  public Result<Response> register(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var said = read(new Fields(body), Id.Issuer.random(world), 1);
          return said instanceof Ok(var fresh)
              ? resolved(tx, fresh)
                  .orElseGet(
                      () ->
                          issuers
                              .register(tx, caller.principal(), fresh.issuer(), fresh.secret())
                              .map(done -> Reply.created(view(done), done.version())))
              : said.refusal();
        });
  }

  public Result<Response> list(Caller caller, Request request) {
    return Page.answer(
        request, limits, database, issuers::page, issuer -> issuer.id().text(), IssuersApi::view);
  }

  public Result<Response> get(Caller caller, Request request) {
    return ISSUER.shown(request, database, issuers::find, IssuersApi::reply);
  }

  /// Writes name and terms of an issuer anew; needs `If-Match`.
  public Result<Response> replace(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          if (!(ISSUER.in(request) instanceof Ok(var id))) {
            return ISSUER.missing();
          }
          var said = read(new Fields(body), id, version);
          return said instanceof Ok(var next)
              ? resolved(tx, next)
                  .orElseGet(
                      () ->
                          issuers
                              .replace(tx, caller.principal(), next.issuer(), next.secret())
                              .map(IssuersApi::reply))
              : said.refusal();
        });
  }

  public Result<Response> deactivate(Caller caller, Request request) {
    return setActive(caller, request, issuers::deactivate);
  }

  public Result<Response> activate(Caller caller, Request request) {
    return setActive(caller, request, issuers::activate);
  }

  @FunctionalInterface
  private interface Transition {
    Result<TrustedIssuer> apply(Tx tx, Id.Principal by, Id.Issuer id, String reason);
  }

  private Result<Response> setActive(Caller caller, Request request, Transition transition) {
    return changes.applyReasoned(
        caller,
        request,
        ISSUER::in,
        (tx, id, reason) ->
            transition.apply(tx, caller.principal(), id, reason).map(IssuersApi::reply));
  }

  private record Said(TrustedIssuer issuer, Optional<String> secret) {}

  private Result<Said> read(Fields fields, Id.Issuer id, long version) {
    var issuer =
        fields.required(
            "issuer",
            "a URL that this server may fetch from, without query",
            text -> Optional.of(text).filter(this::isIssuer),
            "");
    var name = fields.text("name", limits.nameMax());
    var said = TermsJson.read(crypto, fields, issuer, urls);
    var problem = fields.problem();
    return problem.isPresent()
        ? problem.get().refusal()
        : Result.ok(
            new Said(
                new TrustedIssuer(id, issuer, name, said.terms(), true, version), said.secret()));
  }

  /// What is refused because there is nothing of an id that the terms name.
  private Optional<Result<Reply>> resolved(Tx tx, Said said) {
    return said.issuer().terms().agents().stream()
        .flatMap(agents -> agents.named().stream())
        .filter(id -> !known.test(tx, id))
        .findFirst()
        .map(id -> refused(REFERENCE_UNKNOWN, "there is no " + id.text()));
  }

  private boolean isIssuer(String text) {
    return text.length() <= URL_MAX && text.indexOf('?') < 0 && urls.test(text);
  }

  private static Reply reply(TrustedIssuer issuer) {
    return Reply.ok(view(issuer), issuer.version());
  }

  /// Without the secret, which is never shown.
  private static Json.Obj view(TrustedIssuer issuer) {
    return Json.object()
        .put("id", issuer.id().text())
        .put("issuer", issuer.issuer())
        .put("name", issuer.name())
        .put("active", issuer.active())
        .putAll(TermsJson.write(issuer.terms()).members())
        .build();
  }
}
