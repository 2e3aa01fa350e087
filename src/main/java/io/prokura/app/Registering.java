package io.prokura.app;

import io.prokura.authorize.ClientConsents;
import io.prokura.clients.ClientAgents;
import io.prokura.clients.Clients;
import io.prokura.clients.Credentials;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.outbound.Outbound;
import io.prokura.outbound.Resolver;
import io.prokura.registration.ClientDocuments;
import io.prokura.registration.DynamicClients;
import io.prokura.registration.InitialTokens;
import io.prokura.registration.MetadataReader;
import io.prokura.registration.OwnCredentials;
import io.prokura.registration.RegistrationEndpoint;
import io.prokura.registration.RegistrationPolicy;
import io.prokura.registration.SectorIdentifiers;
import io.prokura.sql.Database;
import javax.net.ssl.SSLSocketFactory;

/// Programs that register themselves, and what the server's metadata says of it.
record Registering(
    Json.Obj metadata,
    InitialTokens tokens,
    DynamicClients clients,
    RegistrationEndpoint endpoint) {

  static Registering wire(
      World world,
      Database database,
      Config config,
      Limits limits,
      Ledger ledger,
      Registers registers) {
    var tokens = new InitialTokens(world, database, ledger.audit());
    var clients =
        new DynamicClients(
            world,
            database,
            ledger.audit(),
            registers.clients(),
            ledger.cutOffs(),
            tokens,
            new OwnCredentials(registers.credentials()),
            new ClientConsents(world, ledger.audit()),
            registers.clientAgents());
    return new Registering(
        metadata(config),
        tokens,
        clients,
        new RegistrationEndpoint(
            config.registrationEndpoint(),
            world,
            config.registration(),
            reader(config, limits, ledger, registers.strangers()),
            tokens,
            clients,
            new SectorIdentifiers(registers.strangers(), ledger.json()),
            ledger.refusals()));
  }

  private static Json.Obj metadata(Config config) {
    var all = Json.object();
    if (config.registration() != RegistrationPolicy.OFF) {
      all.put("registration_endpoint", config.registrationEndpoint());
    }
    return all.put("client_id_metadata_document_supported", config.clientDocuments()).build();
  }

  private static MetadataReader reader(
      Config config, Limits limits, Ledger ledger, Outbound strangers) {
    return new MetadataReader(
        config.issuer(), ledger.crypto(), limits, MetadataReader.Offer.STANDARD, strangers::takes);
  }

  /// A way out. The authorities that the machine trusts vouch for the hosts.
  static Outbound outbound(World world, Config config, Outbound.Bounds bounds) {
    return new Outbound(
        world,
        bounds,
        Outbound.Reach.of(config.issuer()),
        Resolver.SYSTEM,
        (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  /// The applications that are known by documents.
  static ClientDocuments documents(
      World world,
      Database database,
      Config config,
      Limits limits,
      Ledger ledger,
      Clients clients,
      Credentials credentials,
      ClientAgents clientAgents,
      Outbound strangers) {
    return new ClientDocuments(
        world,
        database,
        ledger.audit(),
        clients,
        ledger.cutOffs(),
        new OwnCredentials(credentials),
        new ClientConsents(world, ledger.audit()),
        clientAgents,
        reader(config, limits, ledger, strangers),
        strangers,
        ledger.json(),
        config.clientDocuments());
  }
}
