package io.prokura.app;

import io.prokura.agents.Agents;
import io.prokura.authenticators.Authenticators;
import io.prokura.authenticators.PasswordHashing;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Permissions;
import io.prokura.catalogue.Purposes;
import io.prokura.catalogue.Resources;
import io.prokura.catalogue.RoleAssignments;
import io.prokura.catalogue.Roles;
import io.prokura.clients.Client;
import io.prokura.clients.ClientAgents;
import io.prokura.clients.ClientAuthenticator;
import io.prokura.clients.ClientKeys;
import io.prokura.clients.Clients;
import io.prokura.clients.Credentials;
import io.prokura.clients.DpopProofs;
import io.prokura.clients.OneTime;
import io.prokura.clients.PublishedKeys;
import io.prokura.directory.Directory;
import io.prokura.directory.Groups;
import io.prokura.directory.Users;
import io.prokura.directory.Workloads;
import io.prokura.jose.JwtReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.keys.SigningKeys;
import io.prokura.outbound.Outbound;
import io.prokura.passkeys.Passkeys;
import io.prokura.registration.ClientDocuments;
import io.prokura.sessions.Sessions;
import io.prokura.sql.Database;
import java.util.List;

/// Who and what the organisation has on its registers, how clients prove who they are, and the keys
/// that they want what is for them signed by.
record Registers(
    SigningKeys keys,
    Directory directory,
    Catalogue catalogue,
    Users users,
    Sessions sessions,
    Authenticators authenticators,
    Passkeys passkeys,
    Groups groups,
    Workloads workloads,
    Agents agents,
    Resources resources,
    Purposes purposes,
    Permissions permissions,
    Roles roles,
    RoleAssignments assignments,
    Clients clients,
    Credentials credentials,
    OneTime oneTime,
    DpopProofs dpopProofs,
    ClientAuthenticator authenticator,
    ClientDocuments documents,
    Outbound strangers,
    Outbound registered,
    ClientKeys clientKeys,
    ClientAgents clientAgents,
    ClientAgents.Owners discoveryOwners) {

  /// Sign-ins that wait for their password to be hashed: half a second's worth for one core, and
  /// some seconds' when the server spares its threads.
  private static final int WAITING_MAX = 16;

  /// What carries messages to addresses that `client` named.
  Outbound outboundTo(Client client) {
    return client.registration().isVouchedFor() ? registered : strangers;
  }

  static Registers wire(
      World world, Database database, Config config, Limits limits, Ledger ledger) {
    var feed = ledger.feed();
    var audit = ledger.audit();
    var keys =
        new SigningKeys(
            world,
            database,
            ledger.crypto(),
            ledger.json(),
            ledger.master().seal(world, "signing keys"),
            feed,
            audit,
            config.keyTimes(limits));
    var directory = new Directory(database, feed);
    var catalogue = new Catalogue(database, feed);
    var purposes = new Purposes(feed, audit, directory);
    var agents = new Agents(world, database, feed, audit, directory, catalogue);
    var roles = new Roles(world, feed, audit);
    var assignments =
        new RoleAssignments(
            world, feed, audit, directory, (tx, id) -> agents.find(tx, id).isPresent());
    var clients = new Clients(database, feed, audit, catalogue, keys::ensure);
    var credentials =
        new Credentials(
            world,
            database,
            feed,
            audit,
            ledger.cutOffs(),
            agents,
            directory,
            clients,
            ledger.crypto());
    var anchors = config.transport().authorities();
    var sessions =
        new Sessions(
            new Sessions.Times(config.sessionIdle(), config.sessionLifetime()),
            config.issuer(),
            world,
            database,
            audit,
            ledger.cutOffs(),
            directory);
    var oneTime = new OneTime(world, database, limits);
    var groups =
        new Groups(
            feed,
            audit,
            List.of(purposes::haveOwner, agents::hasOwner, assignments::areOf),
            List.of(assignments::admit));
    var users = new Users(feed, audit, List.of(sessions::endAll));
    ClientAgents.Owners discoveryOwners = new DiscoveryOwners(world, users, groups)::of;
    var clientAgents = new ClientAgents(world, database, feed, agents, clients, discoveryOwners);
    var strangers = Registering.outbound(world, config, Outbound.Bounds.STRANGERS);
    var registered = Registering.outbound(world, config, Outbound.Bounds.REGISTERED);
    var clientKeys =
        new ClientKeys(
            credentials,
            clients,
            new PublishedKeys(world, registered, ledger.crypto(), ledger.json()),
            new PublishedKeys(world, strangers, ledger.crypto(), ledger.json()));
    var documents =
        Registering.documents(
            world, database, config, limits, ledger, clients, credentials, clientAgents, strangers);
    return new Registers(
        keys,
        directory,
        catalogue,
        users,
        sessions,
        authenticators(world, database, ledger),
        new Passkeys(world, config.issuer(), audit, ledger.master().seal(world, "passkeys")),
        groups,
        new Workloads(feed, audit, directory),
        agents,
        new Resources(world, feed, audit, directory, keys::ensure),
        purposes,
        new Permissions(world, feed, audit, directory, (tx, id) -> agents.find(tx, id).isPresent()),
        roles,
        assignments,
        clients,
        credentials,
        oneTime,
        dpopProofs(world, config, limits, ledger, oneTime, clients),
        new ClientAuthenticator(
            world,
            limits,
            config.issuer(),
            new JwtReader(ledger.json()),
            credentials,
            clientKeys,
            oneTime,
            agents,
            directory,
            clients,
            () -> anchors,
            documents),
        documents,
        strangers,
        registered,
        clientKeys,
        clientAgents,
        discoveryOwners);
  }

  private static DpopProofs dpopProofs(
      World world, Config config, Limits limits, Ledger ledger, OneTime oneTime, Clients clients) {
    return new DpopProofs(
        config.addresses(),
        world,
        limits,
        ledger.crypto(),
        new JwtReader(ledger.json()),
        oneTime,
        ledger.master().seal(world, "dpop nonces"),
        clients,
        config.dpopNonceRequired());
  }

  /// Half the cores hash passwords at a time, so that the other half goes on issuing tokens.
  private static Authenticators authenticators(World world, Database database, Ledger ledger) {
    int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    return new Authenticators(
        world,
        database,
        ledger.audit(),
        ledger.master().seal(world, "authenticators"),
        PasswordHashing.standard(world, new SparingThreads(atOnce), atOnce, WAITING_MAX));
  }
}
