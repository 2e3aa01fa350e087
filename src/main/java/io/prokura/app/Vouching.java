package io.prokura.app;

import io.prokura.authorize.AskingClients;
import io.prokura.grants.IdJagGrant;
import io.prokura.grants.JwtBearerGrant;
import io.prokura.grants.Presenters;
import io.prokura.issuers.Assertions;
import io.prokura.jose.JwtReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;

/// What is granted by the word of issuers elsewhere.
final class Vouching {
  private Vouching() {}

  static IdJagGrant idJag(
      World world,
      Config config,
      Limits limits,
      Registers registers,
      Trust trust,
      Issuing issuing) {
    var authorizing = issuing.authorizing();
    return new IdJagGrant(
        config.issuer(),
        world,
        limits,
        trust.issuers(),
        registers.catalogue(),
        issuing.tokens(),
        authorizing.idTokens(),
        issuing.audiences(),
        registers.sessions(),
        authorizing.grants(),
        authorizing.refreshTokens(),
        new Presenters(registers.agents()),
        new AskingClients(registers.clients(), registers.agents()),
        authorizing.questions(),
        issuing.authorities(),
        issuing.pdp(),
        issuing.issuance());
  }

  static JwtBearerGrant jwtBearer(
      World world,
      Config config,
      Limits limits,
      Ledger ledger,
      Registers registers,
      Trust trust,
      Issuing issuing) {
    var reader = new JwtReader(ledger.json());
    return new JwtBearerGrant(
        config.issuer(),
        world,
        limits,
        new Assertions(config.issuer(), world, limits, reader, trust.issuers(), trust.keys()),
        trust.links(),
        registers.oneTime(),
        ledger.audit(),
        new Presenters(registers.agents()),
        registers.catalogue(),
        new AskingClients(registers.clients(), registers.agents()),
        issuing.authorizing().questions(),
        issuing.authorities(),
        issuing.pdp(),
        issuing.issuance());
  }
}
