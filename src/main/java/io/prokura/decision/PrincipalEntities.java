package io.prokura.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.agents.Agent;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.cedar.AttributeNames;
import io.prokura.cedar.BoolValue;
import io.prokura.cedar.DateTime;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.SetValue;
import io.prokura.cedar.StringValue;
import io.prokura.cedar.Value;
import io.prokura.decision.Registered.Besides;
import io.prokura.directory.ManagementRole;
import io.prokura.directory.User;
import io.prokura.directory.Workload;
import io.prokura.kernel.Id;
import io.prokura.policy.Uids;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The entities that principals are, as the built-in schema declares them.
final class PrincipalEntities {
  /// How many names of roles and groups are kept to be shared.
  private static final int SHARED_MAX = 10_000;

  private static final AttributeNames OF_USER = AttributeNames.of("active", "userName");
  private static final AttributeNames OF_WORKLOAD =
      AttributeNames.of("active", "name", "ownerActive", "ownerUsers", "ownerGroups");
  private static final AttributeNames OF_AGENT =
      AttributeNames.of(
          "attested",
          "capabilities",
          "environment",
          "ownerActive",
          "risk",
          "state",
          "purposes",
          "ownerUsers",
          "ownerGroups");
  private static final AttributeNames OF_AGENT_UNTIL = OF_AGENT.and("validUntil");

  private final Catalogue catalogue;
  private final Cache<EntityUid, EntityUid> shared =
      Caffeine.newBuilder().maximumSize(SHARED_MAX).executor(Runnable::run).build();

  PrincipalEntities(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  Entity of(User user, Besides besides) {
    return new Entity(
        Uids.of(user.id()),
        OF_USER.with(BoolValue.of(user.active()), new StringValue(user.userName())),
        ancestors(besides, user.roles()));
  }

  Entity of(Workload workload, Besides besides) {
    var owners = List.of(workload.owner());
    return new Entity(
        Uids.of(workload.id()),
        OF_WORKLOAD.with(
            BoolValue.of(workload.active()),
            new StringValue(workload.name()),
            BoolValue.of(besides.ownerActive()),
            users(owners),
            groups(owners)),
        ancestors(besides, workload.roles()));
  }

  Entity of(Agent agent, Besides besides) {
    var purposes = agent.purposes().stream().map(catalogue::purpose).flatMap(Optional::stream);
    var owners = List.of(agent.owner(), agent.backupOwner());
    var values =
        new ArrayList<Value>(
            List.of(
                BoolValue.FALSE,
                texts(agent.capabilities()),
                new StringValue(agent.environment().word()),
                BoolValue.of(besides.ownerActive()),
                new StringValue(agent.risk().word()),
                new StringValue(agent.state().word()),
                texts(purposes.map(Purpose::name).toList()),
                users(owners),
                groups(owners)));
    agent.validUntil().map(DateTime::of).ifPresent(values::add);
    var names = agent.validUntil().isPresent() ? OF_AGENT_UNTIL : OF_AGENT;
    return new Entity(
        Uids.of(agent.id()),
        names.with(values.toArray(Value[]::new)),
        ancestors(besides, Set.of()));
  }

  /// All that a principal is in: roles of the organisation, groups, and roles in management. What
  /// many are in has one name for all of them, so that it is in few places of memory.
  private Set<EntityUid> ancestors(Besides besides, Set<ManagementRole> roles) {
    var ancestors = new HashSet<EntityUid>();
    besides.held().forEach(role -> ancestors.add(shared(Uids.role(role))));
    besides
        .groups()
        .forEach(group -> ancestors.add(shared(new EntityUid(Uids.GROUP, group.text()))));
    roles.forEach(role -> ancestors.add(shared(new EntityUid(Uids.MANAGEMENT_ROLE, role.word()))));
    return ancestors;
  }

  private EntityUid shared(EntityUid uid) {
    return shared.get(uid, same -> same);
  }

  private static SetValue users(List<Id> owners) {
    var users = new ArrayList<EntityUid>();
    for (var owner : owners) {
      if (owner instanceof Id.User user) {
        users.add(Uids.of(user));
      }
    }
    return SetValue.of(users);
  }

  private static SetValue groups(List<Id> owners) {
    var groups = new ArrayList<EntityUid>();
    for (var owner : owners) {
      if (owner instanceof Id.Group group) {
        groups.add(new EntityUid(Uids.GROUP, group.text()));
      }
    }
    return SetValue.of(groups);
  }

  private static SetValue texts(List<String> texts) {
    return SetValue.of(texts.stream().map(StringValue::new).toList());
  }
}
