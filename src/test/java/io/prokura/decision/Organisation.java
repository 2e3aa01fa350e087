package io.prokura.decision;

import static io.prokura.management.Answers.answer;

import io.prokura.agents.Agent;
import io.prokura.agents.AgentState;
import io.prokura.agents.AgentTransition;
import io.prokura.agents.Agents;
import io.prokura.agents.Environment;
import io.prokura.agents.Risk;
import io.prokura.approvals.Approvals;
import io.prokura.audit.Refusals;
import io.prokura.catalogue.Action;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Coverage;
import io.prokura.catalogue.Permission;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.Permissions;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Purposes;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Resources;
import io.prokura.catalogue.Sensitivity;
import io.prokura.clients.ClientAuthenticator;
import io.prokura.clients.Clients;
import io.prokura.clients.Credentials;
import io.prokura.clients.CredentialsApi;
import io.prokura.clients.DpopProofs;
import io.prokura.clients.OneTime;
import io.prokura.clients.TestClientKeys;
import io.prokura.cutoff.CutOffs;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Conferred;
import io.prokura.delegation.Delegation;
import io.prokura.delegation.Delegations;
import io.prokura.delegation.Presenter;
import io.prokura.delegation.Standing;
import io.prokura.delegation.StatedPurposes;
import io.prokura.delegation.Wanted;
import io.prokura.directory.ManagementRole;
import io.prokura.directory.Registers;
import io.prokura.directory.User;
import io.prokura.directory.Workload;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Confirmation;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtReader;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import io.prokura.keys.SigningKeys;
import io.prokura.policy.Policies;
import io.prokura.seal.MasterKey;
import io.prokura.seal.MasterKeySource;
import io.prokura.sql.TestDatabases;
import io.prokura.tls.TrustAnchors;
import io.prokura.tokens.MoreClaims;
import io.prokura.tokens.PresentedTokens;
import io.prokura.tokens.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Everything that decisions rest on, wired over one SQLite database: people, agents, resources,
/// real tokens and real policies.
public final class Organisation implements AutoCloseable {
  public static final String ISSUER = "https://iam.example.org";

  public final Registers registers = new Registers(TestDatabases.sqlite());
  public final Catalogue catalogue = new Catalogue(registers.database, registers.feed);
  public final Agents agents =
      new Agents(
          registers.world,
          registers.database,
          registers.feed,
          registers.audit,
          registers.directory,
          catalogue);
  public final Resources resources =
      new Resources(
          registers.world, registers.feed, registers.audit, registers.directory, (_, _) -> {});
  public final Purposes purposes =
      new Purposes(registers.feed, registers.audit, registers.directory);
  public final Permissions permissions =
      new Permissions(
          registers.world,
          registers.feed,
          registers.audit,
          registers.directory,
          (tx, id) -> agents.find(tx, id).isPresent());
  public final CutOffs cutOffs =
      new CutOffs(registers.feed, registers.database, registers.audit, registers.world);
  public final Delegations delegations =
      new Delegations(
          registers.world, registers.database, registers.feed, registers.audit, cutOffs);
  public final TaskFacts taskFacts =
      new TaskFacts(registers.world, registers.database, registers.feed);
  public final Standing standing = new Standing(agents, registers.directory);
  public final Clients clients =
      new Clients(registers.database, registers.feed, registers.audit, catalogue, (_, _) -> {});
  public final Crypto crypto = Crypto.fastest();
  public final Credentials credentials =
      new Credentials(
          registers.world,
          registers.database,
          registers.feed,
          registers.audit,
          cutOffs,
          agents,
          registers.directory,
          clients,
          crypto);
  public final ClientAuthenticator authenticator;
  public final Authorities authorities;
  public final Tokens tokens;
  public final PresentedTokens presented;
  public final Refusals refusals = new Refusals(registers.database, registers.audit);
  public final Policies policies;
  public final Inquiries inquiries;
  public final Approvals approvals;
  public final Pdp pdp;

  public Organisation(Policies policies) {
    this.policies = policies;
    var world = registers.world;
    var limits = registers.limits;
    var jwt = new JwtReader(new JsonReader(limits));
    authenticator =
        new ClientAuthenticator(
            world,
            limits,
            ISSUER,
            jwt,
            credentials,
            TestClientKeys.of(world, credentials, clients),
            new OneTime(world, registers.database, limits),
            agents,
            registers.directory,
            clients,
            () -> TrustAnchors.NONE,
            id -> Id.Client.parse(id).flatMap(clients::find));
    var stated = new StatedPurposes(world, agents, catalogue);
    authorities = new Authorities(world, limits, cutOffs, catalogue, standing, stated, delegations);
    var file = TestDatabases.folder().resolve("master.key");
    var seal = MasterKey.open(new MasterKeySource.File(file, List.of()), world).seal(world, "keys");
    var day = Duration.ofDays(1);
    var keys =
        new SigningKeys(
            world,
            registers.database,
            crypto,
            new JsonReader(limits),
            seal,
            registers.feed,
            registers.audit,
            new SigningKeys.KeyTimes(day, day, day));
    keys.tick();
    var approvalSeal =
        MasterKey.open(new MasterKeySource.File(file, List.of()), world).seal(world, "approvals");
    approvals =
        new Approvals(
            ISSUER,
            world,
            registers.database,
            registers.audit,
            approvalSeal,
            new JsonReader(limits),
            cutOffs,
            registers.directory,
            catalogue,
            agents,
            standing,
            delegations);
    tokens =
        new Tokens(
            ISSUER,
            world,
            limits,
            keys,
            jwt,
            cutOffs,
            catalogue,
            standing,
            delegations,
            stated,
            _ -> false,
            MoreClaims.NONE);
    presented =
        new PresentedTokens(
            tokens,
            new DpopProofs(
                List.of(ISSUER),
                world,
                limits,
                Crypto.jdk(),
                jwt,
                new OneTime(world, registers.database, limits),
                approvalSeal,
                clients,
                false));
    inquiries =
        new Inquiries(
            world,
            registers.feed,
            cutOffs,
            registers.directory,
            catalogue,
            agents,
            standing,
            tokens,
            delegations.budgets(),
            taskFacts,
            approvals);
    pdp =
        new Pdp(
            ISSUER + "/api/v1",
            world,
            registers.database,
            registers.audit,
            registers.facts,
            catalogue,
            policies,
            inquiries);
  }

  @Override
  public void close() {
    registers.close();
  }

  public User user(String name, ManagementRole... roles) {
    return registers.user(name, roles);
  }

  public Workload workload(ManagementRole... roles) {
    var workload =
        Workload.fresh(
            Id.Workload.random(registers.world),
            registers.fresh("workload"),
            "",
            user(registers.fresh("owner")).id(),
            Set.of(roles));
    return registers.done(tx -> registers.workloads.register(tx, registers.admin, workload));
  }

  /// A resource without an identifier of its own yet: what differs is set by the caller.
  public Resource resource(
      String identifier,
      List<String> types,
      List<String> actions,
      boolean agentFacing,
      PersonRights rights,
      List<Id.Workload> enforcers,
      List<String> asserts) {
    var resource =
        new Resource(
            Id.Resource.random(registers.world),
            identifier,
            "The resource " + identifier,
            types,
            actions.stream().map(name -> new Action(name, Sensitivity.LOW, true, "")).toList(),
            agentFacing,
            rights,
            Algorithm.ES256,
            enforcers,
            asserts,
            1);
    return registers.done(tx -> resources.register(tx, registers.admin, resource));
  }

  public Purpose purpose(String name, Id owner, Resource resource, String... actions) {
    var purpose =
        new Purpose(
            Id.Purpose.random(registers.world),
            name,
            "",
            owner,
            "",
            List.of(),
            List.of(new Coverage(resource.id(), Scopes.of(List.of(actions)))),
            Optional.empty(),
            Optional.empty(),
            1);
    return registers.done(tx -> purposes.register(tx, registers.admin, purpose));
  }

  /// An active agent.
  public Agent agent(Id owner, Id backup, Id.Purpose... declared) {
    var agent =
        new Agent(
            Id.Agent.random(registers.world),
            registers.fresh("agent"),
            "",
            owner,
            backup,
            List.of(declared),
            List.of(),
            Environment.PRODUCTION,
            Risk.parse("minimal").or(() -> Risk.parse("low")).orElseThrow(),
            Optional.empty(),
            false,
            AgentState.REGISTERED,
            1);
    registers.done(tx -> agents.register(tx, registers.admin, agent));
    return step(agent.id(), AgentTransition.ACTIVATE);
  }

  public Agent step(Id.Agent id, AgentTransition transition) {
    return registers.done(tx -> agents.transition(tx, registers.admin, id, transition, "test"));
  }

  public Permission permit(
      Id.Principal principal, Resource resource, PermissionMode mode, String... actions) {
    return permit(principal, resource, mode, Optional.empty(), actions);
  }

  public Permission permit(
      Id.Principal principal,
      Resource resource,
      PermissionMode mode,
      Optional<Instant> until,
      String... actions) {
    var wanted =
        new Permissions.Wanted(principal, resource.id(), Scopes.of(List.of(actions)), mode, until);
    return registers.done(tx -> permissions.give(tx, registers.admin, wanted));
  }

  public Delegation delegate(
      Id.Principal from, Id.Agent to, Purpose purpose, Resource resource, String... actions) {
    var now = registers.now.get();
    var delegation =
        new Delegation(
            Id.Delegation.random(registers.world),
            List.of(),
            from,
            to,
            purpose.id(),
            Map.of(resource.id(), Scopes.of(List.of(actions))),
            3,
            new Delegation.Given(registers.admin, Delegation.How.ADMINISTRATOR, now),
            now.plus(Duration.ofDays(1)),
            false);
    return registers.done(tx -> Result.ok(delegations.give(tx, registers.admin, delegation)));
  }

  public Presenter presenter(Id.Principal principal) {
    return new Presenter(
        principal,
        Id.Credential.random(registers.world),
        Instant.MAX,
        cutOffs.applied(),
        Confirmation.none());
  }

  /// The authority of a principal by itself.
  public Authority own(Id.Principal principal, String audience, String... scopes) {
    var wanted = new Wanted(audience, Scopes.of(List.of(scopes)), "");
    return value(authorities.own(presenter(principal), wanted)).authority();
  }

  /// The authority of an agent that uses a delegation.
  public Authority use(Delegation delegation, String audience, String... scopes) {
    var wanted = new Wanted(audience, Scopes.of(List.of(scopes)), "");
    return value(authorities.use(presenter(delegation.delegate()), delegation, wanted)).authority();
  }

  /// The authority of `delegate` after the holder of `held` handed it everything.
  public Authority handOver(Authority held, Id.Agent delegate) {
    var wanted = new Wanted("", Scopes.NONE, "");
    var who = presenter(held.current());
    Conferred offered = value(authorities.handOver(who, held, delegate, wanted));
    var work = delegations.narrow(offered.authority(), held.current(), delegate);
    registers.done(tx -> Result.ok(delegations.give(tx, held.current(), work)));
    var target = new Wanted(held.audience(), Scopes.NONE, "");
    return value(authorities.take(presenter(delegate), offered.authority(), work, target))
        .authority();
  }

  public String token(Authority authority) {
    return value(tokens.mint(authority, Confirmation.none())).compact();
  }

  /// A secret of the workload, drawn by the server.
  public String secret(Id.Workload workload) {
    var api =
        new CredentialsApi(
            registers.database,
            registers.changes,
            credentials,
            crypto,
            url -> url.startsWith("https://"),
            (_, _) -> false,
            registers.world,
            registers.limits);
    var request =
        registers
            .request("POST", "/api/v1/workloads/" + workload.text() + "/credentials")
            .pathParameter("id", workload.text())
            .json(Json.object().put("kind", "secret").build())
            .build();
    var response = answer(api.addToWorkload(registers.caller, request));
    return registers
        .body(response)
        .text("secret")
        .orElseThrow(() -> new AssertionError(response.bodyText()));
  }

  public static <T> T value(Result<T> result) {
    return switch (result) {
      case Result.Ok<T>(var value) -> value;
      case Result.Refused<T> refused -> throw new AssertionError(refused);
    };
  }
}
