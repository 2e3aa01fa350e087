package io.prokura.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.audit.Entries;
import io.prokura.decision.Replay.Flip;
import io.prokura.decision.Replay.Part;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Result;
import io.prokura.policy.Policies;
import io.prokura.policy.PolicySnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What other policies would have changed.
final class ReplayTest {
  private static final int ALL = 1_000_000;

  private final Desk desk = new Desk();
  private final Replay replay = replay();

  private Replay replay() {
    var registers = desk.organisation.registers;
    var json = new JsonReader(registers.limits);
    return new Replay(
        registers.database,
        new Entries(registers.world, registers.seal, json),
        () ->
            new Recollections(
                registers.facts, registers.persons, desk.organisation.catalogue, json));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void theSamePoliciesChangeNothing() {
    decideThings();
    var part = all(desk.organisation.policies.current());
    assertThat(part.flips()).isEmpty();
    assertThat(part.unknown()).isZero();
    assertThat(part.unchanged()).isEqualTo(4);
    assertThat(part.unasked()).isEqualTo(1);
    assertThat(part.more()).isFalse();
  }

  @Test
  void everyDecisionThatWouldComeOutOtherwiseIsListed() {
    var allowed = desk.chain().ask("read");
    var closed = desk.chain().ask("close");
    var part = all(with("@id(\"x\") forbid (principal, action == Action::\"read\", resource);"));
    assertThat(part.flips())
        .singleElement()
        .satisfies(
            flip -> {
              assertThat(flip.was().id()).isEqualTo(allowed.id());
              assertThat(flip.allowed()).isFalse();
              assertThat(flip.reason()).isEqualTo("forbidden");
              assertThat(flip.policies()).containsExactly("x");
            });
    assertThat(closed.allowed()).isTrue();
    assertThat(part.unchanged()).isEqualTo(1);
  }

  @Test
  void aDenialThatWouldBeLiftedIsListedToo() {
    var denied = desk.ask(desk.enforcer.id(), about("reopen"));
    assertThat(denied.allowed()).isFalse();
    var part =
        all(
            with(
                "@id(\"y\") permit (principal is Prokura::User, action == Action::\"reopen\","
                    + " resource);"));
    assertThat(part.flips()).extracting(Flip::allowed).containsExactly(true);
  }

  @Test
  void whatHasBeenTakenAwaySinceStillCounts() {
    var chain = desk.chain();
    assertThat(chain.ask("read").allowed()).isTrue();
    desk.revoke(chain.ofCurrent);
    desk.deactivate(chain.person);
    assertThat(all(desk.organisation.policies.current()).unchanged()).isEqualTo(1);
  }

  @Test
  void aForgottenFactIsUnknownAndNotUnchanged() {
    var chain = desk.chain();
    chain.ask("read");
    desk.organisation.registers.database.inTransaction(
        tx -> desk.organisation.registers.persons.erase(tx, chain.person));
    var part = all(desk.organisation.policies.current());
    assertThat(part.unknown()).isEqualTo(1);
    assertThat(part.unchanged()).isZero();
  }

  @Test
  void forgottenFreeTextIsUnknown() {
    desk.chain().ask("read");
    desk.organisation.registers.database.inTransaction(
        tx -> tx.run("UPDATE entry SET free = NULL"));
    assertThat(all(desk.organisation.policies.current()).unknown()).isEqualTo(1);
  }

  @Test
  void onlyThePeriodIsReplayedAndPartsAddUp() {
    var start = desk.organisation.registers.now.get();
    desk.chain().ask("read");
    desk.pass(Duration.ofMinutes(1));
    desk.chain().ask("read");
    desk.pass(Duration.ofMinutes(1));
    var snapshot = desk.organisation.policies.current();
    var later = replay.start(start.plusSeconds(30));
    assertThat(replay.part(snapshot, later, Instant.MAX, ALL).unchanged()).isEqualTo(1);
    var before = replay.part(snapshot, 0, start.plusSeconds(30), ALL);
    assertThat(before.unchanged()).isEqualTo(1);
    assertThat(replay.start(start.plus(Duration.ofDays(1)))).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void questionsAskedTogetherAreReplayedOneByOne() {
    var chain = desk.chain();
    desk.organisation.pdp.decide(
        desk.enforcer.id(),
        List.of(Result.ok(chain.question("read")), Result.ok(chain.question("close"))),
        Semantics.EXECUTE_ALL);
    var part = all(with("@id(\"x\") forbid (principal, action == Action::\"read\", resource);"));
    assertThat(part.flips()).extracting(flip -> flip.was().item()).containsExactly(0);
    assertThat(part.unchanged()).isEqualTo(1);
  }

  /// Two allowed, two denied by the policies, one denied before they were asked.
  private void decideThings() {
    desk.chain().ask("read");
    desk.chain().ask("close");
    desk.ask(desk.enforcer.id(), about("reopen"));
    desk.ask(desk.enforcer.id(), desk.about("{}", "{}", "read", "{'status':'frozen'}", "{}"));
    desk.ask(desk.enforcer.id(), about("burn"));
  }

  private AccessRequest about(String action) {
    return desk.about("{}", "{}", action, "{}", "{}");
  }

  private Part all(PolicySnapshot snapshot) {
    return replay.part(snapshot, 0, Instant.MAX, ALL);
  }

  /// The desk's policies and another.
  private static PolicySnapshot with(String policy) {
    try {
      var folder = Desk.folder();
      Files.writeString(folder.resolve("more.cedar"), policy);
      return Policies.of(folder).current();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
