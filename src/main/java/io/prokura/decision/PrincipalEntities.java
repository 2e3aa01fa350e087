package io.prokura.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.agents.Agent;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The entities that principals are, as the built-in schema declares them.
final class PrincipalEntities {
  /// How many names of roles and groups are kept to be shared.
  private static final int SHARED_MAX = 10_000;

  private final Catalogue catalogue;
  private final Cache<EntityUid, EntityUid> shared =
      Caffeine.newBuilder().maximumSize(SHARED_MAX).executor(Runnable::run).build();

  PrincipalEntities(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  Entity of(User user, Besides besides) {
    return new Entity(
        Uids.of(user.id()),
        Map.of("active", BoolValue.of(user.active()), "userName", new StringValue(user.userName())),
        ancestors(besides, user.roles()));
  }

  Entity of(Workload workload, Besides besides) {
    var attributes = new LinkedHashMap<String, Value>();
    attributes.put("active", BoolValue.of(workload.active()));
    attributes.put("name", new StringValue(workload.name()));
    attributes.put("ownerActive", BoolValue.of(besides.ownerActive()));
    attributes.putAll(owners(List.of(workload.owner())));
    return new Entity(Uids.of(workload.id()), attributes, ancestors(besides, workload.roles()));
  }

  Entity of(Agent agent, Besides besides) {
    var attributes = new LinkedHashMap<String, Value>();
    attributes.put("attested", BoolValue.FALSE);
    attributes.put("capabilities", texts(agent.capabilities()));
    attributes.put("environment", new StringValue(agent.environment().word()));
    attributes.put("ownerActive", BoolValue.of(besides.ownerActive()));
    attributes.put("risk", new StringValue(agent.risk().word()));
    attributes.put("state", new StringValue(agent.state().word()));
    attributes.put(
        "purposes",
        texts(
            agent.purposes().stream()
                .map(catalogue::purpose)
                .flatMap(Optional::stream)
                .map(Purpose::name)
                .toList()));
    attributes.putAll(owners(List.of(agent.owner(), agent.backupOwner())));
    agent.validUntil().ifPresent(until -> attributes.put("validUntil", DateTime.of(until)));
    return new Entity(Uids.of(agent.id()), attributes, ancestors(besides, Set.of()));
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

  private static Map<String, Value> owners(List<Id> owners) {
    var users = new ArrayList<EntityUid>();
    var groups = new ArrayList<EntityUid>();
    for (var owner : owners) {
      switch (owner) {
        case Id.User user -> users.add(Uids.of(user));
        case Id.Group group -> groups.add(new EntityUid(Uids.GROUP, group.text()));
        default -> throw new IllegalStateException("an owner that is no user and no group");
      }
    }
    return Map.of("ownerUsers", SetValue.of(users), "ownerGroups", SetValue.of(groups));
  }

  private static SetValue texts(List<String> texts) {
    return SetValue.of(texts.stream().map(StringValue::new).toList());
  }
}
