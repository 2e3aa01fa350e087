package io.prokura.agents;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What the agent registry does on every database. A subclass names the database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AgentsContract {
  private final Registered here;

  AgentsContract(Database database) {
    here = new Registered(database);
  }

  @AfterAll
  void close() {
    here.close();
  }

  @Test
  void keepsWhatWasRegistered() {
    var until = here.all.now.get().plus(Duration.ofDays(30));
    var draft = Registered.changed(here.draft(), List.of(here.purpose), Optional.of(until));
    here.all.done(tx -> here.agents.register(tx, here.all.admin, draft));
    assertThat(here.agents.find(draft.id())).contains(draft);
    assertThat(here.all.database.<Optional<Agent>>read(tx -> here.agents.find(tx, draft.id())))
        .contains(draft);
  }

  @Test
  void takesActiveUsersAndGroupsAsOwnersOnly() {
    var gone = here.all.user("gone").id();
    here.all.done(tx -> here.all.users.deactivate(tx, here.all.admin, gone, "left"));
    var group = here.all.group("owners", here.dana).id();
    var nobody = Id.User.random(here.all.world);
    for (var owner : List.of(gone, nobody, Id.Group.random(here.all.world))) {
      assertThat(registerOwned(owner, here.dana)).isEqualTo(Optional.of(REFERENCE_UNKNOWN));
      assertThat(registerOwned(here.dana, owner)).isEqualTo(Optional.of(REFERENCE_UNKNOWN));
    }
    assertThat(registerOwned(group, here.dana)).isEmpty();
    assertThat(here.all.database.<Boolean>read(tx -> here.agents.hasOwner(tx, group))).isTrue();
  }

  private Optional<Refusal> registerOwned(Id owner, Id backup) {
    var draft = Registered.owned(here.draft(), owner, backup);
    Result<Agent> done =
        here.all.database.inTransaction(tx -> here.agents.register(tx, here.all.admin, draft));
    return switch (done) {
      case Ok<Agent> _ -> Optional.empty();
      case Refused<Agent>(var reason, _) -> Optional.of(reason);
    };
  }

  @Test
  void takesRegisteredPurposesOnly() {
    var unknown = List.of(here.purpose, Id.Purpose.random(here.all.world));
    var draft = Registered.changed(here.draft(), unknown, Optional.empty());
    assertThat(here.all.refusal(tx -> here.agents.register(tx, here.all.admin, draft)))
        .isEqualTo(REFERENCE_UNKNOWN);
    assertThat(here.agents.find(draft.id())).isEmpty();
  }

  @Test
  void registersNothingAsActiveWhateverItWasGiven() {
    var draft = here.draft().withState(AgentState.ACTIVE);
    here.all.done(tx -> here.agents.register(tx, here.all.admin, draft));
    assertThat(reason(here.agents.active(draft.id()))).isEqualTo(PRINCIPAL_NOT_ACTIVE);
  }

  @Test
  void writesOverItsOwnVersionOnlyAndNeverTheState() {
    var agent = here.active();
    var renamed = Registered.named(agent, "sorter").withState(AgentState.RETIRED);
    var written = here.all.done(tx -> here.agents.replace(tx, here.all.admin, renamed));
    assertThat(written.state()).isEqualTo(AgentState.ACTIVE);
    assertThat(written.version()).isEqualTo(agent.version() + 1);
    assertThat(here.agents.find(agent.id())).contains(written);
    assertThat(here.all.refusal(tx -> here.agents.replace(tx, here.all.admin, renamed)))
        .isEqualTo(PRECONDITION_STALE);
    var nobody = here.draft();
    assertThat(here.all.refusal(tx -> here.agents.replace(tx, here.all.admin, nobody)))
        .isEqualTo(NOT_FOUND);
  }

  @Test
  void tellsOfNewOwnersInAnEntryOfItsOwn() {
    var agent = here.registered();
    var swapped = Registered.owned(agent, here.erik, here.dana);
    here.all.done(tx -> here.agents.replace(tx, here.all.admin, swapped));
    assertThat(typesAbout(agent.id())).containsExactly("agent.registered", "agent.owner.changed");
    assertThat(here.all.leaves().getLast()).doesNotContain(here.erik.text(), here.dana.text());
  }

  @Test
  void changesNothingAboutAnAgentThatIsGone() {
    for (var state : List.of(AgentState.RETIRED, AgentState.DISMISSED)) {
      var agent = here.in(state);
      assertThat(here.all.refusal(tx -> here.agents.replace(tx, here.all.admin, agent)))
          .isEqualTo(STATE_CONFLICT);
    }
  }

  @Test
  void takesLegalStepsOnlyAndRecordsEachWithItsActorAndReason() {
    for (var state : AgentState.values()) {
      for (var transition : AgentTransition.values()) {
        var agent = here.in(state);
        Result<Agent> done =
            here.all.database.inTransaction(
                tx ->
                    here.agents.transition(
                        tx, here.all.admin, agent.id(), transition, "a good reason"));
        var kept = here.agents.find(agent.id()).orElseThrow();
        if (transition.isLegalFrom(state)) {
          assertThat(kept.state()).isEqualTo(transition.to());
          assertThat(kept.version()).isEqualTo(agent.version() + 1);
          assertThat(typesAbout(agent.id()).getLast()).isEqualTo(transition.event());
          assertThat(here.all.leaves().getLast())
              .contains("\"by\":\"psn_", "\"reason\":")
              .doesNotContain("a good reason");
        } else {
          assertThat(reason(done)).isEqualTo(STATE_CONFLICT);
          assertThat(kept).isEqualTo(agent);
        }
      }
    }
  }

  @Test
  void provesOnlyAgentsThatMayActNow() {
    for (var state : AgentState.values()) {
      var agent = here.in(state);
      var proof = here.agents.active(agent.id());
      if (state == AgentState.ACTIVE) {
        assertThat(proof).isInstanceOf(Ok.class);
      } else {
        assertThat(proof)
            .isEqualTo(new Refused<>(PRINCIPAL_NOT_ACTIVE, "the agent is " + state.word()));
      }
    }
    assertThat(reason(here.agents.active(Id.Agent.random(here.all.world))))
        .isEqualTo(PRINCIPAL_NOT_ACTIVE);
  }

  @Test
  void endsAtTheMomentItIsValidUntilAndDoesNotActAgainBeforeThatIsLater() {
    var start = here.all.now.get();
    var until = start.plusSeconds(60);
    var draft = Registered.changed(here.draft(), List.of(here.purpose), Optional.of(until));
    here.all.done(tx -> here.agents.register(tx, here.all.admin, draft));
    var active = here.step(draft, AgentTransition.ACTIVATE);
    try {
      here.all.now.set(until.minusMillis(1));
      assertThat(here.agents.active(active.id())).isInstanceOf(Ok.class);
      here.all.now.set(until);
      assertThat(reason(here.agents.active(active.id()))).isEqualTo(PRINCIPAL_NOT_ACTIVE);
      here.step(active, AgentTransition.SUSPEND);
      assertThat(refusedStep(active, AgentTransition.RESUME)).isEqualTo(STATE_CONFLICT);
    } finally {
      here.all.now.set(start);
    }
  }

  @Test
  void doesNotStartAnAgentThatNobodyActiveAnswersFor() {
    var owner = here.all.user(here.all.fresh("owner")).id();
    var draft = Registered.owned(here.draft(), here.dana, owner);
    here.all.done(tx -> here.agents.register(tx, here.all.admin, draft));
    here.all.done(tx -> here.all.users.deactivate(tx, here.all.admin, owner, "left"));
    assertThat(refusedStep(draft, AgentTransition.ACTIVATE)).isEqualTo(STATE_CONFLICT);
    assertThat(here.step(draft, AgentTransition.RETIRE).state()).isEqualTo(AgentState.RETIRED);
  }

  @Test
  void adoptsADiscoveredAgentOnlyOnceItIsForSomething() {
    var draft = Registered.changed(here.draft(), List.of(here.purpose), Optional.empty());
    var bare =
        Registered.changed(draft.withState(AgentState.DISCOVERED), List.of(), Optional.empty());
    here.all.done(tx -> here.agents.discover(tx, here.all.admin, bare));
    assertThat(refusedStep(bare, AgentTransition.ADOPT)).isEqualTo(STATE_CONFLICT);
    here.all.done(
        tx ->
            here.agents.replace(
                tx,
                here.all.admin,
                Registered.changed(bare, List.of(here.purpose), Optional.empty())));
    var adopted = here.step(bare, AgentTransition.ADOPT);
    var purposeless =
        Registered.changed(adopted.withState(AgentState.DISCOVERED), List.of(), Optional.empty());
    assertThat(here.all.refusal(tx -> here.agents.replace(tx, here.all.admin, purposeless)))
        .isEqualTo(FIELD_INVALID);
  }

  @Test
  void isStoppedByAKillInWhateverStateItIs() {
    for (var state : AgentState.values()) {
      var agent = here.in(state);
      var killed = here.all.done(tx -> here.agents.kill(tx, agent.id(), here.all.admin, "rogue"));
      assertThat(killed.state())
          .isEqualTo(state == AgentState.ACTIVE ? AgentState.SUSPENDED : state);
      assertThat(reason(here.agents.active(agent.id()))).isEqualTo(PRINCIPAL_NOT_ACTIVE);
    }
    var nobody = Id.Agent.random(here.all.world);
    assertThat(here.all.refusal(tx -> here.agents.kill(tx, nobody, here.all.admin, "rogue")))
        .isEqualTo(NOT_FOUND);
  }

  @Test
  void takesAStepOnceWhenManyTryAtOnce() throws Exception {
    var agent = here.active();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Result<Agent>>>();
      for (int i = 0; i < 12; i++) {
        all.add(
            threads.submit(
                () ->
                    here.all.database.inTransaction(
                        tx -> here.agents.suspend(tx, agent.id(), here.all.admin, "now"))));
      }
      int done = 0;
      for (var one : all) {
        done += one.get() instanceof Ok ? 1 : 0;
      }
      assertThat(done).isEqualTo(1);
    }
    assertThat(typesAbout(agent.id())).containsOnlyOnce("agent.suspended");
  }

  @Test
  void listsByStateAndByEitherOwner() {
    var owner = here.all.user(here.all.fresh("owner")).id();
    var first = Registered.owned(here.draft(), owner, here.dana);
    var second = Registered.owned(here.draft(), here.dana, owner);
    here.all.done(tx -> here.agents.register(tx, here.all.admin, first));
    here.all.done(tx -> here.agents.register(tx, here.all.admin, second));
    here.step(second, AgentTransition.ACTIVATE);
    assertThat(ids("", owner.text())).containsExactlyInAnyOrder(first.id(), second.id());
    assertThat(ids("active", owner.text())).containsExactly(second.id());
    assertThat(ids("active", "")).contains(second.id()).doesNotContain(first.id());
  }

  private List<Id.Agent> ids(String state, String owner) {
    return here
        .all
        .database
        .<List<Agent>>read(tx -> here.agents.page(tx, state, owner, "", 10_000))
        .stream()
        .map(Agent::id)
        .toList();
  }

  private Refusal refusedStep(Agent agent, AgentTransition transition) {
    return here.all.refusal(
        tx -> here.agents.transition(tx, here.all.admin, agent.id(), transition, "because"));
  }

  private List<String> typesAbout(Id id) {
    return here.all.leaves().stream()
        .filter(leaf -> leaf.contains("\"about\":\"" + id.text() + "\""))
        .map(leaf -> leaf.replaceFirst("(?s).*\"type\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  private static Refusal reason(Result<?> result) {
    return switch (result) {
      case Ok<?> ok -> throw new AssertionError("not refused: " + ok);
      case Refused<?>(var reason, _) -> reason;
    };
  }
}
