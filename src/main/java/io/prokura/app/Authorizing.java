package io.prokura.app;

import io.prokura.authorize.AnswerProofs;
import io.prokura.authorize.Answering;
import io.prokura.authorize.AskedReader;
import io.prokura.authorize.AskingClients;
import io.prokura.authorize.AuthorizationFlow;
import io.prokura.authorize.AuthorizationRequests;
import io.prokura.authorize.BackchannelRequests;
import io.prokura.authorize.Codes;
import io.prokura.authorize.ConsentQuestions;
import io.prokura.authorize.Consents;
import io.prokura.authorize.DeviceRequests;
import io.prokura.authorize.Grants;
import io.prokura.authorize.Notices;
import io.prokura.authorize.PolledFlow;
import io.prokura.authorize.PolledRequests;
import io.prokura.authorize.RefreshTokens;
import io.prokura.authorize.RequestObjects;
import io.prokura.decision.Pdp;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.AuthorizationDetails;
import io.prokura.delegation.Delegations;
import io.prokura.delegation.StatedPurposes;
import io.prokura.jose.JwtReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.registration.ChosenGrants;
import io.prokura.sql.Database;
import io.prokura.tokens.IdTokens;
import java.util.Set;

/// What people are asked for, and what comes of it.
record Authorizing(
    AuthorizationRequests requests,
    AuthorizationFlow flow,
    ConsentQuestions questions,
    Consents consents,
    Grants grants,
    Codes codes,
    RefreshTokens refreshTokens,
    IdTokens idTokens,
    PolledFlow polled,
    PolledRequests polledRequests,
    Notices notices,
    AskingClients asking) {

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
    var answering = new Answering(world, limits, database, consents, delegations, grants);
    var requests =
        new AuthorizationRequests(
            registers.clients(),
            registers.documents(),
            limits,
            new RequestObjects(
                world,
                limits,
                config.issuer(),
                new JwtReader(ledger.json()),
                registers.clientKeys(),
                config.requestObjects()),
            new AuthorizationDetails(ledger.json()),
            ledger.json(),
            registers.catalogue(),
            config.userinfo(),
            Compatibility.meant(config));
    var flow =
        new AuthorizationFlow(
            config.issuer(),
            world,
            database,
            requests,
            questions,
            consents,
            answering,
            codes,
            (idToken, client, user) ->
                idTokens
                    .hint(idToken)
                    .filter(hint -> hint.clientId().equals(client))
                    .filter(hint -> idTokens.names(hint, user))
                    .isPresent(),
            idTokens::subject);
    var asking = new AskingClients(registers.clients(), registers.agents());
    var notices =
        new Notices(
            world,
            database,
            audit,
            ledger.master().seal(world, "notices"),
            ledger.json(),
            asking,
            registers::outboundTo,
            task -> Thread.ofVirtual().start(task));
    var polledRequests = new PolledRequests(world, database, audit, notices);
    var reader =
        new AskedReader(
            asking,
            requests,
            registers.catalogue(),
            registers.agents(),
            new StatedPurposes(world, registers.agents(), registers.catalogue()),
            new AuthorizationDetails(ledger.json()));
    var polled =
        new PolledFlow(
            database,
            new BackchannelRequests(
                world,
                registers.directory(),
                reader,
                (idToken, client) ->
                    idTokens
                        .hint(idToken)
                        .filter(hint -> hint.clientId().equals(client))
                        .flatMap(hint -> Id.User.parse(hint.subject()))),
            new DeviceRequests(world, reader, registers.catalogue()),
            polledRequests,
            asking,
            questions,
            answering,
            new ChosenGrants(database)::cover,
            new AnswerProofs(config.issuer(), world, database, audit, registers.passkeys()));
    return new Authorizing(
        requests,
        flow,
        questions,
        consents,
        grants,
        codes,
        new RefreshTokens(world, database, grants),
        idTokens,
        polled,
        polledRequests,
        notices,
        asking);
  }
}
