package io.prokura.delegation;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.cutoff.CutOffs;
import io.prokura.directory.Registers;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import io.prokura.sql.CountedDatabase;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What budgets must do on every database, on one node and on two.
abstract class BudgetsContract {
  private static final String CALLS = Budget.CALLS;
  private static final Optional<String> WHY = Optional.of("test");

  private final Registers registers;
  private final Node here;
  private final Node there;

  BudgetsContract(Database database) {
    registers = new Registers(database);
    here = new Node(registers.feed);
    there = new Node(new Feed(database, registers.world, Duration.ofSeconds(2)));
  }

  @AfterEach
  void close() {
    registers.close();
  }

  /// A node with memory of its own.
  private final class Node {
    final Feed feed;
    final Delegations delegations;

    Node(Feed feed) {
      this(feed, registers.database);
    }

    Node(Feed feed, Database database) {
      this.feed = feed;
      delegations =
          new Delegations(
              registers.world,
              database,
              feed,
              registers.audit,
              new CutOffs(feed, registers.database, registers.audit, registers.world));
    }

    Budgets budgets() {
      return delegations.budgets();
    }

    /// Whether a request spends, or has; it looks again when somebody else was faster.
    boolean spend(Delegation delegation, String request, Map<String, Long> amounts) {
      var plan = new Spendings(budgets());
      while (true) {
        if (plan.plan(request, delegation.line(), amounts).lack().isPresent()) {
          return false;
        }
        if (isDone(plan)) {
          return true;
        }
        plan = plan.again();
      }
    }

    private boolean isDone(Spendings plan) {
      return registers.database.<Result<Boolean>>inTransaction(
              tx ->
                  plan.spend(tx) ? Result.ok(true) : Result.refused(Refusal.STATE_CONFLICT, "lost"))
          instanceof Result.Ok;
    }

    boolean call(Delegation delegation, String request) {
      return spend(delegation, request, Map.of());
    }

    void limit(Delegation delegation, Map<String, Long> limits) {
      registers.done(tx -> delegations.limit(tx, registers.admin, delegation.id(), limits, WHY));
    }
  }

  private Delegation delegation(Delegation... ancestors) {
    var line = new ArrayList<Id.Delegation>();
    for (var ancestor : ancestors) {
      line.add(ancestor.id());
    }
    var given =
        new Delegation(
            Id.Delegation.random(registers.world),
            line,
            Id.User.random(registers.world),
            Id.Agent.random(registers.world),
            Id.Purpose.random(registers.world),
            Map.of(Id.Resource.random(registers.world), Scopes.of(List.of("read"))),
            3,
            new Delegation.Given(
                registers.admin, Delegation.How.ADMINISTRATOR, registers.now.get()),
            registers.now.get().plus(Duration.ofDays(30)),
            false);
    return registers.done(tx -> Result.ok(here.delegations.give(tx, registers.admin, given)));
  }

  private Budget stored(Delegation delegation, String name) {
    var all = registers.database.read(tx -> here.budgets().of(tx, delegation.id()));
    return Objects.requireNonNull(all.get(name));
  }

  @Test
  void nothingMoreIsSpentThanThereIs() {
    var delegation = delegation();
    here.limit(delegation, Map.of(CALLS, 3L, "spend", 100L));
    assertThat(here.spend(delegation, "1", Map.of("spend", 60L))).isTrue();
    assertThat(here.spend(delegation, "2", Map.of("spend", 60L))).isFalse();
    assertThat(here.spend(delegation, "3", Map.of("spend", 40L))).isTrue();
    assertThat(here.call(delegation, "4")).isFalse();
    assertThat(stored(delegation, "spend")).isEqualTo(new Budget(100, 100));
    assertThat(stored(delegation, CALLS)).isEqualTo(new Budget(3, 2));
  }

  @Test
  void whoPlannedByOldNumbersIsStoppedByTheTransaction() {
    var delegation = delegation();
    here.limit(delegation, Map.of(CALLS, 1L, "spend", 10L));
    there.feed.catchUp();
    var plan = new Spendings(there.budgets());
    assertThat(plan.plan("1", delegation.line(), Map.of("spend", 10L)).spends()).isTrue();
    assertThat(here.spend(delegation, "2", Map.of("spend", 1L))).isTrue();
    assertThat(there.isDone(plan)).isFalse();
    assertThat(plan.again().plan("1", delegation.line(), Map.of()).lack()).isPresent();
    assertThat(stored(delegation, "spend")).isEqualTo(new Budget(10, 1));
    // What was undone left no trace of its request either.
    here.limit(delegation, Map.of(CALLS, 2L));
    there.feed.catchUp();
    assertThat(there.call(delegation, "1")).isTrue();
    assertThat(stored(delegation, CALLS)).isEqualTo(new Budget(2, 2));
  }

  @Test
  void theSameRequestSpendsOnceWhereverItIsMade() {
    var delegation = delegation();
    here.limit(delegation, Map.of(CALLS, 1L));
    there.feed.catchUp();
    for (int i = 0; i < 3; i++) {
      assertThat(here.call(delegation, "same")).isTrue();
      assertThat(there.call(delegation, "same")).isTrue();
    }
    assertThat(there.call(delegation, "other")).isFalse();
    assertThat(stored(delegation, CALLS)).isEqualTo(new Budget(1, 1));
  }

  @Test
  void aRequestIsRememberedForADay() {
    var delegation = delegation();
    here.limit(delegation, Map.of(CALLS, 10L));
    here.call(delegation, "same");
    pass(Budgets.REMEMBERED);
    here.budgets().tick();
    here.call(delegation, "same");
    assertThat(stored(delegation, CALLS).spent()).isEqualTo(1);
    pass(Duration.ofMillis(1));
    here.budgets().tick();
    here.call(delegation, "same");
    assertThat(stored(delegation, CALLS).spent()).isEqualTo(2);
  }

  @Test
  void aChildSpendsFromAllAboveIt() {
    var root = delegation();
    var middle = delegation(root);
    var child = delegation(root, middle);
    here.limit(root, Map.of(CALLS, 3L));
    here.limit(child, Map.of("bytes", 10L));
    assertThat(here.call(root, "1")).isTrue();
    assertThat(here.spend(child, "2", Map.of("bytes", 9L))).isTrue();
    assertThat(here.spend(child, "3", Map.of("bytes", 2L))).isFalse();
    assertThat(here.call(middle, "4")).isTrue();
    assertThat(here.call(middle, "5")).isFalse();
    assertThat(stored(root, CALLS).left()).isZero();
    assertThat(here.budgets().left(child.line())).containsEntry(CALLS, 0L);
  }

  @Test
  void aChildIsNeverGivenMoreThanItsParentsRest() {
    var root = delegation();
    var child = delegation(root);
    here.limit(root, Map.of(CALLS, 3L));
    here.call(root, "1");
    assertThat(
            registers.refusal(
                tx ->
                    here.delegations.limit(
                        tx, registers.admin, child.id(), Map.of(CALLS, 3L), WHY)))
        .isEqualTo(Refusal.FIELD_INVALID);
    here.limit(child, Map.of(CALLS, 2L));
    here.call(child, "2");
    assertThat(
            registers.refusal(
                tx ->
                    here.delegations.limit(
                        tx, registers.admin, child.id(), Map.of(CALLS, 3L), WHY)))
        .isEqualTo(Refusal.FIELD_INVALID);
    assertThat(stored(child, CALLS)).isEqualTo(new Budget(2, 1));
  }

  @Test
  void aRaisedLimitCountsOnBothNodes() {
    var delegation = delegation();
    here.limit(delegation, Map.of(CALLS, 1L));
    there.feed.catchUp();
    assertThat(there.call(delegation, "1")).isTrue();
    assertThat(there.call(delegation, "2")).isFalse();
    here.limit(delegation, Map.of(CALLS, 2L));
    there.feed.catchUp();
    assertThat(there.call(delegation, "2")).isTrue();
    assertThat(there.call(delegation, "3")).isFalse();
    assertThat(stored(delegation, CALLS)).isEqualTo(new Budget(2, 2));
  }

  @Test
  void whatHasNoBudgetIsReadOnceAndWrittenNever() {
    var delegation = delegation();
    var reads = new AtomicInteger();
    var counted = new Node(registers.feed, new CountedDatabase(registers.database, reads));
    assertThat(counted.call(delegation, "1")).isTrue();
    int before = reads.get();
    for (int i = 0; i < 10; i++) {
      var plan = new Spendings(counted.budgets());
      assertThat(plan.plan("2", delegation.line(), Map.of()))
          .isEqualTo(plan.plan("3", delegation.line(), Map.of()));
      assertThat(plan.isEmpty()).isTrue();
      assertThat(counted.budgets().left(delegation.line())).isEmpty();
    }
    assertThat(reads).hasValue(before);
    assertThat(here.budgets().hasSpent("1")).isFalse();
  }

  @Test
  void whatAnotherNodeSpentIsKnownInABoundedTime() {
    var delegation = delegation();
    here.limit(delegation, Map.of(CALLS, 5L));
    there.feed.catchUp();
    assertThat(there.budgets().left(delegation.line())).containsEntry(CALLS, 5L);
    here.call(delegation, "1");
    assertThat(here.budgets().left(delegation.line())).containsEntry(CALLS, 4L);
    pass(Budgets.FRESH);
    assertThat(there.budgets().left(delegation.line())).containsEntry(CALLS, 4L);
  }

  @Test
  void manyAtOnceOnTwoNodesSpendExactlyWhatThereIs() throws Exception {
    var root = delegation();
    var child = delegation(root);
    here.limit(root, Map.of(CALLS, 40L, "spend", 10_000L));
    here.limit(child, Map.of("spend", 1_000L));
    there.feed.catchUp();
    var work = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 80; i++) {
      var node = i % 2 == 0 ? here : there;
      var request = "request " + i;
      var of = i % 3 == 0 ? root : child;
      work.add(() -> node.spend(of, request, Map.of("spend", 3L)));
    }
    int yes = 0;
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var done : threads.invokeAll(work)) {
        yes += done.get() ? 1 : 0;
      }
    }
    assertThat(yes).isEqualTo(40);
    assertThat(stored(root, CALLS)).isEqualTo(new Budget(40, 40));
    assertThat(stored(root, "spend").spent()).isEqualTo(120);
    assertThat(stored(child, "spend").spent()).isBetween(3L, 120L);
  }

  private void pass(Duration time) {
    registers.now.updateAndGet(now -> now.plus(time));
    here.feed.catchUp();
    there.feed.catchUp();
  }
}
