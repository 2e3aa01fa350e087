package io.prokura.delegation;

import static io.prokura.kernel.Refusal.ACTOR_UNAUTHORIZED;
import static io.prokura.kernel.Refusal.CHAIN_TOO_DEEP;
import static io.prokura.kernel.Refusal.DELEGATION_INACTIVE;
import static io.prokura.kernel.Refusal.SCOPE_NOT_DELEGATED;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.catalogue.Catalogue;
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
  private final World world;
  private final Limits limits;
  private final CutOffs cutOffs;
  private final Catalogue catalogue;
  private final Standing standing;
  private final StatedPurposes purposes;
  private final Delegations delegations;

  public Authorities(
      World world,
      Limits limits,
      CutOffs cutOffs,
      Catalogue catalogue,
      Standing standing,
      StatedPurposes purposes,
      Delegations delegations) {
    this.world = world;
    this.limits = limits;
    this.cutOffs = cutOffs;
    this.catalogue = catalogue;
    this.standing = standing;
    this.purposes = purposes;
    this.delegations = delegations;
  }

  /// What the chain under construction rests on so far. `made` are delegations that come on record
  /// together with the token, so they can't be looked up yet.
  private record Chain(
      Id.Principal subject,
      List<Id.Principal> actors,
      List<Id.Delegation> delegations,
      List<Delegation> made,
      Lineage lineage,
      Id.Task task,
      Instant notAfter) {}

  /// The authority of a principal that acts for nobody but itself.
  public Result<Conferred> own(Presenter who, Wanted wanted) {
    requireCurrent();
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
            Lineage.of().with(who.ids()),
            Id.Task.random(world),
            who.until());
    return confer(chain, who.principal().text(), stated, wanted, List.of(), who.checked());
  }

  /// The authority of an agent that uses a standing delegation given to it.
  public Result<Conferred> use(Presenter who, Delegation delegation, Wanted wanted) {
    requireCurrent();
    if (!delegation.delegate().equals(who.principal())) {
      return refused(ACTOR_UNAUTHORIZED, "the delegation was given to somebody else");
    }
    if (!delegation.isStanding()) {
      return refused(SUBJECT_TOKEN_INVALID, "the delegation records a hand-over and is no other");
    }
    var usable = delegations.usable(delegation);
    if (!(usable instanceof Ok(var until))) {
      return usable.refusal();
    }
    var purpose = purposes.narrowed(delegation.purpose(), wanted.purpose());
    if (!(purpose instanceof Ok(var stated))) {
      return purpose.refusal();
    }
    var chain =
        new Chain(
            delegation.delegator(),
            List.of(delegation.delegate()),
            delegation.line(),
            List.of(),
            Lineage.of(delegation.delegator()).with(who.ids()).with(delegation.line()),
            Id.Task.random(world),
            earliest(who.until(), until));
    return confer(chain, who.principal().text(), stated, wanted, List.of(), who.checked());
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
        granted.lineage().with(who.ids()),
        Id.Task.random(world),
        earliest(who.until(), granted.until()));
  }

  /// The authority of an agent that acts for a person by what they granted through an application;
  /// refuses what [#use] does.
  public Result<Conferred> onBehalf(
      Presenter who, Granted granted, Delegation delegation, Wanted wanted) {
    requireCurrent();
    if (!delegation.delegate().equals(who.principal())) {
      return refused(ACTOR_UNAUTHORIZED, "the delegation was given to somebody else");
    }
    var usable = delegations.usable(delegation);
    if (!(usable instanceof Ok(var until))) {
      return usable.refusal();
    }
    var purpose = purposes.narrowed(delegation.purpose(), wanted.purpose());
    if (!(purpose instanceof Ok(var stated))) {
      return purpose.refusal();
    }
    var chain =
        new Chain(
            delegation.delegator(),
            List.of(delegation.delegate()),
            delegation.line(),
            List.of(),
            granted.lineage().with(delegation.delegator()).with(who.ids()).with(delegation.line()),
            Id.Task.random(world),
            earliest(who.until(), until, granted.until()));
    return through(granted, chain, stated, wanted, who.checked());
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
            granted.until());
    return through(granted, chain, stated, wanted, granted.checked());
  }

  private Result<Conferred> through(
      Granted granted, Chain chain, Stated purpose, Wanted wanted, long checked) {
    return confer(
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
            offered.lineage().with(who.ids()).with(work.id()),
            offered.task(),
            earliest(who.until(), offered.notAfter()));
    long checked = Math.min(who.checked(), offered.checked());
    return confer(chain, who.principal().text(), purpose, wanted, List.of(), checked);
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
        : extend(held, held.actors(), who, wanted);
  }

  private Result<Conferred> extend(
      Authority held, Id.Principal actor, Presenter who, Wanted wanted) {
    var actors = new ArrayList<>(List.of(actor));
    actors.addAll(held.actors());
    return extend(held, actors, who, wanted);
  }

  private Result<Conferred> extend(
      Authority held, List<Id.Principal> actors, Presenter who, Wanted wanted) {
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
            held.lineage().with(actors.getFirst()).with(who.ids()),
            held.task(),
            earliest(who.until(), held.notAfter()));
    var target = wanted.resource().isEmpty() ? held.audience() : wanted.resource();
    var aimed = new Wanted(target, wanted.scopes(), wanted.purpose());
    var operands =
        target.equals(held.audience()) ? List.<Operand>of(parent(held)) : List.<Operand>of();
    long checked = Math.min(who.checked(), held.checked());
    return confer(chain, actors.getFirst().text(), purpose, aimed, operands, checked);
  }

  private static Operand parent(Authority held) {
    return new Operand.Actions("parent", held.scopes(), SCOPE_NOT_DELEGATED);
  }

  private Result<Conferred> confer(
      Chain chain,
      String clientId,
      Stated purpose,
      Wanted wanted,
      List<Operand> parents,
      long checked) {
    if (chain.actors().size() > limits.chainDepthMax()) {
      return refused(
          CHAIN_TOO_DEEP, "a chain has at most %d actors".formatted(limits.chainDepthMax()));
    }
    var found = purposes.target(wanted.resource());
    if (!(found instanceof Ok(var resource))) {
      return found.refusal();
    }
    var principals = new ArrayList<>(chain.actors());
    principals.add(chain.subject());
    var active = standing.of(principals);
    if (!(active instanceof Ok(var until))) {
      return active.refusal();
    }
    var reach = delegations.reach(chain.delegations(), chain.actors().size(), resource.id());
    if (!(reach instanceof Ok(var covered))) {
      return reach.refusal();
    }
    var operands = new ArrayList<Operand>();
    principals.forEach(one -> operands.add(operand(one, resource, !one.equals(chain.subject()))));
    operands.addAll(purposes.operand(purpose, resource));
    operands.addAll(covered);
    chain.made().forEach(one -> operands.add(Delegations.operand(one, resource.id())));
    operands.addAll(parents);
    var computed = Arithmetic.compute(wanted.scopes(), resource.scopes(), operands);
    if (!(computed instanceof Ok(var arithmetic))) {
      return computed.refusal();
    }
    if (arithmetic.effective().toString().length() > limits.textMax()
        || arithmetic.length() > limits.leafMax() / 2) {
      return refused(
          SCOPE_NOT_PERMITTED, "too much for one token; name the scopes that are needed");
    }
    var delegated = new ArrayList<>(chain.delegations());
    chain.made().forEach(one -> delegated.add(one.id()));
    var authority =
        new Authority(
            chain.subject(),
            chain.actors(),
            clientId,
            resource.id(),
            resource.identifier(),
            arithmetic.effective(),
            purpose,
            delegated,
            chain.task(),
            purposes.lineage(chain.lineage(), purpose),
            checked,
            earliest(
                chain.notAfter(),
                until,
                purposes.end(purpose),
                permitted(principals, chain.subject(), resource, arithmetic.effective())));
    return ok(new Conferred(authority, arithmetic));
  }

  private Operand operand(Id.Principal principal, Resource resource, boolean delegated) {
    if (principal instanceof Id.User && resource.holdsPersonRights()) {
      return new Operand.HeldByResource(principal.text());
    }
    return new Operand.Actions(
        principal.text(),
        catalogue.permitted(principal, resource.id(), world.now(), delegated),
        SCOPE_NOT_PERMITTED);
  }

  /// The time until which everybody holds the permissions that all of this rests on.
  private Instant permitted(
      List<Id.Principal> principals, Id.Principal subject, Resource resource, Scopes effective) {
    var until = Instant.MAX;
    for (var one : principals) {
      if (!(one instanceof Id.User && resource.holdsPersonRights())) {
        boolean delegated = !one.equals(subject);
        var end = catalogue.permittedUntil(one, resource.id(), world.now(), delegated, effective);
        until = earliest(until, end);
      }
    }
    return until;
  }

  private static Instant earliest(Instant... instants) {
    var earliest = instants[0];
    for (var instant : instants) {
      earliest = instant.isBefore(earliest) ? instant : earliest;
    }
    return earliest;
  }

  private void requireCurrent() {
    if (!cutOffs.isCurrent()) {
      throw new Outage("this node does not know the newest cut-offs");
    }
  }
}
