package io.prokura.decision;

import io.prokura.agents.Agent;
import io.prokura.catalogue.Coverage;
import io.prokura.catalogue.Permission;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.decision.AccessRequest.Asked;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Delegation;
import io.prokura.directory.Workload;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.policy.Policies;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A help desk: an organisation with policies of its own, one enforcer for its three APIs, and a
/// person for whom agents act. Tickets are agent-facing; notes are not, and their enforcer is
/// trusted with some properties; letters are agent-facing and hold persons' rights themselves.
final class Desk implements AutoCloseable {
  static final String TICKETS = "https://desk.example.org/tickets";
  static final String NOTES = "https://desk.example.org/notes";
  static final String LETTERS = "https://desk.example.org/letters";
  static final Named TICKET = new Named("ticket", "t-1");
  static final Named NOTE = new Named("note", "n-1");
  static final Named LETTER = new Named("letter", "l-1");
  static final String[] ACTIONS = {"read", "close", "reopen", "refund", "charge", "sign", "scan"};

  private static final String SCHEMA =
      """
      entity letter, note, ticket in [Prokura::Resource] = {
        amount?: Long,
        status?: String,
      };
      action read, close, reopen, refund
        appliesTo {
          principal: [Prokura::User, Prokura::Workload, Prokura::Agent],
          resource: [letter, note, ticket],
          context: {
            action: { amount?: Long },
            attended: Bool,
            budgetLeft: { bytes?: Long, calls?: Long, seconds?: Long, spend?: Long },
            delegator?: Prokura::User,
            purpose?: String,
            request: { ip?: ipaddr },
            subject: { department?: String },
          },
        };
      action charge
        appliesTo {
          principal: [Prokura::User, Prokura::Workload, Prokura::Agent],
          resource: [letter, note, ticket],
          context: { action: { amount: Long } },
        };
      action sign
        appliesTo { principal: [Prokura::User], resource: [letter, note, ticket], context: {} };
      """;

  // `scan` is declared nowhere: permissions alone decide it.
  private static final String POLICIES =
      """
      @id("desk.frozen")
      forbid (principal, action in [Action::"read", Action::"close"], resource)
      when { resource has status && resource.status == "frozen" };

      @id("desk.outside")
      forbid (principal, action == Action::"read", resource)
      when { context.request has ip && !context.request.ip.isInRange(ip("10.0.0.0/8")) };

      @id("desk.sales")
      permit (principal is Prokura::User, action == Action::"reopen", resource)
      when { context.subject has department && context.subject.department == "sales" };

      @id("desk.rich")
      permit (principal, action == Action::"refund", resource)
      when { context.action has amount && context.action.amount + 9223372036854775807 > 0 };

      @id("desk.poor")
      forbid (principal, action == Action::"close", resource)
      when { context.action has amount && context.action.amount - 9223372036854775807 > 0 };

      @id("desk.persons-reopen-no-letters")
      forbid (principal is Prokura::User, action == Action::"reopen", resource is letter);
      """;

  final Organisation organisation;
  final Workload enforcer;
  final Resource tickets;
  final Resource notes;
  final Resource letters;
  final Id.User alice;
  final Id.User owner;
  final Purpose support;

  Desk() {
    this("", List.of());
  }

  /// With more policies, and an enforcer that is trusted with `asserts` at the tickets.
  Desk(String policies, List<String> asserts) {
    organisation = new Organisation(Policies.of(folder(SCHEMA, POLICIES + policies)));
    enforcer = organisation.workload();
    tickets = resource(TICKETS, "ticket", true, PersonRights.CHECKED, asserts);
    notes =
        resource(
            NOTES,
            "note",
            false,
            PersonRights.CHECKED,
            List.of(
                "action.amount",
                "context.ip",
                "context.purpose",
                "resource.status",
                "subject.department"));
    letters = resource(LETTERS, "letter", true, PersonRights.HELD, List.of());
    alice = organisation.user("alice").id();
    owner = organisation.user("owner").id();
    support = purpose("support", ACTIONS);
  }

  /// The folder of the desk's own policies.
  static Path folder() {
    return folder(SCHEMA, POLICIES);
  }

  static Path folder(String schema, String policies) {
    try {
      var folder = TestDatabases.folder();
      Files.writeString(folder.resolve("schema.cedarschema"), schema);
      Files.writeString(folder.resolve("desk.cedar"), policies);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    organisation.close();
  }

  Resource resource(
      String identifier,
      String type,
      boolean agentFacing,
      PersonRights rights,
      List<String> asserts) {
    return organisation.resource(
        identifier,
        List.of(type),
        List.of(ACTIONS),
        agentFacing,
        rights,
        List.of(enforcer.id()),
        asserts);
  }

  /// A purpose that covers these actions on all three APIs.
  Purpose purpose(String name, String... actions) {
    var made = organisation.purpose(name, owner, tickets, actions);
    return changed(made, Optional.empty(), actions);
  }

  /// The purpose with another end and other actions.
  Purpose changed(Purpose purpose, Optional<Instant> until, String... actions) {
    var scopes = Scopes.of(List.of(actions));
    var next =
        new Purpose(
            purpose.id(),
            purpose.name(),
            "",
            owner,
            "",
            List.of(),
            List.of(tickets, notes, letters).stream()
                .map(resource -> new Coverage(resource.id(), scopes))
                .toList(),
            Optional.empty(),
            until,
            purpose.version());
    return organisation.registers.done(
        tx -> organisation.purposes.replace(tx, organisation.registers.admin, next));
  }

  Agent agent(Id.Purpose... purposes) {
    return organisation.agent(owner, alice, purposes);
  }

  void revoke(Permission permission) {
    organisation.registers.done(
        tx ->
            organisation.permissions.revoke(
                tx, organisation.registers.admin, permission.id(), "test"));
  }

  void deactivate(Id.User user) {
    organisation.registers.done(
        tx ->
            organisation.registers.users.deactivate(
                tx, organisation.registers.admin, user, "test"));
  }

  /// Ends everything that rests on `target`.
  void cutOff(Id target) {
    organisation.registers.done(
        tx ->
            io.prokura.kernel.Result.ok(
                organisation.cutOffs.write(tx, target, organisation.registers.admin, "test")));
  }

  /// A person, the agent she delegated to and the agent that one handed its work to, each with the
  /// permission that lets it take part, on one of the APIs for one purpose.
  final class Chain {
    final Resource api;
    final Id.User person = organisation.user(organisation.registers.fresh("person")).id();
    final Agent first;
    final Agent current;
    final Permission ofPerson;
    final Permission ofFirst;
    final Permission ofCurrent;
    final Delegation delegation;
    final Authority authority;
    final String token;

    Chain(Resource api, Purpose purpose) {
      this.api = api;
      first = agent(purpose.id());
      current = agent(purpose.id());
      ofPerson = organisation.permit(person, api, PermissionMode.OWN, ACTIONS);
      ofFirst = organisation.permit(first.id(), api, PermissionMode.ON_BEHALF, ACTIONS);
      ofCurrent = organisation.permit(current.id(), api, PermissionMode.ON_BEHALF, ACTIONS);
      delegation = organisation.delegate(person, first.id(), purpose, api, ACTIONS);
      var held = organisation.use(delegation, api.identifier(), ACTIONS);
      authority = organisation.handOver(held, current.id());
      token = organisation.token(authority);
    }

    /// What is answered to somebody who sends the chain's token.
    Decision ask(String action) {
      return Desk.this.ask(enforcer.id(), question(action));
    }

    /// What an enforcer asks who was sent the chain's token.
    AccessRequest question(String action) {
      return new AccessRequest(
          new Named("user", person.text()), action, new Named(api.types().getFirst(), "1"), token);
    }
  }

  Chain chain() {
    return new Chain(tickets, support);
  }

  Decision ask(Named subject, String action, Named object, String token) {
    return ask(enforcer.id(), new AccessRequest(subject, action, object, token));
  }

  Decision ask(Id.Principal who, AccessRequest request) {
    return organisation.pdp.decide(who, request);
  }

  /// The question about Alice and a note, with what the enforcer says besides.
  AccessRequest about(String subject, String action, String name, String note, String context) {
    var json = organisation.registers;
    return new AccessRequest(
        new Named("user", alice.text(), json.json(subject)),
        new Asked(name, json.json(action)),
        new Named("note", "n-1", json.json(note)),
        json.json(context),
        "");
  }

  /// What is answered to somebody who sends the chain's token, with what the enforcer says besides.
  Decision consume(Chain chain, String action, String context) {
    return ask(enforcer.id(), consuming(chain, action, "1", context));
  }

  AccessRequest consuming(Chain chain, String action, String object, String context) {
    return new AccessRequest(
        new Named("user", chain.person.text()),
        new Asked(action),
        new Named(chain.api.types().getFirst(), object),
        organisation.registers.json(context),
        chain.token);
  }

  /// Sets what a delegation may spend.
  void limit(Delegation delegation, Map<String, Long> limits) {
    organisation.registers.done(
        tx ->
            organisation.delegations.limit(
                tx, organisation.registers.admin, delegation.id(), limits, Optional.of("test")));
  }

  /// Moves the clock on and lets the node follow.
  void pass(Duration time) {
    organisation.registers.now.updateAndGet(now -> now.plus(time));
    organisation.registers.feed.catchUp();
  }

  /// The newest leaf of the record.
  Json.Obj leaf() {
    return organisation.registers.json(organisation.registers.leaves().getLast());
  }
}
