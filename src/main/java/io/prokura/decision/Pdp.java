package io.prokura.decision;

import static io.prokura.decision.Reason.ALLOWED;
import static io.prokura.decision.Reason.ENFORCER_NOT_ACTIVE;
import static io.prokura.decision.Reason.NOT_CURRENT;
import static io.prokura.decision.Reason.NOT_YOUR_RESOURCE;
import static io.prokura.decision.Reason.RESOURCE_AMBIGUOUS;
import static io.prokura.decision.Reason.TOKEN_AUDIENCE;
import static io.prokura.decision.Reason.TOKEN_INVALID;
import static io.prokura.decision.Reason.UNKNOWN_ACTION;
import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agents;
import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Resource;
import io.prokura.cutoff.CutOffs;
import io.prokura.decision.Step.Denied;
import io.prokura.decision.Step.Passed;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Standing;
import io.prokura.delegation.Stated;
import io.prokura.directory.Directory;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.policy.PermissionPolicies;
import io.prokura.policy.Policies;
import io.prokura.policy.PolicySnapshot;
import io.prokura.sql.Database;
import io.prokura.tokens.Tokens;
import io.prokura.tokens.VerifiedToken;
import java.util.List;
import java.util.Optional;

/// The policy decision point. Every answer is on record before it is given; whatever goes wrong on
/// the way to an allow is a deny or an outage.
public final class Pdp {
  private final String managementApi;
  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final CutOffs cutOffs;
  private final Catalogue catalogue;
  private final Standing standing;
  private final Tokens tokens;
  private final Policies policies;
  private final Participants participants;
  private final Evaluator evaluator;

  /// `managementApi` is the identifier of the management API as a resource.
  public Pdp(
      String managementApi,
      World world,
      Database database,
      AuditLog audit,
      CutOffs cutOffs,
      Directory directory,
      Catalogue catalogue,
      Agents agents,
      Standing standing,
      Tokens tokens,
      Policies policies) {
    this.managementApi = managementApi;
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.cutOffs = cutOffs;
    this.catalogue = catalogue;
    this.standing = standing;
    this.tokens = tokens;
    this.policies = policies;
    participants = new Participants(world, catalogue, directory, agents, standing);
    evaluator =
        new Evaluator(
            world,
            new PermissionPolicies(catalogue, world),
            new EntityLoader(directory, agents, catalogue));
  }

  /// What has been found out on the way to a decision.
  private static final class Findings {
    Optional<Target> target = Optional.empty();
    Grounds grounds = Grounds.NONE;
  }

  /// Decides what `enforcer`, which has proven who it is, asks. Returns when the decision is
  /// durable on record; throws `Outage` when it cannot be.
  public Decision decide(Id.Principal enforcer, AccessRequest request) {
    var snapshot = policies.current();
    var findings = new Findings();
    var outcome = decide(snapshot, enforcer, request, findings);
    var id = Id.Decision.next(world);
    var decision =
        switch (outcome) {
          case Passed<List<String>>(var determining) ->
              new Decision(
                  id, true, ALLOWED, "allowed", determining, snapshot.digest(), findings.grounds);
          case Denied<List<String>>(var reason, var detail, var determining) ->
              new Decision(
                  id, false, reason, detail, determining, snapshot.digest(), findings.grounds);
        };
    var leaf = audit.leaf(event(decision, enforcer, request, findings.target));
    database.inTransaction(tx -> audit.append(tx, leaf));
    return decision;
  }

  private Step<List<String>> decide(
      PolicySnapshot snapshot, Id.Principal enforcer, AccessRequest request, Findings findings) {
    if (!cutOffs.isCurrent()) {
      return Step.denied(NOT_CURRENT, "this node may have missed a change; ask again");
    }
    if (!(enforcer instanceof Id.Workload) || !(standing.of(enforcer) instanceof Result.Ok)) {
      return Step.denied(ENFORCER_NOT_ACTIVE, "only an active workload enforces a resource");
    }
    var type = request.object().type();
    var candidates =
        catalogue.enforcedBy(enforcer).stream().filter(one -> one.types().contains(type)).toList();
    if (candidates.isEmpty()) {
      return Step.denied(
          NOT_YOUR_RESOURCE, "you enforce no resource that has objects of this type");
    }
    var presented = presented(candidates, request);
    if (!(presented instanceof Passed(var token))) {
      return presented.denial();
    }
    token.ifPresent(one -> findings.grounds = participants.verified(one));
    var aimed = aim(candidates, token, request);
    if (!(aimed instanceof Passed(var target))) {
      return aimed.denial();
    }
    findings.target = Optional.of(target);
    var taking =
        token.isPresent()
            ? participants.check(request, target, token.get().authority(), findings.grounds)
            : participants.claimed(request, target);
    if (!(taking instanceof Passed(var grounds))) {
      return taking.denial();
    }
    findings.grounds = grounds;
    var fit = participants.check(target, grounds);
    return fit instanceof Passed
        ? evaluator.evaluate(snapshot, request, target, grounds)
        : fit.denial();
  }

  /// The token that was sent, checked. What is wrong with one for another resource is not for this
  /// enforcer to know, so it gets the answer that it would get if nothing was.
  private Step<Optional<VerifiedToken>> presented(
      List<Resource> candidates, AccessRequest request) {
    if (request.token().isEmpty()) {
      return Step.passed(Optional.empty());
    }
    return switch (tokens.verify(request.token(), Refusal.TOKEN_INVALID)) {
      case Result.Ok<VerifiedToken>(var token) -> Step.passed(Optional.of(token));
      case Result.Refused<VerifiedToken>(_, var detail) ->
          isForAnother(candidates, tokens.claimedAudience(request.token()))
              ? otherAudience()
              : Step.denied(TOKEN_INVALID, detail);
    };
  }

  private static boolean isForAnother(List<Resource> candidates, Optional<String> audience) {
    return audience.isPresent()
        && candidates.stream().noneMatch(one -> one.identifier().equals(audience.get()));
  }

  private static <T> Step<T> otherAudience() {
    return Step.denied(TOKEN_AUDIENCE, "the token is for another resource");
  }

  /// The resource that is meant: the token's audience where there is a token, else the only one
  /// that it can be.
  private static Step<Target> aim(
      List<Resource> candidates, Optional<VerifiedToken> token, AccessRequest request) {
    if (token.isEmpty() && candidates.size() > 1) {
      return Step.denied(RESOURCE_AMBIGUOUS, "several of your resources have objects of this type");
    }
    var meant =
        candidates.stream()
            .filter(one -> token.isEmpty() || one.id().equals(token.get().authority().resource()))
            .findFirst();
    if (meant.isEmpty()) {
      return otherAudience();
    }
    var action = meant.get().action(request.action().name());
    return action.isEmpty()
        ? Step.denied(UNKNOWN_ACTION, "the resource has no action of this name")
        : Step.passed(Target.of(meant.get(), action.get(), request.object()));
  }

  /// Facts are what is registered; the object, and whatever else the enforcer said, is not.
  private static Event event(
      Decision decision, Id.Principal enforcer, AccessRequest request, Optional<Target> target) {
    var grounds = decision.grounds();
    var event =
        Event.about("decision.made", decision.id())
            .by(enforcer)
            .flag("allowed", decision.allowed())
            .word("reason", decision.reason().word())
            .words("policies", decision.policies())
            .word("snapshot", decision.snapshot())
            .free("detail", decision.detail())
            .free("object", request.object().type() + " " + request.object().id())
            .free("asserted", asserted(request).toText());
    target.ifPresent(
        known ->
            event
                .reference("resource", known.resource().id())
                .word("resourceType", known.type().name())
                .word("action", known.action().name()));
    if (target.isEmpty()) {
      event.free("action", request.action().name());
    }
    if (!grounds.chain().isEmpty()) {
      event.references("principals", grounds.chain());
      event.word("identity", grounds.verified() ? "verified" : "claimed");
    }
    if (!grounds.verified()) {
      event.free("subject", request.subject().type() + " " + request.subject().id());
    }
    if (grounds.purpose() instanceof Stated.Purpose(var id, _)) {
      event.reference("purpose", id);
    }
    event.reference("token", grounds.token());
    if (!grounds.delegations().isEmpty()) {
      event.references("delegations", grounds.delegations());
    }
    return event.build();
  }

  private static Json.Obj asserted(AccessRequest request) {
    return Json.object()
        .put("subject", request.subject().properties())
        .put("action", request.action().properties())
        .put("resource", request.object().properties())
        .put("context", request.context())
        .build();
  }

  /// Whether policy lets a token with this authority be issued: `Prokura::Action::"obtain_token"`
  /// on its resource has to be allowed to everybody in the chain. Refuses `POLICY_FORBIDS`, also
  /// when a policy cannot be evaluated.
  public Result<Authority> mayIssue(Authority authority) {
    var resource = catalogue.resource(authority.resource());
    if (resource.isEmpty()) {
      return refused(RESOURCE_UNKNOWN, "no such resource is registered");
    }
    if (authority.audience().equals(managementApi)) {
      // No policy of an organisation reaches who may manage the server.
      return ok(authority);
    }
    var outcome =
        evaluator.mayObtain(
            policies.current(),
            resource.get(),
            authority.scopes().values(),
            Grounds.of(authority, Optional.empty()));
    return switch (outcome) {
      case Passed<List<String>> _ -> ok(authority);
      case Denied<List<String>>(_, var detail, _) -> refused(POLICY_FORBIDS, detail);
    };
  }
}
