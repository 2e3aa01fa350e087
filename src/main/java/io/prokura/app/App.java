package io.prokura.app;

import io.prokura.audit.Continuity;
import io.prokura.audit.Refusals;
import io.prokura.decision.ManagementGate;
import io.prokura.http.Metrics;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.keys.SigningKeys;
import io.prokura.logout.BackchannelLogouts;
import io.prokura.management.Changes;
import io.prokura.policy.ManagementPolicies;
import io.prokura.policy.Policies;
import io.prokura.sql.Database;
import io.prokura.sql.WriteCheck;
import io.prokura.tokens.LogoutTokens;
import io.prokura.tokens.PresentedTokens;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One organisation's server, put together once, top to bottom, in the order of dependency. It
/// starts no thread: [#work()] says what has to be done again and again.
final class App {
  private final Ledger ledger;
  private final SigningKeys keys;
  private final Upkeep upkeep;
  private final Operator operator;
  private final Endpoints endpoints;
  private final Optional<Compatibility.Doors> compatibility;
  private final Pages pages;
  private final InviteFirst invite;
  private final ManagementGate gate;
  private final Metrics metrics;
  private final Policing policing;
  private final List<Server.Work> work;

  private App(
      Ledger ledger,
      SigningKeys keys,
      Upkeep upkeep,
      Operator operator,
      Endpoints endpoints,
      Optional<Compatibility.Doors> compatibility,
      Pages pages,
      InviteFirst invite,
      ManagementGate gate,
      Metrics metrics,
      Policing policing,
      List<Server.Work> work) {
    this.ledger = ledger;
    this.keys = keys;
    this.upkeep = upkeep;
    this.operator = operator;
    this.endpoints = endpoints;
    this.compatibility = compatibility;
    this.pages = pages;
    this.invite = invite;
    this.gate = gate;
    this.metrics = metrics;
    this.policing = policing;
    this.work = List.copyOf(work);
  }

  static App wire(World world, Database database, Config config, Limits limits) {
    var ledger = Ledger.wire(world, database, config, limits);
    var registers = Registers.wire(world, database, config, limits, ledger);
    var trust = Trust.wire(world, database, config, ledger, registers.registered());
    var policing = Policing.wire(world, database, config, ledger, registers);
    var policies = Policies.of(policing.sets().organisation());
    var issuing = Issuing.wire(world, database, config, limits, ledger, registers, policies);
    var logouts = logouts(world, database, config, ledger, registers, issuing);
    registers.sessions().follow(logouts::ended);
    var changes = changes(world, database, limits, ledger);
    var gate = gate(world, config, ledger, registers, policing, issuing);
    var operator =
        new Operator(
            world,
            database,
            config,
            registers.users(),
            new OwnResources(world, config, registers.resources()),
            registers.permissions(),
            ledger.cutOffs(),
            issuing.authorities(),
            issuing.issuance(),
            ledger.audit());
    var upkeep =
        Upkeep.wire(world, database, config, ledger, registers, trust, issuing, changes, operator);
    var registering = Registering.wire(world, database, config, limits, ledger, registers);
    var compatibility = Compatibility.wire(world, database, config, ledger, registers, issuing);
    var endpoints =
        Endpoints.wire(
            world,
            database,
            config,
            limits,
            ledger,
            registers,
            trust,
            policing,
            issuing,
            changes,
            registering,
            Compatibility.dialect(compatibility));
    return new App(
        ledger,
        registers.keys(),
        upkeep,
        operator,
        endpoints,
        compatibility.map(
            it -> it.doors(world, config, ledger, registers, issuing, endpoints.client())),
        Pages.wire(world, database, config, ledger, registers, trust, issuing, limits, operator),
        () -> inviteFirst(database, config, registers, operator),
        gate,
        new Metrics(),
        policing,
        work(
            database, ledger, registers, policing, issuing, changes, upkeep, logouts, registering));
  }

  private static Changes changes(World world, Database database, Limits limits, Ledger ledger) {
    var seal = ledger.master().seal(world, "kept replies");
    return new Changes(database, world, limits, ledger.json(), seal);
  }

  private static BackchannelLogouts logouts(
      World world,
      Database database,
      Config config,
      Ledger ledger,
      Registers registers,
      Issuing issuing) {
    return new BackchannelLogouts(
        world,
        database,
        ledger.audit(),
        registers.clients(),
        issuing.authorizing().grants(),
        new LogoutTokens(config.issuer(), world, issuing.audiences()),
        registers::outboundTo,
        Thread::startVirtualThread);
  }

  private static ManagementGate gate(
      World world,
      Config config,
      Ledger ledger,
      Registers registers,
      Policing policing,
      Issuing issuing) {
    return new ManagementGate(
        OwnApis.of(config).management(),
        world,
        new PresentedTokens(issuing.tokens(), registers.dpopProofs()),
        registers.directory(),
        registers.agents(),
        registers.catalogue(),
        registers.credentials(),
        issuing.approvals(),
        issuing.delegations(),
        ManagementPolicies.of(policing.sets().management()),
        ledger.refusals());
  }

  /// Makes the one-time link for the first administrator.
  @FunctionalInterface
  private interface InviteFirst {
    Optional<String> link();
  }

  private static Optional<String> inviteFirst(
      Database database, Config config, Registers registers, Operator operator) {
    var by = operator.ensure();
    return database
        .<Optional<String>>inTransaction(tx -> registers.authenticators().inviteFirst(tx, by))
        .map(code -> config.issuer() + "/setup?code=" + code);
  }

  private static List<Server.Work> work(
      Database database,
      Ledger ledger,
      Registers registers,
      Policing policing,
      Issuing issuing,
      Changes changes,
      Upkeep upkeep,
      BackchannelLogouts logouts,
      Registering registering) {
    var often = Duration.ofMillis(200);
    var calmly = Duration.ofSeconds(10);
    var seldom = Duration.ofMinutes(1);
    var check = new WriteCheck(database);
    return List.of(
        new Server.Work("follow the feed", often, ledger.feed()::catchUp),
        new Server.Work("compile policies", often, policing.sets()::catchUp),
        new Server.Work("sequence the log", often, ledger.sequencer()::run),
        new Server.Work("write to the database", Duration.ofSeconds(2), check::run),
        new Server.Work("record refusals", Duration.ofSeconds(1), ledger.refusals()::tick),
        new Server.Work("keep the journal", Duration.ofSeconds(1), upkeep.journal()::flush),
        new Server.Work("replace the master key", calmly, upkeep.masterKey()::tick),
        new Server.Work("rotate keys", calmly, registers.keys()::tick),
        new Server.Work("note use of credentials", calmly, registers.credentials()::tick),
        new Server.Work("forget one-time values", calmly, registers.oneTime()::tick),
        new Server.Work("forget grants", calmly, issuing.authorizing().grants()::tick),
        new Server.Work(
            "forget polled requests", calmly, issuing.authorizing().polledRequests()::tick),
        new Server.Work(
            "notify clients", Duration.ofSeconds(1), issuing.authorizing().notices()::tick),
        new Server.Work("end sessions", calmly, registers.sessions()::tick),
        new Server.Work(
            "end sessions that were cut off",
            Duration.ofSeconds(1),
            registers.sessions()::endCutOff),
        new Server.Work("forget kept replies", seldom, changes::tick),
        new Server.Work("forget spending", seldom, issuing.delegations().budgets()::tick),
        new Server.Work("let approvals expire", calmly, issuing.approvals()::tick),
        new Server.Work("forget tasks", seldom, issuing.taskFacts()::tick),
        new Server.Work("forget free text", seldom, ledger.retention()::run),
        new Server.Work("tell of ended sessions", Duration.ofSeconds(1), logouts::tick),
        new Server.Work("forget unused clients", seldom, registering.clients()::tick),
        new Server.Work("forget unused documents", seldom, registers.documents()::tick));
  }

  /// How the database stands to what was served last; only an intact one may be started.
  Continuity continuity() {
    return upkeep.restoration().continuity();
  }

  /// Brings the state to where requests can be answered: compares the log with what was published,
  /// makes the first signing key and the operator, and brings the journal up to date. Where another
  /// node made them in the meantime, this one gets to know them.
  void start() {
    ledger.sequencer().start();
    keys.tick();
    operator.ensure();
    policing.bootstrap().run();
    ledger.feed().catchUp();
    upkeep.journal().start();
  }

  /// Gives all that is on record its place in the published tree.
  void publish() {
    ledger.sequencer().run();
  }

  /// Whether this node may answer: it follows the others closely enough.
  boolean isReady() {
    return ledger.feed().isCurrent() && policing.sets().areCurrent();
  }

  Endpoints endpoints() {
    return endpoints;
  }

  /// What speaks as another server does, where that is configured.
  Optional<Compatibility.Doors> compatibility() {
    return compatibility;
  }

  Pages pages() {
    return pages;
  }

  /// A fresh one-time link for the first administrator, as long as nobody can sign in.
  Optional<String> setupLink() {
    return invite.link();
  }

  ManagementGate gate() {
    return gate;
  }

  /// The text by which others verify the log's signatures.
  String logKey() {
    return ledger.logKey().vkey();
  }

  /// Where refusals are put on record.
  Refusals refusals() {
    return ledger.refusals();
  }

  Upkeep upkeep() {
    return upkeep;
  }

  Operator operator() {
    return operator;
  }

  Metrics metrics() {
    return metrics;
  }

  List<Server.Work> work() {
    return work;
  }
}
