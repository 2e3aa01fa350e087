package io.prokura.approvals;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.agents.AgentTransition;
import io.prokura.directory.Group;
import io.prokura.directory.ManagementRole;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What approvals must do on every database, and what nobody may get from them.
abstract class ApprovalsContract {
  private final Approving at;

  ApprovalsContract(Database database) {
    at = new Approving(database);
  }

  @AfterEach
  void close() {
    at.close();
  }

  private void isUseless(Presented presented, Unusable why) {
    assertThat(presented).isEqualTo(new Presented.Useless(why));
  }

  private void isUsable(Presented presented, boolean repeated) {
    assertThat(presented).isInstanceOf(Presented.Usable.class);
    assertThat(((Presented.Usable) presented).repeated()).isEqualTo(repeated);
  }

  private long entries(String type) {
    return at.registers.leaves().stream()
        .filter(leaf -> leaf.contains("\"type\":\"" + type + "\""))
        .count();
  }

  @Test
  void isRequestedApprovedAndUsedOnce() {
    var requested = at.requested();
    assertThat(requested.state()).isEqualTo(ApprovalState.PENDING);
    assertThat(requested.approvers()).containsExactly(at.alice);
    isUseless(at.present(requested, "r1"), Unusable.PENDING);
    isUseless(at.consume(requested, "r1"), Unusable.PENDING);
    var approved =
        at.registers.done(tx -> at.approvals.approve(tx, at.alice, requested.id(), "go on"));
    assertThat(approved.approvedUntil()).contains(at.registers.now.get().plus(Approvals.USABLE));
    isUsable(at.present(approved, "r1"), false);
    isUsable(at.present(approved, "r1"), false);
    isUsable(at.consume(approved, "r1"), false);
    isUsable(at.consume(approved, "r1"), true);
    isUsable(at.present(approved, "r1"), true);
    isUseless(at.consume(approved, "r2"), Unusable.CONSUMED);
    isUseless(at.present(approved, "r2"), Unusable.CONSUMED);
    assertThat(entries("approval.requested")).isEqualTo(1);
    assertThat(entries("approval.approved")).isEqualTo(1);
    assertThat(entries("approval.consumed")).isEqualTo(1);
  }

  @Test
  void isReadBackAsItWasMade() {
    var requested = at.requested();
    assertThat(at.approvals.find(requested.id())).contains(requested);
    assertThat(requested.action().digest()).isEqualTo(requested.digest());
    var approved =
        at.registers.done(tx -> at.approvals.approve(tx, at.alice, requested.id(), "go on"));
    assertThat(at.approvals.find(requested.id())).contains(approved);
    assertThat(approved.ending().orElseThrow().reason()).isEqualTo("go on");
  }

  @Test
  void isTheSameTaskForTheSameActionWhileItWaits() {
    var first = at.requested();
    assertThat(at.requested().id()).isEqualTo(first.id());
    assertThat(entries("approval.requested")).isEqualTo(1);
    at.registers.done(tx -> at.approvals.deny(tx, at.alice, first.id(), "no"));
    assertThat(at.requested().id()).isNotEqualTo(first.id());
  }

  @Test
  void isAnotherTaskOnceTheFirstWasNotDecidedInTime() {
    var first = at.requested();
    at.pass(Approvals.PENDING);
    assertThat(at.registers.refusal(tx -> at.approvals.approve(tx, at.alice, first.id(), "late")))
        .isEqualTo(STATE_CONFLICT);
    // The delegation has ended with the day, so another one stands behind the new request.
    var again = at.delegate(at.alice, at.triage);
    var action =
        new ExactAction(
            first.action().chain(),
            List.of(again.id()),
            first.action().purpose(),
            first.action().resource(),
            "customer",
            "c-1",
            "delete",
            first.action().arguments());
    assertThat(at.requested(action, Approvers.byDefault()).id()).isNotEqualTo(first.id());
  }

  @Test
  void makesOneTaskOfManyRequestsAtOnce() throws Exception {
    var ids = atOnce(() -> at.requested().id().text());
    assertThat(ids.stream().distinct()).hasSize(1);
    assertThat(entries("approval.requested")).isEqualTo(1);
  }

  @Test
  void letsOneOfManyRequestsThroughAtOnce() throws Exception {
    var approval = at.approved();
    var usable = (Presented.Usable) at.present(approval, "r");
    var number = new AtomicInteger();
    var outcomes = atOnce(() -> at.consume(usable, "r" + number.incrementAndGet()));
    assertThat(outcomes.stream().filter(Presented.Usable.class::isInstance)).hasSize(1);
    assertThat(entries("approval.consumed")).isEqualTo(1);
  }

  @Test
  void letsTheSameRequestThroughHoweverOftenItComesAtOnce() throws Exception {
    var approval = at.approved();
    var usable = (Presented.Usable) at.present(approval, "r");
    var outcomes = atOnce(() -> at.consume(usable, "r"));
    assertThat(outcomes).allMatch(Presented.Usable.class::isInstance);
    assertThat(entries("approval.consumed")).isEqualTo(1);
  }

  @Test
  void isDecidedOnceByManyAtOnce() throws Exception {
    var approval = at.requested();
    at.approvals.prepare(at.alice, approval.id());
    var outcomes =
        atOnce(
            () ->
                at.registers.database.inTransaction(
                    tx -> at.approvals.approve(tx, at.alice, approval.id(), "")));
    assertThat(outcomes.stream().filter(Result.Ok.class::isInstance)).hasSize(1);
    assertThat(entries("approval.approved")).isEqualTo(1);
  }

  private static <T> List<T> atOnce(Callable<T> work) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<T>>();
      for (int i = 0; i < 8; i++) {
        running.add(threads.submit(work));
      }
      var done = new ArrayList<T>();
      for (var one : running) {
        done.add(one.get());
      }
      return done;
    }
  }

  @Test
  void isNotUsedWhenTheDecisionIsUndone() {
    var approval = at.approved();
    var usable = (Presented.Usable) at.present(approval, "r1");
    at.registers.database.inTransaction(
        tx -> {
          var decision = Id.Decision.next(at.registers.world);
          isUsable(
              at.approvals.consume(tx, usable, at.crm.id(), Optional.of("r1"), decision), false);
          return Result.refused(STATE_CONFLICT, "undone");
        });
    isUsable(at.consume(approval, "r2"), false);
  }

  @Test
  void isNotUsedAfterWhatHappenedSinceItWasPresented() {
    var used = at.approved();
    var usable = (Presented.Usable) at.present(used, "r1");
    at.consume(used, "r2");
    isUseless(at.consume(usable, "r1"), Unusable.CONSUMED);
    var killed = at.approved();
    var before = (Presented.Usable) at.present(killed, "r1");
    at.kill(at.triage);
    isUseless(at.consume(before, "r1"), Unusable.CUT_OFF);
    at.step(at.triage, AgentTransition.RESUME);
    var late = at.approved();
    var early = (Presented.Usable) at.present(late, "r1");
    at.pass(Approvals.USABLE);
    isUseless(at.consume(early, "r1"), Unusable.EXPIRED);
  }

  @Test
  void hasAsManyWaitingAsAPersonCanRead() {
    for (int i = 0; i < Approvals.PENDING_MAX; i++) {
      at.requested(at.deleting("{'id':'c-" + i + "','amount':1}"), Approvers.byDefault());
    }
    var more = at.deleting("{'id':'more','amount':1}");
    assertThat(at.refusal(at.wanted(more, Approvers.byDefault()))).isEqualTo(STATE_CONFLICT);
    var other = at.by(at.lookup, at.triage, at.alice);
    assertThat(at.requested(other, Approvers.byDefault()).state()).isEqualTo(ApprovalState.PENDING);
  }

  @Test
  void cannotBeReplayedForAnythingElse() {
    var approval = at.approved();
    var elsewhere = at.resource(at.crm, "parcel");
    var same = at.deleting();
    var others =
        List.of(
            at.deleting("{'id':'c-1','amount':11}"),
            at.deleting("{'id':'c-2','amount':10}"),
            at.by(at.lookup, at.triage, at.alice),
            at.by(at.triage, at.dana),
            at.by(at.triage),
            of(same, List.of(), same.purpose(), same.resource(), "customer", "c-1", "delete"),
            of(
                same,
                same.delegations(),
                Optional.empty(),
                same.resource(),
                "customer",
                "c-1",
                "delete"),
            of(
                same,
                same.delegations(),
                same.purpose(),
                elsewhere.id(),
                "customer",
                "c-1",
                "delete"),
            of(same, same.delegations(), same.purpose(), same.resource(), "order", "c-1", "delete"),
            of(
                same,
                same.delegations(),
                same.purpose(),
                same.resource(),
                "customer",
                "c-2",
                "delete"),
            of(
                same,
                same.delegations(),
                same.purpose(),
                same.resource(),
                "customer",
                "c-1",
                "read"));
    for (var other : others) {
      isUseless(
          at.approvals.present(other.digest(), approval.id(), at.crm.id(), Optional.of("r1")),
          Unusable.OTHER_ACTION);
    }
    isUsable(at.consume(approval, "r1"), false);
  }

  private static ExactAction of(
      ExactAction as,
      List<Id.Delegation> delegations,
      Optional<Id.Purpose> purpose,
      Id.Resource resource,
      String type,
      String id,
      String action) {
    return new ExactAction(
        as.chain(), delegations, purpose, resource, type, id, action, as.arguments());
  }

  @Test
  void cannotBeMadeUp() {
    var approval = at.approved();
    isUseless(
        at.approvals.present(
            approval.digest(),
            Id.Approval.random(at.registers.world),
            at.crm.id(),
            Optional.of("r1")),
        Unusable.UNKNOWN);
  }

  @Test
  void isConsumedForTheEnforcerThatUsedItAndNoOtherOfTheSameRequestId() {
    var approval = at.approved();
    isUsable(at.consume(approval, "r1"), false);
    var other = at.registers.workload(at.dana);
    isUseless(
        at.approvals.present(approval.digest(), approval.id(), other.id(), Optional.of("r1")),
        Unusable.CONSUMED);
  }

  @Test
  void expiresUnusedAndEvenForARequestThatUsedIt() {
    var unused = at.approved();
    var used = at.requested(at.deleting("{'id':'c-2','amount':10}"), Approvers.byDefault());
    at.registers.done(tx -> at.approvals.approve(tx, at.alice, used.id(), ""));
    isUsable(at.consume(used, "r1"), false);
    at.pass(Approvals.USABLE.minusMillis(1));
    isUsable(at.present(unused, "r2"), false);
    at.pass(Duration.ofMillis(1));
    isUseless(at.consume(unused, "r2"), Unusable.EXPIRED);
    isUseless(at.consume(used, "r1"), Unusable.CONSUMED);
    at.approvals.tick();
    assertThat(at.approvals.find(unused.id()).orElseThrow().state())
        .isEqualTo(ApprovalState.EXPIRED);
    assertThat(at.approvals.find(used.id()).orElseThrow().state())
        .isEqualTo(ApprovalState.CONSUMED);
    assertThat(entries("approval.expired")).isEqualTo(1);
    at.pass(Duration.ofDays(31));
    at.approvals.tick();
    assertThat(at.approvals.find(unused.id())).isEmpty();
  }

  @Test
  void cannotBeUsedOnceItIsDeniedOrCancelled() {
    var denied = at.requested();
    at.registers.done(tx -> at.approvals.deny(tx, at.alice, denied.id(), "no"));
    isUseless(at.consume(denied, "r1"), Unusable.DENIED);
    assertThat(at.registers.refusal(tx -> at.approvals.approve(tx, at.alice, denied.id(), "")))
        .isEqualTo(STATE_CONFLICT);
    var cancelled = at.requested();
    at.registers.done(tx -> at.approvals.cancel(tx, at.crm.id(), cancelled.id(), "no need"));
    isUseless(at.consume(cancelled, "r1"), Unusable.CANCELLED);
    assertThat(at.registers.refusal(tx -> at.approvals.approve(tx, at.alice, cancelled.id(), "")))
        .isEqualTo(STATE_CONFLICT);
  }

  @Test
  void isTakenBackByAnEnforcerOfItsResourceAlone() {
    var approval = at.requested();
    var other = at.registers.workload(at.dana);
    for (var who : List.<Id.Principal>of(other.id(), at.triage, at.alice)) {
      assertThat(at.registers.refusal(tx -> at.approvals.cancel(tx, who, approval.id(), "")))
          .isEqualTo(NOT_FOUND);
    }
    var approved = at.registers.done(tx -> at.approvals.approve(tx, at.alice, approval.id(), ""));
    assertThat(
            at.registers.refusal(
                tx -> at.approvals.cancel(tx, at.crm.id(), approved.id(), "too late")))
        .isEqualTo(STATE_CONFLICT);
  }

  @Test
  void diesForGoodWithAKillOfAnyAgentInTheChain() {
    var approval = at.approved();
    var waiting = at.requested(at.by(at.lookup, at.triage, at.alice), Approvers.byDefault());
    at.kill(at.triage);
    isUseless(at.consume(approval, "r1"), Unusable.CUT_OFF);
    at.step(at.triage, AgentTransition.RESUME);
    isUseless(at.present(approval, "r1"), Unusable.CUT_OFF);
    isUseless(at.consume(approval, "r1"), Unusable.CUT_OFF);
    assertThat(at.registers.refusal(tx -> at.approvals.approve(tx, at.alice, waiting.id(), "")))
        .isEqualTo(STATE_CONFLICT);
    // What is asked for anew was checked after the kill.
    assertThat(at.requested().state()).isEqualTo(ApprovalState.PENDING);
  }

  @Test
  void diesWithTheCredentialTokenOrIssuerItRestsOn() {
    var credential = Id.Credential.random(at.registers.world);
    var wanted = at.wanted(at.deleting(), Approvers.byDefault());
    var resting =
        new Wanted(
            wanted.enforcer(),
            wanted.action(),
            wanted.approvers(),
            wanted.decision(),
            wanted.lineage().with(credential),
            wanted.checked(),
            "",
            Optional.empty());
    var one = Approving.value(at.approvals.request(resting));
    at.registers.done(tx -> at.approvals.approve(tx, at.alice, one.id(), ""));
    at.registers.done(
        tx -> Result.ok(at.cutOffs.write(tx, credential, at.registers.admin, "test")));
    isUseless(at.consume(one, "r1"), Unusable.CUT_OFF);
    var two = at.approved();
    at.registers.done(
        tx ->
            Result.ok(at.cutOffs.writeForIssuer(tx, Approving.ISSUER, at.registers.admin, "test")));
    isUseless(at.consume(two, "r1"), Unusable.CUT_OFF);
  }

  @Test
  void restsOnWhatWasCheckedBeforeACutOffThatCameBetween() {
    var wanted = at.wanted(at.deleting(), Approvers.byDefault());
    at.kill(at.triage);
    at.step(at.triage, AgentTransition.RESUME);
    assertThat(at.refusal(wanted)).isEqualTo(STATE_CONFLICT);
  }

  @Test
  void diesWithTheDelegation() {
    var approval = at.approved();
    at.registers.done(
        tx -> at.delegations.revoke(tx, at.registers.admin, at.delegation.id(), "test"));
    isUseless(at.consume(approval, "r1"), Unusable.CUT_OFF);
  }

  @Test
  void isOfNoUseWhileAnybodyInTheChainIsSuspended() {
    var approval = at.approved();
    at.step(at.triage, AgentTransition.SUSPEND);
    isUseless(at.consume(approval, "r1"), Unusable.CUT_OFF);
    at.step(at.triage, AgentTransition.RESUME);
    isUsable(at.present(approval, "r1"), false);
    at.registers.done(
        tx -> at.registers.users.deactivate(tx, at.registers.admin, at.alice, "test"));
    isUseless(at.consume(approval, "r1"), Unusable.CUT_OFF);
  }

  @Test
  void isDecidedByThePersonWhoseAuthorityIsExercisedAndNobodyElse() {
    var approval = at.requested(at.by(at.lookup, at.triage, at.alice), Approvers.byDefault());
    var stranger = at.registers.user(at.registers.fresh("stranger")).id();
    var administrator =
        at.registers.user(at.registers.fresh("administrator"), ManagementRole.ADMINISTRATOR).id();
    var enforcersOwner = (Id.User) at.crm.owner();
    var nobody =
        List.<Id.Principal>of(
            at.lookup,
            at.triage,
            at.crm.id(),
            at.dana,
            at.backup,
            enforcersOwner,
            stranger,
            administrator);
    for (var who : nobody) {
      assertThat(at.registers.refusal(tx -> at.approvals.approve(tx, who, approval.id(), "me")))
          .as(who.text())
          .isEqualTo(POLICY_FORBIDS);
      assertThat(at.registers.refusal(tx -> at.approvals.deny(tx, who, approval.id(), "me")))
          .as(who.text())
          .isEqualTo(POLICY_FORBIDS);
    }
    at.registers.done(tx -> at.approvals.approve(tx, at.alice, approval.id(), ""));
  }

  @Test
  void isNotDecidedByAPersonWhoIsNoLongerActive() {
    var approval =
        at.requested(at.deleting(), Approvers.named(List.of(new Approver.User(at.backup))));
    at.registers.done(
        tx -> at.registers.users.deactivate(tx, at.registers.admin, at.backup, "test"));
    assertThat(at.registers.refusal(tx -> at.approvals.approve(tx, at.backup, approval.id(), "")))
        .isEqualTo(POLICY_FORBIDS);
  }

  @Test
  void isNeverDecidedByAPersonWhoAsksForThemselves() {
    var own = at.by(at.alice);
    assertThat(at.approvals.canBeApproved(own, Approvers.byDefault())).isFalse();
    assertThat(at.refusal(at.wanted(own, Approvers.byDefault()))).isEqualTo(POLICY_FORBIDS);
    var group = at.registers.group(at.registers.fresh("group"), at.alice, at.backup);
    var both =
        Approvers.named(List.of(new Approver.User(at.alice), new Approver.Group(group.id())));
    var approval = at.requested(own, both);
    assertThat(approval.approvers()).containsExactly(group.id());
    assertThat(at.registers.refusal(tx -> at.approvals.approve(tx, at.alice, approval.id(), "")))
        .isEqualTo(POLICY_FORBIDS);
    at.registers.done(tx -> at.approvals.approve(tx, at.backup, approval.id(), ""));
  }

  @Test
  void hasNobodyToDecideWhereNoPersonIsActedFor() {
    var own = at.by(at.triage);
    assertThat(at.approvals.canBeApproved(own, Approvers.byDefault())).isFalse();
    assertThat(at.refusal(at.wanted(own, Approvers.byDefault()))).isEqualTo(POLICY_FORBIDS);
  }

  @Test
  void isDecidedByAnOwnerOfTheAgentOnlyWhereAPolicyNamesThatPerson() {
    var forOwner = at.by(at.triage, at.dana);
    assertThat(at.approvals.canBeApproved(forOwner, Approvers.byDefault())).isFalse();
    var delegator = Approvers.named(List.of(new Approver.Delegator()));
    assertThat(at.approvals.canBeApproved(forOwner, delegator)).isTrue();
    var lead = at.registers.user(at.registers.fresh("lead")).id();
    var group = at.registers.group(at.registers.fresh("group"), at.dana, at.backup, lead);
    var approval =
        at.requested(at.deleting(), Approvers.named(List.of(new Approver.Group(group.id()))));
    for (var owner : List.of(at.dana, at.backup)) {
      assertThat(at.registers.refusal(tx -> at.approvals.approve(tx, owner, approval.id(), "")))
          .isEqualTo(POLICY_FORBIDS);
    }
    at.registers.done(tx -> at.approvals.approve(tx, lead, approval.id(), ""));
    var named =
        at.requested(
            at.deleting("{'id':'c-3','amount':1}"),
            Approvers.named(List.of(new Approver.User(at.dana))));
    at.registers.done(tx -> at.approvals.approve(tx, at.dana, named.id(), ""));
  }

  @Test
  void isDecidedByWhoIsInTheGroupNowAndNotByWhoWas() {
    var lead = at.registers.user(at.registers.fresh("lead")).id();
    var group = at.registers.group(at.registers.fresh("group"), lead);
    var approval =
        at.requested(at.deleting(), Approvers.named(List.of(new Approver.Group(group.id()))));
    at.registers.done(
        tx ->
            at.registers.groups.replace(
                tx, at.registers.admin, new Group(group.id(), group.name(), List.of(), 1)));
    assertThat(at.registers.refusal(tx -> at.approvals.approve(tx, lead, approval.id(), "")))
        .isEqualTo(POLICY_FORBIDS);
  }

  @Test
  void isUsableAsLongAsItWasWantedAndNoLongerThanTheMost() {
    var now = at.registers.now.get();
    var wishes = List.of(Duration.ofMinutes(1), Duration.ofDays(3));
    var ends = List.of(now.plusSeconds(60), now.plus(Approvals.USABLE_MAX));
    for (int i = 0; i < 2; i++) {
      var wanted =
          at.wanted(at.deleting("{'id':'c-9" + i + "','amount':1}"), Approvers.byDefault());
      var until =
          new Wanted(
              wanted.enforcer(),
              wanted.action(),
              wanted.approvers(),
              wanted.decision(),
              wanted.lineage(),
              wanted.checked(),
              "",
              Optional.of(now.plus(wishes.get(i))));
      var one = Approving.value(at.approvals.request(until));
      var approved = at.registers.done(tx -> at.approvals.approve(tx, at.alice, one.id(), ""));
      assertThat(approved.approvedUntil()).contains(ends.get(i));
    }
  }

  @Test
  void tellsTheRecordNoArgumentThatCouldBeGuessed() {
    var approval = at.approved();
    at.consume(approval, "r1");
    assertThat(at.registers.leaves())
        .noneMatch(leaf -> leaf.contains(approval.digest().text()))
        .noneMatch(leaf -> leaf.contains("c-1"))
        .noneMatch(leaf -> leaf.contains("the customer asked"))
        .noneMatch(leaf -> leaf.contains(at.alice.text()));
  }

  @Test
  void listsWhatSomebodyMayDecideAbout() {
    var mine = at.requested();
    var lead = at.registers.user(at.registers.fresh("lead")).id();
    var group = at.registers.group(at.registers.fresh("group"), lead);
    var theirs =
        at.requested(
            at.deleting("{'id':'c-5','amount':1}"),
            Approvers.named(List.of(new Approver.Group(group.id()))));
    assertThat(idsFor(at.alice, "")).containsExactly(mine.id());
    assertThat(idsFor(lead, "pending")).containsExactly(theirs.id());
    assertThat(idsFor(lead, "approved")).isEmpty();
    assertThat(idsFor(at.dana, "")).isEmpty();
    assertThat(at.registers.database.<List<Approval>>read(tx -> at.approvals.page(tx, "", "", 9)))
        .extracting(Approval::id)
        .contains(mine.id(), theirs.id());
  }

  private List<Id.Approval> idsFor(Id.User user, String state) {
    return at
        .registers
        .database
        .<List<Approval>>read(tx -> at.approvals.pageFor(tx, user, state, "", 9))
        .stream()
        .map(Approval::id)
        .toList();
  }
}
