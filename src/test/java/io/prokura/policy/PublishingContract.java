package io.prokura.policy;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.POLICIES_INVALID;
import static io.prokura.kernel.Refusal.POLICIES_LOCK_OUT;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.SECOND_PERSON_REQUIRED;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.policy.PolicySetName.MANAGEMENT;
import static io.prokura.policy.PolicySetName.ORGANISATION;
import static io.prokura.policy.Published.SCHEMA;
import static io.prokura.policy.Published.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What publishing policies must do on every database. A subclass names the database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PublishingContract {
  private final Published it;

  PublishingContract(Database database) {
    it = new Published(database);
  }

  @AfterAll
  void close() {
    it.close();
  }

  @BeforeEach
  void nothingIsRefusedByTheCheck() {
    it.refusedByCheck.clear();
  }

  private static Publication done(Result<Publication> result) {
    return switch (result) {
      case Result.Ok<Publication>(var value) -> value;
      case Result.Refused<Publication> refused -> throw new AssertionError(refused);
    };
  }

  private static Result.Refused<?> refused(Result<?> result) {
    assertThat(result).isInstanceOf(Result.Refused.class);
    return (Result.Refused<?>) result;
  }

  private static Refusal reason(Result<?> result) {
    return refused(result).reason();
  }

  private String lastLeaf() {
    return it.all.leaves().getLast();
  }

  @Test
  void whatIsPublishedIsLiveAtOnceUnderTheNextNumberAndOnRecord() {
    long before = it.policies.current().number();
    var draft = it.draft(SCHEMA, policy(it.all.fresh("p")));
    var published = done(it.publish(draft));
    assertThat(published.number()).isEqualTo(before + 1);
    assertThat(published.base()).isEqualTo(before);
    assertThat(it.policies.current().number()).isEqualTo(before + 1);
    assertThat(it.policies.current().digest()).isEqualTo(draft.sources().digest());
    assertThat(lastLeaf())
        .contains("policies.published", draft.sources().digest(), draft.id().text());
    assertThat(it.all.database.<Object>read(tx -> it.drafts.find(tx, ORGANISATION, draft.id())))
        .as("the draft is gone")
        .isEqualTo(java.util.Optional.empty());
  }

  @Test
  void anEarlierSnapshotCanBeReadAndBroughtBack() {
    var first = done(it.publish(it.draft(SCHEMA, policy(it.all.fresh("p")))));
    var second = done(it.publish(it.draft(SCHEMA, policy(it.all.fresh("p")))));
    assertThat(it.policies.snapshot(first.number()).orElseThrow().digest())
        .isEqualTo(first.digest())
        .isNotEqualTo(second.digest());
    assertThat(it.policies.snapshot(first.number()).orElseThrow().number())
        .isEqualTo(first.number());
    assertThat(it.policies.snapshot(second.number() + 100)).isEmpty();
    var back = done(it.rollBack(ORGANISATION, first.number()));
    assertThat(back.number()).isEqualTo(second.number() + 1);
    assertThat(back.restores()).contains(first.number());
    assertThat(it.policies.current().digest()).isEqualTo(first.digest());
    assertThat(lastLeaf()).contains("policies.rolled-back");
    assertThat(reason(it.rollBack(ORGANISATION, first.number()))).isEqualTo(STATE_CONFLICT);
    assertThat(reason(it.rollBack(ORGANISATION, 1_000_000))).isEqualTo(NOT_FOUND);
  }

  @Test
  void whatIsNotValidIsNeverPublished() {
    var before = it.policies.current();
    var draft = it.draft(SCHEMA, policy("never", " when { false }"));
    var refused = refused(it.publish(draft));
    assertThat(refused.reason()).isEqualTo(POLICIES_INVALID);
    assertThat(refused.detail()).startsWith("never.cedar:1:1: ");
    var broken = it.draft(new SourceFile("a.cedar", "permit"));
    assertThat(refused(it.publish(broken)).detail()).startsWith("a.cedar:1:7: ");
    assertThat(it.publishing(Publishing.Review.NONE).verdict(broken).findings()).hasSize(1);
    assertThat(it.policies.current()).isSameAs(before);
    assertThat(lastLeaf()).doesNotContain("policies.published");
  }

  @Test
  void aCandidateThatTheCheckFindsFaultWithIsNotPublished() {
    var draft = it.draft(SCHEMA, policy(it.all.fresh("p")));
    it.refusedByCheck.add("tests.yaml:1:1: expected allow");
    var refused = refused(it.publish(draft));
    assertThat(refused.reason()).isEqualTo(POLICIES_INVALID);
    assertThat(refused.detail()).isEqualTo("tests.yaml:1:1: expected allow");
    it.refusedByCheck.clear();
    done(it.publish(draft));
  }

  @Test
  void aDraftOnSomethingElseThanWhatIsLiveIsStale() {
    var late = it.draft(SCHEMA, policy(it.all.fresh("p")));
    done(it.publish(it.draft(SCHEMA, policy(it.all.fresh("p")))));
    assertThat(reason(it.publish(late))).isEqualTo(PRECONDITION_STALE);
  }

  @Test
  void aDraftThatChangedAfterItWasCompiledIsStale() {
    var seen = it.draft(SCHEMA, policy(it.all.fresh("p")));
    var edit = new PolicyDrafts.Edit(List.of(), List.of(policy(it.all.fresh("q"))), List.of());
    it.all.done(tx -> it.drafts.edit(tx, it.boss.id(), ORGANISATION, seen.id(), 1, edit));
    assertThat(reason(it.publish(seen))).isEqualTo(PRECONDITION_STALE);
  }

  @Test
  void whereASecondPersonIsNeededNobodyPublishesWhatTheyWroteIn() {
    var draft = it.draft(SCHEMA, policy(it.all.fresh("p")));
    var review = Publishing.Review.SECOND_PERSON;
    assertThat(reason(it.publish(draft, review, it.all.admin))).isEqualTo(SECOND_PERSON_REQUIRED);
    var edit = new PolicyDrafts.Edit(List.of(), List.of(), List.of(policy(it.all.fresh("q"))));
    var touched =
        it.all.done(tx -> it.drafts.edit(tx, it.boss.id(), ORGANISATION, draft.id(), 1, edit));
    assertThat(reason(it.publish(touched, review, it.boss.id())))
        .as("one line is enough to be an author")
        .isEqualTo(SECOND_PERSON_REQUIRED);
    assertThat(it.publish(touched, review, it.all.user(it.all.fresh("other")).id()))
        .isInstanceOf(Result.Ok.class);
  }

  @Test
  void anotherNodeGoesOnDecidingByWhatItHasUntilItHasCompiled() {
    var other = it.sets();
    long before = other.organisation().current().number();
    done(it.publish(it.draft(SCHEMA, policy(it.all.fresh("p")))));
    assertThat(other.organisation().current().number()).isEqualTo(before);
    assertThat(other.areCurrent()).isFalse();
    other.catchUp();
    assertThat(other.areCurrent()).isTrue();
    assertThat(other.organisation().current().number()).isEqualTo(before + 1);
    assertThat(other.organisation().current().digest()).isEqualTo(it.policies.current().digest());
  }

  private static final String ADMINISTRATORS =
      "permit (principal in Management::Role::\"administrator\", action, resource)";

  private static SourceFile management(String text) {
    return new SourceFile("management.cedar", text);
  }

  @Test
  void theManagementSetIsPublishedAndRolledBackLikeTheOther() {
    var gate = ManagementPolicies.of(it.sets.management());
    var who = it.floorOf(it.boss);
    var forbids = " forbid (principal, action == Management::Action::\"user.create\", resource);";
    done(it.publish(it.draft(MANAGEMENT, management(ADMINISTRATORS + ";" + forbids))));
    assertThat(gate.allows(who.uid(), "user.create", ManagementPolicies.SERVER, List.of(who)))
        .isFalse();
    done(it.rollBack(MANAGEMENT, 0));
    assertThat(gate.allows(who.uid(), "user.create", ManagementPolicies.SERVER, List.of(who)))
        .isTrue();
  }

  @Test
  void noManagementSetLocksEverybodyOut() {
    var before = it.sets.management().current();
    for (var text :
        List.of(
            "",
            "permit (principal in Management::Role::\"auditor\", action, resource);",
            ADMINISTRATORS + " unless { action == Management::Action::\"policy.rollback\" };",
            ADMINISTRATORS + " unless { resource == Management::Thing::\"management\" };",
            ADMINISTRATORS + " unless { action == Management::Action::\"agent.kill\" };",
            ADMINISTRATORS + "; forbid (principal, action, resource is Management::Agent);",
            ADMINISTRATORS
                + " unless { resource is Management::Agent && resource.ownerUsers.isEmpty() };")) {
      var refused = refused(it.publish(it.draft(MANAGEMENT, management(text))));
      assertThat(refused.reason()).as(text).isEqualTo(POLICIES_LOCK_OUT);
    }
    assertThat(it.sets.management().current()).isSameAs(before);
  }

  @Test
  void aManagementSetBringsNoSchemaAndLetsNoAgentManage() {
    assertThat(reason(it.publish(it.draft(MANAGEMENT, SCHEMA)))).isEqualTo(POLICIES_INVALID);
    var open = management("permit (principal, action, resource);");
    var candidate = PolicySources.of(MANAGEMENT, List.of(open));
    var snapshot = it.sets.management().compile(candidate, 1);
    var policies = ManagementPolicies.of(() -> snapshot);
    var agent = it.agent();
    assertThat(
            policies.allows(agent.uid(), "agent.list", ManagementPolicies.SERVER, List.of(agent)))
        .isFalse();
  }

  @Test
  void aFolderIsPublishedOnceAndOnlyComparedLater() throws IOException {
    var folder = TestDatabases.folder();
    Files.writeString(folder.resolve(SCHEMA.name()), SCHEMA.text());
    var publishing = it.publishing(Publishing.Review.NONE);
    done(it.publish(it.draft(SCHEMA, policy(it.all.fresh("p")))));
    var live = it.policies.current();
    Bootstrap.of(it.all.database, it.sets, publishing, folder).run();
    assertThat(it.policies.current()).as("what was published stays").isSameAs(live);
    try (var fresh = new Published(TestDatabases.sqlite())) {
      var own = fresh.publishing(Publishing.Review.NONE);
      fresh.refusedByCheck.add("tests.yaml: one: expected allow");
      assertThatThrownBy(() -> Bootstrap.of(fresh.all.database, fresh.sets, own, folder))
          .isInstanceOf(InvalidPolicies.class)
          .hasMessage("tests.yaml: one: expected allow");
      fresh.refusedByCheck.clear();
      Bootstrap.of(fresh.all.database, fresh.sets, own, folder).run();
      assertThat(fresh.policies.current().number()).isEqualTo(1);
      assertThat(fresh.policies.current().sources().own()).containsExactly(SCHEMA);
      Bootstrap.of(fresh.all.database, fresh.sets, own, folder).run();
      assertThat(fresh.policies.current().number()).isEqualTo(1);
    }
  }
}
