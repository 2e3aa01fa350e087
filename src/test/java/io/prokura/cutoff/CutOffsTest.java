package io.prokura.cutoff;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.directory.Registers;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.sql.TestDatabases;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A cut-off holds whether it is kept in memory or not, and memory does not grow with the tokens
/// that are revoked.
final class CutOffsTest {
  private static final int KEPT = 3;

  private final Registers all = new Registers(TestDatabases.sqlite());

  @AfterEach
  void close() {
    all.close();
  }

  private CutOffs cutOffs() {
    return new CutOffs(all.feed, all.database, all.audit, all.world, KEPT);
  }

  private long write(CutOffs cutOffs, Id target) {
    return all.database.inTransaction(tx -> cutOffs.write(tx, target, all.admin, "a test"));
  }

  private List<Id.Token> revoked(CutOffs cutOffs, int count) {
    var tokens = new ArrayList<Id.Token>();
    for (int i = 0; i < count; i++) {
      tokens.add(Id.Token.next(all.world));
      write(cutOffs, tokens.getLast());
    }
    return tokens;
  }

  @Test
  void killsWhatWasCheckedBeforeAndNothingElse() {
    var cutOffs = cutOffs();
    var agent = Id.Agent.random(all.world);
    var lineage = Lineage.of(Id.User.random(all.world), agent);
    long before = cutOffs.applied();
    assertThat(cutOffs.killer(lineage, before)).isEmpty();
    long number = write(cutOffs, agent);
    assertThat(cutOffs.killer(lineage, before)).hasValue(agent.text());
    assertThat(cutOffs.killer(lineage, number - 1)).hasValue(agent.text());
    assertThat(cutOffs.killer(lineage, number)).isEmpty();
    assertThat(cutOffs.killer(Lineage.of(Id.Agent.random(all.world)), before)).isEmpty();
  }

  @Test
  void holdForTokensThatAreTooManyToKeep() {
    var cutOffs = cutOffs();
    long before = cutOffs.applied();
    var tokens = revoked(cutOffs, 4 * KEPT);
    for (var each : List.of(cutOffs, cutOffs())) {
      assertThat(tokens)
          .allSatisfy(one -> assertThat(each.killer(Lineage.of(one), before)).hasValue(one.text()));
      assertThat(each.killer(Lineage.of(Id.Token.next(all.world)), before)).isEmpty();
      assertThat(each.killer(Lineage.of(tokens.getFirst()), each.applied())).isEmpty();
    }
  }

  @Test
  void ofPrincipalsAreAlwaysKept() {
    var cutOffs = cutOffs();
    long before = cutOffs.applied();
    var agent = Id.Agent.random(all.world);
    write(cutOffs, agent);
    revoked(cutOffs, 4 * KEPT);
    assertThat(cutOffs.killer(Lineage.of(agent), before)).hasValue(agent.text());
    assertThat(cutOffs().killer(Lineage.of(agent), before)).hasValue(agent.text());
  }

  @Test
  void memoryHoldsOnlySoManyTokens() {
    var newest = new Newest(KEPT);
    for (int i = 1; i <= 10; i++) {
      newest.told("tok_" + i, i);
    }
    assertThat(newest.of("tok_7")).isEmpty();
    assertThat(newest.of("tok_8")).hasValue(8L);
    assertThat(newest.forgotten()).isEqualTo(7);
  }

  @Test
  void aTokenCutOffAgainIsNotForgottenWithItsFirstCutOff() {
    var newest = new Newest(KEPT);
    newest.told("tok_a", 1);
    newest.told("tok_b", 2);
    newest.told("tok_a", 3);
    newest.told("tok_c", 4);
    assertThat(newest.of("tok_a")).hasValue(3L);
    assertThat(newest.forgotten()).isEqualTo(1);
  }
}
