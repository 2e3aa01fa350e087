package io.prokura.app;

import io.prokura.authorize.AuthorizationFlow;
import io.prokura.authorize.AuthorizationRequests;
import io.prokura.authorize.Codes;
import io.prokura.authorize.ConsentQuestions;
import io.prokura.authorize.Consents;
import io.prokura.authorize.Grants;
import io.prokura.authorize.RefreshTokens;
import io.prokura.authorize.RequestObjects;
import io.prokura.clients.ClientKeys;
import io.prokura.decision.Pdp;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.AuthorizationDetails;
import io.prokura.delegation.Delegations;
import io.prokura.jose.JwtReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.tokens.IdTokens;
import java.util.Set;

/// What people are asked for, and what comes of it.
record Authorizing(
    AuthorizationFlow flow,
    ConsentQuestions questions,
    Consents consents,
    Grants grants,
    Codes codes,
    RefreshTokens refreshTokens,
    IdTokens idTokens) {

  static Authorizing wire(
      World world,
      Database database,
      Config config,
      Limits limits,
      Ledger ledger,
      Registers registers,
      Delegations delegations,
      Authorities authorities,
      Pdp pdp,
      IdTokens idTokens) {
    var cutOffs = ledger.cutOffs();
    var audit = ledger.audit();
    var consents = new Consents(world, database, audit, cutOffs, delegations);
    var grants = new Grants(config.issuer(), world, database, audit, cutOffs);
    var codes = new Codes(world, database);
    var questions =
        new ConsentQuestions(
            registers.catalogue(),
            registers.agents(),
            authorities,
            pdp,
            registers.clientAgents(),
            config.userinfo(),
            Set.of(config.managementApi(), config.decisionApi()));
    var flow =
        new AuthorizationFlow(
            config.issuer(),
            world,
            limits,
            database,
            new AuthorizationRequests(
                registers.clients(),
                registers.documents(),
                limits,
                new RequestObjects(
                    world,
                    limits,
                    config.issuer(),
                    new JwtReader(ledger.json()),
                    new ClientKeys(registers.credentials()),
                    config.requestObjects()),
                new AuthorizationDetails(ledger.json()),
                config.userinfo()),
            questions,
            consents,
            delegations,
            grants,
            codes,
            (idToken, client, user) ->
                idTokens
                    .hint(idToken)
                    .filter(hint -> hint.clientId().equals(client))
                    .filter(hint -> idTokens.names(hint, user))
                    .isPresent());
    return new Authorizing(
        flow,
        questions,
        consents,
        grants,
        codes,
        new RefreshTokens(world, database, grants),
        idTokens);
  }
}
