package io.prokura.delegation;

import static io.prokura.delegation.Chain.earliest;
import static io.prokura.kernel.Refusal.CHAIN_TOO_DEEP;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Resource;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The arithmetic over a whole chain, in which every way to authority ends: who takes part is
/// active, what the delegations cover, what everybody may do, and until when.
final class Conferral {
  private final World world;
  private final Limits limits;
  private final Catalogue catalogue;
  private final Standing standing;
  private final StatedPurposes purposes;
  private final Delegations delegations;

  Conferral(
      World world,
      Limits limits,
      Catalogue catalogue,
      Standing standing,
      StatedPurposes purposes,
      Delegations delegations) {
    this.world = world;
    this.limits = limits;
    this.catalogue = catalogue;
    this.standing = standing;
    this.purposes = purposes;
    this.delegations = delegations;
  }

  /// What `chain` confers of what is `wanted` for a purpose: no more than `parents` leave, resting
  /// on nothing newer than the cut-off `checked`. `clientId` is who asks for it.
  Result<Conferred> of(
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
    principals.forEach(one -> asserted(chain, one, resource).ifPresent(operands::add));
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
            chain.asserted(),
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

  /// What of that counts where it is the word of its platform that proves an agent: what the roles
  /// give that the platform said it has.
  private Optional<Operand> asserted(Chain chain, Id.Principal principal, Resource resource) {
    boolean delegated = !principal.equals(chain.subject());
    return chain
        .asserted()
        .of(principal)
        .map(
            roles ->
                new Operand.Actions(
                    "assertion about " + principal.text(),
                    catalogue.permittedBy(roles, principal, resource.id(), world.now(), delegated),
                    SCOPE_NOT_PERMITTED));
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
}
