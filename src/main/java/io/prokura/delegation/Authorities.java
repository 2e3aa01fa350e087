package io.prokura.delegation;

import static io.prokura.delegation.Chain.earliest;
import static io.prokura.kernel.Refusal.ACTOR_UNAUTHORIZED;
import static io.prokura.kernel.Refusal.DELEGATION_INACTIVE;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SCOPE_NOT_DELEGATED;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.Resource;
import io.prokura.cutoff.CutOffs;
import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Works out authority: for a principal by itself, for an agent under a standing delegation, for
/// the agent it hands work to, and for a workload that calls on behalf of its caller.
///
/// Every way ends in the same arithmetic over the whole chain, so none can forget an operand. The
/// cut-off number of what comes out was read before the first thing it rests on was checked: the
/// credential, or the token it is made from. What comes out lasts no longer than anything it rests
/// on: token, credential, delegations, purpose, agents, and the permissions for what is left.
public final class Authorities {
  /// How many resources somebody is told of who has to name one.
  private static final int NAMED_MAX = 10;

  private final World world;
  private final CutOffs cutOffs;
  private final Catalogue catalogue;
  private final StatedPurposes purposes;
  private final Delegations delegations;
  private final Conferral conferral;

  public Authorities(
      World world,
      Limits limits,
      CutOffs cutOffs,
      Catalogue catalogue,
      Standing standing,
      StatedPurposes purposes,
      Delegations delegations) {
    this.world = world;
    this.cutOffs = cutOffs;
    this.catalogue = catalogue;
    this.purposes = purposes;
    this.delegations = delegations;
    conferral = new Conferral(world, limits, catalogue, standing, purposes, delegations);
  }

  /// The authority of a principal that acts for nobody but itself. Where it names no resource, that
  /// is the only one where it may do anything by itself; refuses `RESOURCE_UNKNOWN` where there are
  /// several.
  public Result<Conferred> own(Presenter who, Wanted asked) {
    requireCurrent();
    var aimed = asked.resource().isEmpty() ? usual(who.principal(), asked) : ok(asked);
    if (!(aimed instanceof Ok(var wanted))) {
      return aimed.refusal();
    }
    var purpose = purposes.ofOwn(who.principal(), wanted.purpose());
    if (!(purpose instanceof Ok(var stated))) {
      return purpose.refusal();
    }
    var chain =
        new Chain(
            who.principal(),
            List.of(),
            List.of(),
            List.of(),
            who.lineage(),
            Id.Task.random(world),
            who.asserted(),
            who.until());
    return confer(chain, stated, wanted, who);
  }

  private Result<Wanted> usual(Id.Principal principal, Wanted asked) {
    var now = world.now();
    var held =
        catalogue.entitlementsOf(principal).stream()
            .filter(one -> one.mode() == PermissionMode.OWN && one.isInForce(now))
            .flatMap(one -> catalogue.resource(one.resource()).stream())
            .map(Resource::identifier)
            .distinct()
            .sorted()
            .limit(NAMED_MAX)
            .toList();
    return switch (held.size()) {
      case 0 -> refused(RESOURCE_UNKNOWN, "name a resource; nothing is permitted on any");
      case 1 -> ok(new Wanted(held.getFirst(), asked.scopes(), asked.purpose()));
      default -> refused(RESOURCE_UNKNOWN, "name one resource: " + String.join(", ", held));
    };
  }

  /// The authority of an agent that uses a standing delegation given to it.
  public Result<Conferred> use(Presenter who, Delegation delegation, Wanted wanted) {
    requireCurrent();
    var begun = delegated(who, delegation, Lineage.of(), Instant.MAX, wanted);
    if (!(begun instanceof Ok(var one))) {
      return begun.refusal();
    }
    return delegation.isStanding()
        ? confer(one.chain(), one.purpose(), wanted, who)
        : refused(SUBJECT_TOKEN_INVALID, "the delegation records a hand-over and is no other");
  }

  /// The authority of a person who uses an application by themselves.
  public Result<Conferred> ofPerson(Presenter who, Granted granted, Wanted wanted) {
    requireCurrent();
    return through(granted, alone(who, granted), new Stated.Nothing(), wanted, who.checked());
  }

  /// The authority of a principal that acts for nobody but itself and has proven who it is through
  /// an application, which bounds it.
  public Result<Conferred> ownThrough(Presenter who, Granted granted, Wanted wanted) {
    requireCurrent();
    var purpose = purposes.ofOwn(who.principal(), wanted.purpose());
    return purpose instanceof Ok(var stated)
        ? through(granted, alone(who, granted), stated, wanted, who.checked())
        : purpose.refusal();
  }

  private Chain alone(Presenter who, Granted granted) {
    return new Chain(
        who.principal(),
        List.of(),
        List.of(),
        List.of(),
        granted.lineage().with(who.lineage()),
        Id.Task.random(world),
        who.asserted(),
        earliest(who.until(), granted.until()));
  }

  /// The authority of an agent that acts for a person by what they granted through an application;
  /// refuses what [#use] does.
  public Result<Conferred> onBehalf(
      Presenter who, Granted granted, Delegation delegation, Wanted wanted) {
    requireCurrent();
    var begun = delegated(who, delegation, granted.lineage(), granted.until(), wanted);
    return begun instanceof Ok(var one)
        ? through(granted, one.chain(), one.purpose(), wanted, who.checked())
        : begun.refusal();
  }

  /// A chain that is under construction, and the purpose that it is for.
  private record Begun(Chain chain, Stated purpose) {}

  /// The chain of an agent under a delegation of its own, which rests on `lineage` too and lasts no
  /// longer than `end`.
  private Result<Begun> delegated(
      Presenter who, Delegation delegation, Lineage lineage, Instant end, Wanted wanted) {
    if (!delegation.delegate().equals(who.principal())) {
      return refused(ACTOR_UNAUTHORIZED, "the delegation was given to somebody else");
    }
    var usable = delegations.usable(delegation);
    if (!(usable instanceof Ok(var until))) {
      return usable.refusal();
    }
    return purposes
        .narrowed(delegation.purpose(), wanted.purpose())
        .map(
            stated ->
                new Begun(
                    new Chain(
                        delegation.delegator(),
                        List.of(delegation.delegate()),
                        delegation.line(),
                        List.of(),
                        lineage
                            .with(delegation.delegator())
                            .with(who.lineage())
                            .with(delegation.line()),
                        Id.Task.random(world),
                        who.asserted(),
                        earliest(who.until(), until, end)),
                    stated));
  }

  /// The most that `agent` could do for `user` if they granted what is `wanted` through an
  /// application; refuses what [#onBehalf] would.
  public Result<Conferred> grantable(Id.User user, Id.Agent agent, Granted granted, Wanted wanted) {
    return vouched(user, List.of(agent), granted, wanted);
  }

  /// The authority of `actors`, the current one first, for `subject` where something else than a
  /// delegation says that they act for it: a trusted issuer. It can't be handed on. The purpose is
  /// one that the foremost agent declared.
  public Result<Conferred> vouched(
      Id.Principal subject, List<Id.Principal> actors, Granted granted, Wanted wanted) {
    requireCurrent();
    var foremost = actors.stream().filter(Id.Agent.class::isInstance).findFirst().orElse(subject);
    var purpose = purposes.ofOwn(foremost, wanted.purpose());
    if (!(purpose instanceof Ok(var stated))) {
      return purpose.refusal();
    }
    var chain =
        new Chain(
            subject,
            actors,
            List.of(),
            List.of(),
            granted.lineage().with(subject).with(actors),
            Id.Task.random(world),
            Asserted.NOTHING,
            granted.until());
    return through(granted, chain, stated, wanted, granted.checked());
  }

  private Result<Conferred> confer(Chain chain, Stated purpose, Wanted wanted, Presenter who) {
    return conferral.of(chain, who.principal().text(), purpose, wanted, List.of(), who.checked());
  }

  private Result<Conferred> through(
      Granted granted, Chain chain, Stated purpose, Wanted wanted, long checked) {
    return conferral.of(
        chain,
        granted.clientId(),
        purpose,
        wanted,
        granted.bounds(),
        Math.min(checked, granted.checked()));
  }

  /// What the delegate would get on a resource by using a standing delegation now; refuses what
  /// [#use] does. It is good for looking at: no credential stands behind it.
  public Result<Conferred> foreseen(Delegation delegation, String resource) {
    var nobody = Id.Credential.random(world);
    var who =
        new Presenter(
            delegation.delegate(), nobody, Instant.MAX, cutOffs.applied(), Confirmation.none());
    return use(who, delegation, new Wanted(resource, Scopes.NONE, ""));
  }

  /// The authority that `who`, the current actor of `held`, can give to `delegate`: the same chain
  /// with `delegate` on top, no more than what is held.
  public Result<Conferred> handOver(
      Presenter who, Authority held, Id.Agent delegate, Wanted wanted) {
    requireCurrent();
    if (held.delegations().isEmpty()) {
      return refused(DELEGATION_INACTIVE, "only authority that was delegated can be handed over");
    }
    if (held.chain().contains(delegate)) {
      return refused(ACTOR_UNAUTHORIZED, "the agent takes part in this chain already");
    }
    return extend(held, delegate, who, wanted);
  }

  /// The authority of an agent that takes what was handed over to it. `offered` is what
  /// [#handOver] worked out, `work` the narrower delegation that records it.
  public Result<Conferred> take(Presenter who, Authority offered, Delegation work, Wanted wanted) {
    requireCurrent();
    var stated = purposes.kept(offered.purpose(), wanted.purpose());
    if (!(stated instanceof Ok(var purpose))) {
      return stated.refusal();
    }
    var chain =
        new Chain(
            offered.subject(),
            offered.actors(),
            offered.delegations(),
            List.of(work),
            offered.lineage().with(who.lineage()).with(work.id()),
            offered.task(),
            offered.asserted().with(who.asserted()),
            earliest(who.until(), offered.notAfter()));
    long checked = Math.min(who.checked(), offered.checked());
    return conferral.of(chain, who.principal().text(), purpose, wanted, List.of(), checked);
  }

  /// The authority of a workload that was sent `held` and calls another resource for its caller.
  public Result<Conferred> downstream(Presenter who, Authority held, Wanted wanted) {
    requireCurrent();
    if (held.chain().contains(who.principal())) {
      return refused(ACTOR_UNAUTHORIZED, "the workload takes part in this chain already");
    }
    return extend(held, who.principal(), who, wanted);
  }

  /// The same authority of `who`, the current actor of `held`, on another resource.
  public Result<Conferred> across(Presenter who, Authority held, Wanted wanted) {
    requireCurrent();
    return held.delegations().isEmpty()
        ? refused(DELEGATION_INACTIVE, "only authority that was delegated goes to other resources")
        : extend(held, held.actors(), who.principal(), who, wanted);
  }

  /// As much of `held` as `who`, a workload that was shown it, tells others of: the same chain, to
  /// which `who` doesn't belong, on the same resource.
  public Result<Conferred> told(Presenter who, Authority held, Wanted wanted) {
    requireCurrent();
    return extend(held, held.actors(), who.principal(), who, wanted);
  }

  private Result<Conferred> extend(
      Authority held, Id.Principal actor, Presenter who, Wanted wanted) {
    var actors = new ArrayList<>(List.of(actor));
    actors.addAll(held.actors());
    return extend(held, actors, actor, who, wanted);
  }

  private Result<Conferred> extend(
      Authority held,
      List<Id.Principal> actors,
      Id.Principal client,
      Presenter who,
      Wanted wanted) {
    var stated = purposes.kept(held.purpose(), wanted.purpose());
    if (!(stated instanceof Ok(var purpose))) {
      return stated.refusal();
    }
    var chain =
        new Chain(
            held.subject(),
            actors,
            held.delegations(),
            List.of(),
            held.lineage().with(client).with(who.lineage()),
            held.task(),
            held.asserted().with(who.asserted()),
            earliest(who.until(), held.notAfter()));
    var target = wanted.resource().isEmpty() ? held.audience() : wanted.resource();
    var aimed = new Wanted(target, wanted.scopes(), wanted.purpose());
    var operands =
        target.equals(held.audience()) ? List.<Operand>of(parent(held)) : List.<Operand>of();
    long checked = Math.min(who.checked(), held.checked());
    return conferral.of(chain, client.text(), purpose, aimed, operands, checked);
  }

  private static Operand parent(Authority held) {
    return new Operand.Actions("parent", held.scopes(), SCOPE_NOT_DELEGATED);
  }

  private void requireCurrent() {
    if (!cutOffs.isCurrent()) {
      throw new Outage("this node does not know the newest cut-offs");
    }
  }
}
