package io.prokura.delegation;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.PURPOSE_NOT_COVERING;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.catalogue.Catalogue;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.management.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A delegation as an administrator asks for it.
record NewDelegation(
    Id.Principal delegator,
    Id.Agent delegate,
    Id.Purpose purpose,
    Map<Id.Resource, Scopes> covers,
    int depthMax,
    Instant expiresAt,
    SortedMap<String, Long> budgets) {
  private static final Duration LIFETIME_DEFAULT = Duration.ofDays(30);
  private static final Id.Agent NO_AGENT = new Id.Agent("");
  private static final Id.Purpose NO_PURPOSE = new Id.Purpose("");

  /// Reads `delegator`, `delegate`, `purpose`, `covers` (a list of `resource` and `actions`),
  /// `depthMax` (1 where it is absent), `expiresAt` (30 days from now where it is absent) and
  /// `budgets` (none where it is absent).
  static Result<NewDelegation> parse(
      Json.Obj body, Catalogue catalogue, World world, Limits limits) {
    var fields = new Fields(body);
    var delegator =
        fields.required(
            "delegator", "the id of a user, agent or workload", Id.Principal::parse, NO_AGENT);
    var delegate = fields.required("delegate", "the id of an agent", Id.Agent::parse, NO_AGENT);
    var purpose = fields.required("purpose", "the id of a purpose", Id.Purpose::parse, NO_PURPOSE);
    var covers = covers(fields);
    int depthMax = (int) fields.numberOr("depthMax", 1, 1, limits.chainDepthMax());
    var expiresAt = fields.instant("expiresAt").orElse(world.now().plus(LIFETIME_DEFAULT));
    var budgets = budgets(fields);
    var problem = fields.problem();
    if (problem.isPresent()) {
      return problem.get().refusal();
    }
    if (delegator.equals(delegate)) {
      return refused(FIELD_INVALID, "nobody delegates to itself");
    }
    if (!expiresAt.isAfter(world.now())) {
      return refused(FIELD_INVALID, "expiresAt lies in the past");
    }
    return checked(
        catalogue,
        new NewDelegation(delegator, delegate, purpose, covers, depthMax, expiresAt, budgets));
  }

  /// The limits in the member `budgets`, a list of `name` and `limit`; none where it is absent.
  static SortedMap<String, Long> budgets(Fields fields) {
    var limits = new TreeMap<String, Long>();
    for (var item : fields.objects("budgets")) {
      var budget = new Fields(item);
      var name =
          budget.required(
              "name",
              "a word such as calls or spend",
              text -> Optional.of(text).filter(Budget::isName),
              "");
      long limit = budget.numberOr("limit", 0, 1, Budget.MAX);
      budget.problem().ifPresent(problem -> fields.wrong("budgets: " + problem.detail()));
      if (limit == 0 || limits.put(name, limit) != null) {
        fields.wrong("budgets names each budget once, with its limit");
      }
    }
    if (limits.size() > Budgets.NAMES_MAX) {
      fields.wrong("a delegation has at most " + Budgets.NAMES_MAX + " budgets");
    }
    return limits;
  }

  private static Map<Id.Resource, Scopes> covers(Fields fields) {
    var covers = new HashMap<Id.Resource, Scopes>();
    for (var item : fields.objects("covers")) {
      var cover = new Fields(item);
      var resource =
          cover.required(
              "resource", "the id of a resource", Id.Resource::parse, new Id.Resource(""));
      var actions =
          cover.list("actions", "an action", text -> Optional.of(text).filter(Scopes::isToken));
      cover.problem().ifPresent(problem -> fields.wrong("covers: " + problem.detail()));
      if (actions.isEmpty() || covers.put(resource, Scopes.of(actions)) != null) {
        fields.wrong("covers names each resource once, with at least one action");
      }
    }
    if (covers.isEmpty()) {
      fields.wrong("covers is required");
    }
    return covers;
  }

  /// Everything named has to be registered, and no action may lie outside the purpose.
  private static Result<NewDelegation> checked(Catalogue catalogue, NewDelegation wanted) {
    if (catalogue.purpose(wanted.purpose()).isEmpty()) {
      return refused(REFERENCE_UNKNOWN, "the purpose is not registered");
    }
    for (var cover : wanted.covers().entrySet()) {
      var resource = catalogue.resource(cover.getKey());
      if (resource.isEmpty()) {
        return refused(REFERENCE_UNKNOWN, "a resource in covers is not registered");
      }
      if (!cover.getValue().within(resource.get().scopes())) {
        return refused(FIELD_INVALID, "the resource has only: " + resource.get().scopes());
      }
      var covered = catalogue.covered(wanted.purpose(), cover.getKey());
      if (!cover.getValue().within(covered)) {
        return refused(PURPOSE_NOT_COVERING, "the purpose covers only: " + covered);
      }
    }
    return ok(wanted);
  }

  Delegation given(Id.Principal by, World world) {
    return new Delegation(
        Id.Delegation.random(world),
        List.of(),
        delegator,
        delegate,
        purpose,
        covers,
        depthMax,
        new Delegation.Given(by, Delegation.How.ADMINISTRATOR, world.now()),
        expiresAt,
        false);
  }
}
