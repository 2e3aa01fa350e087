package io.prokura.app;

import io.prokura.asgardeo.AgentCodeGrant;
import io.prokura.asgardeo.AsgardeoDialect;
import io.prokura.asgardeo.Aut;
import io.prokura.asgardeo.CarriedTokens;
import io.prokura.asgardeo.CibaEndpoint;
import io.prokura.asgardeo.DirectEndpoint;
import io.prokura.asgardeo.DirectFlows;
import io.prokura.asgardeo.DirectRequests;
import io.prokura.asgardeo.LoginScope;
import io.prokura.grants.ActorTokens;
import io.prokura.grants.Applications;
import io.prokura.grants.ClientEndpoint;
import io.prokura.grants.Dialect;
import io.prokura.grants.PermittedTokens;
import io.prokura.grants.Presenters;
import io.prokura.http.Form;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.tokens.MoreClaims;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What speaks to clients as WSO2 Asgardeo does, where that is configured.
record Compatibility(DirectFlows flows, CarriedTokens carried, AsgardeoDialect dialect) {

  /// What tokens say for the sake of such clients.
  static MoreClaims claims(Config config) {
    return config.asgardeo() ? Aut::of : MoreClaims.NONE;
  }

  /// What authorization requests of such clients mean.
  static UnaryOperator<Form> meant(Config config) {
    return config.asgardeo() ? LoginScope::without : UnaryOperator.identity();
  }

  static Optional<Compatibility> wire(
      World world,
      Database database,
      Config config,
      Ledger ledger,
      Registers registers,
      Issuing issuing) {
    if (!config.asgardeo()) {
      return Optional.empty();
    }
    var requests =
        new DirectRequests(
            issuing.authorizing().requests(), registers.clients(), registers.catalogue());
    var flows =
        new DirectFlows(world, database, ledger.audit(), requests, registers.authenticator());
    var carried = new CarriedTokens(ledger.master().seal(world, "carried actor tokens"));
    var codes = codes(world, database, config, ledger, registers, issuing, flows);
    return Optional.of(new Compatibility(flows, carried, new AsgardeoDialect(carried, codes)));
  }

  private static AgentCodeGrant codes(
      World world,
      Database database,
      Config config,
      Ledger ledger,
      Registers registers,
      Issuing issuing,
      DirectFlows flows) {
    return new AgentCodeGrant(
        config.issuer(),
        world,
        database,
        ledger.audit(),
        ledger.cutOffs(),
        flows,
        registers.credentials(),
        new Applications(
            registers.catalogue(),
            issuing.authorizing().asking(),
            issuing.authorizing().questions()),
        new Presenters(registers.agents()),
        issuing.authorities(),
        new PermittedTokens(issuing.pdp(), issuing.issuance()),
        issuing.authorizing().idTokens());
  }

  /// How clients talk to the token endpoint.
  static Dialect dialect(Optional<Compatibility> configured) {
    return configured.<Dialect>map(Compatibility::dialect).orElse(Dialect.NONE);
  }

  /// What answers requests in its own places.
  record Doors(DirectEndpoint direct, CibaEndpoint ciba) {}

  Doors doors(
      World world,
      Config config,
      Ledger ledger,
      Registers registers,
      Issuing issuing,
      ClientEndpoint clients) {
    var actors =
        new ActorTokens(issuing.tokens(), registers.authenticator(), registers.clientAgents());
    return new Doors(
        new DirectEndpoint(config.issuer(), clients, flows, ledger.refusals()),
        new CibaEndpoint(
            config.issuer(),
            world,
            clients,
            registers.dpopProofs(),
            actors,
            issuing.authorizing().polled(),
            carried));
  }
}
