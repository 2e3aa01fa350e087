package io.prokura.app;

import io.prokura.authorize.AuthorizationFlow;
import io.prokura.authorize.AuthorizationRequests;
import io.prokura.authorize.Codes;
import io.prokura.authorize.ConsentQuestions;
import io.prokura.authorize.Consents;
import io.prokura.authorize.Grants;
import io.prokura.authorize.RefreshTokens;
import io.prokura.decision.Pdp;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Delegations;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.tokens.IdTokens;
import java.util.Optional;
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
            config.userinfo(),
            Set.of(config.managementApi(), config.decisionApi()));
    var flow =
        new AuthorizationFlow(
            config.issuer(),
            world,
            limits,
            database,
            new AuthorizationRequests(
                registers.clients(), registers.documents(), limits, config.userinfo()),
            questions,
            consents,
            delegations,
            grants,
            codes,
            (idToken, client) ->
                idTokens
                    .hint(idToken)
                    .filter(hint -> isOf(hint.clientId(), client))
                    .flatMap(hint -> Id.User.parse(hint.subject())));
    return new Authorizing(
        flow,
        questions,
        consents,
        grants,
        codes,
        new RefreshTokens(world, database, grants),
        idTokens);
  }

  /// Whether an ID token that was for `audience` was for the application with the id `client`.
  private static boolean isOf(String audience, String client) {
    return Id.Client.parse(audience).map(Id.Client::text).equals(Optional.of(client));
  }
}
