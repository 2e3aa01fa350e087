package io.prokura.app;

import io.prokura.agents.Agent;
import io.prokura.decision.ManagementEntities;
import io.prokura.decision.PolicyTests;
import io.prokura.kernel.World;
import io.prokura.policy.Bootstrap;
import io.prokura.policy.ManagementFloor;
import io.prokura.policy.PolicyDrafts;
import io.prokura.policy.PolicySetName;
import io.prokura.policy.PublishedSet;
import io.prokura.policy.PublishedSets;
import io.prokura.policy.Publishing;
import io.prokura.sql.Database;

/// The published policies, how they change, and what is published at a start.
record Policing(
    PublishedSets sets, PolicyDrafts drafts, Publishing publishing, Bootstrap bootstrap) {

  static Policing wire(
      World world, Database database, Config config, Ledger ledger, Registers registers) {
    var feed = ledger.feed();
    var audit = ledger.audit();
    var sets =
        new PublishedSets(
            new PublishedSet(database, feed, PolicySetName.ORGANISATION),
            new PublishedSet(database, feed, PolicySetName.MANAGEMENT));
    var agents = registers.agents();
    var directory = registers.directory();
    var floor =
        new ManagementFloor(
            database,
            directory,
            new ManagementEntities(
                directory, agents, registers.catalogue(), registers.credentials()),
            (tx, after, count) ->
                agents.page(tx, "", "", after, count).stream().map(Agent::id).toList());
    var publishing =
        new Publishing(world, feed, audit, sets, floor, config.policyReview(), new PolicyTests());
    return new Policing(
        sets,
        new PolicyDrafts(world, audit),
        publishing,
        Bootstrap.of(database, sets, publishing, config.organisation()));
  }
}
