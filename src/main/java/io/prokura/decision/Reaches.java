package io.prokura.decision;

import io.prokura.agents.Agent;
import io.prokura.agents.Agents;
import io.prokura.catalogue.Action;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.cedar.BoolValue;
import io.prokura.cedar.Effect;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityType;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.LongValue;
import io.prokura.cedar.PartialEvaluation;
import io.prokura.cedar.PartialRequest;
import io.prokura.cedar.Policy;
import io.prokura.cedar.SchemaAction;
import io.prokura.cedar.SetValue;
import io.prokura.cedar.StringValue;
import io.prokura.cedar.Value;
import io.prokura.decision.Reach.Access;
import io.prokura.delegation.Standing;
import io.prokura.directory.Directory;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.policy.PermissionPolicies;
import io.prokura.policy.Policies;
import io.prokura.policy.PolicySnapshot;
import io.prokura.policy.ReservedMembers;
import io.prokura.policy.Uids;
import io.prokura.sql.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/// Works out how far principals get, whatever the object is and whatever the enforcer says: what is
/// allowed or denied here is allowed or denied in every decision of the same snapshot as long as
/// the registers stay as they are, and the rest depends.
///
/// Only policies are asked, and who is active and for which purposes agents act: a token may say
/// less, and to act on behalf takes a delegation besides.
public final class Reaches {
  private final World world;
  private final Catalogue catalogue;
  private final Agents agents;
  private final Standing standing;
  private final EntityLoader loader;
  private final Roster roster;
  private final Database database;
  private final Directory directory;
  private final Policies policies;
  private final Searched searched = new Searched();
  private final AtomicReference<Ancestors> ancestors =
      new AtomicReference<>(new Ancestors("", Map.of()));

  public Reaches(
      World world,
      Database database,
      Catalogue catalogue,
      Directory directory,
      Agents agents,
      Standing standing,
      Policies policies,
      Inquiries inquiries) {
    this.world = world;
    this.database = database;
    this.directory = directory;
    this.policies = policies;
    this.catalogue = catalogue;
    this.agents = agents;
    this.standing = standing;
    loader = inquiries.loader();
    roster = inquiries.roster();
  }

  /// The snapshot in force, to list everything in.
  public PolicySnapshot begin() {
    return searched.begin(policies.current()).policies();
  }

  /// The snapshot with that digest to go on in, as long as it is kept here.
  public Optional<PolicySnapshot> resume(String digest) {
    return searched.resume(digest, policies.current()).map(Searched.Snapshot::policies);
  }

  /// Whether there is such a principal, active or not.
  public boolean isRegistered(Id.Principal principal) {
    return roster.find(principal).isPresent();
  }

  /// At most `count` principals in the order of their ids, from the one after the text `after`,
  /// active or not.
  public List<Id.Principal> principals(String after, int count) {
    var found = new ArrayList<Id.Principal>();
    database
        .<List<Agent>>read(tx -> agents.page(tx, "", "", after, count))
        .forEach(agent -> found.add(agent.id()));
    if (found.size() < count) {
      directory.users(after, count - found.size()).forEach(user -> found.add(user.id()));
    }
    if (found.size() < count) {
      directory
          .workloads(after, count - found.size())
          .forEach(workload -> found.add(workload.id()));
    }
    return found;
  }

  /// How far a principal gets on a resource: a reach for each type of its objects and each action,
  /// by itself and, unless it is a person, on somebody's behalf. A person's is about the person
  /// alone: where an agent acts for them, policies may see that and say something else.
  public List<Reach> of(PolicySnapshot snapshot, Id.Principal principal, Resource resource) {
    var reaches = new ArrayList<Reach>();
    for (var type : resource.types()) {
      var perhaps = ancestors(snapshot).getOrDefault(type, Set.of());
      for (var action : resource.actions()) {
        var asked = new Asked(snapshot, principal, resource, new EntityType(type), action, perhaps);
        reaches.add(of(asked, false));
        if (!(principal instanceof Id.User)) {
          reaches.add(of(asked, true));
        }
      }
    }
    return reaches;
  }

  /// The policy of that id as text for people, where it is in force or one of the principal's
  /// permissions.
  public Optional<String> text(PolicySnapshot snapshot, Id.Principal principal, String policy) {
    return snapshot
        .policies()
        .find(policy)
        .map(found -> found.source().text())
        .or(
            () ->
                catalogue.permissionsOf(principal).stream()
                    .filter(permission -> permission.id().text().equals(policy))
                    .findFirst()
                    .flatMap(
                        permission ->
                            catalogue
                                .resource(permission.resource())
                                .map(on -> PermissionPolicies.text(permission, on))));
  }

  private record Asked(
      PolicySnapshot snapshot,
      Id.Principal principal,
      Resource resource,
      EntityType type,
      Action action,
      Set<EntityUid> perhaps) {

    EntityUid uid() {
      return Uids.action(type, action.name());
    }

    Reach reach(
        boolean onBehalf, Access access, Optional<Reason> reason, Found found, List<String> why) {
      return new Reach(
          principal,
          resource,
          type.name(),
          action,
          onBehalf,
          access,
          reason,
          found.settling,
          found.open,
          why);
    }
  }

  /// Ids of the policies behind an answer.
  private record Found(List<String> settling, List<String> open) {
    static final Found NOTHING = new Found(List.of(), List.of());
  }

  /// What the stored objects of a snapshot are in, by their type.
  private record Ancestors(String digest, Map<String, Set<EntityUid>> byType) {}

  private Map<String, Set<EntityUid>> ancestors(PolicySnapshot snapshot) {
    var known = ancestors.get();
    if (!known.digest.equals(snapshot.digest())) {
      var byType = new HashMap<String, Set<EntityUid>>();
      for (var entity : snapshot.entities().values()) {
        byType
            .computeIfAbsent(entity.uid().type().name(), _ -> new HashSet<>())
            .addAll(entity.ancestors());
      }
      known = new Ancestors(snapshot.digest(), byType);
      ancestors.set(known);
    }
    return known.byType;
  }

  private Reach of(Asked asked, boolean onBehalf) {
    if (!(standing.of(asked.principal) instanceof Result.Ok)) {
      return denied(asked, onBehalf, Reason.PRINCIPAL_NOT_ACTIVE);
    }
    var declared = asked.snapshot.schema().action(asked.uid());
    boolean applies =
        declared.isEmpty()
            || (declared.get().resources().contains(asked.type)
                && declared.get().principals().contains(Uids.of(asked.principal).type()));
    if (!applies) {
      return denied(asked, onBehalf, Reason.NOT_APPLICABLE);
    }
    var purposes = new ArrayList<String>();
    if (asked.principal instanceof Id.Agent id) {
      var agent = agents.find(id).orElseThrow();
      purposes.addAll(covering(agent, asked));
      if (purposes.isEmpty()) {
        return denied(asked, onBehalf, Reason.PURPOSE_NOT_COVERING);
      }
    }
    return ask(asked, onBehalf, declared, purposes);
  }

  private static Reach denied(Asked asked, boolean onBehalf, Reason reason) {
    return asked.reach(onBehalf, Access.DENIED, Optional.of(reason), Found.NOTHING, List.of());
  }

  private List<String> covering(Agent agent, Asked asked) {
    return agent.purposes().stream()
        .map(catalogue::purpose)
        .flatMap(Optional::stream)
        .filter(purpose -> purpose.isInForce(world.now()))
        .filter(purpose -> purpose.covers(asked.resource.id(), asked.action.name()))
        .map(Purpose::name)
        .toList();
  }

  /// What the policies come to, taken together as [Evaluator] takes them together.
  private Reach ask(
      Asked asked, boolean onBehalf, Optional<SchemaAction> declared, List<String> purposes) {
    var evaluation =
        new PartialEvaluation(
            request(asked, onBehalf, declared, purposes),
            uid ->
                Optional.<Entity>ofNullable(asked.snapshot.entities().get(uid))
                    .or(() -> loader.load(uid)));
    var sums = new Sums();
    asked.snapshot.policies().policies().values().forEach(one -> sums.add(evaluation, one));
    var now = world.now();
    roster
        .find(asked.principal, now)
        .map(one -> one.permissions(asked.resource, onBehalf, now))
        .ifPresent(held -> held.policies().values().forEach(one -> sums.add(evaluation, one)));
    return sums.reach(asked, onBehalf, purposes);
  }

  /// The policies by what they come to.
  private static final class Sums {
    private final List<String> permits = new ArrayList<>();
    private final List<String> forbids = new ArrayList<>();
    private final List<String> fails = new ArrayList<>();
    private final List<String> openPermits = new ArrayList<>();

    /// What may yet deny: an open `forbid`, and whatever may fail.
    private final List<String> dangers = new ArrayList<>();

    void add(PartialEvaluation evaluation, Policy policy) {
      boolean permit = policy.effect() == Effect.PERMIT;
      switch (evaluation.of(policy)) {
        case HOLDS -> (permit ? permits : forbids).add(policy.id());
        case OPEN -> (permit ? openPermits : dangers).add(policy.id());
        case RISKY -> {
          dangers.add(policy.id());
          if (permit) {
            openPermits.add(policy.id());
          }
        }
        case FAILS -> fails.add(policy.id());
        case DOES_NOT_HOLD -> {}
      }
    }

    Reach reach(Asked asked, boolean onBehalf, List<String> purposes) {
      if (!fails.isEmpty()) {
        return denied(asked, onBehalf, Reason.POLICY_ERROR, fails, purposes);
      }
      if (!forbids.isEmpty()) {
        return denied(asked, onBehalf, Reason.FORBIDDEN, forbids, purposes);
      }
      boolean held = asked.principal instanceof Id.User && asked.resource.holdsPersonRights();
      if (permits.isEmpty() && openPermits.isEmpty() && !held) {
        return denied(asked, onBehalf, Reason.NOT_PERMITTED, List.of(), purposes);
      }
      var open = new ArrayList<>(dangers);
      openPermits.stream().filter(id -> !open.contains(id)).forEach(open::add);
      var access = Access.DEPENDS;
      if (dangers.isEmpty() && !permits.isEmpty()) {
        access = Access.ALLOWED;
      } else if (dangers.isEmpty() && held) {
        access = Access.HELD;
      }
      var found = new Found(permits, access == Access.ALLOWED ? List.of() : open);
      return asked.reach(onBehalf, access, Optional.empty(), found, purposes);
    }

    private static Reach denied(
        Asked asked, boolean onBehalf, Reason reason, List<String> by, List<String> purposes) {
      var found = new Found(by, List.of());
      return asked.reach(onBehalf, Access.DENIED, Optional.of(reason), found, purposes);
    }
  }

  /// The question as far as it is the same for every object and whatever an enforcer says.
  private static PartialRequest request(
      Asked asked, boolean onBehalf, Optional<SchemaAction> declared, List<String> purposes) {
    var all = declared.map(SchemaAction::context).orElse(ReservedMembers.TYPE).attributes();
    var context = new HashMap<>(known(asked, onBehalf, purposes));
    context.keySet().retainAll(all.keySet());
    var open = new HashSet<>(all.keySet());
    open.removeAll(context.keySet());
    if (!onBehalf) {
      open.remove(ReservedMembers.DELEGATOR);
      if (!(asked.principal instanceof Id.Agent)) {
        // A person or workload that acts for itself states none.
        open.remove(ReservedMembers.PURPOSE);
      }
    }
    return new PartialRequest(
        Uids.of(asked.principal),
        asked.uid(),
        asked.type,
        Set.of(Uids.resource(asked.resource.identifier())),
        asked.perhaps,
        context,
        open);
  }

  private static Map<String, Value> known(Asked asked, boolean onBehalf, List<String> purposes) {
    var known = new HashMap<String, Value>();
    known.put(ReservedMembers.SENSITIVITY, new StringValue(asked.action.sensitivity().word()));
    known.put(ReservedMembers.REVERSIBLE, BoolValue.of(asked.action.reversible()));
    if (asked.resource.agentFacing()) {
      known.put(ReservedMembers.VERIFIED, BoolValue.TRUE);
    }
    known.put(ReservedMembers.ON_BEHALF, BoolValue.of(onBehalf));
    if (!onBehalf) {
      known.put(ReservedMembers.DEPTH, new LongValue(0));
      known.put(
          ReservedMembers.CHAIN,
          SetValue.of(
              asked.principal instanceof Id.Agent agent ? List.of(Uids.of(agent)) : List.of()));
      if (purposes.size() == 1) {
        known.put(ReservedMembers.PURPOSE, new StringValue(purposes.getFirst()));
      }
    }
    return known;
  }
}
