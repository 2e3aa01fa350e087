package io.prokura.bench;

import io.prokura.approvals.Approvals;
import io.prokura.decision.Inquiries;
import io.prokura.decision.Pdp;
import io.prokura.decision.TaskFacts;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Delegations;
import io.prokura.delegation.Standing;
import io.prokura.delegation.StatedPurposes;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtReader;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.keys.SigningKeys;
import io.prokura.policy.Policies;
import io.prokura.tokens.MoreClaims;
import io.prokura.tokens.Tokens;
import java.time.Duration;

/// The policy decision point in this process with what it rests on, on a database that a server has
/// left behind.
record LocalPdp(
    LocalRegisters registers, Delegations delegations, Authorities authorities, Pdp pdp) {
  private static final SigningKeys.KeyTimes TIMES =
      new SigningKeys.KeyTimes(Duration.ofDays(30), Duration.ofHours(1), Duration.ofHours(2));

  static LocalPdp of(LocalRecord record, Policies policies, World world) {
    var database = record.database();
    var feed = record.feed();
    var audit = record.log();
    var json = new JsonReader(Limits.standard());
    var registers = LocalRegisters.on(record, world);
    var cutOffs = registers.cutOffs();
    var agents = registers.agents();
    var catalogue = registers.catalogue();
    var standing = new Standing(agents, registers.directory());
    var delegations = new Delegations(world, database, feed, audit, cutOffs);
    var purposes = new StatedPurposes(world, agents, catalogue);
    var approvals =
        new Approvals(
            ServerProcess.ISSUER,
            world,
            database,
            audit,
            record.master().seal(world, "approvals"),
            json,
            cutOffs,
            registers.directory(),
            catalogue,
            agents,
            standing,
            delegations);
    var inquiries =
        new Inquiries(
            world,
            feed,
            cutOffs,
            registers.directory(),
            catalogue,
            agents,
            standing,
            tokens(record, world, json, registers, standing, delegations, purposes),
            delegations.budgets(),
            new TaskFacts(world, database, feed),
            approvals);
    var pdp =
        new Pdp(
            ServerProcess.ISSUER + "/api/v1",
            world,
            database,
            audit,
            record.facts(),
            catalogue,
            policies,
            inquiries);
    var authorities =
        new Authorities(
            world, Limits.standard(), cutOffs, catalogue, standing, purposes, delegations);
    return new LocalPdp(registers, delegations, authorities, pdp);
  }

  private static Tokens tokens(
      LocalRecord record,
      World world,
      JsonReader json,
      LocalRegisters registers,
      Standing standing,
      Delegations delegations,
      StatedPurposes purposes) {
    return new Tokens(
        ServerProcess.ISSUER,
        world,
        Limits.standard(),
        keys(record, world, json),
        new JwtReader(json),
        registers.cutOffs(),
        registers.catalogue(),
        standing,
        delegations,
        purposes,
        _ -> false,
        MoreClaims.NONE);
  }

  private static SigningKeys keys(LocalRecord record, World world, JsonReader json) {
    return new SigningKeys(
        world,
        record.database(),
        Crypto.fastest(),
        json,
        record.master().seal(world, "signing keys"),
        record.feed(),
        record.log(),
        TIMES);
  }
}
