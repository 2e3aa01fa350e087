package io.prokura.app;

import io.prokura.access.AccessApi;
import io.prokura.access.UnusedApi;
import io.prokura.agents.AgentsApi;
import io.prokura.approvals.ApprovalsApi;
import io.prokura.audit.AuditApi;
import io.prokura.audit.Entries;
import io.prokura.audit.LogEndpoint;
import io.prokura.authenticators.InvitationsApi;
import io.prokura.authzen.AccessRequestEndpoint;
import io.prokura.authzen.ConfigurationEndpoint;
import io.prokura.authzen.Enforcers;
import io.prokura.authzen.EvaluationEndpoint;
import io.prokura.authzen.EvaluationsEndpoint;
import io.prokura.authzen.McpEndpoint;
import io.prokura.authzen.SearchEndpoint;
import io.prokura.catalogue.PermissionsApi;
import io.prokura.catalogue.PurposesApi;
import io.prokura.catalogue.ResourcesApi;
import io.prokura.catalogue.RoleAssignmentsApi;
import io.prokura.catalogue.RolesApi;
import io.prokura.clients.ClientsApi;
import io.prokura.clients.CredentialsApi;
import io.prokura.cutoff.CutOffsApi;
import io.prokura.decision.DecisionsApi;
import io.prokura.decision.Reckoning;
import io.prokura.decision.Recollections;
import io.prokura.decision.Replay;
import io.prokura.decision.ReplayApi;
import io.prokura.delegation.AuthorizationDetails;
import io.prokura.delegation.DelegationsApi;
import io.prokura.directory.GroupsApi;
import io.prokura.directory.UsersApi;
import io.prokura.directory.WorkloadsApi;
import io.prokura.grants.ClientEndpoint;
import io.prokura.grants.Dialect;
import io.prokura.grants.MetadataEndpoint;
import io.prokura.grants.UserinfoEndpoint;
import io.prokura.issuers.IssuersApi;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.keys.JwksEndpoint;
import io.prokura.keys.SigningKeysApi;
import io.prokura.kill.KillApi;
import io.prokura.management.Changes;
import io.prokura.policy.PoliciesApi;
import io.prokura.policy.PolicyDraftsApi;
import io.prokura.registration.RegistrationEndpoint;
import io.prokura.registration.RegistrationTokensApi;
import io.prokura.sessions.SessionsApi;
import io.prokura.sql.Database;
import io.prokura.tokens.IntrospectionEndpoint;
import io.prokura.tokens.PresentedTokens;
import io.prokura.tokens.RevocationEndpoint;
import io.prokura.tokens.SignedUserinfo;
import io.prokura.upstream.ForeignAgents;
import io.prokura.upstream.LinksApi;

/// Everything that answers requests, by name.
record Endpoints(
    ClientEndpoint client,
    UserinfoEndpoint userinfo,
    MetadataEndpoint metadata,
    JwksEndpoint jwks,
    EvaluationEndpoint evaluation,
    EvaluationsEndpoint evaluations,
    McpEndpoint mcp,
    SearchEndpoint search,
    AccessRequestEndpoint accessRequests,
    ConfigurationEndpoint authzenConfiguration,
    LogEndpoint log,
    AuditApi audit,
    UsersApi users,
    InvitationsApi invitations,
    GroupsApi groups,
    WorkloadsApi workloads,
    AgentsApi agents,
    KillApi kill,
    ClientsApi clients,
    CredentialsApi credentials,
    IssuersApi issuers,
    ResourcesApi resources,
    PurposesApi purposes,
    PermissionsApi permissions,
    RolesApi roles,
    RoleAssignmentsApi assignments,
    DelegationsApi delegations,
    ApprovalsApi approvals,
    DecisionsApi decisions,
    ReplayApi replay,
    PoliciesApi policies,
    PolicyDraftsApi policyDrafts,
    AccessApi access,
    UnusedApi unused,
    CutOffsApi cutOffs,
    SigningKeysApi keys,
    OpenApiEndpoint openApi,
    OwnApis apis,
    LinksApi links,
    RegistrationEndpoint registration,
    RegistrationTokensApi registrationTokens,
    SessionsApi sessions) {

  static Endpoints wire(
      World world,
      Database database,
      Config config,
      Limits limits,
      Ledger ledger,
      Registers registers,
      Trust trust,
      Policing policing,
      Issuing issuing,
      Changes changes,
      Registering registering,
      Dialect dialect) {
    var audit = ledger.audit();
    var catalogue = registers.catalogue();
    var apis = OwnApis.of(config);
    var enforcers =
        new Enforcers(
            apis.decisions(),
            registers.authenticator(),
            new PresentedTokens(issuing.tokens(), registers.dpopProofs()),
            ledger.refusals());
    return new Endpoints(
        client(world, database, config, limits, ledger, registers, trust, issuing, dialect),
        new UserinfoEndpoint(
            apis.userinfo(),
            new PresentedTokens(issuing.tokens(), registers.dpopProofs()),
            issuing.audiences(),
            new SignedUserinfo(config.issuer(), issuing.audiences()),
            issuing.authorizing().grants(),
            registers.directory(),
            ledger.refusals()),
        new MetadataEndpoint(
            config.issuer(),
            config.transport().seesCertificates(),
            config.transport().certificateUrl(),
            config.requestObjects(),
            apis.identifiers(),
            registering.metadata()),
        new JwksEndpoint(registers.keys()),
        new EvaluationEndpoint(enforcers, issuing.pdp()),
        new EvaluationsEndpoint(enforcers, issuing.pdp()),
        new McpEndpoint(enforcers, issuing.pdp(), issuing.tokens(), catalogue),
        new SearchEndpoint(
            enforcers,
            issuing.searches(),
            world,
            ledger.master().seal(world, "search pages"),
            ledger.json(),
            limits),
        accessRequests(world, database, config, ledger, registers, issuing, enforcers),
        new ConfigurationEndpoint(config.issuer()),
        new LogEndpoint(database, ledger.sequencer()),
        new AuditApi(
            database,
            ledger.sequencer(),
            ledger.logKey(),
            world,
            ledger.seal(),
            ledger.json(),
            limits),
        new UsersApi(database, changes, registers.users(), world, limits),
        new InvitationsApi(
            config.issuer(), changes, registers.directory(), registers.authenticators()),
        new GroupsApi(database, changes, registers.groups(), world, limits),
        new WorkloadsApi(database, changes, registers.workloads(), world, limits),
        new AgentsApi(database, changes, registers.agents(), world, limits),
        new KillApi(
            changes,
            ledger.cutOffs(),
            registers.agents(),
            catalogue,
            issuing.outstanding(),
            audit,
            limits),
        new ClientsApi(database, changes, registers.clients(), world, limits),
        new CredentialsApi(
            database,
            changes,
            registers.credentials(),
            ledger.crypto(),
            registers.registered()::takes,
            ForeignAgents::isOne,
            world,
            limits),
        issuers(world, database, limits, ledger, registers, trust, changes),
        new ResourcesApi(database, changes, registers.resources(), world, limits),
        new PurposesApi(database, changes, registers.purposes(), world, limits),
        new PermissionsApi(database, changes, registers.permissions(), limits),
        new RolesApi(database, changes, registers.roles(), world, limits),
        new RoleAssignmentsApi(database, changes, registers.assignments(), limits),
        new DelegationsApi(
            issuing.delegations(), issuing.standing(), catalogue, changes, world, limits),
        new ApprovalsApi(database, changes, issuing.approvals(), world, limits),
        decisions(world, database, limits, ledger, registers, issuing),
        replay(world, database, ledger, registers, policing),
        new PoliciesApi(database, changes, policing.sets(), policing.publishing(), limits),
        new PolicyDraftsApi(
            database, changes, policing.sets(), policing.drafts(), policing.publishing(), limits),
        new AccessApi(issuing.reaches(), catalogue, limits),
        new UnusedApi(issuing.sizing(), registers.agents()),
        new CutOffsApi(ledger.cutOffs(), limits),
        new SigningKeysApi(registers.keys(), changes),
        new OpenApiEndpoint(ledger.json(), config.issuer()),
        apis,
        trust.linksApi(database, limits, registers, changes),
        registering.endpoint(),
        new RegistrationTokensApi(database, changes, registering.tokens(), world, limits),
        new SessionsApi(
            database,
            changes,
            registers.directory(),
            registers.sessions(),
            issuing.authorizing().grants()::clientsIn,
            limits));
  }

  private static IssuersApi issuers(
      World world,
      Database database,
      Limits limits,
      Ledger ledger,
      Registers registers,
      Trust trust,
      Changes changes) {
    var urls = trust.outbound();
    return new IssuersApi(
        database,
        changes,
        trust.issuers(),
        ledger.crypto(),
        urls::takes,
        (tx, id) ->
            switch (id) {
              case Id.Role role -> registers.roles().find(tx, role).isPresent();
              case Id.Purpose purpose -> registers.catalogue().purpose(purpose).isPresent();
              default -> registers.directory().existingOwner(tx, id) instanceof Result.Ok;
            },
        world,
        limits);
  }

  private static ClientEndpoint client(
      World world,
      Database database,
      Config config,
      Limits limits,
      Ledger ledger,
      Registers registers,
      Trust trust,
      Issuing issuing,
      Dialect dialect) {
    var authorizing = issuing.authorizing();
    var ways = Granting.wire(world, database, config, limits, ledger, registers, trust, issuing);
    return new ClientEndpoint(
        config.issuer(),
        registers.authenticator(),
        registers.dpopProofs(),
        new AuthorizationDetails(ledger.json()),
        ways.ofForeignAgents(),
        ways.ofClients(),
        authorizing.flow(),
        authorizing.polled(),
        authorizing.refreshTokens(),
        new IntrospectionEndpoint(
            config.issuer(),
            world,
            registers.keys(),
            issuing.tokens(),
            registers.catalogue(),
            registers.directory()),
        new RevocationEndpoint(database, issuing.tokens(), ledger.cutOffs()),
        ledger.refusals(),
        dialect);
  }

  private static Recollections recollections(Ledger ledger, Registers registers) {
    return new Recollections(
        ledger.facts(), ledger.persons(), registers.catalogue(), ledger.json());
  }

  private static ReplayApi replay(
      World world, Database database, Ledger ledger, Registers registers, Policing policing) {
    var entries = new Entries(world, ledger.seal(), ledger.json());
    var replay = new Replay(database, entries, () -> recollections(ledger, registers));
    return new ReplayApi(database, policing.drafts(), policing.publishing(), replay);
  }

  private static AccessRequestEndpoint accessRequests(
      World world,
      Database database,
      Config config,
      Ledger ledger,
      Registers registers,
      Issuing issuing,
      Enforcers enforcers) {
    var requestable =
        issuing
            .pdp()
            .accessRequests(
                database,
                new Entries(world, ledger.seal(), ledger.json()),
                () -> recollections(ledger, registers),
                ledger.cutOffs(),
                issuing.tokens());
    return new AccessRequestEndpoint(
        config.issuer(), world, database, enforcers, requestable, issuing.approvals());
  }

  private static DecisionsApi decisions(
      World world,
      Database database,
      Limits limits,
      Ledger ledger,
      Registers registers,
      Issuing issuing) {
    var entries = new Entries(world, ledger.seal(), ledger.json());
    var explanations =
        issuing.pdp().explanations(database, entries, () -> recollections(ledger, registers));
    return new DecisionsApi(
        database,
        entries,
        explanations,
        registers.catalogue(),
        issuing.delegations(),
        new Reckoning(issuing.authorities(), registers.catalogue()),
        limits);
  }
}
