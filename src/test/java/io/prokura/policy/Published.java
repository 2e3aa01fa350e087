package io.prokura.policy;

import io.prokura.agents.Agents;
import io.prokura.catalogue.Catalogue;
import io.prokura.cedar.Entity;
import io.prokura.clients.Clients;
import io.prokura.clients.Credentials;
import io.prokura.cutoff.CutOffs;
import io.prokura.decision.ManagementEntities;
import io.prokura.directory.ManagementRole;
import io.prokura.directory.Registers;
import io.prokura.directory.User;
import io.prokura.jose.Crypto;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.sql.Database;
import java.util.ArrayList;
import java.util.List;

/// Both sets of policies published on one database, with an administrator who is a person.
final class Published implements AutoCloseable {
  static final SourceFile SCHEMA =
      new SourceFile(
          "schema.cedarschema",
          """
          entity book;
          action lend appliesTo { principal: [Prokura::User], resource: [book] };
          """);

  final Registers all;
  final PublishedSets sets;
  final Policies policies;
  final PolicyDrafts drafts;
  final ManagementSubjects subjects;
  final ManagementFloor floor;
  final List<String> refusedByCheck = new ArrayList<>();
  final User boss;
  final Agents agents;

  Published(Database database) {
    all = new Registers(database);
    boss = all.user(all.fresh("boss"), ManagementRole.ADMINISTRATOR);
    sets = sets();
    policies = Policies.of(sets.organisation());
    drafts = new PolicyDrafts(all.world, all.audit);
    var catalogue = new Catalogue(database, all.feed);
    agents = new Agents(all.world, database, all.feed, all.audit, all.directory, catalogue);
    var cutOffs = new CutOffs(all.feed, database, all.audit, all.world);
    var credentials =
        new Credentials(
            all.world,
            database,
            all.feed,
            all.audit,
            cutOffs,
            agents,
            all.directory,
            new Clients(database, all.feed, all.audit, catalogue, (_, _) -> {}),
            Crypto.fastest());
    subjects = new ManagementEntities(all.directory, agents, catalogue, credentials);
    floor =
        new ManagementFloor(
            database,
            all.directory,
            subjects,
            (tx, after, count) ->
                agents.page(tx, "", "", after, count).stream().map(one -> one.id()).toList());
  }

  /// What another node of the same database holds in memory.
  PublishedSets sets() {
    return new PublishedSets(
        new PublishedSet(all.database, all.feed, PolicySetName.ORGANISATION),
        new PublishedSet(all.database, all.feed, PolicySetName.MANAGEMENT));
  }

  @Override
  public void close() {
    all.close();
  }

  Publishing publishing(Publishing.Review review) {
    return new Publishing(
        all.world, all.feed, all.audit, sets, floor, review, _ -> List.copyOf(refusedByCheck));
  }

  /// A person as the management policies see it.
  Entity floorOf(User user) {
    return subjects.principal(user.id());
  }

  /// An agent that nobody registered.
  Entity agent() {
    return subjects.principal(Id.Agent.random(all.world));
  }

  static SourceFile policy(String id, String... conditions) {
    return new SourceFile(
        id + ".cedar",
        "@id(\"%s\")\npermit (principal, action == Action::\"lend\", resource)%s;\n"
            .formatted(id, String.join("", conditions)));
  }

  PolicyDraft draft(PolicySetName set, SourceFile... files) {
    var base = sets.of(set).current().number();
    return all.done(tx -> drafts.begin(tx, all.admin, set, base, "a note", List.of(files)));
  }

  PolicyDraft draft(SourceFile... files) {
    return draft(PolicySetName.ORGANISATION, files);
  }

  Result<Publication> publish(PolicyDraft draft) {
    return publish(draft, Publishing.Review.NONE, boss.id());
  }

  Result<Publication> publish(PolicyDraft draft, Publishing.Review review, Id.Principal by) {
    var publishing = publishing(review);
    return done(publishing, publishing.candidate(draft), by);
  }

  Result<Publication> rollBack(PolicySetName set, long number) {
    var publishing = publishing(Publishing.Review.SECOND_PERSON);
    return done(publishing, publishing.earlier(set, number), boss.id());
  }

  private Result<Publication> done(
      Publishing publishing, Result<Publishing.Candidate> candidate, Id.Principal by) {
    return candidate instanceof Result.Ok(var ready)
        ? all.database.inTransaction(tx -> publishing.publish(tx, by, ready, "because"))
        : candidate.refusal();
  }
}
