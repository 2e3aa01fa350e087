package io.prokura.approvals;

import static io.prokura.catalogue.Reversibility.IRREVERSIBLE;

import io.prokura.agents.Agent;
import io.prokura.agents.AgentState;
import io.prokura.agents.AgentTransition;
import io.prokura.agents.Agents;
import io.prokura.agents.Environment;
import io.prokura.agents.Risk;
import io.prokura.catalogue.Action;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Coverage;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Purposes;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Resources;
import io.prokura.catalogue.Sensitivity;
import io.prokura.cutoff.CutOffs;
import io.prokura.delegation.Delegation;
import io.prokura.delegation.Delegations;
import io.prokura.delegation.Standing;
import io.prokura.directory.Registers;
import io.prokura.directory.Workload;
import io.prokura.jose.Algorithm;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import io.prokura.seal.MasterKey;
import io.prokura.seal.MasterKeySource;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An organisation in which Alice lets the agent triage, owned by Dana, act for her at a CRM;
/// triage has handed work to the sub-agent lookup. The CRM asks for approval of deleting a
/// customer.
final class Approving implements AutoCloseable {
  static final String ISSUER = "https://iam.example.org";

  final Registers registers;
  final Catalogue catalogue;
  final Agents agents;
  final CutOffs cutOffs;
  final Delegations delegations;
  final Approvals approvals;
  final Id.User alice;
  final Id.User dana;
  final Id.User backup;
  final Id.Agent triage;
  final Id.Agent lookup;
  final Workload crm;
  final Resource resource;
  final Purpose purpose;
  final Delegation delegation;

  Approving(Database database) {
    registers = new Registers(database);
    var world = registers.world;
    catalogue = new Catalogue(database, registers.feed);
    agents =
        new Agents(
            world, database, registers.feed, registers.audit, registers.directory, catalogue);
    cutOffs = new CutOffs(registers.feed, database, registers.audit, world);
    delegations = new Delegations(world, database, registers.feed, registers.audit, cutOffs);
    var file = TestDatabases.folder().resolve("master.key");
    var master = MasterKey.open(new MasterKeySource.File(file, List.of()), world);
    approvals =
        new Approvals(
            ISSUER,
            world,
            database,
            registers.audit,
            master.seal(world, "approvals"),
            new JsonReader(registers.limits),
            cutOffs,
            registers.directory,
            catalogue,
            agents,
            new Standing(agents, registers.directory),
            delegations);
    alice = registers.user(registers.fresh("alice")).id();
    dana = registers.user(registers.fresh("dana")).id();
    backup = registers.user(registers.fresh("backup")).id();
    crm = registers.workload(registers.user(registers.fresh("crm-owner")).id());
    resource = resource(crm, "customer");
    purpose = purpose();
    triage = agent();
    lookup = agent();
    delegation = delegate(alice, triage);
  }

  @Override
  public void close() {
    registers.close();
  }

  Resource resource(Workload enforcer, String type) {
    var resources =
        new Resources(
            registers.world, registers.feed, registers.audit, registers.directory, (_, _) -> {});
    var one =
        new Resource(
            Id.Resource.random(registers.world),
            "https://" + registers.fresh("crm") + ".example.org",
            "CRM",
            List.of(type),
            List.of(
                new Action("delete", Sensitivity.HIGH, IRREVERSIBLE, "", List.of("id", "amount"))),
            true,
            PersonRights.CHECKED,
            Algorithm.ES256,
            List.of(enforcer.id()),
            List.of(),
            1);
    return registers.done(tx -> resources.register(tx, registers.admin, one));
  }

  private Purpose purpose() {
    var purposes = new Purposes(registers.feed, registers.audit, registers.directory);
    var one =
        new Purpose(
            Id.Purpose.random(registers.world),
            registers.fresh("support.triage"),
            "",
            dana,
            "",
            List.of(),
            List.of(new Coverage(resource.id(), Scopes.of(List.of("delete")))),
            Optional.empty(),
            Optional.empty(),
            1);
    return registers.done(tx -> purposes.register(tx, registers.admin, one));
  }

  private Id.Agent agent() {
    var agent =
        new Agent(
            Id.Agent.random(registers.world),
            registers.fresh("agent"),
            "",
            dana,
            backup,
            List.of(purpose.id()),
            List.of(),
            Environment.PRODUCTION,
            Risk.parse("low").orElseThrow(),
            Optional.empty(),
            false,
            AgentState.REGISTERED,
            1);
    registers.done(tx -> agents.register(tx, registers.admin, agent));
    step(agent.id(), AgentTransition.ACTIVATE);
    return agent.id();
  }

  void step(Id.Agent agent, AgentTransition transition) {
    registers.done(tx -> agents.transition(tx, registers.admin, agent, transition, "test"));
  }

  /// A kill as the kill does it: a cut-off and a suspension in one transaction.
  void kill(Id.Agent agent) {
    registers.done(
        tx -> {
          cutOffs.write(tx, agent, registers.admin, "test");
          return agents.kill(tx, agent, registers.admin, "test");
        });
  }

  Delegation delegate(Id.User from, Id.Agent to) {
    var now = registers.now.get();
    var one =
        new Delegation(
            Id.Delegation.random(registers.world),
            List.of(),
            from,
            to,
            purpose.id(),
            Map.of(resource.id(), Scopes.of(List.of("delete"))),
            3,
            new Delegation.Given(registers.admin, Delegation.How.ADMINISTRATOR, now),
            now.plus(Duration.ofDays(1)),
            false);
    return registers.done(tx -> Result.ok(delegations.give(tx, registers.admin, one)));
  }

  /// What triage does for Alice, with other arguments.
  ExactAction deleting(String arguments) {
    return new ExactAction(
        List.of(triage, alice),
        List.of(delegation.id()),
        Optional.of(purpose.id()),
        resource.id(),
        "customer",
        "c-1",
        "delete",
        registers.json(arguments));
  }

  ExactAction deleting() {
    return deleting("{'id':'c-1','amount':10}");
  }

  /// The same action by another chain.
  ExactAction by(Id.Principal... chain) {
    var one = deleting();
    return new ExactAction(
        List.of(chain),
        one.delegations(),
        one.purpose(),
        one.resource(),
        one.objectType(),
        one.objectId(),
        one.action(),
        one.arguments());
  }

  Wanted wanted(ExactAction action, Approvers approvers) {
    return new Wanted(
        crm.id(),
        action,
        approvers,
        Id.Decision.next(registers.world),
        Lineage.of(triage).with(Id.Credential.random(registers.world)),
        cutOffs.applied(),
        "the customer asked for it",
        Optional.empty());
  }

  Approval requested(ExactAction action, Approvers approvers) {
    return value(approvals.request(wanted(action, approvers)));
  }

  Approval requested() {
    return requested(deleting(), Approvers.byDefault());
  }

  Approval approved() {
    var one = requested();
    return registers.done(tx -> approvals.approve(tx, alice, one.id(), "go on"));
  }

  Presented present(Approval approval, String request) {
    return approvals.present(approval.digest(), approval.id(), crm.id(), Optional.of(request));
  }

  /// What comes of a request that presents the approval and is decided.
  Presented consume(Approval approval, String request) {
    var presented = present(approval, request);
    return presented instanceof Presented.Usable usable ? consume(usable, request) : presented;
  }

  /// The second half alone, as if something had happened in between.
  Presented consume(Presented.Usable usable, String request) {
    var decision = Id.Decision.next(registers.world);
    return registers.database.inTransaction(
        tx -> approvals.consume(tx, usable, crm.id(), Optional.of(request), decision));
  }

  static <T> T value(Result<T> result) {
    return switch (result) {
      case Result.Ok<T>(var value) -> value;
      case Result.Refused<T> refused -> throw new AssertionError(refused);
    };
  }

  /// Why a wish is refused.
  Refusal refusal(Wanted wanted) {
    return switch (approvals.request(wanted)) {
      case Result.Ok<Approval>(var approval) -> throw new AssertionError(approval);
      case Result.Refused<Approval>(var reason, _) -> reason;
    };
  }

  /// Lets time pass; this node keeps up with the others.
  void pass(Duration time) {
    registers.now.updateAndGet(now -> now.plus(time));
    registers.feed.catchUp();
  }
}
