package io.prokura.decision;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static io.prokura.kernel.Refusal.SCOPE_INSUFFICIENT;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agents;
import io.prokura.approvals.Approvals;
import io.prokura.audit.Refusals;
import io.prokura.catalogue.Catalogue;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityType;
import io.prokura.clients.Credentials;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Delegations;
import io.prokura.directory.Directory;
import io.prokura.http.ProtectedResource;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.http.Verb;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.management.ManagedVerb;
import io.prokura.policy.ManagementPolicies;
import io.prokura.tokens.PresentedTokens;
import io.prokura.tokens.VerifiedToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The door of the management API: finds out who calls, by an access token for the API itself with
/// the scope `manage`, and asks the management policies whether everybody in the token's chain may
/// do what the route does. Every refusal is on record.
public final class ManagementGate {
  /// The scope without which nothing is managed.
  public static final String SCOPE = "manage";

  private final ProtectedResource api;
  private final World world;
  private final PresentedTokens tokens;
  private final Catalogue catalogue;
  private final ManagementEntities entities;
  private final ManagementPolicies policies;
  private final Refusals refusals;

  /// `api` is the management API as a registered resource: `<issuer>/api/v1`.
  public ManagementGate(
      ProtectedResource api,
      World world,
      PresentedTokens tokens,
      Directory directory,
      Agents agents,
      Catalogue catalogue,
      Credentials credentials,
      Approvals approvals,
      Delegations delegations,
      ManagementPolicies policies,
      Refusals refusals) {
    this.api = api;
    this.world = world;
    this.tokens = tokens;
    this.catalogue = catalogue;
    this.entities =
        new ManagementEntities(
            directory, agents, catalogue, credentials, approvals::find, delegations::find);
    this.policies = policies;
    this.refusals = refusals;
  }

  /// `verb` for whoever may do `action`. An action about one thing finds its id in the path
  /// parameter `id`. Answers `TOKEN_INVALID`, `SCOPE_INSUFFICIENT`, `POLICY_FORBIDS`, and
  /// `NOT_FOUND` where the caller may not even read the thing. Throws for an action that the
  /// management policies do not know.
  public Verb guard(String action, ManagedVerb verb) {
    if (!policies.actions().contains(action)) {
      throw new IllegalArgumentException("no policy knows the management action " + action);
    }
    return request -> answer(action, verb, request);
  }

  private Response answer(String action, ManagedVerb verb, Request request) {
    var verified = verified(request);
    if (!(verified instanceof Ok(var token))) {
      var refused = (Refused<?>) verified;
      refusals.count(action, refused.reason(), request.peer());
      return api.problem(request, refused);
    }
    var authority = token.authority();
    var meant = meant(authority);
    if (!(meant instanceof Ok)) {
      return refuse(authority, action, request, (Refused<?>) meant);
    }
    var object =
        policies.isAboutOne(action)
            ? entities.named(request.pathParameter("id"))
            : new Entity(ManagementPolicies.SERVER, Map.of(), Set.of());
    if (!isAllowed(authority, action, object)) {
      return forbid(authority, action, request, object);
    }
    return switch (verb.answer(new Caller(authority.current(), token.id()), request)) {
      case Ok<Response>(var response) -> response;
      case Refused<Response> refused -> refuse(authority, action, request, refused);
    };
  }

  /// The record says what is true; who may not even read the thing is told that there is none.
  private Response forbid(Authority authority, String action, Request request, Entity object) {
    var forbidden = new Refused<>(POLICY_FORBIDS, "the management policies do not allow " + action);
    var answer = refuse(authority, action, request, forbidden);
    boolean isHidden =
        policies.isAboutOne(action) && !isAllowed(authority, reading(action, object), object);
    return isHidden
        ? api.problem(request, new Refused<>(NOT_FOUND, "there is no such thing"))
        : answer;
  }

  private Result<VerifiedToken> verified(Request request) {
    var presented = tokens.of(request);
    if (!(presented instanceof Ok(var token))) {
      return presented.refusal();
    }
    return token
        .<Result<VerifiedToken>>map(Result::ok)
        .orElseGet(() -> refused(TOKEN_INVALID, "send an access token"));
  }

  private Result<Authority> meant(Authority authority) {
    if (!authority.audience().equals(api.identifier())) {
      return refused(TOKEN_INVALID, "the token is for another resource than " + api.identifier());
    }
    if (!authority.scopes().contains(SCOPE)) {
      return refused(SCOPE_INSUFFICIENT, "the token lacks the scope " + SCOPE);
    }
    return authority.chain().stream().allMatch(one -> isPermitted(one, authority))
        ? Result.ok(authority)
        : refused(POLICY_FORBIDS, "the permission to call the management API is gone");
  }

  /// Whether what permits the principal to call the API is still there.
  private boolean isPermitted(Id.Principal principal, Authority authority) {
    return catalogue
        .permitted(principal, authority.resource(), world.now(), authority.isDelegated())
        .contains(SCOPE);
  }

  /// Everybody the authority rests on has to be allowed, so that nobody manages the server through
  /// an agent.
  private boolean isAllowed(Authority authority, String action, Entity object) {
    for (var principal : authority.chain()) {
      var who = entities.principal(principal);
      var known = new ArrayList<Entity>(List.of(object));
      known.removeIf(entity -> entity.uid().equals(who.uid()));
      known.add(who);
      if (!policies.allows(who.uid(), action, object.uid(), known)) {
        return false;
      }
    }
    return true;
  }

  /// The action of reading what another action is done to.
  private static String reading(String action, Entity object) {
    return thing(object.uid().type(), action) + ".get";
  }

  private static String thing(EntityType type, String action) {
    return switch (type.name()) {
      case "Management::Agent" -> "agent";
      case "Management::Workload" -> "workload";
      case "Management::Client" -> "client";
      case "Management::User" -> "user";
      case "Management::Purpose" -> "purpose";
      default -> action.substring(0, action.indexOf('.'));
    };
  }

  private Response refuse(Authority authority, String action, Request request, Refused<?> refused) {
    refusals.record(authority.current(), action, refused, request.peer());
    return api.problem(request, refused);
  }
}
