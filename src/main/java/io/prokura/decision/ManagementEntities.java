package io.prokura.decision;

import io.prokura.agents.Agents;
import io.prokura.approvals.Approval;
import io.prokura.catalogue.Catalogue;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityType;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.SetValue;
import io.prokura.cedar.Value;
import io.prokura.clients.Credentials;
import io.prokura.clients.Holder;
import io.prokura.delegation.Delegation;
import io.prokura.directory.Directory;
import io.prokura.directory.ManagementRole;
import io.prokura.kernel.Id;
import io.prokura.policy.ManagementPolicies;
import io.prokura.policy.ManagementSubjects;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// Callers and managed things as the management schema declares them.
public final class ManagementEntities implements ManagementSubjects {
  private final Directory directory;
  private final Agents agents;
  private final Catalogue catalogue;
  private final Credentials credentials;
  private final Function<Id.Approval, Optional<Approval>> approvals;
  private final Function<Id.Delegation, Optional<Delegation>> delegations;

  /// Without approvals and delegations: every id of one is a thing of no kind.
  public ManagementEntities(
      Directory directory, Agents agents, Catalogue catalogue, Credentials credentials) {
    this(directory, agents, catalogue, credentials, _ -> Optional.empty(), _ -> Optional.empty());
  }

  /// `approvals` and `delegations` find the one with an id.
  public ManagementEntities(
      Directory directory,
      Agents agents,
      Catalogue catalogue,
      Credentials credentials,
      Function<Id.Approval, Optional<Approval>> approvals,
      Function<Id.Delegation, Optional<Delegation>> delegations) {
    this.directory = directory;
    this.agents = agents;
    this.catalogue = catalogue;
    this.credentials = credentials;
    this.approvals = approvals;
    this.delegations = delegations;
  }

  /// A caller with its roles and groups.
  @Override
  public Entity principal(Id.Principal principal) {
    return switch (principal) {
      case Id.User user -> user(user);
      case Id.Workload workload ->
          new Entity(
              uid(ManagementPolicies.WORKLOAD, workload),
              Map.of(),
              roles(directory.workload(workload).map(one -> one.roles()).orElse(Set.of())));
      case Id.Agent agent -> agent(agent);
    };
  }

  /// The thing with this id. A credential stands for whose it is; what does not exist is a thing of
  /// no kind, so that only who may manage all of them is told so.
  @Override
  public Entity named(String id) {
    return switch (id.length() < 4 ? "" : id.substring(0, 4)) {
      case "agt_" -> Id.Agent.parse(id).map(this::agent).orElseGet(() -> thing(id));
      case "usr_" -> Id.User.parse(id).map(this::user).orElseGet(() -> thing(id));
      case "wkl_" ->
          Id.Workload.parse(id)
              .map(workload -> bare(ManagementPolicies.WORKLOAD, workload))
              .orElseGet(() -> thing(id));
      case "cli_" ->
          Id.Client.parse(id)
              .map(client -> bare(ManagementPolicies.CLIENT, client))
              .orElseGet(() -> thing(id));
      case "pur_" ->
          Id.Purpose.parse(id)
              .flatMap(catalogue::purpose)
              .map(
                  purpose ->
                      owned(ManagementPolicies.PURPOSE, purpose.id(), List.of(purpose.owner())))
              .orElseGet(() -> thing(id));
      case "crd_" ->
          Id.Credential.parse(id)
              .flatMap(credentials::find)
              .map(credential -> holder(credential.holder()))
              .orElseGet(() -> thing(id));
      case "dlg_" ->
          Id.Delegation.parse(id)
              .flatMap(delegations)
              .map(this::delegation)
              .orElseGet(() -> thing(id));
      case "apr_" ->
          Id.Approval.parse(id)
              .flatMap(approvals)
              .map(ManagementEntities::approval)
              .orElseGet(() -> thing(id));
      default -> thing(id);
    };
  }

  /// A delegation is everybody's in whose name it is used: who gave it, and who gave those that it
  /// was narrowed from.
  private Entity delegation(Delegation delegation) {
    var people = new ArrayList<Id>();
    Stream.concat(
            delegation.ancestors().stream().flatMap(id -> delegations.apply(id).stream()),
            Stream.of(delegation))
        .map(Delegation::delegator)
        .filter(Id.User.class::isInstance)
        .forEach(people::add);
    return withPeople(ManagementPolicies.DELEGATION, delegation.id(), "delegator", people);
  }

  private static Entity approval(Approval approval) {
    return withPeople(ManagementPolicies.APPROVAL, approval.id(), "approver", approval.approvers());
  }

  private Entity holder(Holder holder) {
    return switch (holder) {
      case Holder.Agent(var id) -> agent(id);
      case Holder.Workload(var id) -> bare(ManagementPolicies.WORKLOAD, id);
      case Holder.Application(var id) -> bare(ManagementPolicies.CLIENT, id);
    };
  }

  private Entity user(Id.User user) {
    var ancestors = roles(directory.user(user).map(one -> one.roles()).orElse(Set.of()));
    directory.groupsOf(user).forEach(group -> ancestors.add(uid(ManagementPolicies.GROUP, group)));
    return new Entity(uid(ManagementPolicies.USER, user), Map.of(), ancestors);
  }

  private Entity agent(Id.Agent id) {
    var owners =
        agents.find(id).map(agent -> List.of(agent.owner(), agent.backupOwner())).orElse(List.of());
    return owned(ManagementPolicies.AGENT, id, owners);
  }

  private static Entity owned(EntityType type, Id id, List<Id> owners) {
    return withPeople(type, id, "owner", owners);
  }

  /// A thing that says which users and groups are something to it.
  private static Entity withPeople(EntityType type, Id id, String what, List<Id> people) {
    var users = new ArrayList<EntityUid>();
    var groups = new ArrayList<EntityUid>();
    for (var one : people) {
      if (one instanceof Id.Group) {
        groups.add(uid(ManagementPolicies.GROUP, one));
      } else {
        users.add(uid(ManagementPolicies.USER, one));
      }
    }
    return new Entity(
        uid(type, id),
        Map.<String, Value>of(
            what + "Users", SetValue.of(users), what + "Groups", SetValue.of(groups)),
        Set.of());
  }

  private static Entity bare(EntityType type, Id id) {
    return new Entity(uid(type, id), Map.of(), Set.of());
  }

  private static Entity thing(String id) {
    return new Entity(new EntityUid(ManagementPolicies.THING, id), Map.of(), Set.of());
  }

  private static EntityUid uid(EntityType type, Id id) {
    return new EntityUid(type, id.text());
  }

  private static Set<EntityUid> roles(Set<ManagementRole> roles) {
    var uids = new HashSet<EntityUid>();
    roles.forEach(role -> uids.add(new EntityUid(ManagementPolicies.ROLE, role.word())));
    return uids;
  }
}
