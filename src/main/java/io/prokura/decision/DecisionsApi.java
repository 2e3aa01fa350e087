package io.prokura.decision;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.Entries;
import io.prokura.audit.Recorded;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.delegation.Delegations;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.management.Caller;
import io.prokura.sql.Database;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Why something was decided, or would be, over the management API.
public final class DecisionsApi {
  private final Database database;
  private final Entries entries;
  private final Explanations explanations;
  private final Catalogue catalogue;
  private final Delegations delegations;
  private final Reckoning reckoning;
  private final Limits limits;

  public DecisionsApi(
      Database database,
      Entries entries,
      Explanations explanations,
      Catalogue catalogue,
      Delegations delegations,
      Reckoning reckoning,
      Limits limits) {
    this.database = database;
    this.entries = entries;
    this.explanations = explanations;
    this.catalogue = catalogue;
    this.delegations = delegations;
    this.reckoning = reckoning;
    this.limits = limits;
  }

  /// One recorded decision, explained; `item` in the query tells apart what was asked together.
  public Result<Response> get(Caller caller, Request request) {
    var query = request.query();
    return query instanceof Ok(var parameters)
        ? decision(request.pathParameter("id"), parameters)
        : query.refusal();
  }

  /// Why: for a `decision`, for a `token`, for what a `delegation` comes to now, or for what would
  /// happen if `subject`, through `actors` (between commas, the current one first), did `action` to
  /// `object` of `resource` for `purpose`.
  public Result<Response> why(Caller caller, Request request) {
    var query = request.query();
    if (!(query instanceof Ok(var parameters))) {
      return query.refusal();
    }
    var decision = parameters.get("decision");
    if (decision.isPresent()) {
      return decision(decision.get(), parameters);
    }
    var delegation = parameters.get("delegation");
    if (delegation.isPresent()) {
      return Id.Delegation.parse(delegation.get())
          .flatMap(delegations::find)
          .map(found -> ok(Response.json(200, reckoning.of(found))))
          .orElseGet(() -> refused(NOT_FOUND, "there is no such delegation"));
    }
    var token = parameters.get("token");
    return token.isPresent() ? token(token.get()) : supposed(parameters);
  }

  private Result<Response> decision(String id, Form parameters) {
    var item = parameters.get("item").orElse("0");
    if (!item.matches("[0-9]{1,4}")) {
      return refused(FIELD_INVALID, "item is a number from 0");
    }
    return Id.Decision.parse(id)
        .flatMap(known -> explanations.of(known, Integer.parseInt(item)))
        .map(found -> ok(Response.json(200, found.toJson())))
        .orElseGet(() -> refused(NOT_FOUND, "no such decision"));
  }

  /// The arithmetic of authority that a token came out of, as it was recorded when it was issued.
  private Result<Response> token(String id) {
    return Id.Token.parse(id)
        .flatMap(known -> database.read(tx -> entries.about(tx, known)))
        .filter(entry -> entry.facts().object("operands").isPresent())
        .map(entry -> ok(Response.json(200, view(entry))))
        .orElseGet(() -> refused(NOT_FOUND, "no such token"));
  }

  private static Json.Obj view(Recorded entry) {
    var operands = entry.facts().object("operands").orElseThrow();
    var scope = entry.facts().text("scope").orElse("");
    var sentences = new ArrayList<String>();
    sentences.add(
        "At %s a token for %s was issued; it was asked to have: %s."
            .formatted(
                entry.at(),
                entry.facts().text("audience").orElse("nothing"),
                shown(operands.text("asked").orElse(""))));
    operands
        .members()
        .forEach(
            (name, value) -> {
              if (!name.equals("asked")) {
                sentences.add(
                    value instanceof Json.Str(var allowed)
                        ? "%s leaves: %s.".formatted(name, shown(allowed))
                        : "%s is held by the resource itself.".formatted(name));
              }
            });
    sentences.add("The token has: %s.".formatted(shown(scope)));
    return Json.object()
        .put("token", entry.about())
        .put("at", entry.at().toString())
        .put("facts", entry.facts())
        .put("operands", operands)
        .put("scope", scope)
        .put("sentences", sentences)
        .build();
  }

  private static String shown(String scopes) {
    return scopes.isEmpty() ? "all that is left" : scopes;
  }

  private Result<Response> supposed(Form parameters) {
    var chain = chain(parameters);
    if (!(chain instanceof Ok(var principals))) {
      return chain.refusal();
    }
    var resource = resource(parameters.get("resource").orElse(""));
    if (resource.isEmpty()) {
      return refused(FIELD_INVALID, "resource is the id or identifier of a resource");
    }
    var object = object(parameters.get("object"), resource.get());
    if (object.isEmpty()) {
      return refused(FIELD_INVALID, "object is TYPE:ID, of a type that the resource has");
    }
    var purpose = parameters.get("purpose");
    Optional<Purpose> stated = purpose.flatMap(catalogue::purposeNamed);
    if (purpose.isPresent() && stated.isEmpty()) {
      return refused(FIELD_INVALID, "purpose is the name of a purpose");
    }
    boolean approved = parameters.get("approved").filter("true"::equals).isPresent();
    var situation = approved ? Situation.PLAIN.withApproval() : Situation.PLAIN;
    var supposition =
        new Supposition(
            principals,
            resource.get(),
            parameters.get("action").orElse(""),
            object.get(),
            stated,
            situation);
    return ok(Response.json(200, explanations.of(supposition).toJson()));
  }

  private Result<List<Id.Principal>> chain(Form parameters) {
    var names = new ArrayList<String>();
    parameters
        .get("actors")
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> names.addAll(List.of(text.split(",", -1))));
    names.add(parameters.get("subject").orElse(""));
    var chain = new ArrayList<Id.Principal>();
    for (var name : names) {
      var principal = Id.Principal.parse(name);
      if (principal.isEmpty()) {
        return refused(
            FIELD_INVALID, "give decision, token, or subject and actors as ids of principals");
      }
      chain.add(principal.get());
    }
    return chain.size() <= limits.chainDepthMax() + 1 && new HashSet<>(chain).size() == chain.size()
        ? ok(chain)
        : refused(FIELD_INVALID, "a chain has each principal once, and is not that long");
  }

  private Optional<Resource> resource(String text) {
    return Id.Resource.parse(text)
        .flatMap(catalogue::resource)
        .or(() -> catalogue.resourceAt(text));
  }

  /// The object meant; where none is named, some object of the resource's only type.
  private static Optional<AccessRequest.Named> object(Optional<String> text, Resource resource) {
    if (text.isEmpty()) {
      return resource.types().stream().findFirst().map(type -> new AccessRequest.Named(type, ""));
    }
    return resource.types().stream()
        .filter(type -> text.get().startsWith(type + ":"))
        .findFirst()
        .map(type -> new AccessRequest.Named(type, text.get().substring(type.length() + 1)));
  }
}
