package io.prokura.access;

import static io.prokura.catalogue.PermissionMode.OWN;
import static io.prokura.management.Answers.answer;

import io.prokura.agents.Agent;
import io.prokura.audit.Entries;
import io.prokura.audit.RecentEntries;
import io.prokura.catalogue.Coverage;
import io.prokura.catalogue.Permission;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.decision.AccessRequest;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.decision.Decision;
import io.prokura.decision.Organisation;
import io.prokura.decision.Reaches;
import io.prokura.decision.Recollections;
import io.prokura.decision.Replay;
import io.prokura.decision.Semantics;
import io.prokura.delegation.Delegation;
import io.prokura.delegation.Wanted;
import io.prokura.directory.Workload;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import io.prokura.policy.Policies;
import io.prokura.policy.PolicySnapshot;
import io.prokura.sql.TestDatabases;
import io.prokura.tokens.Issuance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// A shop with two APIs, for which an agent works: orders are decided here, and of stock only the
/// tokens are known.
final class Shop implements AutoCloseable {
  static final String[] ACTIONS = {"read", "change", "cancel"};
  private static final String POLICIES =
      """
      @id("shop.broad")
      permit (principal is Prokura::Agent, action, resource)
      when { principal.risk == "none" };

      @id("shop.users")
      permit (principal is Prokura::User, action, resource is order)
      when { principal.userName == "" };

      @id("shop.closed")
      forbid (principal, action == Action::"change", resource is order)
      when { resource has closed && resource.closed };
      """;
  private static final String SCHEMA =
      """
      entity order in [Prokura::Resource] = { closed?: Bool };
      action read, change, cancel
        appliesTo {
          principal: [Prokura::User, Prokura::Workload, Prokura::Agent],
          resource: [order],
          context: {},
        };
      """;

  final Path folder = folder();
  private final AtomicReference<PolicySnapshot> live =
      new AtomicReference<>(Policies.of(folder).current());
  final Policies policies = Policies.of(live::get);
  final Organisation organisation = new Organisation(policies);
  final Workload enforcer = organisation.workload();
  final Resource orders = resource("https://shop.example.org/orders", "order");
  final Resource stock = resource("https://shop.example.org/stock", "item");
  final Id.User owner = organisation.user("owner").id();
  final Purpose selling = selling();
  final Id.User backup = organisation.user("backup").id();
  final Agent agent = organisation.agent(owner, backup, selling.id());
  final AccessApi access;
  final UnusedApi unused;

  Shop() {
    var registers = organisation.registers;
    var reaches =
        new Reaches(
            registers.world,
            registers.database,
            organisation.catalogue,
            registers.directory,
            organisation.agents,
            organisation.standing,
            policies,
            organisation.inquiries);
    access = new AccessApi(reaches, organisation.catalogue, registers.limits);
    var recent = new RecentEntries(registers.database, new JsonReader(registers.limits));
    unused =
        new UnusedApi(
            new RightSizing(
                registers.world,
                organisation.catalogue,
                organisation.delegations,
                policies,
                recent),
            organisation.agents);
  }

  private static Path folder() {
    try {
      var folder = TestDatabases.folder();
      Files.writeString(folder.resolve("schema.cedarschema"), SCHEMA);
      Files.writeString(folder.resolve("shop.cedar"), POLICIES);
      return folder;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Resource resource(String identifier, String type) {
    return organisation.resource(
        identifier,
        List.of(type),
        List.of(ACTIONS),
        false,
        PersonRights.CHECKED,
        List.of(enforcer.id()),
        List.of());
  }

  private Purpose selling() {
    var made = organisation.purpose("shop.selling", owner, orders, ACTIONS);
    var all = Scopes.of(List.of(ACTIONS));
    var wider =
        new Purpose(
            made.id(),
            made.name(),
            "",
            owner,
            "",
            List.of(),
            List.of(new Coverage(orders.id(), all), new Coverage(stock.id(), all)),
            Optional.empty(),
            Optional.empty(),
            made.version());
    return organisation.registers.done(
        tx -> organisation.purposes.replace(tx, organisation.registers.admin, wider));
  }

  @Override
  public void close() {
    organisation.close();
  }

  Permission permit(Resource resource, PermissionMode mode, String... actions) {
    return organisation.permit(agent.id(), resource, mode, actions);
  }

  void revoke(Permission permission) {
    organisation.registers.done(
        tx ->
            organisation.permissions.revoke(
                tx, organisation.registers.admin, permission.id(), "test"));
  }

  /// Asks for an order in the agent's own name.
  Decision asksItself(String action) {
    return organisation.pdp.decide(enforcer.id(), question(action, ""));
  }

  /// Asks for several at once, which is one entry.
  List<Decision> asksTogether(String... actions) {
    var questions = new ArrayList<Result<AccessRequest>>();
    for (var action : actions) {
      questions.add(Result.ok(question(action, "")));
    }
    return organisation.pdp.decide(enforcer.id(), questions, Semantics.EXECUTE_ALL);
  }

  private AccessRequest question(String action, String token) {
    return new AccessRequest(
        new Named("agent", agent.id().text()), action, new Named("order", "o-1"), token);
  }

  Delegation delegation() {
    var person = organisation.user(organisation.registers.fresh("customer")).id();
    organisation.permit(person, orders, OWN, ACTIONS);
    return organisation.delegate(person, agent.id(), selling, orders, ACTIONS);
  }

  /// Asks for an order with a token for whom the delegation is of.
  Decision asksFor(Delegation delegation, String action) {
    var authority = organisation.use(delegation, orders.identifier(), action);
    return organisation.pdp.decide(enforcer.id(), question(action, organisation.token(authority)));
  }

  /// Gets a token of its own; without scopes it is for all there is.
  void obtainsToken(Resource resource, String... scopes) {
    var registers = organisation.registers;
    var wanted = new Wanted(resource.identifier(), Scopes.of(List.of(scopes)), "");
    var presenter = organisation.presenter(agent.id());
    var conferred = Organisation.value(organisation.authorities.own(presenter, wanted));
    var issuance = new Issuance(registers.database, organisation.tokens, registers.audit);
    Organisation.value(
        issuance.accessToken(conferred, presenter, "client_credentials", "::1", Result::ok));
  }

  Response list(String query) {
    return answer(access.list(organisation.registers.caller, request(query)));
  }

  Json.Obj unused(int days) {
    var response =
        answer(
            unused.report(
                organisation.registers.caller,
                request("agent=" + agent.id().text() + "&days=" + days)));
    return organisation.registers.body(response);
  }

  private io.prokura.http.Request request(String query) {
    return organisation.registers.request("GET", "/api/v1/access").query(query).build();
  }

  static List<Json.Obj> items(Json.Obj object, String name) {
    return object.get(name).map(Json.Arr.class::cast).orElseThrow().items().stream()
        .map(Json.Obj.class::cast)
        .toList();
  }

  Replay replay() {
    var registers = organisation.registers;
    var json = new JsonReader(registers.limits);
    return new Replay(
        registers.database,
        new Entries(registers.world, registers.seal, json),
        () -> new Recollections(registers.facts, registers.persons, organisation.catalogue, json));
  }

  /// Puts what is in the folder now in force.
  void reload() {
    live.set(Policies.of(folder).current());
  }
}
