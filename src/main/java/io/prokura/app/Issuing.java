package io.prokura.app;

import io.prokura.access.RightSizing;
import io.prokura.approvals.Approvals;
import io.prokura.audit.RecentEntries;
import io.prokura.decision.Inquiries;
import io.prokura.decision.Pdp;
import io.prokura.decision.Reaches;
import io.prokura.decision.Searches;
import io.prokura.decision.TaskFacts;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Delegations;
import io.prokura.delegation.Standing;
import io.prokura.delegation.StatedPurposes;
import io.prokura.jose.JwtReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.policy.Policies;
import io.prokura.sql.Database;
import io.prokura.tokens.Audiences;
import io.prokura.tokens.IdTokens;
import io.prokura.tokens.Issuance;
import io.prokura.tokens.OutstandingTokens;
import io.prokura.tokens.PairwiseSubjects;
import io.prokura.tokens.Tokens;

/// What turns standing permission into tokens and decisions.
record Issuing(
    Standing standing,
    Delegations delegations,
    Authorities authorities,
    Tokens tokens,
    OutstandingTokens outstanding,
    Issuance issuance,
    TaskFacts taskFacts,
    Approvals approvals,
    Pdp pdp,
    Searches searches,
    Reaches reaches,
    RightSizing sizing,
    Authorizing authorizing,
    Audiences audiences,
    PairwiseSubjects pairwise) {

  static Issuing wire(
      World world,
      Database database,
      Config config,
      Limits limits,
      Ledger ledger,
      Registers registers,
      Policies policies) {
    var keys = registers.keys();
    var cutOffs = ledger.cutOffs();
    var agents = registers.agents();
    var catalogue = registers.catalogue();
    var standing = new Standing(agents, registers.directory());
    var stated = new StatedPurposes(world, agents, catalogue);
    var delegations = new Delegations(world, database, ledger.feed(), ledger.audit(), cutOffs);
    var taskFacts = new TaskFacts(world, database, ledger.feed());
    var jwt = new JwtReader(ledger.json());
    var tokens =
        new Tokens(
            config.issuer(),
            world,
            limits,
            keys,
            jwt,
            cutOffs,
            catalogue,
            standing,
            delegations,
            stated,
            registers.clientAgents()::isUnproven,
            Compatibility.claims(config));
    var approvals =
        new Approvals(
            config.issuer(),
            world,
            database,
            ledger.audit(),
            ledger.master().seal(world, "approvals"),
            ledger.json(),
            cutOffs,
            registers.directory(),
            catalogue,
            agents,
            standing,
            delegations);
    var inquiries =
        new Inquiries(
            world,
            ledger.feed(),
            cutOffs,
            registers.directory(),
            catalogue,
            agents,
            standing,
            tokens,
            delegations.budgets(),
            taskFacts,
            approvals);
    var recent = new RecentEntries(database, ledger.json());
    var authorities =
        new Authorities(world, limits, cutOffs, catalogue, standing, stated, delegations);
    var pdp =
        new Pdp(
            config.managementApi(),
            world,
            database,
            ledger.audit(),
            ledger.facts(),
            catalogue,
            policies,
            inquiries);
    var pairwise =
        new PairwiseSubjects(world, database, ledger.master().seal(world, "pairwise subjects"));
    var audiences = new Audiences(registers.clients(), keys, pairwise);
    return new Issuing(
        standing,
        delegations,
        authorities,
        tokens,
        new OutstandingTokens(recent, world, limits),
        new Issuance(database, tokens, ledger.audit()),
        taskFacts,
        approvals,
        pdp,
        new Searches(
            world,
            database,
            ledger.audit(),
            registers.directory(),
            agents,
            catalogue,
            policies,
            inquiries),
        new Reaches(
            world,
            database,
            catalogue,
            registers.directory(),
            agents,
            standing,
            policies,
            inquiries),
        new RightSizing(world, catalogue, delegations, policies, recent),
        Authorizing.wire(
            world,
            database,
            config,
            limits,
            ledger,
            registers,
            delegations,
            authorities,
            pdp,
            new IdTokens(
                config.issuer(), world, keys, audiences, jwt, Compatibility.claims(config))),
        audiences,
        pairwise);
  }
}
