package io.prokura.app;

import io.prokura.authorize.AskingClients;
import io.prokura.delegation.AuthorizationDetails;
import io.prokura.grants.ActorTokens;
import io.prokura.grants.AuthorizationCodeGrant;
import io.prokura.grants.ClientCredentialsGrant;
import io.prokura.grants.ForeignAgentEndpoint;
import io.prokura.grants.ForeignAgentGrant;
import io.prokura.grants.GrantTypes;
import io.prokura.grants.GrantedTokens;
import io.prokura.grants.JwtBearerGrant;
import io.prokura.grants.PolledGrant;
import io.prokura.grants.Presenters;
import io.prokura.grants.RefreshTokenGrant;
import io.prokura.grants.SentTokens;
import io.prokura.grants.SignedIns;
import io.prokura.grants.TokenExchangeGrant;
import io.prokura.grants.TransactionTokenGrant;
import io.prokura.grants.VouchingGrant;
import io.prokura.issuers.AgentAssertions;
import io.prokura.issuers.Assertions;
import io.prokura.jose.JwtReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.upstream.ForeignAgents;

/// The ways to a token at the token endpoint, and what they have in common.
final class Granting {
  private final World world;
  private final Limits limits;
  private final String issuer;
  private final Registers registers;
  private final Issuing issuing;
  private final Authorizing authorizing;
  private final AskingClients asking;
  private final Presenters presenters;
  private final ActorTokens actors;
  private final GrantedTokens granted;
  private final SignedIns signedIns;

  private Granting(
      World world, Config config, Limits limits, Registers registers, Issuing issuing) {
    this.world = world;
    this.limits = limits;
    this.registers = registers;
    this.issuing = issuing;
    issuer = config.issuer();
    authorizing = issuing.authorizing();
    asking = authorizing.asking();
    presenters = new Presenters(registers.agents());
    actors = new ActorTokens(issuing.tokens(), registers.authenticator(), registers.clientAgents());
    granted =
        new GrantedTokens(
            issuer,
            registers.catalogue(),
            asking,
            authorizing.grants(),
            authorizing.questions(),
            issuing.delegations(),
            issuing.authorities(),
            presenters,
            actors,
            issuing.pdp(),
            issuing.issuance());
    signedIns = new SignedIns(authorizing.idTokens(), registers.directory());
  }

  /// All ways of clients, and those of agents that their platforms prove.
  record Ways(GrantTypes ofClients, ForeignAgentEndpoint ofForeignAgents) {}

  static Ways wire(
      World world,
      Database database,
      Config config,
      Limits limits,
      Ledger ledger,
      Registers registers,
      Trust trust,
      Issuing issuing) {
    var all = new Granting(world, config, limits, registers, issuing);
    var exchange = all.exchange();
    return new Ways(
        new GrantTypes(
            all.clientCredentials(),
            exchange,
            all.code(),
            all.refresh(),
            all.jwtBearer(ledger, trust),
            all.polled(),
            all.vouching(trust),
            all.transactions(config, ledger)),
        all.foreign(database, ledger, trust, exchange));
  }

  /// For agents of platforms elsewhere, by the platform's word.
  private ForeignAgentEndpoint foreign(
      Database database, Ledger ledger, Trust trust, TokenExchangeGrant exchange) {
    var grant =
        new ForeignAgentGrant(
            limits,
            registers.agents(),
            registers.catalogue(),
            registers.oneTime(),
            ledger.audit(),
            presenters,
            issuing.authorities(),
            issuing.pdp(),
            issuing.issuance());
    return new ForeignAgentEndpoint(
        world,
        new AgentAssertions(
            issuer,
            issuer + "/oauth2/token",
            world,
            limits,
            new JwtReader(ledger.json()),
            trust.issuers(),
            trust.keys()),
        new ForeignAgents(
            world,
            database,
            ledger.feed(),
            registers.agents(),
            registers.catalogue(),
            registers.assignments(),
            trust.links(),
            registers.discoveryOwners()),
        registers.authenticator(),
        registers.dpopProofs(),
        new AuthorizationDetails(ledger.json()),
        grant,
        exchange,
        issuing.tokens(),
        ledger.refusals());
  }

  private ClientCredentialsGrant clientCredentials() {
    return new ClientCredentialsGrant(
        limits, presenters, issuing.authorities(), issuing.pdp(), issuing.issuance());
  }

  private TokenExchangeGrant exchange() {
    return new TokenExchangeGrant(
        limits,
        issuing.tokens(),
        presenters,
        actors,
        registers.oneTime(),
        sent(),
        issuing.delegations(),
        issuing.authorities(),
        issuing.pdp(),
        issuing.issuance());
  }

  private SentTokens sent() {
    return new SentTokens(issuing.tokens(), registers.catalogue());
  }

  /// For the workloads behind the one that asks.
  private TransactionTokenGrant transactions(Config config, Ledger ledger) {
    return new TransactionTokenGrant(
        config.trustDomain(),
        limits,
        ledger.json(),
        registers.directory(),
        presenters,
        issuing.tokens(),
        sent(),
        issuing.authorities(),
        issuing.pdp(),
        issuing.issuance());
  }

  private AuthorizationCodeGrant code() {
    return new AuthorizationCodeGrant(
        world,
        authorizing.codes(),
        authorizing.grants(),
        authorizing.refreshTokens(),
        granted,
        signedIns);
  }

  private RefreshTokenGrant refresh() {
    return new RefreshTokenGrant(
        limits, authorizing.grants(), authorizing.refreshTokens(), granted, signedIns);
  }

  private PolledGrant polled() {
    return new PolledGrant(
        authorizing.polledRequests(),
        authorizing.grants(),
        authorizing.refreshTokens(),
        granted,
        signedIns);
  }

  /// By the word of an issuer elsewhere.
  private JwtBearerGrant jwtBearer(Ledger ledger, Trust trust) {
    var reader = new JwtReader(ledger.json());
    return new JwtBearerGrant(
        issuer,
        world,
        limits,
        new Assertions(issuer, world, limits, reader, trust.issuers(), trust.keys()),
        trust.links(),
        registers.oneTime(),
        ledger.audit(),
        presenters,
        registers.catalogue(),
        asking,
        authorizing.questions(),
        issuing.authorities(),
        issuing.pdp(),
        issuing.issuance());
  }

  /// For a server elsewhere that believes ours.
  private VouchingGrant vouching(Trust trust) {
    return new VouchingGrant(
        issuer,
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
        presenters,
        asking,
        authorizing.questions(),
        issuing.authorities(),
        issuing.pdp(),
        issuing.issuance());
  }
}
