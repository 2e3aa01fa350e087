package io.prokura.app;

import io.prokura.issuers.IssuerKeys;
import io.prokura.issuers.Issuers;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.management.Changes;
import io.prokura.outbound.Outbound;
import io.prokura.sql.Database;
import io.prokura.upstream.Links;
import io.prokura.upstream.LinksApi;

/// Whose words are believed, and the way out by which their keys are fetched. The authorities that
/// the machine trusts vouch for their hosts.
record Trust(Issuers issuers, Outbound outbound, IssuerKeys keys, Links links) {

  static Trust wire(
      World world, Database database, Config config, Ledger ledger, Outbound outbound) {
    return new Trust(
        new Issuers(
            config.issuer(),
            database,
            ledger.feed(),
            ledger.audit(),
            ledger.cutOffs(),
            ledger.master().seal(world, "issuers"),
            ledger.crypto()),
        outbound,
        new IssuerKeys(world, outbound, ledger.crypto(), ledger.json()),
        new Links(world, database, ledger.audit(), ledger.cutOffs()));
  }

  /// The API of the links, which are to whoever is registered.
  LinksApi linksApi(Database database, Limits limits, Registers registers, Changes changes) {
    return new LinksApi(
        database,
        changes,
        issuers,
        links,
        registers.sessions(),
        principal ->
            switch (principal) {
              case Id.User user -> registers.directory().user(user).isPresent();
              case Id.Workload workload -> registers.directory().workload(workload).isPresent();
              case Id.Agent agent -> registers.agents().find(agent).isPresent();
            },
        limits);
  }
}
