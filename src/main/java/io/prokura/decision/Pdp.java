package io.prokura.decision;

import static io.prokura.decision.Reason.ALLOWED;
import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agents;
import io.prokura.audit.AuditLog;
import io.prokura.audit.Facts;
import io.prokura.catalogue.Catalogue;
import io.prokura.cutoff.CutOffs;
import io.prokura.decision.DecisionLog.Answer;
import io.prokura.decision.Step.Denied;
import io.prokura.decision.Step.Passed;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Standing;
import io.prokura.directory.Directory;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.policy.Policies;
import io.prokura.policy.PolicySnapshot;
import io.prokura.sql.Database;
import io.prokura.tokens.Tokens;
import java.util.List;
import java.util.Optional;

/// The policy decision point. Every answer is on record before it is given; whatever goes wrong on
/// the way to an allow is a deny or an outage.
public final class Pdp {
  private final String managementApi;
  private final World world;
  private final Catalogue catalogue;
  private final Policies policies;
  private final EntityLoader loader;
  private final Inquiries inquiries;
  private final DecisionLog log;

  /// `managementApi` is the identifier of the management API as a resource.
  public Pdp(
      String managementApi,
      World world,
      Database database,
      AuditLog audit,
      Facts facts,
      CutOffs cutOffs,
      Directory directory,
      Catalogue catalogue,
      Agents agents,
      Standing standing,
      Tokens tokens,
      Policies policies) {
    this.managementApi = managementApi;
    this.world = world;
    this.catalogue = catalogue;
    this.policies = policies;
    loader = new EntityLoader(directory, agents, catalogue);
    inquiries =
        new Inquiries(world, cutOffs, directory, catalogue, agents, standing, tokens, loader);
    log = new DecisionLog(database, audit, facts);
  }

  /// Decides what `enforcer`, which has proven who it is, asks. Returns when the decision is
  /// durable on record; throws `Outage` when it cannot be.
  public Decision decide(Id.Principal enforcer, AccessRequest request) {
    var answer = answer(policies.current(), enforcer, request);
    log.record(enforcer, answer);
    return answer.decision();
  }

  private Answer answer(PolicySnapshot snapshot, Id.Principal enforcer, AccessRequest request) {
    var inquiry = inquiries.inquire(enforcer, request, world.now());
    var evaluated =
        switch (inquiry.question()) {
          case Passed<Question>(var question) -> Evaluator.evaluate(snapshot, question);
          case Denied<Question> denied -> new Evaluated(denied.denial(), List.of());
        };
    var decision = decision(snapshot, evaluated.outcome(), inquiry.grounds());
    return new Answer(inquiry, evaluated, decision);
  }

  private Decision decision(PolicySnapshot snapshot, Step<List<String>> outcome, Grounds grounds) {
    var id = Id.Decision.next(world);
    return switch (outcome) {
      case Passed<List<String>>(var determining) ->
          new Decision(id, true, ALLOWED, "allowed", determining, snapshot.digest(), grounds);
      case Denied<List<String>>(var reason, var detail, var determining) ->
          new Decision(id, false, reason, detail, determining, snapshot.digest(), grounds);
    };
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
        Evaluator.mayObtain(
            policies.current(),
            resource.get(),
            authority.scopes().values(),
            Grounds.of(authority, Optional.empty()),
            world.now(),
            loader::load);
    return switch (outcome) {
      case Passed<List<String>> _ -> ok(authority);
      case Denied<List<String>>(_, var detail, _) -> refused(POLICY_FORBIDS, detail);
    };
  }
}
