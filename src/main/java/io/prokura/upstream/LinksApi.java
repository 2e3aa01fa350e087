package io.prokura.upstream;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Result.refused;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.issuers.Issuers;
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
import io.prokura.sessions.Sessions;
import io.prokura.sql.Database;
import java.util.Optional;
import java.util.function.Predicate;

/// `/api/v1/trusted-issuers/{id}/links`, `…/link` and `…/unlink`: whom an issuer means by its
/// names.
public final class LinksApi {
  private static final int SUB_MAX = 255;
  private static final Id.User NOBODY = new Id.User("");

  private final Database database;
  private final Changes changes;
  private final Issuers issuers;
  private final Links links;
  private final Sessions sessions;
  private final Predicate<Id.Principal> known;
  private final Limits limits;

  /// `known` says which principals are registered.
  public LinksApi(
      Database database,
      Changes changes,
      Issuers issuers,
      Links links,
      Sessions sessions,
      Predicate<Id.Principal> known,
      Limits limits) {
    this.database = database;
    this.changes = changes;
    this.issuers = issuers;
    this.links = links;
    this.sessions = sessions;
    this.known = known;
    this.limits = limits;
  }

  /// Lists whom the issuer means; refuses `NOT_FOUND`.
  public Result<Response> list(Caller caller, Request request) {
    var issuer = issuer(request).filter(id -> issuers.find(id).isPresent());
    return issuer.isEmpty()
        ? refused(NOT_FOUND, "there is no such issuer")
        : Page.answer(
            request,
            limits,
            database,
            (tx, after, count) -> links.page(tx, issuer.get(), after, count),
            link -> link.id().text(),
            LinksApi::view);
  }

  /// Links a name; refuses `NOT_FOUND`, `REFERENCE_UNKNOWN` and `DUPLICATE`.
  public Result<Response> link(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var fields = new Fields(body);
          var sub = sub(fields);
          var principal =
              fields.required(
                  "principal", "the id of a user, agent or workload", Id.Principal::parse, NOBODY);
          var problem = fields.problem();
          if (problem.isPresent()) {
            return problem.get().refusal();
          }
          var issuer = issuer(request).filter(id -> issuers.find(tx, id).isPresent());
          if (issuer.isEmpty()) {
            return refused(NOT_FOUND, "there is no such issuer");
          }
          return known.test(principal)
              ? links
                  .link(tx, caller.principal(), issuer.get(), sub, principal)
                  .map(LinksApi::reply)
              : refused(REFERENCE_UNKNOWN, "nobody of this id is registered");
        });
  }

  /// Takes a link away, with the sessions of the person it was to; refuses `NOT_FOUND`.
  public Result<Response> unlink(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var fields = new Fields(body);
          var sub = sub(fields);
          var reason = fields.text("reason", limits.textMax());
          var problem = fields.problem();
          if (problem.isPresent()) {
            return problem.get().refusal();
          }
          var issuer = issuer(request);
          if (issuer.isEmpty()) {
            return refused(NOT_FOUND, "there is no such issuer");
          }
          var by = caller.principal();
          var unlinked = links.unlink(tx, by, issuer.get(), sub, reason);
          if (unlinked instanceof Ok(var link) && link.principal() instanceof Id.User user) {
            sessions.endAll(tx, by, user, reason);
          }
          return unlinked.map(LinksApi::reply);
        });
  }

  private static Optional<Id.Issuer> issuer(Request request) {
    return Id.Issuer.parse(request.pathParameter("id"));
  }

  private static String sub(Fields fields) {
    return fields.required(
        "sub",
        "a name of 1 to 255 printable ASCII characters without a blank at its ends",
        text -> Optional.of(text).filter(LinksApi::isSub),
        "");
  }

  private static boolean isSub(String text) {
    return !text.isEmpty()
        && text.strip().equals(text)
        && text.length() <= SUB_MAX
        && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }

  private static Reply reply(Link link) {
    return Reply.ok(view(link), 0);
  }

  private static Json.Obj view(Link link) {
    return Json.object()
        .put("id", link.id().text())
        .put("issuer", link.issuer().text())
        .put("sub", link.sub())
        .put("principal", link.principal().text())
        .put("linkedAt", link.linkedAt().toString())
        .build();
  }
}
