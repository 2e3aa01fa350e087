package io.prokura.decision;

import static io.prokura.kernel.Result.ok;

import io.prokura.agents.Agent;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.delegation.Authority;
import io.prokura.directory.ManagementRole;
import io.prokura.http.ProtectedResource;
import io.prokura.http.Response;
import io.prokura.http.Verb;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.policy.ManagementPolicies;
import io.prokura.policy.Policies;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The door of the management API in front of verbs that only say that they were reached, and
/// callers of every kind with real tokens.
final class Managed implements AutoCloseable {
  static final String API = Organisation.ISSUER + "/api/v1";

  final Organisation organisation = new Organisation(Policies.builtIn());
  final Resource api =
      organisation.resource(
          API,
          List.of(),
          List.of("manage", "look"),
          false,
          PersonRights.CHECKED,
          List.of(),
          List.of());
  final Id.User owner = organisation.user("owner").id();
  final Purpose purpose = organisation.purpose("managing", owner, api, "manage", "look");
  final Agent agent = organisation.agent(owner, organisation.user("backup").id(), purpose.id());
  private final Map<String, Verb> verbs = new ConcurrentHashMap<>();
  private final ManagementGate gate =
      new ManagementGate(
          new ProtectedResource(Organisation.ISSUER, "/api/v1", "API", "manage", List.of()),
          organisation.registers.world,
          organisation.presented,
          organisation.registers.directory,
          organisation.agents,
          organisation.catalogue,
          organisation.credentials,
          organisation.approvals,
          organisation.delegations,
          ManagementPolicies.builtIn(),
          organisation.refusals);

  @Override
  public void close() {
    organisation.close();
  }

  /// A person with these roles who may call the API.
  Id.User person(ManagementRole... roles) {
    var user = organisation.user(organisation.registers.fresh("person"), roles).id();
    organisation.permit(user, api, PermissionMode.OWN, "manage", "look");
    return user;
  }

  Id.Workload workload(ManagementRole... roles) {
    var workload = organisation.workload(roles).id();
    organisation.permit(workload, api, PermissionMode.OWN, "manage", "look");
    return workload;
  }

  /// A token of the principal's own that lets it call the API.
  String token(Id.Principal principal) {
    return organisation.token(organisation.own(principal, API, "manage"));
  }

  String token(Authority authority) {
    return organisation.token(authority);
  }

  /// The answer to whoever presents the token and asks for the action on the thing of this id.
  Response call(String token, String action, String id) {
    var verb =
        verbs.computeIfAbsent(
            action,
            name -> gate.guard(name, (_, _) -> ok(Response.json(200, Json.object().build()))));
    var request =
        organisation
            .registers
            .request("POST", "/api/v1/" + action)
            .pathParameter("id", id)
            .header("Authorization", "Bearer " + token)
            .build();
    return verb.answer(request);
  }

  int status(String token, String action, Id id) {
    return call(token, action, id.text()).status();
  }

  int status(String token, String action) {
    return call(token, action, "none").status();
  }

  /// The facts of the newest entry.
  Json.Obj facts() {
    return organisation
        .registers
        .json(organisation.registers.leaves().getLast())
        .object("facts")
        .orElseThrow();
  }
}
